internal import Primitives

/// Whose word makes a checkpoint final: logs, cosigners and a rule (C2SP tlog-policy).
///
/// ```
/// log <vkey> [url]
/// witness <name> <vkey> [url]
/// group <name> <k|any|all> <member>...
/// quorum <name|none>
/// ```
///
/// A checkpoint holds when any listed log signed it and the cosigners reach the quorum. Every value keeps the format's rules:
/// names are defined once and before their use (so there are no cycles), each is a member of at most one group (so nobody
/// counts twice), and no public key appears twice, also not as a log's and a witness's.
public struct TrustPolicy: Sendable, Equatable {
  /// A log whose signature counts.
  public struct Log: Sendable, Hashable {
    /// The key; its name is the log's origin.
    public let key: VerifierKey
    /// Where the log can be read, if the policy says so.
    public let url: OctetText?

    /// A log with the given key.
    public init(key: VerifierKey, url: OctetText? = nil) {
      self.key = key
      self.url = url
    }
  }

  /// A cosigner that counts towards the quorum.
  public struct Witness: Sendable, Hashable {
    /// Its name in this policy only.
    public let name: OctetText
    /// The key; its name is the one on signature lines.
    public let key: VerifierKey
    /// Where it takes requests, if the policy says so.
    public let url: OctetText?

    /// A cosigner with the given name and key.
    public init(name: OctetText, key: VerifierKey, url: OctetText? = nil) {
      self.name = name
      self.key = key
      self.url = url
    }
  }

  /// A rule: at least so many of these.
  public struct Group: Sendable, Hashable {
    /// Its name in this policy.
    public let name: OctetText
    /// How many members are needed, 1 to all of them.
    public let threshold: Int
    /// Names of witnesses and of groups.
    public let members: [OctetText]

    /// A group that needs `threshold` of `members`.
    public init(name: OctetText, threshold: Int, members: [OctetText]) {
      self.name = name
      self.threshold = threshold
      self.members = members
    }
  }

  /// The logs, any of which may sign.
  public let logs: [Log]
  /// The cosigners.
  public let witnesses: [Witness]
  /// The groups, each after the groups that it names.
  public let groups: [Group]
  /// The witness or group that must have cosigned; nil for `none`: no cosignature is asked for.
  public let quorum: OctetText?

  /// A policy of the given parts, groups in an order in which each comes after its members.
  ///
  /// Throws `TrustPolicyError` without a line number for whatever breaks a rule of the format.
  public init(
    logs: [Log], witnesses: [Witness] = [], groups: [Group] = [], quorum: OctetText?
  ) throws(TrustPolicyError) {
    var draft = Draft()
    do {
      for log in logs { try draft.add(log) }
      for witness in witnesses { try draft.add(witness) }
      for group in groups { try draft.add(group) }
      try draft.setQuorum(quorum)
    } catch { throw TrustPolicyError(error) }
    self.init(draft)
  }

  init(_ draft: Draft) {
    logs = draft.logs
    witnesses = draft.witnesses
    groups = draft.groups
    quorum = draft.quorum ?? nil
  }

  /// The default of a consortium: one group `members` of all cosigners, `threshold` of which are the quorum.
  ///
  /// `threshold` is ⌊2N/3⌋ + 1 of N unless given. One of half of them or fewer is refused, because two such quorums need
  /// not share a member. Throws `TrustPolicyError` for that and for whatever breaks a rule of the format.
  public static func consortium(
    logs: [Log], members: [Witness], threshold: Int? = nil
  ) throws(TrustPolicyError) -> TrustPolicy {
    let threshold = threshold ?? defaultThreshold(members: members.count)
    guard threshold > members.count / 2, threshold <= members.count else {
      throw TrustPolicyError(.threshold(k: threshold, members: members.count))
    }
    let group = Group(name: "members", threshold: threshold, members: members.map(\.name))
    return try TrustPolicy(logs: logs, witnesses: members, groups: [group], quorum: group.name)
  }

  /// ⌊2N/3⌋ + 1 of N members: what a quorum is unless a consortium decides otherwise.
  public static func defaultThreshold(members: Int) -> Int { 2 * members / 3 + 1 }

  /// The policy as text that reads back as an equal policy.
  ///
  /// Logs, witnesses, groups and quorum in this order, thresholds as numbers, one space between items.
  public var encoded: [UInt8] {
    var out: [UInt8] = []
    func line(_ items: [[UInt8]]) {
      out += items.joined(separator: [NoteText.space])
      out.append(NoteText.lineFeed)
    }
    for log in logs { line([Keyword.log.octets, Array(log.key.text.utf8)] + (log.url.map { [$0.octets] } ?? [])) }
    for witness in witnesses {
      let url = witness.url.map { [$0.octets] } ?? []
      line([Keyword.witness.octets, witness.name.octets, Array(witness.key.text.utf8)] + url)
    }
    for group in groups {
      let head = [Keyword.group.octets, group.name.octets, Array(String(group.threshold).utf8)]
      line(head + group.members.map(\.octets))
    }
    line([Keyword.quorum.octets, (quorum ?? Draft.none).octets])
    return out
  }

  /// The first words of lines.
  enum Keyword: String {
    case log, witness, group, quorum

    var octets: [UInt8] { Array(rawValue.utf8) }
  }
}
