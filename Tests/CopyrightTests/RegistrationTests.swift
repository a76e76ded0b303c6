import CBOR
import COSE
import Ledger
import LedgerTestKit
import Primitives
import Rights
import Testing

@Suite("Copyright: registering works")
struct RegistrationTests {
  @Test(
    "a near-duplicate of another owner is refused and names the earlier work and the distance; own versions are not")
  func nearDuplicate() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let bits = Made.bits(1)
    try await open.accept(Made.photo("first", bits: bits), by: "org-1", ledger)
    let message = try await open.refuse(
      "near-duplicate", Made.photo("copy", owner: "org-2/b", bits: Made.bits(bits, flipping: 31)), by: "org-2", ledger)
    #expect(message.contains("'first'") && message.contains("31 of 256 bits") && message.contains("org-1"))
    try await open.accept(
      Made.photo("other", owner: "org-2/b", bits: Made.bits(bits, flipping: 32)), by: "org-2", ledger)
    // The same owners register another version of their own work, which is not near the other one.
    let version = (1...UInt64.max).lazy.map { Made.bits(bits, flipping: 3, seed: $0) }.first {
      Bits256($0).distance(to: Bits256(Made.bits(bits, flipping: 32))) > 31
    }
    try await open.accept(Made.photo("second", bits: version), by: "org-1", ledger)
    // A part of the owners is not the same owners.
    try await open.refuse(
      "near-duplicate",
      Made.registration(
        "grab", kind: .photo, codes: [MediaCode(.pdq, quality: 90, bits: bits)],
        owners: [Share("org-1/author-1", 1), Share("org-2/b", 999_999)]), by: "org-2", ledger)
    // A code that shows too little accuses no one, and protects no one.
    try await open.accept(Made.photo("flat", owner: "org-2/b", bits: bits, quality: 49), by: "org-2", ledger)
    try await open.settle()
    await open.close()
    try await ledger.expectSound()
  }

  @Test("any registered variant counts, and any variant of the newcomer")
  func variants() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let crops = (0..<9).map { MediaCode(.pdq, variant: UInt64($0), quality: 80, bits: Made.bits(UInt64(50 + $0))) }
    try await open.accept(
      Made.registration("whole", kind: .photo, codes: crops, owners: [Share("org-1", Shares.whole)]), by: "org-1",
      ledger)
    let newcomer = [
      MediaCode(.pdq, quality: 80, bits: Made.bits(900)),
      MediaCode(.pdq, variant: 2, quality: 80, bits: Made.bits(crops[6].bits, flipping: 20)),
    ]
    try await open.refuse(
      "near-duplicate",
      Made.registration("crop", kind: .photo, codes: newcomer, owners: [Share("org-2", Shares.whole)]), by: "org-2",
      ledger)
    // A mirrored copy: only what it looks like turned back is near.
    var mirrored = Made.registration(
      "mirrored", kind: .photo, codes: [newcomer[0]], owners: [Share("org-2", Shares.whole)])
    mirrored.probes = [MediaCode(.pdq, variant: 5, quality: 80, bits: crops[0].bits)]
    #expect(try Registration(decoding: mirrored.encoded()[...]).probes == mirrored.probes)
    try await open.refuse("near-duplicate", mirrored, by: "org-2", ledger)
    // Probes are not registered: they protect nothing.
    mirrored.probes = [MediaCode(.pdq, variant: 5, quality: 80, bits: Made.bits(901))]
    try await open.accept(mirrored, by: "org-2", ledger)
    try await open.accept(
      Made.registration(
        "other", kind: .photo, codes: [MediaCode(.pdq, quality: 80, bits: Made.bits(901))],
        owners: [Share("org-1", Shares.whole)]), by: "org-1", ledger)
    await open.close()
  }

  @Test("of two near-identical registrations in one block one wins, and the other names it")
  func race() async throws {
    for seed in UInt64(1)...6 {
      let ledger = try RightsLedger(seed: seed)
      var open = try await ledger.open()
      let bits = Made.bits(seed)
      let one = Made.photo("one", owner: "org-1", bits: bits)
      let two = Made.photo("two", owner: "org-2", bits: Made.bits(bits, flipping: 7, seed: seed))
      let entries = [try ledger.entry(one, by: "org-1"), try ledger.entry(two, by: "org-2")]
      let sent = seed % 2 == 0 ? entries : entries.reversed()
      let outcomes = try await open.sequencer.submit(sent)
      let winner = seed % 2 == 0 ? "one" : "two"
      guard case .accepted = outcomes[0], case .refused(_, let refusal) = outcomes[1] else {
        Issue.record("\(outcomes), seed \(seed)")
        continue
      }
      #expect(refusal.code == "near-duplicate" && refusal.message.english.contains("'\(winner)'"))
      try await open.settle()
      #expect(open.nodes.allSatisfy { $0.head.root == open.sequencer.head.root })
      // The index is filled again when the ledger is opened, and finds the same.
      await open.close()
      open = try await ledger.open()
      try await open.refuse(
        "near-duplicate", Made.photo("three", owner: "org-3", bits: Made.bits(bits, flipping: 2)), by: "org-3", ledger)
      try await open.settle()
      await open.close()
      try await ledger.expectSound()
    }
  }

  @Test("after reopening the index decides as a scan of the state would, over works with all kinds of codes")
  func reopened() async throws {
    let ledger = try RightsLedger()
    var open = try await ledger.open()
    var generator = SeededGenerator(seed: 11)
    var known: [(work: String, code: MediaCode)] = []
    for number in 0..<60 {
      let algorithm = MediaCode.Algorithm.allCases[Int(generator.next() % 3)]
      let base = known.randomElement(using: &generator)
      let bits =
        generator.next() % 2 == 0 && base != nil
        ? Made.bits(base?.code.bits ?? Digest(), flipping: Int(generator.next() % 64), seed: generator.next())
        : Made.bits(generator.next())
      let code = MediaCode(algorithm, quality: 40 + generator.next() % 60, bits: bits)
      let owner = "org-\(1 + generator.next() % 3)"
      let work = "work-\(number)"
      let document = Made.registration(
        work, kind: .photo, codes: [code], owners: [Share("\(owner)/\(number)", Shares.whole)])
      let near =
        code.quality < 50
        ? []
        : known.filter {
          $0.code.algorithm == algorithm && $0.code.quality >= 50 && $0.code.distance(to: code) <= 31
        }
      if near.isEmpty {
        try await open.accept(document, by: owner, ledger)
        known.append((work, code))
      } else {
        let said = try await open.refuse("near-duplicate", document, by: owner, ledger)
        let nearest = near.map { $0.code.distance(to: code) }.min() ?? 0
        #expect(near.contains { said.contains("'\($0.work)'") && $0.code.distance(to: code) == nearest }, "\(number)")
      }
      if number % 20 == 19 {
        try await open.settle()
        await open.close()
        open = try await ledger.open()
      }
    }
    // A fresh scan of the state makes the index that the audit compares.
    var fresh = CodeIndex()
    for (_, value) in try open.sequencer.head.list(CopyrightContract.codes.prefix()) {
      fresh.insert(try #require(CodeRecord(reading: value)))
    }
    #expect(fresh.count == known.filter { $0.code.quality >= 50 }.count)
    await open.close()
    try await ledger.expectSound()
  }

  @Test("each fault of a registration is refused by its own code")
  func codes() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("first"), by: "org-1", ledger)
    try await open.refuse("work-known", Made.photo("first", bits: Made.bits(8)), by: "org-1", ledger)
    var document = Made.registration(
      "same-file", kind: .photo, codes: [MediaCode(.pdq, quality: 90, bits: Made.bits(3))],
      owners: [Share("org-2", Shares.whole)], file: "first")
    #expect(try await open.refuse("identical-file", document, by: "org-2", ledger).contains("'first'"))
    document = Made.photo("w", owner: "org-2/x")
    try await open.refuse("not-an-owner", document, by: "org-1", ledger)
    document = Made.photo("w", owner: "nobody/x")
    try await open.refuse("party-unknown", document, by: "org-1", ledger)
    document = Made.photo("w")
    document.iscc = "ISCC:KACT4EBWK27737D2"
    try await open.refuse("iscc-malformed", document, by: "org-1", ledger)
    document.iscc = "ISCC:a"
    try await open.refuse("iscc-malformed", document, by: "org-1", ledger)
    document.iscc = Made.iscc(.sha256("another"), data: .sha256("another"))
    try await open.refuse("iscc-mismatch", document, by: "org-1", ledger)
    document = Made.photo("w")
    document.createdAt = RightsLedger.start + 1000 * RightsLedger.day
    try await open.refuse("created-later", document, by: "org-1", ledger)
    document = Made.photo("w")
    document.bases = ["nothing"]
    try await open.refuse("base-unknown", document, by: "org-1", ledger)
    await open.close()
  }

  @Test("a derived work is taken with its owners' licence to adapt, and only then")
  func derivative() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let bits = Made.bits(4)
    try await open.accept(Made.photo("novel", owner: "org-1/a", bits: bits), by: "org-1", ledger)
    var film = Made.photo("film", owner: "org-2/studio", bits: Made.bits(bits, flipping: 12))
    try await open.refuse("near-duplicate", film, by: "org-2", ledger)
    film.bases = ["novel"]
    try await open.refuse("derivative-not-licensed", film, by: "org-2", ledger)
    let now = ledger.clock.now() + 2000
    var terms = LicenceTerms(
      work: "novel", licensee: "org-2/studio", uses: Uses([.network]), territory: .world, from: now,
      until: now + RightsLedger.day)
    try await open.accept(LicenceGrant(terms), by: "org-1", ledger)
    try await open.refuse("derivative-not-licensed", film, by: "org-2", ledger)
    terms.uses = Uses([.adaptation, .network])
    terms.from = ledger.clock.now() + 1000
    try await open.accept(LicenceGrant(terms), by: "org-1", ledger)
    try await open.accept(film, by: "org-2", ledger)
    // A licence to adapt one work does not excuse a likeness with a third.
    try await open.accept(Made.photo("third", owner: "org-3", bits: Made.bits(77)), by: "org-3", ledger)
    var poster = Made.photo("poster", owner: "org-2/studio", bits: Made.bits(Made.bits(77), flipping: 3))
    poster.bases = ["novel"]
    #expect(try await open.refuse("near-duplicate", poster, by: "org-2", ledger).contains("'third'"))
    await open.close()
  }

  @Test("what is malformed, about something else, or of an unknown type is refused on record")
  func malformed() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let key = ledger.keys[0].statement
    func submit(_ payload: [UInt8], _ type: String, _ subject: String) async throws -> String? {
      ledger.clock.advance(by: 1000)
      let statement = try Statement.sign(
        payload: payload, contentType: type, issuer: "org-1", subject: subject, time: ledger.clock.now(),
        claimID: .random(), key: key)
      guard case .refused(_, let refusal) = try await open.sequencer.submit([statement.entry])[0] else { return nil }
      return refusal.code
    }
    let good = Made.photo("w").encoded()
    #expect(try await submit(Array(good.dropLast()), Registration.contentType, "w") == "work-registration-malformed")
    #expect(try await submit(good + [0], Registration.contentType, "w") == "work-registration-malformed")
    #expect(try await submit(good, Registration.contentType, "v") == "subject-mismatch")
    #expect(try await submit(good, "application/cbor", "w") == "content-type-unknown")
    // Every cut and many bit flips: refused or read, never a crash.
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<4000 {
      var bytes = good
      for _ in 0...generator.next() % 3 {
        bytes[Int(generator.next() % UInt64(bytes.count))] ^= 1 << UInt8(generator.next() % 8)
      }
      if let read = try? Registration(decoding: bytes[...]) { #expect(read.encoded() == bytes) }
      _ = try? Registration(decoding: bytes.prefix(Int(generator.next() % UInt64(bytes.count))))
    }
    await open.close()
  }

  @Test("erasing a work's bytes leaves its title provable, and the bytes are gone")
  func erasure() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    try await open.accept(Made.photo("first"), by: "org-1", ledger)
    var generator = SeededGenerator(seed: 3)
    let (bytes, salt) = (generator.bytes(4000), generator.bytes(32))
    func deposit(by member: Int) async throws -> Outcome {
      ledger.clock.advance(by: 1000)
      let statement = try Statement.sign(
        envelopeOf: bytes, salt: salt, contentType: "image/png", issuer: "org-\(member)", subject: "first",
        time: ledger.clock.now(), claimID: .random(), key: ledger.keys[member - 1].statement)
      return try await open.sequencer.submit([statement.entry])[0]
    }
    guard case .refused(_, let refusal) = try await deposit(by: 2) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.code == "not-the-registrant")
    guard case .accepted(let place) = try await deposit(by: 1) else {
      Issue.record("refused")
      return
    }
    try open.sequencer.keep(document: bytes, salt: salt)
    try await open.settle()
    var request = ProofRequest(question: ["deposit"])
    request.documents = [place]
    let policy = try ledger.policy
    #expect(try open.sequencer.prove(request).verify(policy: policy).documents.first?.bytes == bytes)

    #expect(try open.sequencer.erase(document: HashEnvelope.digest(salt: salt, document: bytes)))
    #expect(throws: LedgerError.self) { try open.sequencer.prove(request) }
    let title = try TitleQuestion(work: "first", time: nil).request(in: open.sequencer.head)
    let claims = try TitleQuestion.claims(try open.sequencer.prove(title).verify(policy: policy))
    #expect(claims?.contains { $0.english.contains("org-1/author-1") } == true)
    await open.close()
    try await ledger.expectSound()
  }
}
