public import Primitives

/// Which rule of the policy format is broken, and in which line.
public struct TrustPolicyError: Error, Equatable, Sendable, Explained {
  /// The broken rule.
  public let fault: TrustPolicyFault
  /// The line, from 1; nil when the fault is the whole file's, or the policy was not read from a file.
  public let line: Int?

  init(_ fault: TrustPolicyFault, line: Int? = nil) {
    self.fault = fault
    self.line = line
  }

  /// What is wrong and where, in words.
  public var explanation: Message { line.map { "line \($0) of the policy: \(fault)" } ?? "policy: \(fault)" }
}

/// A rule of the policy format that is broken.
public enum TrustPolicyFault: Error, Equatable, Sendable {
  /// The kinds of lines.
  public enum LineForm: String, Sendable {
    /// A log's line.
    case log = "log <key> [<url>]"
    /// A witness's line.
    case witness = "witness <name> <key> [<url>]"
    /// A group's line.
    case group = "group <name> <k|any|all> <member>..."
    /// The quorum's line.
    case quorum = "quorum <name|none>"
  }

  /// The file has more bytes than `TrustPolicy.maximumBytes`.
  case tooLarge(bytes: Int)
  /// An octet that the format does not allow: a control byte other than tab, or 0x7F; within an item also white space.
  case octet(UInt8)
  /// The last line does not end in a line feed.
  case missingFinalNewline
  /// The line begins with a word that the format does not know.
  case keyword(OctetText)
  /// The line has too few or too many items.
  case form(LineForm)
  /// A name or address is empty.
  case emptyItem
  /// A key is malformed.
  case key(VerifierKeyError)
  /// A key of a log has a cosigner's type, or the other way round.
  case keyType(expected: UInt8, found: UInt8)
  /// The public key is in the policy already, perhaps under another name.
  case duplicateKey(NoteName)
  /// Another key has the same name and key id.
  case ambiguousKey(NoteName)
  /// The name is defined already.
  case duplicateName(OctetText)
  /// The name `none` cannot be defined.
  case reservedName
  /// The name `none` cannot be a member.
  case noneAsMember
  /// The name is not defined on an earlier line.
  case undefinedName(OctetText)
  /// A group has no members.
  case emptyGroup(OctetText)
  /// The number of members needed is not a decimal number, `any` or `all`.
  case thresholdText(OctetText)
  /// The number of members needed is not within bounds.
  case threshold(k: Int, members: Int)
  /// The name is a member of a group already.
  case secondMembership(OctetText)
  /// There is a second quorum line.
  case secondQuorum
  /// There is no quorum line.
  case missingQuorum
}

extension TrustPolicyFault: Explained {
  /// What is wrong, in words.
  public var explanation: Message {
    switch self {
    case .tooLarge(let bytes): "\(bytes) bytes are above the limit of \(TrustPolicy.maximumBytes)"
    case .octet(let octet): "byte \(octet) is not allowed"
    case .missingFinalNewline: "the last line does not end in a newline"
    case .keyword(let word): "'\(word)' is none of log, witness, group, quorum"
    case .form(let form): "the line does not have the form '\(form.rawValue)'"
    case .emptyItem: "an item is empty"
    case .key(let error): "\(error)"
    case .keyType(let expected, let found): "the key has type \(found) where type \(expected) is needed"
    case .duplicateKey(let name): "the public key of \(name) is in the policy already"
    case .ambiguousKey(let name): "another key has the name \(name) and the same key id"
    case .duplicateName(let name): "the name '\(name)' is defined already"
    case .reservedName: "the name 'none' cannot be defined"
    case .noneAsMember: "'none' cannot be a member of a group"
    case .undefinedName(let name): "the name '\(name)' is not defined on an earlier line"
    case .emptyGroup(let name): "the group '\(name)' has no members"
    case .thresholdText(let text): "'\(text)' is neither any nor all nor a decimal number"
    case .threshold(let k, let members): "\(k) of \(members) members is out of bounds"
    case .secondMembership(let name): "'\(name)' is a member of a group already"
    case .secondQuorum: "there is a quorum line already"
    case .missingQuorum: "there is no quorum line"
    }
  }
}
