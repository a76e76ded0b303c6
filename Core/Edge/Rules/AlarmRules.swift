public import CBOR
internal import Ledger
internal import Primitives

/// An alarm: a statement of its own, at once, by a gateway or by the device itself.
public struct Alarm: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "alarm"
  /// The device (1).
  public let device: String
  /// What is the matter, a name of the application's (2).
  public let name: String
  /// 1 critical, 2 major, 3 minor, 4 warning, 5 cleared (3; after ITU-T X.733).
  public let severity: UInt64
  /// When, microseconds since 1970 (4).
  public let time: UInt64
  /// A sentence for people (5).
  public let text: String
  /// The device's message that raised it, or nothing (6).
  public let evidence: [UInt8]

  /// An alarm of these parts.
  public init(device: String, name: String, severity: UInt64, time: UInt64, text: String, evidence: [UInt8] = []) {
    (self.device, self.name, self.severity) = (device, name, severity)
    (self.time, self.text, self.evidence) = (time, text, evidence)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(6)
    fields.text(device)
    fields.text(name)
    fields.uint(severity)
    fields.uint(time)
    fields.text(text)
    fields.bytes(evidence)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 6)
    device = try fields.text(1...64)
    name = try fields.text(1...64)
    severity = try fields.uint(max: 5)
    guard severity > 0 else { throw fields.fault }
    time = try fields.uint()
    text = try fields.text(0...512)
    evidence = try fields.bytes(0...2048)
    try fields.finish()
  }
}

/// A document on record: who stated it, when, and its payload.
///
/// The value of alarms, incidents, grants, accesses, operations and camera links in the state.
public struct Recorded<Document: EdgeDocument>: Sendable {
  /// The block's time, milliseconds since 1970.
  public let time: UInt64
  /// Who stated it.
  public let issuer: String
  /// What the rules add: see the family.
  public var mark: UInt64
  /// What was stated.
  public let document: Document

  init(_ document: Document, by issuer: String, _ context: Context, mark: UInt64 = 0) {
    (time, self.issuer, self.mark, self.document) = (context.time, issuer, mark, document)
  }

  /// The state value: `[time, issuer, mark, document]`.
  public func encoded() -> [UInt8] {
    let body = document.encoded()
    var cbor = CBORWriter(capacity: body.count + 80)
    cbor.array(4)
    cbor.uint(time)
    cbor.text(issuer)
    cbor.uint(mark)
    cbor.bytes(body)
    return cbor.bytes
  }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    guard try cbor.array() == 4 else { throw CBORError(.outOfRange, at: cbor.position) }
    time = try cbor.uint()
    issuer = try cbor.text()
    mark = try cbor.uint()
    document = try Document(decoding: try cbor.bytes())
    try cbor.finish()
  }
}

extension EdgeRules {
  /// Puts an alarm on record by time and by device; the mark is 3 for the device's own signature, else 1.
  func alarm(_ alarm: Alarm, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard statement.subject == alarm.device else {
      throw Refusal("subject-mismatch", "The statement is not about the device that it names.")
    }
    let isOwn = statement.issuer == alarm.device
    if isOwn {
      _ = try activeDevice(statement, context, &state)
    } else {
      _ = try activeGateway(statement, &state)
      _ = try activeDevice(alarm.device, &state)
    }
    try expectRecent(alarm.time / 1000, "alarm-time", context)
    let value = Recorded(alarm, by: statement.issuer, context, mark: isOwn ? 3 : 1).encoded()
    state.set(EdgeRules.alarms.key(order: context.index), value)
    state.set(EdgeRules.deviceAlarms.key(.sha256(alarm.device), order: context.index), value)
  }
}
