import Ledger
import Primitives
import Rights
import Testing

@Suite("Copyright: sightings, incidents, their steps")
struct EnforcementTests {
  @Test("a use is judged as of its time: owner, licensee, nobody, too little to see, in dispute")
  func verdicts() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let bits = Made.bits(1)
    let early = ledger.clock.now()
    try await open.accept(Made.photo("w", owner: "org-1/a", bits: bits), by: "org-1", ledger)
    let seen = Made.bits(bits, flipping: 30)
    func sight(_ user: String, at time: UInt64, quality: UInt64 = 90, country: String = "CN", use: Use = .network)
      -> Sighting
    {
      Made.sighting(seen, user: user, at: time, quality: quality, country: country, use: use)
    }
    func verdict(_ sighting: Sighting) async throws -> Verdict? {
      ledger.clock.set(max(ledger.clock.now(), sighting.seenAt))
      return try open.incident(try await open.accept(sighting, by: "org-3", ledger))?.verdict
    }
    try await open.refuse("use-before-title", sight("org-2/u", at: early), by: "org-3", ledger)
    try await open.refuse("sighting-time", sight("org-2/u", at: ledger.clock.now() + 60_000), by: "org-3", ledger)
    try await open.refuse(
      "no-match", Made.sighting(Made.bits(2), user: "x", at: ledger.clock.now()), by: "org-3", ledger)
    let before = ledger.clock.now()
    #expect(try await verdict(sight("org-2/u", at: before)) == .infringing)
    try await open.refuse("sighting-known", sight("org-2/u", at: before), by: "org-2", ledger)
    #expect(try await verdict(sight("org-1/a", at: before)) == .licensed)
    #expect(try await verdict(sight("org-2/v", at: before, quality: 49)) == .insufficientQuality)
    // A licence for the network in China, for a day.
    let from = ledger.clock.now() + 5000
    let licence = try await open.accept(
      LicenceGrant(
        LicenceTerms(
          work: "w", licensee: "org-2/u", uses: Uses([.network]), territory: Territory(["CN"]) ?? .world, from: from,
          until: from + RightsLedger.day)), by: "org-1", ledger)
    #expect(try await verdict(sight("org-2/u", at: before + 1)) == .infringing, "before the licence")
    #expect(try await verdict(sight("org-2/u", at: from)) == .licensed)
    let covered = try open.incident(try await open.accept(sight("org-2/u", at: from + 1), by: "org-3", ledger))
    #expect(covered?.licence == licence)
    #expect(try await verdict(sight("org-2/u", at: from + 2, country: "DE")) == .infringing, "another country")
    #expect(try await verdict(sight("org-2/u", at: from + 3, use: .broadcasting)) == .infringing, "another use")
    #expect(try await verdict(sight("org-2/v", at: from + 4)) == .infringing, "another user")
    // In dispute from now on; what was before is not.
    let dispute = try await open.accept(Dispute(work: "w", claimant: "org-3", reason: "mine"), by: "org-3", ledger)
    let disputed = ledger.clock.now() + 1
    #expect(try await verdict(sight("org-2/v", at: disputed)) == .disputed)
    #expect(try await verdict(sight("org-2/u", at: disputed)) == .licensed)
    #expect(try await verdict(sight("org-2/v", at: from + 5)) == .infringing)
    try await open.accept(DisputeEnd(work: "w", dispute: dispute, outcome: .withdrawn), by: "org-3", ledger)
    #expect(try await verdict(sight("org-2/v", at: ledger.clock.now() + 1)) == .infringing)
    ledger.clock.set(from + RightsLedger.day)
    #expect(try await verdict(sight("org-2/u", at: from + RightsLedger.day)) == .infringing, "after the licence")
    // The very file is found whatever its codes say.
    var same = sight("org-2/w", at: ledger.clock.now(), quality: 0)
    same.file = .sha256("file w")
    same.codes = [MediaCode(.pdq, quality: 0, bits: Digest())]
    let found = try open.incident(try await open.accept(same, by: "org-3", ledger))
    #expect(found?.basis == .sameFile && found?.verdict == .infringing)

