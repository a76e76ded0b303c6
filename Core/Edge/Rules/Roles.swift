public import CBOR
internal import COSE
internal import Ledger
internal import Primitives

/// What a member organisation does for the edge; the members give and take it by quorum.
public enum EdgeRole: String, Sendable, CaseIterable {
  /// Endorses the devices that it made.
  case manufacturer
  /// Endorses devices for the city, takes devices and gateways out of service and back.
  case registrar
}

/// A member's approval that a member has a role, or has it no longer.
public struct RoleChange: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "role"
  /// The role (1).
  public let role: EdgeRole
  /// Who is to have it (2).
  public let member: String
  /// Given or taken (3).
  public let isGiven: Bool

  /// A change of a member's role.
  public init(_ role: EdgeRole, of member: String, isGiven: Bool = true) {
    (self.role, self.member, self.isGiven) = (role, member, isGiven)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.text(role.rawValue)
    fields.text(member)
    fields.bool(isGiven)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    guard let role = EdgeRole(rawValue: try fields.text(1...32)) else { throw fields.fault }
    self.role = role
    member = try fields.text(1...64)
    isGiven = try fields.bool()
    try fields.finish()
  }
}

extension EdgeRules {
  func has(_ role: EdgeRole, _ member: String, _ state: inout State) -> Bool {
    state[EdgeRules.roles.key(.sha256(role.rawValue), .sha256(member))] != nil
  }

  /// Counts an approval; the change happens when as many members as the quorum have stated it.
  func change(
    _ change: RoleChange, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let approver = try member(statement, context)
    guard
      context.configuration.member(approver)?.statementKeys.contains(where: {
        $0.key.id == statement.key.id && $0.role == .admin
      }) == true
    else { throw Refusal("not-an-admin", "Only an admin key of a member approves roles.") }
    guard context.configuration.member(change.member) != nil else {
      throw Refusal("role-not-a-member", "Only a member has a role.")
    }
    guard has(change.role, change.member, &state) != change.isGiven else {
      throw Refusal("role-known", "The member's role is that already.")
    }
    let digest = Digest.sha256(change.encoded())
    state.set(EdgeRules.roleApprovals.key(digest, .sha256(approver)), Array(approver.utf8))
    let approvals = state.list(EdgeRules.roleApprovals.prefix(digest))
    let counted = approvals.filter {
      context.configuration.member(String(decoding: $0.value, as: UTF8.self)) != nil
    }
    guard counted.count >= context.configuration.quorum else { return }
    for (key, _) in approvals { state.set(key, nil) }
    state.set(
      EdgeRules.roles.key(.sha256(change.role.rawValue), .sha256(change.member)),
      change.isGiven ? Array(change.member.utf8) : nil)
  }
}
