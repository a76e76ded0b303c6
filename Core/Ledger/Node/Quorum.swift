import Primitives

/// The consortium's trust policy and the names of its keys in notes.
extension Configuration {
  /// The C2SP tlog-policy of this configuration: every member's log key may sign, K of the members must co-sign.
  public func policy(origin: String) throws(LedgerError) -> TrustPolicy {
    guard let originName = NoteName(origin) else {
      throw LedgerError(.malformed, "The origin '\(origin)' cannot name a key.")
    }
    var logs: [TrustPolicy.Log] = []
    var witnesses: [TrustPolicy.Witness] = []
    for member in members {
      guard let log = VerifierKey(log: originName, publicKey: member.logKey),
        let name = NoteName(Configuration.cosigner(member.name, origin: origin)),
        let cosigner = VerifierKey(cosigner: name, publicKey: member.cosignatureKey)
      else { throw LedgerError(.malformed, "The keys of the member '\(member.name)' cannot stand in a policy.") }
      logs.append(TrustPolicy.Log(key: log))
      witnesses.append(TrustPolicy.Witness(name: OctetText(member.name), key: cosigner))
    }
    do {
      return try .consortium(logs: logs, members: witnesses, threshold: quorum)
    } catch { throw LedgerError(.malformed, "The members do not make up a policy: \(error).") }
  }

  /// The name of a member's co-signature key in notes: `<origin>/<member>`.
  static func cosigner(_ member: String, origin: String) -> String { "\(origin)/\(member)" }
}

/// Gathers co-signatures and says when a checkpoint is final.
///
/// A checkpoint is final once a quorum of the configuration before its seal has co-signed it; one whose seal activates
/// a new configuration needs a quorum of the new one as well.
struct Quorum {
  let origin: String
  let current: TrustPolicy
  /// The policy of the configuration before, when the checkpoint's seal activates `current`.
  let outgoing: TrustPolicy?

  /// Whether a member's co-signature counts, in the configuration in force or in the one that it follows.
  func has(_ member: String) -> Bool {
    (current.witnesses + (outgoing?.witnesses ?? [])).contains { $0.name.description == member }
  }

  /// Whether the note has all the co-signatures that finality needs.
  func isFinal(_ note: SignedNote) -> Bool {
    current.evaluate(note).isAccepted && (outgoing?.evaluate(note).isAccepted ?? true)
  }

  /// The valid co-signature lines of `note` by members that are not in `excluded`, with the members' names.
  func cosignatures(_ note: SignedNote, excluding excluded: Set<String> = []) -> [(member: String, line: NoteSignature)]
  {
    var found: [(member: String, line: NoteSignature)] = []
    for line in note.signatures {
      for witness in current.witnesses + (outgoing?.witnesses ?? []) {
        guard witness.key.name == line.name, witness.key.keyID == line.keyID,
          !excluded.contains(witness.name.description), !found.contains(where: { $0.line == line }),
          witness.key.verify(line, over: note.text) != nil
        else { continue }
        found.append((witness.name.description, line))
      }
    }
    return found
  }

  /// The note with the log's lines that hold and the valid co-signatures of members that count, one line for each key.
  func counted(_ note: SignedNote, excluding excluded: Set<String>) throws -> SignedNote {
    let members = cosignatures(note, excluding: excluded).map(\.line)
    let keys = (current.logs + (outgoing?.logs ?? [])).map(\.key)
    let logs = note.signatures.filter { line in keys.contains { $0.verify(line, over: note.text) != nil } }
    var lines: [NoteSignature] = []
    for line in logs + members where !lines.contains(where: { $0.isSameKey(as: line) }) { lines.append(line) }
    return try SignedNote(text: note.text, signatures: lines)
  }
}

extension TrustPolicy {
  /// How many co-signatures the quorum asks for: the group's threshold, 1 for a single witness, 0 for none.
  var threshold: Int { quorum.map { name in groups.first { $0.name == name }?.threshold ?? 1 } ?? 0 }
}
