public import Primitives

/// What a policy says about a note.
public struct PolicyResult: Sendable, Equatable {
  /// A witness of the policy whose cosignature is valid.
  public struct Cosigner: Sendable, Hashable {
    /// Its name in the policy.
    public let name: OctetText
    /// Its key, with its name on signature lines.
    public let key: VerifierKey
    /// Seconds since 1970 at which it cosigned, by its own clock; the latest if it did so more than once.
    public let timestamp: UInt64
  }

  /// The checkpoint, nil when the text is none; trust it only when `isAccepted`.
  public let checkpoint: Checkpoint?
  /// The logs of this origin whose signatures are valid.
  public let logs: [VerifierKey]
  /// The witnesses whose cosignatures are valid, in the order of the note's lines.
  public let cosigners: [Cosigner]
  /// Whether the valid cosigners reach the quorum, whatever the log's signature says.
  public let isQuorumSatisfied: Bool
  /// Why the note is not accepted, or nil.
  public let refusal: PolicyRefusal?

  /// Whether a listed log signed, the quorum is reached, and no known signature is wrong.
  public var isAccepted: Bool { refusal == nil }

  static func refused(_ refusal: PolicyRefusal, checkpoint: Checkpoint? = nil) -> PolicyResult {
    PolicyResult(checkpoint: checkpoint, logs: [], cosigners: [], isQuorumSatisfied: false, refusal: refusal)
  }
}

/// Why a policy does not accept a note.
public enum PolicyRefusal: Sendable, Equatable {
  /// The text of the note is no checkpoint.
  case notACheckpoint(CheckpointError)
  /// A known signature does not verify, so that nothing of the note counts; or keys are ambiguous.
  case signature(NoteVerificationError)
  /// No listed log signed it.
  case noLogSignature
  /// Listed logs signed it, but none with this origin for its name.
  case foreignOrigin(String)
  /// Too few cosigned: the quorum's name, how many of its members did, how many are needed, and who did not.
  case quorum(name: OctetText, reached: Int, needed: Int, missing: [OctetText])
}

extension PolicyRefusal: Explained {
  /// The reason, in words.
  public var explanation: Message {
    switch self {
    case .notACheckpoint(let error): return "\(error)"
    case .signature(let error): return "\(error)"
    case .noLogSignature: return "no log of the policy signed the checkpoint"
    case .foreignOrigin(let origin): return "the log that signed is not the log '\(origin)'"
    case .quorum(let name, let reached, let needed, let missing):
      let names = missing.map(\.description).joined(separator: ", ")
      return "\(reached) of the \(needed) needed for quorum '\(name)' cosigned; missing: \(names)"
    }
  }
}

extension TrustPolicy {
  /// Judges whether a note is a checkpoint that a listed log signed and a quorum cosigned.
  ///
  /// Lines of unknown pairs of name and key id are ignored; a known pair that does not verify refuses the whole note; repeated
  /// lines count once. A log's signature counts only on checkpoints whose origin is the name of its key. `knownLogs` are keys of
  /// type 01 that are known from elsewhere and count as listed: a policy may list none. Keys of unsupported types never count.
  /// Costs one Ed25519 verification for each line of a known key.
  public func evaluate(_ note: SignedNote, knownLogs: [VerifierKey] = []) -> PolicyResult {
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(note) } catch { return .refused(.notACheckpoint(error)) }

    let found: [VerifiedSignature]
    do {
      found = try note.verifyKnown(logs.map(\.key) + knownLogs + witnesses.map(\.key))
    } catch { return .refused(.signature(error), checkpoint: checkpoint) }

    let names = Dictionary(witnesses.map { ($0.key, $0.name) }) { first, _ in first }
    var logKeys: [VerifierKey] = []
    var cosigners: [PolicyResult.Cosigner] = []
    var foreign = false
    for signature in found {
      if let timestamp = signature.timestamp {
        guard let name = names[signature.key] else { continue }
        cosigners.append(PolicyResult.Cosigner(name: name, key: signature.key, timestamp: timestamp))
      } else if signature.key.name.utf8 == checkpoint.originBytes {
        logKeys.append(signature.key)
      } else {
        foreign = true
      }
    }

    let shortfall = shortfall(of: Set(cosigners.map(\.name)))
    var refusal = shortfall
    if logKeys.isEmpty { refusal = foreign ? .foreignOrigin(checkpoint.origin) : .noLogSignature }
    return PolicyResult(
      checkpoint: checkpoint, logs: logKeys, cosigners: cosigners, isQuorumSatisfied: shortfall == nil, refusal: refusal
    )
  }

  /// Whether these witnesses, by their names in the policy, reach the quorum.
  ///
  /// For rules beyond the policy, such as one that counts recent cosignatures only. Names of groups and unknown names do not
  /// count.
  public func isQuorum(_ names: Set<OctetText>) -> Bool { shortfall(of: names) == nil }

  private func shortfall(of names: Set<OctetText>) -> PolicyRefusal? {
    guard let quorum else { return nil }
    var reached = Set(witnesses.lazy.map(\.name).filter(names.contains))
    // One pass is enough: a group comes after its members.
    for group in groups where group.members.count(where: reached.contains) >= group.threshold {
      reached.insert(group.name)
    }
    guard !reached.contains(quorum) else { return nil }
    guard let group = groups.first(where: { $0.name == quorum }) else {
      return .quorum(name: quorum, reached: 0, needed: 1, missing: [quorum])
    }
    let missing = group.members.filter { !reached.contains($0) }
    return .quorum(
      name: quorum, reached: group.members.count - missing.count, needed: group.threshold, missing: missing)
  }
}
