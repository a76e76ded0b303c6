public import CBOR
internal import Ledger
internal import Primitives

/// What an operator did, or a high-severity alarm of the network itself.
public struct Operation: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "operation"

  /// What is logged.
  public enum What: UInt64, Sendable {
    /// An operator's action.
    case action = 0
    /// An alarm of the network.
    case networkAlarm = 1
  }

  /// What is logged (1).
  public let what: What
  /// Who did it, or which element raised it; no person's name (2).
  public let actor: String
  /// What it was done to (3).
  public let object: String
  /// What was done or is the matter (4).
  public let action: String
  /// 0 for an action; 1 critical or 2 major for an alarm (5).
  public let severity: UInt64
  /// When, milliseconds since 1970 (6).
  public let time: UInt64

  /// An entry of these parts.
  public init(_ what: What, actor: String, object: String, action: String, severity: UInt64 = 0, time: UInt64) {
    (self.what, self.actor, self.object) = (what, actor, object)
    (self.action, self.severity, self.time) = (action, severity, time)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(6)
    fields.uint(what.rawValue)
    fields.text(actor)
    fields.text(object)
    fields.text(action)
    fields.uint(severity)
    fields.uint(time)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 6)
    guard let what = What(rawValue: try fields.uint()) else { throw fields.fault }
    self.what = what
    actor = try fields.text(1...128)
    object = try fields.text(1...128)
    action = try fields.text(1...512)
    severity = try fields.uint(max: 6)
    time = try fields.uint()
    try fields.finish()
  }
}

extension EdgeRules {
  func operation(
    _ operation: Operation, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let issuer = try member(statement, context)
    switch operation.what {
    case .action:
      guard operation.severity == 0 else { throw Refusal("operation-severity", "An action has no severity.") }
    case .networkAlarm:
      guard (1...2).contains(operation.severity) else {
        throw Refusal("operation-severity", "Network alarms on the ledger are critical (1) or major (2).")
      }
    }
    try expectRecent(operation.time, "operation-time", context)
    state.set(
      EdgeRules.operations.key(order: context.index), Recorded(operation, by: issuer, context).encoded())
  }
}
