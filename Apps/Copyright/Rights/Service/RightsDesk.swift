package import COSE
package import Ledger
package import Primitives
internal import Synchronization

/// Randomness for claim ids and salts: the system's, or a seed's where a whole run follows from one.
package final class RightsRandom: Sendable {
  private let seeded: Mutex<SeededGenerator?>

  /// The system's randomness.
  package init() { seeded = Mutex(nil) }
  /// What follows from a seed; for demonstrations only.
  package init(seed: UInt64) { seeded = Mutex(SeededGenerator(seed: seed)) }

  /// The next bytes.
  package func bytes(_ count: Int) -> [UInt8] {
    if let bytes = seeded.withLock({ $0?.bytes(count) }) { return bytes }
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// The next claim id.
  package func claimID() -> ClaimID {
    let bytes = bytes(16)
    func word(_ slice: ArraySlice<UInt8>) -> UInt64 { slice.reduce(0) { $0 << 8 | UInt64($1) } }
    return ClaimID(high: word(bytes[..<8]), low: word(bytes[8...]))
  }
}

/// One member's desk: makes its statements and brings them to a node.
package struct RightsDesk: Sendable {
  /// The node that takes statements and keeps documents.
  package let node: Node
  /// The member.
  package let member: String
  /// Its statement key.
  package let key: PrivateKey
  /// Where statements get their time from.
  package let clock: any WallClock
  /// Claim ids and salts.
  package let random: RightsRandom
  private let send: (@Sendable ([[UInt8]]) async throws -> [Outcome])?

  /// A member's desk; `send` where statements go another way than straight to the node.
  package init(
    node: Node, member: String, key: PrivateKey, clock: any WallClock, random: RightsRandom = RightsRandom(),
    send: (@Sendable ([[UInt8]]) async throws -> [Outcome])? = nil
  ) {
    (self.node, self.member, self.key) = (node, member, key)
    (self.clock, self.random, self.send) = (clock, random, send)
  }

  /// Brings one document to the ledger.
  package func state(_ document: some RightsDocument) async throws -> Outcome {
    let statement = try document.statement(issuer: member, time: clock.now(), claimID: random.claimID(), key: key)
    return try await submit(statement)
  }

  private func submit(_ statement: Statement) async throws -> Outcome {
    let outcomes = if let send { try await send([statement.entry]) } else { try await node.submit([statement.entry]) }
    guard let outcome = outcomes.first else { throw LedgerError(.unavailable, "The statement has no outcome.") }
    return outcome
  }

  /// Puts a document beside the log: its salted hash is stated about `subject`, and the document kept with its salt.
  @discardableResult
  package func deposit(_ bytes: [UInt8], mediaType: String, about subject: String) async throws -> UInt64 {
    let salt = random.bytes(HashEnvelope.saltBytes)
    let statement = try Statement.sign(
      envelopeOf: bytes, salt: salt, contentType: mediaType, issuer: member, subject: subject, time: clock.now(),
      claimID: random.claimID(), key: key)
    let place = try await submit(statement).place()
    try node.keep(document: bytes, salt: salt)
    return place
  }

  // MARK: Registering

  /// What a registrant says beside the file.
  package struct Wish: Sendable {
    /// The work's id; nil for its ISCC.
    package var work: String?
    /// The title.
    package var title: String
    /// Whose it is.
    package var owners: Shares
    /// Who made it; nil for the owners.
    package var authors: [String]?
    /// A registration elsewhere.
    package var outsideNumber: String?
    /// When it was made.
    package var createdAt: UInt64?
    /// Works that it was made out of.
    package var bases: [String] = []

    /// A wish to register a work under a title for its owners.
    package init(title: String, owners: Shares) { (self.title, self.owners) = (title, owners) }
  }

  /// Registers a file; if the ledger takes it and `keeps`, its bytes are kept beside the log.
  package func register(
    _ file: [UInt8], _ wish: Wish, hasher: some MediaHasher, keeps: Bool = true
  ) async throws -> (registration: Registration, outcome: Outcome) {
    let hashed = try hasher.registered(file, title: wish.title)
    let registration = Registration(
      work: wish.work ?? hashed.iscc, kind: hashed.kind, title: wish.title, iscc: hashed.iscc, file: .sha256(file),
      instance: hashed.instance, mediaType: hashed.mediaType, codes: hashed.codes,
      textCommitment: hashed.textCommitment,
      owners: wish.owners, authors: wish.authors ?? wish.owners.list.prefix(64).map(\.party),
      outsideNumber: wish.outsideNumber, createdAt: wish.createdAt, hashRules: hasher.rules, bases: wish.bases,
      probes: hashed.probes)
    let outcome = try await state(registration)
    if case .accepted = outcome, keeps {
      try await deposit(file, mediaType: hashed.mediaType, about: registration.work)
    }
    return (registration, outcome)
  }

  // MARK: Watching

  /// Where and by whom a file was used.
  package struct Upload: Sendable {
    /// The file as it was fetched.
    package var file: [UInt8]
    /// The address.
    package var place: String
    /// The member that runs the place.
    package var platform: String?
    /// Who used it.
    package var user: String
    /// How.
    package var use: Use = .network
    /// Where, two letters.
    package var country: String
    /// When, milliseconds since 1970.
    package var seenAt: UInt64
    /// How it was fetched, in text.
    package var captureLog: String

    /// An upload.
    package init(
      file: [UInt8], place: String, platform: String?, user: String, country: String, seenAt: UInt64, captureLog: String
    ) {
      (self.file, self.place, self.platform, self.user) = (file, place, platform, user)
      (self.country, self.seenAt, self.captureLog) = (country, seenAt, captureLog)
    }
  }

  /// Looks at an upload; if it is like a registered work it is stated, and the capture with its log kept.
  ///
  /// Returns the incident, or nil where the upload is like no registered work.
  package func look(
    at upload: Upload, hasher: some MediaHasher, projection: Projection
  ) async throws -> Incident? {
    let hashed = try hasher.seen(upload.file)
    let digest = Digest.sha256(upload.file)
    guard try !projection.matches(hashed, digest: digest, in: node.head).isEmpty else { return nil }
    let log = Array(upload.captureLog.utf8)
    let sighting = Sighting(
      file: digest, instance: hashed.instance, codes: hashed.codes, place: upload.place, platform: upload.platform,
      user: upload.user, use: upload.use, country: upload.country, seenAt: upload.seenAt, captureLog: .sha256(log),
      hashRules: hasher.rules)
    let outcome = try await state(sighting)
    if case .refused(_, let refusal) = outcome, refusal.code == "no-match" { return nil }
    let entry = try outcome.place()
    if kept(about: sighting.subject, digest) == nil {
      try await deposit(upload.file, mediaType: hashed.mediaType, about: sighting.subject)
    }
    try await deposit(log, mediaType: "text/plain", about: sighting.subject)
    return Incident(reading: try node.head.value(CopyrightContract.incidents.key(order: entry)))
  }

  /// A document beside the log that was stated about a subject, found by its SHA-256; nil where it is not kept here.
  package func kept(about subject: String, _ digest: Digest) -> [UInt8]? {
    node.kept(about: subject, digest, in: node.head)
  }

  // MARK: Evidence

  /// Puts the evidence package of an incident together, as of the newest final state.
  ///
  /// - Parameters:
  ///   - tools: what the program is, and what it makes of files.
  ///   - stamp: gives an RFC 3161 token over the proof, or a response with one, where an authority is configured.
  package func evidence(
    _ entry: UInt64, tools: EvidenceTools, chinese: Bool = true,
    stamp: ((_ proof: [UInt8]) async throws -> [UInt8]?)? = nil
  ) async throws -> EvidencePackage {
    let proof = try node.prove { view throws(LedgerError) in try IncidentQuestion(entry).request(in: view) }
    let policy = try node.head.configuration.policy(origin: node.genesis.origin)
    let bundle = try proof.verify(policy: policy)
    guard let proved = try IncidentQuestion.check(bundle) else {
      throw LedgerError(.notFound, "There is no incident \(entry).")
    }
    let subject = proved.sighting.subject
    guard let capture = kept(about: subject, proved.sighting.file),
      let log = kept(about: subject, proved.sighting.captureLog)
    else { throw LedgerError(.notFound, "The capture of incident \(entry) is not kept here, or has been erased.") }
    let manifest = EvidencePackage.Manifest(
      incident: entry, maker: member, time: clock.now(), tool: tools.tool, origin: node.genesis.origin)
    let report = EvidenceReport(proved, bundle, manifest)
    let identity = tools.identify(capture)
    var parts: [EvidencePackage.Part] = [
      .init(.proof, "application/cbor", proof.encoded()),
      .init(.capture, identity?.mediaType ?? "application/octet-stream", iscc: identity?.iscc, capture),
      .init(.captureLog, "text/plain", log),
      .init(.report, "text/plain; charset=utf-8", report.bytes(in: .english)),
      .init(.instructions, "text/plain; charset=utf-8", Array(EvidenceReport.instructions.utf8)),
    ]
    if chinese { parts.append(.init(.reportChinese, "text/plain; charset=utf-8", report.bytes(in: .rights))) }
    let work = kept(about: proved.work.work, proved.work.file)
    if let work {
      parts.append(.init(.work, proved.registration.mediaType, iscc: proved.registration.iscc, work))
    }
    let small = tools.thumbnails(capture, work)
    if let small {
      parts.append(.init(.captureThumbnail, "image/jpeg", small.capture))
      parts.append(.init(.workThumbnail, "image/jpeg", small.work))
    }
    parts.append(
      .init(
        .reportPage, "text/html; charset=utf-8",
        report.page(capture: small?.capture, work: small?.work, chinese: chinese)))
    if let token = try await stamp?(proof.encoded()) {
      _ = try EvidencePackage.stamp(token, over: proof.encoded())
      parts.append(.init(.timestamp, "application/timestamp-reply", token))
    }
    return try EvidencePackage(manifest, parts: parts, key: key)
  }
}

extension Node {
  /// A document beside the log that was stated about a subject, found by its SHA-256; nil where it is not kept here.
  package nonisolated func kept(about subject: String, _ digest: Digest, in view: LedgerView) -> [UInt8]? {
    guard let list = try? view.list(CopyrightContract.deposits.prefix(.sha256(subject))) else { return nil }
    for (_, value) in list {
      guard let salted = Digest(value.suffix(32)), let document = try? document(salted) else { continue }
      if Digest.sha256(document.bytes) == digest { return document.bytes }
    }
    return nil
  }
}
