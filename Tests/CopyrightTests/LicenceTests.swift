import Ledger
import Primitives
import Rights
import Testing
import Value

@Suite("Copyright: licences and royalties")
struct LicenceTests {
  /// A work of which org-1 holds 50 %, org-2 30 % and org-3/c 20 %.
  private func owned(_ ledger: RightsLedger, _ open: OpenConsortium) async throws {
    try await open.accept(
      Made.registration(
        "w", kind: .audio, codes: [MediaCode(.audio, quality: 90, bits: Made.bits(1))],
        owners: [Share("org-1", 500_000), Share("org-2", 300_000), Share("org-3/c", 200_000)]), by: "org-1", ledger)
  }

  private func terms(
    _ ledger: RightsLedger, _ licensee: String = "org-3/site", _ uses: [Use] = [.network],
    in countries: [String] = ["CN"],
    from: UInt64 = 0, days: UInt64 = 30, exclusive: Bool = false, sublicensable: Bool = false, price: Int64 = 0,
    royalty: UInt64 = 0, parent: UInt64? = nil, work: String = "w"
  ) -> LicenceTerms {
    let start = ledger.clock.now() + 10_000 + from * RightsLedger.day
    return LicenceTerms(
      work: work, licensee: licensee, uses: Uses(uses), territory: Territory(countries) ?? .world, from: start,
      until: start + days * RightsLedger.day, isExclusive: exclusive, isSublicensable: sublicensable, price: price,
      royaltyPPM: royalty, parent: parent)
  }

