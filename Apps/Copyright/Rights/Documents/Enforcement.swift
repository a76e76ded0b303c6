package import CBOR
package import Primitives

/// Someone saw a file being used: an upload, with what it looks like.
package struct Sighting: RightsDocument {
  /// The statement's kind.
  package static let kind = "sighting"
  /// SHA-256 of the file (1).
  package var file: Digest
  /// BLAKE3 of the file (2).
  package var instance: Digest
  /// What it looks like (3): the plain code, and those of its mirrored, turned and trimmed forms.
  package var codes: [MediaCode]
  /// Where it was, an address as it was seen (4).
  package var place: String
  /// The member that runs the place, if one does (5).
  package var platform: String?
  /// Who used it, a party (6).
  package var user: String
  /// How (7).
  package var use: Use
  /// In which country, two letters (8).
  package var country: String
  /// When, milliseconds since 1970 (9).
  package var seenAt: UInt64
  /// SHA-256 of the log of the capture (10): what was fetched, with which tools, by which clock.
  package var captureLog: Digest
  /// The rules by which the codes were made (11).
  package var hashRules: String

  /// A sighting of these parts.
  package init(
    file: Digest, instance: Digest, codes: [MediaCode], place: String, platform: String? = nil, user: String,
    use: Use = .network, country: String, seenAt: UInt64, captureLog: Digest, hashRules: String
  ) {
    (self.file, self.instance, self.codes) = (file, instance, codes)
    (self.place, self.platform, self.user, self.use) = (place, platform, user, use)
    (self.country, self.seenAt, self.captureLog, self.hashRules) = (country, seenAt, captureLog, hashRules)
  }
  /// The file: `sha-256:` and its digest.
  package var subject: String { "sha-256:\(file.hex)" }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(11)
    fields.digest(file)
    fields.digest(instance)
    fields.list(codes) { $1.write(to: &$0) }
    fields.text(place)
    fields.optional(platform)
    fields.text(user)
    fields.uint(use.rawValue)
    fields.text(country)
    fields.uint(seenAt)
    fields.digest(captureLog)
    fields.text(hashRules)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 11)
    file = try fields.digest()
    instance = try fields.digest()
    codes = try fields.codes()
    place = try fields.text(TextBounds.line)
    platform = try fields.optionalText(Party.length)
    user = try fields.text(Party.length)
    use = try fields.word()
    country = try fields.text(2...2)
    seenAt = try fields.uint()
    captureLog = try fields.digest()
    hashRules = try fields.text(TextBounds.line)
    try fields.finish()
    guard Territory([country]) != nil else { throw fields.fault }
  }
}

/// One more step in an incident: a notice, a counter-notice, or how it ended.
package struct IncidentStep: RightsDocument {
  /// The statement's kind.
  package static let kind = "incident-step"

  /// Which step.
  package enum Step: UInt64, Sendable, CaseIterable {
    /// An owner asks that the use end.
    case notice
    /// The user, or the place's member, answers that it may.
    case counterNotice
    /// The place took the file down.
    case removed
    /// The owner and the user came to terms.
    case settled
    /// The owner no longer asks.
    case withdrawn
    /// A regulator finds that it was an infringement.
    case upheld
    /// A regulator finds that it was none.
    case rejected

    /// The step's name on command lines and in JSON.
    package var name: String { String(describing: self) }
    /// Whether the incident is over with it.
    package var isFinal: Bool { rawValue >= Step.removed.rawValue }
  }

  /// The log entry of the sighting that made the incident (1).
  package var incident: UInt64
  /// The step (2).
  package var step: Step
  /// On what ground (3).
  package var reason: String
  /// SHA-256 of what was sent or decided, kept beside the log (4).
  package var document: Digest?

  /// A step in the incident of an entry.
  package init(_ incident: UInt64, _ step: Step, reason: String, document: Digest? = nil) {
    (self.incident, self.step, self.reason, self.document) = (incident, step, reason, document)
  }
  /// The incident.
  package var subject: String { IncidentStep.subject(incident) }
  /// How statements name an incident: `incident:` and its entry.
  package static func subject(_ incident: UInt64) -> String { "incident:\(incident)" }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.uint(incident)
    fields.uint(step.rawValue)
    fields.text(reason)
    fields.optional(document)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    incident = try fields.uint()
    step = try fields.word()
    reason = try fields.text(TextBounds.line)
    document = try fields.optionalDigest()
    try fields.finish()
  }
}

/// Someone says that a work is theirs.
package struct Dispute: RightsDocument {
  /// The statement's kind.
  package static let kind = "dispute"
  /// The work (1).
  package var work: String
  /// Who claims it, a party of the member that signs (2).
  package var claimant: String
  /// On what ground (3).
  package var reason: String
  /// SHA-256 of the evidence, kept beside the log (4).
  package var document: Digest?

  /// A dispute over a work.
  package init(work: String, claimant: String, reason: String, document: Digest? = nil) {
    (self.work, self.claimant, self.reason, self.document) = (work, claimant, reason, document)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.text(work)
    fields.text(claimant)
    fields.text(reason)
    fields.optional(document)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    work = try fields.text(TextBounds.work)
    claimant = try fields.text(Party.length)
    reason = try fields.text(TextBounds.line)
    document = try fields.optionalDigest()
    try fields.finish()
  }
}

/// A dispute ends: its claimant gives it up, or a regulator decides it.
package struct DisputeEnd: RightsDocument {
  /// The statement's kind.
  package static let kind = "dispute-end"

  /// How it ends.
  package enum Outcome: UInt64, Sendable, CaseIterable {
    /// The claimant gives it up.
    case withdrawn
    /// A regulator finds for those whose work it is.
    case dismissed
    /// A regulator finds for the claimant, whose the whole work is from now on.
    case assigned

    /// The outcome's name on command lines and in JSON.
    package var name: String { String(describing: self) }
  }

  /// The work (1).
  package var work: String
  /// The log entry of the dispute (2).
  package var dispute: UInt64
  /// How it ends (3).
  package var outcome: Outcome
  /// SHA-256 of the decision, kept beside the log (4).
  package var document: Digest?

  /// The end of the dispute of an entry.
  package init(work: String, dispute: UInt64, outcome: Outcome, document: Digest? = nil) {
    (self.work, self.dispute, self.outcome, self.document) = (work, dispute, outcome, document)
  }
  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.text(work)
    fields.uint(dispute)
    fields.uint(outcome.rawValue)
    fields.optional(document)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 4)
    work = try fields.text(TextBounds.work)
    dispute = try fields.uint()
    outcome = try fields.word()
    document = try fields.optionalDigest()
    try fields.finish()
  }
}
