import Primitives

/// A member's pen for notes: as the log that it sequences, and as a co-signer.
struct Proposer: Sendable {
  let keys: MemberKeys?
  let genesis: Genesis
  /// Seconds since 1970 that the co-signature states.
  let time: UInt64

  /// A checkpoint signed as the log and co-signed by this member.
  func note(size: UInt64, root: Digest) throws -> SignedNote {
    guard let keys, let checkpoint = Checkpoint(origin: genesis.origin, size: size, root: root) else {
      throw LedgerError(.unavailable, "This node has no keys to sign checkpoints with.")
    }
    return try cosigned(try checkpoint.signed(with: NoteKey(key: keys.log)))
  }

  /// The note with this member's co-signature.
  func cosigned(_ note: SignedNote) throws -> SignedNote {
    guard let keys, let name = NoteName(Configuration.cosigner(keys.name, origin: genesis.origin)) else {
      throw LedgerError(.unavailable, "This node has no keys to co-sign with.")
    }
    var note = note
    let line = try Cosignature(
      try Checkpoint(note), timestamp: time, as: name, with: NoteKey(key: keys.cosignature)
    ).line
    if !note.signatures.contains(where: { $0.name == line.name && $0.keyID == line.keyID }) { try note.add(line) }
    return note
  }
}