  @Test("a licence needs more than half of the shares, an exclusive one all of them, agreed to before")
  func consent() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await owned(ledger, open)
    let plain = terms(ledger)
    try await open.refuse("not-an-owner", LicenceGrant(plain), by: "org-4", ledger)
    try await open.refuse("consent-missing", LicenceGrant(plain), by: "org-1", ledger)
    try await open.refuse("not-an-owner", LicenceConsent(work: "w", terms: plain.digest), by: "org-4", ledger)
    try await open.accept(LicenceConsent(work: "w", terms: plain.digest), by: "org-2", ledger)
    var dearer = plain
    dearer.price = 1
    try await open.refuse("consent-missing", LicenceGrant(dearer), by: "org-1", ledger)
    try await open.accept(LicenceGrant(plain), by: "org-1", ledger)
    let alone = terms(ledger, "org-2/label", [.reproduction], exclusive: true)
    try await open.accept(LicenceConsent(work: "w", terms: alone.digest), by: "org-2", ledger)
    #expect(try await open.refuse("consent-missing", LicenceGrant(alone), by: "org-1", ledger).contains("800000"))
    try await open.accept(LicenceConsent(work: "w", terms: alone.digest), by: "org-3", ledger)
    try await open.accept(LicenceGrant(alone), by: "org-1", ledger)
    await open.close()
  }

  @Test("exclusive licences that overlap in use, place and time are refused; those that differ in one are not")
  func conflicts() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("p", owner: "org-1"), by: "org-1", ledger)
    func grant(
      _ licensee: String, _ uses: [Use], _ countries: [String], _ from: UInt64, _ days: UInt64, exclusive: Bool = true
    ) -> LicenceGrant {
      LicenceGrant(
        terms(ledger, licensee, uses, in: countries, from: from, days: days, exclusive: exclusive, work: "p"))
    }
    let first = try await open.accept(
      grant("org-2/a", [.network, .screening], ["CN", "SG"], 10, 10), by: "org-1", ledger)
    let said = try await open.refuse(
      "licence-conflict", grant("org-3/b", [.screening], ["SG", "US"], 19, 10), by: "org-1", ledger)
    #expect(said.contains("org-2/a") && said.contains("\(first)"))
    try await open.refuse("licence-conflict", grant("org-3/b", [.network], ["*"], 5, 6), by: "org-1", ledger)
    try await open.refuse(
      "licence-conflict", grant("org-3/b", [.network], ["CN"], 12, 1, exclusive: false), by: "org-1", ledger)
    try await open.refuse("licence-conflict", grant("org-2/a", [.network], ["CN"], 12, 1), by: "org-1", ledger)
    // Another use, another country, another time.
    try await open.accept(grant("org-3/b", [.broadcasting], ["CN"], 10, 10), by: "org-1", ledger)
    try await open.accept(grant("org-3/b", [.network], ["US"], 10, 10), by: "org-1", ledger)
    try await open.accept(grant("org-3/b", [.network], ["CN"], 21, 10), by: "org-1", ledger)
    try await open.accept(grant("org-3/b", [.network], ["CN"], 0, 9), by: "org-1", ledger)
    // Over a plain licence of someone else none is exclusive.
    try await open.accept(grant("org-3/b", [.rental], ["CN"], 0, 9, exclusive: false), by: "org-1", ledger)
    try await open.refuse("licence-not-exclusive", grant("org-2/a", [.rental], ["CN"], 0, 9), by: "org-1", ledger)
    try await open.accept(grant("org-3/b", [.rental], ["CN"], 0, 9), by: "org-1", ledger)
    // What is over is no conflict any more.
    try await open.refuse("not-the-licensee", LicenceEnd(work: "p", licence: first, reason: "x"), by: "org-1", ledger)
    try await open.accept(LicenceEnd(work: "p", licence: first, reason: "given up"), by: "org-2", ledger)
    try await open.refuse("licence-over", LicenceEnd(work: "p", licence: first, reason: "again"), by: "org-2", ledger)
    try await open.refuse("licence-unknown", LicenceEnd(work: "p", licence: 1, reason: "x"), by: "org-2", ledger)
    try await open.accept(grant("org-3/b", [.screening], ["SG"], 15, 2), by: "org-1", ledger)
    var late = terms(ledger, work: "p")
    late.from -= RightsLedger.day
    try await open.refuse("licence-backdated", LicenceGrant(late), by: "org-1", ledger)
    late = terms(ledger, "nobody", work: "p")
    try await open.refuse("party-unknown", LicenceGrant(late), by: "org-1", ledger)
    await open.close()
    try await ledger.expectSound()
  }

  @Test("overlap is symmetric and is what a search over days, countries and uses finds")
  func overlapModel() {
    var generator = SeededGenerator(seed: 4)
    func random() -> LicenceTerms {
      let countries = ["CN", "DE", "SG"].filter { _ in generator.next() % 2 == 0 }
      let uses = Use.allCases.prefix(3).filter { _ in generator.next() % 2 == 0 }
      let from = generator.next() % 6
      return LicenceTerms(
        work: "w", licensee: "org-1", uses: Uses(uses.isEmpty ? [.network] : uses),
        territory: Territory(countries) ?? .world, from: from, until: from + 1 + generator.next() % 4)
    }
    func points(_ terms: LicenceTerms) -> Set<String> {
      var points: Set<String> = []
      for use in terms.uses.list {
        for country in terms.territory.isWorld ? ["CN", "DE", "SG", "??"] : terms.territory.countries {
          for day in terms.from..<terms.until { points.insert("\(use) \(country) \(day)") }
        }
      }
      return points
    }
    for round in 0..<3000 {
      let (a, b) = (random(), random())
      #expect(a.overlaps(b) == !points(a).isDisjoint(with: points(b)), "round \(round), seed 4")
      #expect(a.overlaps(b) == b.overlaps(a))
      #expect(a.contains(b) == points(a).isSuperset(of: points(b)), "round \(round), seed 4")
      #expect((try? LicenceTerms(decoding: a.encoded()[...])) == a)
    }
  }

  @Test("a licence is passed on only if it may be, by its licensee, within its terms; it ends with the one above")
  func sublicences() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("w", owner: "org-1"), by: "org-1", ledger)
    let fixed = try await open.accept(LicenceGrant(terms(ledger, "org-2/fixed", [.exhibition])), by: "org-1", ledger)
    try await open.refuse(
      "sublicence-not-allowed", LicenceGrant(terms(ledger, "org-3", [.exhibition], days: 1, parent: fixed)),
      by: "org-2",
      ledger)
    let label = terms(ledger, "org-2/label", [.network, .distribution], days: 30, exclusive: true, sublicensable: true)
    let above = try await open.accept(LicenceGrant(label), by: "org-1", ledger)
    func sub(_ uses: [Use] = [.network], _ days: UInt64 = 5, exclusive: Bool = false, parent: UInt64? = nil)
      -> LicenceGrant
    {
      var own = terms(ledger, "org-3/site", uses, days: days, exclusive: exclusive, parent: parent ?? above)
      own.from = max(own.from, label.from)
      return LicenceGrant(own)
    }
    try await open.refuse("licence-unknown", sub(parent: 1), by: "org-2", ledger)
    try await open.refuse("not-the-licensee", sub(), by: "org-1", ledger)
    // It begins with the licence above.
    ledger.clock.set(label.from)
    try await open.refuse("sublicence-beyond-licence", sub([.network, .rental]), by: "org-2", ledger)
    try await open.refuse("sublicence-beyond-licence", sub([.network], 40), by: "org-2", ledger)
    let below = try await open.accept(sub(exclusive: true), by: "org-2", ledger)
    try await open.refuse("licence-conflict", sub(), by: "org-2", ledger)
    let history = try #require(try self.history(open, "w"))
    let record = try #require(history.licences.first { $0.entry == below }?.record)
    let time = record.terms.from + 1
    #expect(history.isInForce(record, at: time))
    ledger.clock.set(time + 5000)
    try await open.accept(LicenceEnd(work: "w", licence: above, reason: "insolvent"), by: "org-4", ledger)
    let later = try #require(try self.history(open, "w"))
    #expect(later.isInForce(record, at: time), "it was in force then")
    #expect(!later.isInForce(record, at: time + 20_000), "it is no longer")
    await open.close()
  }

  private func history(_ open: OpenConsortium, _ work: String) throws -> RightsHistory? {
    let lists = try RightsHistory.prefixes(of: work).map { try open.sequencer.head.list($0) }
    return RightsHistory(titles: lists[0], licences: lists[1], disputes: lists[2])
  }

  @Test("royalties are split to the smallest unit, go up from licence to licence, and are reported once a period")
  func royalties() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await owned(ledger, open)
    let label = terms(ledger, "org-2/label", exclusive: true, sublicensable: true, price: 1001, royalty: 333_333)
    for member in ["org-2", "org-3"] {
      try await open.accept(LicenceConsent(work: "w", terms: label.digest), by: member, ledger)
    }
    let above = try await open.accept(LicenceGrant(label), by: "org-1", ledger)
    func owed(_ party: String) throws -> Int64 {
      try open.sequencer.head.value(CopyrightContract.postings.key(CopyrightContract.receivable(party, .cny)))
        .map { try Account(decoding: $0).debitBalance } ?? 0
    }
    // 10.01 by 50, 30, 20 %: 500.5, 300.3, 200.2; the unit left over goes to the largest remainder.
    #expect(try owed("org-1") == 501 && owed("org-2") == 300 && owed("org-3/c") == 200)
    ledger.clock.set(label.from + 1)
    var passed = terms(ledger, "org-3/site", days: 3, royalty: 100_000, parent: above)
    passed.from = ledger.clock.now() + 1500
    let below = try await open.accept(LicenceGrant(passed), by: "org-2", ledger)
    try await open.refuse(
      "not-the-licensee", RoyaltyReport(work: "w", licence: below, period: "2026-10", revenue: 1), by: "org-2", ledger)
    try await open.refuse(
      "licence-unknown", RoyaltyReport(work: "w", licence: 2, period: "2026-10", revenue: 1), by: "org-3", ledger)
    let report = RoyaltyReport(work: "w", licence: below, period: "2026-10", revenue: 99_999)
    let entry = try await open.accept(report, by: "org-3", ledger)
    try await open.refuse("royalty-known", report, by: "org-3", ledger)
    let record = try #require(
      RoyaltyRecord(
        reading: try open.sequencer.head.value(CopyrightContract.royalties.key(.sha256("w"), order: entry))))
    // 10 % of 999.99 is 100.00; a third of that, 33.33, goes on to the owners: 1666.5, 999.9, 666.6.
    #expect(record.dues.first == RoyaltyRecord.Due(debtor: "org-3/site", creditor: "org-2/label", amount: 10_000))
    #expect(record.dues.dropFirst().reduce(0) { $0 + $1.amount } == 3333)
    #expect(record.dues.dropFirst().map(\.amount) == [1666, 1000, 667])
    #expect(try owed("org-2/label") == 10_000 && owed("org-1") == 501 + 1666)
    await open.close()
    try await ledger.expectSound()
  }
}
