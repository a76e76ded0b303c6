import Ledger
import Primitives
import Rights
import Testing
import Value

@Suite("Copyright: shares, pre-sales, disputes")
struct OwnershipTests {
  @Test("nobody gives away more than they own, or another's; the chain of title says whose the work was at each time")
  func transfer() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let registered = try await open.accept(Made.photo("w", owner: "org-1/a"), by: "org-1", ledger)
    func move(_ ppm: UInt64, _ giver: String, _ taker: String, price: Int64 = 0) -> ShareTransfer {
      ShareTransfer(work: "w", from: giver, to: taker, ppm: ppm, reason: price > 0 ? .sale : .gift, price: price)
    }
    try await open.refuse("share-insufficient", move(1, "org-1/b", "org-2"), by: "org-1", ledger)
    try await open.refuse("not-the-holder", move(1, "org-1/a", "org-2"), by: "org-2", ledger)
    try await open.refuse("party-unknown", move(1, "org-1/a", "stranger"), by: "org-1", ledger)
    try await open.refuse(
      "work-unknown", ShareTransfer(work: "v", from: "org-1/a", to: "org-2", ppm: 1, reason: .gift), by: "org-1", ledger
    )
    let before = open.sequencer.head.seal.time
    try await open.accept(move(300_000, "org-1/a", "org-2/b", price: 99_999), by: "org-1", ledger)
    let between = open.sequencer.head.seal.time
    try await open.refuse("share-insufficient", move(700_001, "org-1/a", "org-2/b"), by: "org-1", ledger)
    try await open.accept(move(700_000, "org-1/a", "org-3"), by: "org-1", ledger)
    #expect(try open.shares(of: "w") == Shares([Share("org-2/b", 300_000), Share("org-3", 700_000)]))
    try await open.refuse("share-insufficient", move(1, "org-1/a", "org-2/b"), by: "org-1", ledger)
    // The buyer owes the seller the price.
    let view = open.sequencer.head
    let owed = try view.value(CopyrightContract.postings.key(CopyrightContract.receivable("org-1/a", .cny)))
    #expect(try Account(decoding: #require(owed)).debitBalance == 99_999)
    let owes = try view.value(CopyrightContract.postings.key(CopyrightContract.payable("org-2/b", .cny)))
    #expect(try Account(decoding: #require(owes)).creditBalance == 99_999)
    // What each holds is one prefix.
    #expect(try view.list(CopyrightContract.holdings.prefix(.sha256("org-1/a"))).isEmpty)
    #expect(try view.list(CopyrightContract.holdings.prefix(.sha256("org-3"))).map(\.value) == [Array("w".utf8)])
    try await open.settle()

    let policy = try ledger.policy
    for (time, owners) in [
      (before, ["org-1/a owned 100 %"]), (between, ["org-1/a owned 70 %", "org-2/b owned 30 %"]),
      (nil, ["org-2/b owned 30 %", "org-3 owned 70 %"]), (RightsLedger.start - 5, ["not registered"]),
    ] {
      let bundle = try open.sequencer.prove(try TitleQuestion(work: "w", time: time).request(in: open.sequencer.head))
      #expect(bundle.statements.count == 3 && bundle.statements[0].index == registered)
      let claims = try #require(try TitleQuestion.claims(bundle.verify(policy: policy))).map(\.english)
      for owner in owners { #expect(claims.contains { $0.contains(owner) }, "\(owner): \(claims)") }
      #expect(claims.filter { $0.contains(" owned ") }.count == (owners[0].contains("owned") ? owners.count : 0))
      // A chain with a link left out is no proof.
      var short = bundle
      short.prefixes[0].pairs.removeLast()
      #expect(throws: LedgerError.self) { try short.verify(policy: policy) }
      short = bundle
      short.prefixes.removeFirst()
      #expect(throws: LedgerError.self) { try TitleQuestion.claims(short.verify(policy: policy)) }
      short = bundle
      short.statements.removeFirst()
      #expect(throws: LedgerError.self) { try TitleQuestion.claims(short.verify(policy: policy)) }
    }
    await open.close()
    try await ledger.expectSound()
  }

