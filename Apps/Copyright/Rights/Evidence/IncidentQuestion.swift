package import Ledger
package import Primitives

/// What a use of a work was, with everything that it follows from: `["incident", entry]`.
package struct IncidentQuestion: Sendable {
  /// The first word of the bundle's question.
  package static let verb = "incident"
  /// The log entry of the sighting.
  package let entry: UInt64

  /// The question about an incident.
  package init(_ entry: UInt64) { self.entry = entry }

  /// Everything that the answer stands on, and the configuration, which has the members' keys.
  package func request(in view: LedgerView) throws(LedgerError) -> ProofRequest {
    let key = CopyrightContract.incidents.key(order: entry)
    guard let incident = Incident(reading: try view.value(key)) else {
      throw LedgerError(.notFound, "There is no incident \(entry).")
    }
    let title = try TitleQuestion(work: incident.work, time: nil).request(in: view)
    var request = ProofRequest(question: [Self.verb, "\(entry)"])
    request.keys = title.keys + [key, Membership.configurations.key(order: view.seal.epoch)]
    request.prefixes = title.prefixes
    request.statements = title.statements.union([entry]).union(incident.steps.map(\.entry))
    return request
  }

  /// What a verified bundle proves of an incident; nil for another question.
  package static func check(_ bundle: VerifiedBundle) throws(LedgerError) -> ProvedIncident? {
    guard bundle.question.count == 2, bundle.question[0] == verb, let entry = UInt64(bundle.question[1]) else {
      return nil
    }
    return try ProvedIncident(entry, bundle)
  }

  /// What a verified bundle says of an incident; nil for another question.
  package static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? { try check(bundle)?.claims }
}

