public import Ledger

/// Who asks, as an access token says.
public struct Caller: Sendable, Hashable {
  /// What a token allows.
  public enum Role: String, Sendable, Hashable, CaseIterable, Codable {
    /// Reads what members read, and may let this member's node sign when it is its own member.
    case member
    /// Reads everything.
    case regulator
    /// Reads what is for everyone, also where the ledger's access policy asks for a token.
    case reader
  }

  /// The member's, regulator's or reader's name.
  public let name: String
  /// What the token allows.
  public let role: Role

  /// A caller.
  public init(name: String, role: Role) {
    self.name = name
    self.role = role
  }

  /// Whether the caller may read whole entry bundles: members execute every entry, regulators see all.
  var readsEveryEntry: Bool { role != .reader }
}

/// Whether a caller may read what is meant for an audience; nil is a caller without a token.
///
/// The ledger's access policy comes first: where it is `.member` nobody reads without a token. Within it the contract
/// names the audience. Regulators read everything; a reader's token is good for what is for everyone.
public func mayRead(_ audience: Audience, access: Configuration.Access, caller: Caller?) -> Bool {
  guard let caller else { return access == .public && audience == .everyone }
  switch (caller.role, audience) {
  case (.regulator, _), (_, .everyone), (.member, .members): return true
  case (.member, .only(let names)): return names.contains(caller.name)
  case (.reader, _): return false
  }
}