  @Test("whatever is transferred, the shares add up, and no one has less than nothing")
  func conservation() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("w", owner: "org-1"), by: "org-1", ledger)
    var generator = SeededGenerator(seed: 9)
    let parties = (1...3).flatMap { member in ["org-\(member)", "org-\(member)/x", "org-\(member)/y"] }
    var model = ["org-1": UInt64(1_000_000)]
    for round in 0..<150 {
      let giver = parties.randomElement(using: &generator) ?? ""
      let taker = parties.filter { $0 != giver }.randomElement(using: &generator) ?? ""
      let ppm = 1 + generator.next() % 600_000
      let transfer = ShareTransfer(work: "w", from: giver, to: taker, ppm: ppm, reason: .gift)
      if model[giver, default: 0] >= ppm {
        try await open.accept(transfer, by: Party.member(of: giver), ledger)
        model[giver, default: 0] -= ppm
        model[taker, default: 0] += ppm
      } else {
        try await open.refuse("share-insufficient", transfer, by: Party.member(of: giver), ledger)
      }
      let shares = try #require(try open.shares(of: "w"))
      #expect(
        Dictionary(uniqueKeysWithValues: shares.list.map { ($0.party, $0.ppm) }) == model.filter { $0.value > 0 },
        "round \(round), seed 9")
    }
    await open.close()
  }

  @Test("an inheritance is split to the last millionth; judgments are a regulator's")
  func inheritance() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(
      Made.registration(
        "w", kind: .photo, codes: [MediaCode(.pdq, quality: 90, bits: Made.bits(1))],
        owners: [Share("org-1/a", 400_000), Share("org-2", 600_000)]), by: "org-1", ledger)
    let heirs = Inheritance(
      work: "w", deceased: "org-1/a", heirs: [("org-1/z", 1), ("org-2", 1), ("org-1/c", 1)], document: .sha256("deed"))
    try await open.refuse("not-the-holder", heirs, by: "org-2", ledger)
    try await open.accept(heirs, by: "org-1", ledger)
    // 400,000 in three: the first by name gets what is left over.
    #expect(
      try open.shares(of: "w")
        == Shares([Share("org-1/c", 133_334), Share("org-1/z", 133_333), Share("org-2", 733_333)]))
    try await open.refuse("share-insufficient", heirs, by: "org-4", ledger)
    var order = ShareTransfer(work: "w", from: "org-2", to: "org-3", ppm: 733_333, reason: .judgment)
    try await open.refuse("document-missing", order, by: "org-4", ledger)
    order.document = .sha256("judgment")
    try await open.refuse("not-a-regulator", order, by: "org-2", ledger)
    try await open.accept(order, by: "org-4", ledger)
    #expect(try open.shares(of: "w")?["org-3"] == 733_333)
    await open.close()
  }

  @Test("a pre-sale that reaches its goal sells; one that misses it refunds; what is offered is locked meanwhile")
  func presale() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("film", owner: "org-1/studio"), by: "org-1", ledger)
    let deadline = ledger.clock.now() + RightsLedger.day
    func offer(goal: UInt64, deadline: UInt64) -> Presale {
      Presale(
        work: "film", seller: "org-1/studio", lots: 30, ppmPerLot: 10_000, price: 500_00, goal: goal, deadline: deadline
      )
    }
    func money(_ account: AccountID) throws -> Account? {
      try open.sequencer.head.value(CopyrightContract.postings.key(account)).map { try Account(decoding: $0) }
    }
    let seller = CopyrightContract.receivable("org-1/studio", .cny)
    try await open.refuse("presale-deadline", offer(goal: 10, deadline: ledger.clock.now() - 5), by: "org-1", ledger)
    try await open.refuse("not-the-holder", offer(goal: 10, deadline: deadline), by: "org-2", ledger)
    let missed = try await open.accept(offer(goal: 20, deadline: deadline), by: "org-1", ledger)
    try await open.refuse(
      "share-locked", ShareTransfer(work: "film", from: "org-1/studio", to: "org-2", ppm: 700_001, reason: .gift),
      by: "org-1", ledger)
    func pledge(_ sale: UInt64, _ buyer: String, _ lots: UInt64) -> Pledge {
      Pledge(work: "film", presale: sale, buyer: buyer, lots: lots)
    }
    try await open.refuse("presale-unknown", pledge(missed + 1, "org-2/fan", 1), by: "org-2", ledger)
    try await open.refuse("not-the-buyer", pledge(missed, "org-2/fan", 1), by: "org-3", ledger)
    try await open.refuse("not-the-buyer", pledge(missed, "org-1/studio", 1), by: "org-1", ledger)
    try await open.refuse("presale-sold-out", pledge(missed, "org-2/fan", 31), by: "org-2", ledger)
    try await open.accept(pledge(missed, "org-2/fan", 19), by: "org-2", ledger)
    #expect(try money(seller)?.pendingDebits == 19 * 500_00)
    try await open.refuse("presale-running", PresaleClose(work: "film", presale: missed), by: "org-3", ledger)
    ledger.clock.set(deadline)
    try await open.refuse("presale-over", pledge(missed, "org-2/fan", 1), by: "org-2", ledger)
    try await open.accept(PresaleClose(work: "film", presale: missed), by: "org-3", ledger)
    try await open.refuse("presale-over", PresaleClose(work: "film", presale: missed), by: "org-3", ledger)
    #expect(try money(seller)?.pendingDebits == 0 && money(seller)?.debits == 0)
    #expect(try open.shares(of: "film") == Shares([Share("org-1/studio", Shares.whole)]))

    let second = try await open.accept(
      offer(goal: 20, deadline: ledger.clock.now() + RightsLedger.day), by: "org-1", ledger)
    try await open.accept(pledge(second, "org-2/fan", 12), by: "org-2", ledger)
    try await open.accept(pledge(second, "org-3/fan", 18), by: "org-3", ledger)
    // Sold out: it need not wait for its date.
    try await open.accept(PresaleClose(work: "film", presale: second), by: "org-2", ledger)
    #expect(
      try open.shares(of: "film")
        == Shares([Share("org-1/studio", 700_000), Share("org-2/fan", 120_000), Share("org-3/fan", 180_000)]))
    #expect(try money(seller)?.debitBalance == 30 * 500_00)
    #expect(try money(CopyrightContract.payable("org-3/fan", .cny))?.creditBalance == 18 * 500_00)
    try await open.settle()
    await open.close()
    try await ledger.expectSound()
  }

  @Test("a dispute is its claimant's to withdraw and a regulator's to decide; who wins gets the work")
  func dispute() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("w", owner: "org-1"), by: "org-1", ledger)
    let claim = Dispute(work: "w", claimant: "org-2/real", reason: "I took it")
    try await open.refuse("not-the-claimant", claim, by: "org-3", ledger)
    let first = try await open.accept(claim, by: "org-2", ledger)
    try await open.refuse("dispute-known", claim, by: "org-2", ledger)
    func end(_ entry: UInt64, _ outcome: DisputeEnd.Outcome, _ document: Digest? = .sha256("decision")) -> DisputeEnd {
      DisputeEnd(work: "w", dispute: entry, outcome: outcome, document: document)
    }
    try await open.refuse("dispute-unknown", end(first + 1, .withdrawn), by: "org-2", ledger)
    try await open.refuse("not-the-claimant", end(first, .withdrawn), by: "org-1", ledger)
    try await open.refuse("not-a-regulator", end(first, .dismissed), by: "org-1", ledger)
    try await open.refuse("document-missing", end(first, .assigned, nil), by: "org-4", ledger)
    try await open.accept(end(first, .withdrawn, nil), by: "org-2", ledger)
    try await open.refuse("dispute-over", end(first, .dismissed), by: "org-4", ledger)
    let second = try await open.accept(claim, by: "org-2", ledger)
    try await open.accept(end(second, .assigned), by: "org-4", ledger)
    #expect(try open.shares(of: "w") == Shares([Share("org-2/real", Shares.whole)]))
    await open.close()
  }
}