    // A bundle carries all of it, and the verdict is reckoned again from it.
    try await open.settle()
    let policy = try ledger.policy
    var seenVerdicts: Set<Verdict> = []
    for (key, value) in try open.sequencer.head.list(CopyrightContract.incidents.prefix()) {
      let incident = try #require(Incident(reading: value))
      let bundle = try open.sequencer.prove(try IncidentQuestion(key.order).request(in: open.sequencer.head))
      let proved = try #require(try IncidentQuestion.check(bundle.verify(policy: policy)))
      #expect(proved.incident == incident)
      seenVerdicts.insert(incident.verdict)
      // Without one of its lists or statements it proves nothing.
      for place in bundle.prefixes.indices {
        var short = bundle
        short.prefixes.remove(at: place)
        #expect(throws: LedgerError.self) { try IncidentQuestion.check(short.verify(policy: policy)) }
      }
      var short = bundle
      short.statements.removeAll { $0.index == key.order }
      #expect(throws: LedgerError.self) { try IncidentQuestion.check(short.verify(policy: policy)) }
    }
    #expect(seenVerdicts == Set(Verdict.allCases))
    await open.close()
    try await ledger.expectSound()
  }

  @Test("notice, answer and end come in order, each from whom it is for")
  func steps() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let bits = Made.bits(1)
    try await open.accept(Made.photo("w", owner: "org-1/a", bits: bits), by: "org-1", ledger)
    var number = 0
    func incident(quality: UInt64 = 90, user: String = "org-2/u") async throws -> UInt64 {
      number += 1
      return try await open.accept(
        Made.sighting(bits, user: user, at: ledger.clock.now(), quality: quality, file: "f\(number)"), by: "org-3",
        ledger)
    }
    func step(_ entry: UInt64, _ step: IncidentStep.Step, _ document: Digest? = .sha256("paper")) -> IncidentStep {
      IncidentStep(entry, step, reason: "because", document: document)
    }
    let one = try await incident()
    try await open.refuse("incident-unknown", step(one + 1, .notice), by: "org-1", ledger)
    for early in IncidentStep.Step.allCases where early != .notice {
      try await open.refuse("step-out-of-order", step(one, early), by: "org-2", ledger)
    }
    try await open.refuse("not-an-owner", step(one, .notice), by: "org-2", ledger)
    try await open.accept(step(one, .notice), by: "org-1", ledger)
    try await open.refuse("step-out-of-order", step(one, .notice), by: "org-1", ledger)
    try await open.refuse("not-the-user", step(one, .counterNotice), by: "org-1", ledger)
    try await open.accept(step(one, .counterNotice), by: "org-2", ledger)
    try await open.refuse("step-out-of-order", step(one, .counterNotice), by: "org-3", ledger)
    try await open.refuse("not-an-owner", step(one, .settled), by: "org-2", ledger)
    try await open.refuse("not-a-regulator", step(one, .upheld), by: "org-1", ledger)
    try await open.refuse("document-missing", step(one, .rejected, nil), by: "org-4", ledger)
    try await open.accept(step(one, .upheld), by: "org-4", ledger)
    try await open.refuse("incident-over", step(one, .withdrawn), by: "org-1", ledger)
    #expect(try open.incident(one)?.steps.map(\.step) == [.notice, .counterNotice, .upheld])
    for (last, who) in [(IncidentStep.Step.removed, "org-3"), (.settled, "org-1"), (.withdrawn, "org-1")] {
      let other = try await incident()
      try await open.accept(step(other, .notice), by: "org-1", ledger)
      try await open.accept(step(other, last), by: who, ledger)
      #expect(try open.incident(other)?.isOver == true)
    }
    // Nobody is asked to stop what they may do, or what cannot be told.
    try await open.refuse("notice-not-due", step(try await incident(user: "org-1/a"), .notice), by: "org-1", ledger)
    try await open.refuse("notice-not-due", step(try await incident(quality: 10), .notice), by: "org-1", ledger)
    // Both keys of an incident have the same value.
    for (key, value) in try open.sequencer.head.list(CopyrightContract.workIncidents.prefix(.sha256("w"))) {
      #expect(try open.sequencer.head.value(CopyrightContract.incidents.key(order: key.order)) == value)
    }
    await open.close()
    try await ledger.expectSound()
  }
}
