public import CBOR
internal import COSE
internal import Ledger
internal import Primitives

/// An attack or fault of the threat table, with the bytes that show it.
public struct IncidentReport: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "incident"
  /// What it is (1).
  public let what: Incident.Kind
  /// The gateway's name or the device's URN that it is about (2).
  public let subject: String
  /// The batch or sequence number (3).
  public let number: UInt64
  /// When it was found, microseconds since 1970 (4).
  public let time: UInt64
  /// The statements, epochs or messages that show it (5).
  public let evidence: [[UInt8]]

  /// A report of these parts.
  public init(_ what: Incident.Kind, subject: String, number: UInt64, time: UInt64, evidence: [[UInt8]]) {
    (self.what, self.subject, self.number) = (what, subject, number)
    (self.time, self.evidence) = (time, evidence)
  }

  /// As much of the evidence, from its beginning, as a report has room for.
  public static func fitting(_ evidence: [[UInt8]]) -> [[UInt8]] {
    var bytes = 0
    return Array(
      evidence.prefix(16).prefix {
        bytes += $0.count
        return bytes <= 50_000
      })
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(5)
    fields.text(what.rawValue)
    fields.text(subject)
    fields.uint(number)
    fields.uint(time)
    fields.item { cbor in
      cbor.array(evidence.count)
      for bytes in evidence { cbor.bytes(bytes) }
    }
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 5)
    guard let what = Incident.Kind(rawValue: try fields.text(1...32)) else { throw fields.fault }
    self.what = what
    subject = try fields.text(1...128)
    number = try fields.uint()
    time = try fields.uint()
    var evidence: [[UInt8]] = []
    for _ in 0..<(try fields.array(0...16)) { evidence.append(Array(try fields.cbor.bytes())) }
    self.evidence = evidence
    try fields.finish()
    // The value beside it in the state must fit too.
    guard bytes.count <= 60_000 else { throw fields.fault }
  }
}

extension EdgeRules {
  /// Puts an incident on record; the mark is 1 where the rules have checked the evidence, 0 for the reporter's word.
  ///
  /// Checked are equivocation and fork (two headers signed by the gateway), omission (an acknowledgement and what stands in its
  /// place) and clone (two epochs signed by the device).
  /// A proved clone puts the device into quarantine.
  func incident(
    _ report: IncidentReport, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    guard statement.subject == report.subject else {
      throw Refusal("subject-mismatch", "The statement is not about what it names.")
    }
    if context.configuration.member(statement.issuer) == nil { _ = try activeGateway(statement, &state) }
    try expectRecent(report.time / 1000, "incident-time", context)
    let isProved = try proves(report, context, &state)
    let name = EdgeRules.knownIncidents.key(.sha256("\(report.what.rawValue)/\(report.subject)/\(report.number)"))
    if let known = state[name], known == [1] || !isProved {
      throw Refusal("incident-known", "The incident is on record.")
    }
    state.set(name, [isProved ? 1 : 0])
    let value = Recorded(report, by: statement.issuer, context, mark: isProved ? 1 : 0).encoded()
    state.set(EdgeRules.incidents.key(order: context.index), value)
    state.set(EdgeRules.subjectIncidents.key(.sha256(report.subject), order: context.index), value)
    if isProved, report.what == .clone, let device = certificate(report.subject, &state), device.status == .active {
      set(.quarantined, reason: "clone proved", device, statement, context, &state)
    }
  }

  /// Whether the evidence proves it by itself; refuses evidence of a kind that can and does not.
  private func proves(
    _ report: IncidentReport, _ context: Context, _ state: inout State
  ) throws(Refusal) -> Bool {
    switch report.what {
    case .equivocation, .fork:
      guard let key = gateway(report.subject, &state)?.registration.key else {
        throw Refusal("gateway-unknown", "The ledger has no gateway of this name.")
      }
      guard report.evidence.count == 2, let first = try? BatchHeader.verify(statement: report.evidence[0], key: key),
        let second = try? BatchHeader.verify(statement: report.evidence[1], key: key),
        first.gateway == report.subject, second.gateway == report.subject, second.number == report.number,
        report.what == .equivocation
          ? first.number == second.number && first.digest != second.digest
          : first.number + 1 == second.number && second.previous != first.digest
      else { throw Refusal("incident-not-proved", "The two headers do not prove it.") }
      return true
    case .omission:
      guard let first = report.evidence.first, let key = gateway(report.subject, &state)?.registration.key,
        Acknowledgement.isOne(first, key: key)
      else { return false }
      return try provesOmission(report, key, context, &state)
    // A gateway's evidence is two messages under its own MAC, which prove nothing to others: its word.
    case .clone where report.evidence.count == 2 && report.evidence.allSatisfy { (try? Sign1($0)) != nil }:
      guard let device = certificate(report.subject, &state) else {
        throw Refusal("device-unknown", "The ledger has no device of this name.")
      }
      guard let first = epoch(report.evidence[0], device), let second = epoch(report.evidence[1], device),
        first.boot == second.boot, first.last == second.last, first.chain != second.chain, first.last == report.number
      else { throw Refusal("incident-not-proved", "The two epochs do not prove it.") }
      return true
    default: return false
    }
  }

  /// Whether the gateway's acknowledgement and the ledger's header of the batch contradict each other.
  private func provesOmission(
    _ report: IncidentReport, _ key: PublicKey, _ context: Context, _ state: inout State
  ) throws(Refusal) -> Bool {
    do throws(EdgeError) {
      let proof = try OmissionProof(evidence: report.evidence)
      let place = EdgeRules.batches.key(.sha256(report.subject), order: report.number)
      let header = state[place].flatMap { try? BatchEntry(decoding: $0) }
        .flatMap { try? BatchHeader(decoding: $0.header[...]) }
      guard proof.reading.row.batch == report.number else {
        throw EdgeError(.notProved, "The reading is not of batch \(report.number).")
      }
      try proof.verify(gateway: report.subject, key: key, header: header, now: context.time)
      return true
    } catch { throw Refusal("incident-not-proved", error.message) }
  }

  /// The epoch in a message if one of the device's keys signed it.
  private func epoch(_ message: [UInt8], _ device: DeviceCertificate) -> DeviceEpoch? {
    for window in device.keys {
      if let epoch = try? DeviceEpoch.verify(message, key: window.key), epoch.device == device.request.urn {
        return epoch
      }
    }
    return nil
  }
}