/// An incident that has been reckoned again from what a bundle proves.
package struct ProvedIncident: Sendable {
  /// What the members computed.
  package let incident: Incident
  /// The work.
  package let work: WorkRecord
  /// Its registration, as it is in the log.
  package let registration: Registration
  /// The sighting, as it is in the log.
  package let sighting: Sighting
  /// Who stated the sighting.
  package let witness: String
  /// The work's whole history.
  package let history: RightsHistory
  /// Whose the work was when it was used.
  package let owners: Shares
  /// How many of 100 frames, passages or seconds of the work were found.
  package let percent: Int
  /// How many of 100 frames, passages or seconds of the file were found in the work.
  package let askedPercent: Int

  init(_ entry: UInt64, _ bundle: VerifiedBundle) throws(LedgerError) {
    guard let incident = Incident(reading: try bundle.proved(CopyrightContract.incidents.key(order: entry))),
      let work = WorkRecord(reading: try bundle.proved(CopyrightContract.works.key(.sha256(incident.work))))
    else { throw LedgerError(.notProved, "The proof leaves out a value that the answer needs.") }
    (self.incident, self.work) = (incident, work)
    registration = try bundle.provedDocument(Registration.self, at: work.entry).0
    (sighting, witness) = try bundle.provedDocument(Sighting.self, at: entry)
    history = try bundle.provedHistory(of: incident.work)
    guard registration.work == incident.work, registration.file == work.file, sighting.seenAt == incident.seenAt,
      sighting.user == incident.user, sighting.place == incident.place, incident.entry == entry
    else { throw LedgerError(.notProved, "The statements in the log are not those that the state has.") }
    (percent, askedPercent) = try ProvedIncident.expectMatch(incident, registration, sighting)
    // The verdict again, from what the ledger knew when the use was stated.
    let then = history.before(entry)
    let ruling = then.judge(
      user: sighting.user, use: sighting.use, country: sighting.country, at: sighting.seenAt,
      isSufficient: incident.basis == .sameFile || incident.quality >= Matching.quality)
    guard let ruling, ruling.verdict == incident.verdict, ruling.licence == incident.licence,
      let owners = then.shares(at: sighting.seenAt)
    else { throw LedgerError(.notProved, "The verdict does not follow from the rights that the proof shows.") }
    self.owners = owners
  }

  /// Compares the codes again.
  private static func expectMatch(
    _ incident: Incident, _ registration: Registration, _ sighting: Sighting
  ) throws(LedgerError) -> (percent: Int, askedPercent: Int) {
    let isRight: Bool
    var (percent, askedPercent) = (100, 100)
    switch incident.basis {
    case .sameFile:
      isRight =
        (registration.file == sighting.file || registration.instance == sighting.instance) && incident.distance == 0
    case .alike:
      var index = CodeIndex()
      index.insert(CodeRecord(work: registration.work, entry: 0, codes: registration.codes))
      let match = index.matches(sighting.codes).first
      (percent, askedPercent) = (match?.percent ?? 0, match?.askedPercent ?? 0)
      isRight =
        match.map {
          $0.algorithm == incident.algorithm && $0.distance == Int(incident.distance) && $0.variant == incident.variant
            && $0.probe == incident.probe && $0.quality == incident.quality
        } ?? false
    }
    guard isRight else { throw LedgerError(.notProved, "The codes are not as near as the incident says.") }
    return (percent, askedPercent)
  }

  /// The registered code and the sighting's code that were compared; nil for a video or the same file.
  package var compared: (registered: MediaCode, seen: MediaCode)? {
    guard incident.basis == .alike, incident.algorithm != .frame,
      let registered = registration.codes.first(where: {
        $0.algorithm == incident.algorithm && $0.variant == incident.variant
      }),
      let seen = sighting.codes.first(where: {
        $0.algorithm == incident.algorithm && $0.variant == incident.probe
      })
    else { return nil }
    return (registered, seen)
  }

  /// What it proves, in sentences.
  package var claims: [Message] {
    var lines: [Message] = [
      "\(witness) stated in entry \(incident.entry) that \(incident.user) used a file at \(incident.place) at "
        + "\(Timestamp.text(incident.seenAt)); the file has the SHA-256 \(sighting.file.hex).",
      match,
      "The work '\(work.title)' (\(work.work)) was registered by \(work.registrant) in entry \(work.entry) at "
        + "\(Timestamp.text(work.time)).",
    ]
    lines += owners.list.map { "Then \($0.party) owned \(RightsText.percent($0.ppm)) of it." }
    lines.append(verdict)
    for step in incident.steps {
      lines.append("\(Timestamp.text(step.time)): \(Message(step.step.name)) (entry \(step.entry)).")
    }
    return lines
  }

  private var match: Message {
    switch (incident.basis, incident.algorithm) {
    case (.sameFile, _): "It is the very file that was registered."
    case (.alike, .frame):
      "\(percent) of 100 frames of the registered video are in it, at a mean distance of \(incident.distance) of 256 "
        + "bits (at most \(Matching.radius) each; \(Matching.framesPercent) frames suffice)."
    case (.alike, .passage):
      "\(percent) of 100 passage fingerprints of the registered text are in it, the first from character "
        + "\(incident.probe) of it and \(incident.variant) of the work (\(Matching.passages) fingerprints suffice)."
    case (.alike, .sound):
      "\(percent) of 100 seconds of the registered recording are in it, the first from \(EvidenceReport.seconds(incident.probe)) s of it "
        + "and \(EvidenceReport.seconds(incident.variant)) s of the work (\(Matching.blocks) seconds suffice), at a distance of "
        + "\(incident.distance) of 256 bits (at most \(Matching.radius))."
    case (.alike, _):
      "Its \(incident.algorithm.name) differs from the registered variant \(incident.variant) in \(incident.distance) of "
        + "256 bits (at most \(Matching.radius)); probe \(incident.probe), quality \(incident.quality) (at least "
        + "\(Matching.quality))."
    }
  }

  /// The verdict in a sentence.
  package var verdict: Message {
    switch incident.verdict {
    case .licensed:
      if let licence = incident.licence {
        "LICENSED: licence \(licence) covered this use at that time."
      } else {
        "LICENSED: the user owned a share of the work at that time."
      }
    case .infringing: "INFRINGING: of the \(history.licences.count) licences there are, none covered this use then."
    case .insufficientQuality: "INSUFFICIENT QUALITY: the file shows too little to say that it is the work."
    case .disputed: "DISPUTED: no licence covered this use, and it was in dispute whose the work was."
    }
  }
}
