import CBOR
import Merkle
public import Primitives

/// One statement of a log that a quorum has co-signed, in as few bytes as possible: docs/formats.md, "Log excerpt".
///
/// It proves less than a `ProofBundle`, in about half the bytes: that the statement is in the log, and so that its key was
/// known and its signature good when it was taken. Whether the contract accepted it is the seal's to say, and not shown.
/// What the statement commits to can stand beside it as evidence, which the application checks.
public struct LogExcerpt: Sendable, Equatable {
  /// The checkpoint with the log's signature and a quorum of co-signatures.
  public var note: SignedNote
  /// The statement's place in the log.
  public var index: UInt64
  /// The statement.
  public var entry: [UInt8]
  /// RFC 9162 inclusion path, the leaf's sibling first.
  public var path: [Digest]
  /// What the application checks against the statement.
  public var evidence: [UInt8]

  /// What a log excerpt that holds says.
  public struct Finding: Sendable {
    /// The log's origin.
    public let origin: String
    /// The entries of the log as of the checkpoint.
    public let size: UInt64
    /// Who co-signed, each with the time by its own clock in seconds since 1970.
    public let signers: [(name: String, time: UInt64)]
    /// How many co-signatures the policy asks for.
    public let needed: Int
    /// The statement.
    public let statement: StatementContent
  }

  /// The note with its log's line and the first `needed` co-signatures, which is enough for its own configuration.
  static func trimmed(_ note: SignedNote, origin: String, needed: Int) throws(LedgerError) -> SignedNote {
    var own: [NoteSignature] = []
    var count = 0
    for signature in note.signatures {
      if signature.name.description == origin {
        own.append(signature)
      } else if count < needed {
        own.append(signature)
        count += 1
      }
    }
    do { return try SignedNote(text: note.text, signatures: own) } catch {
      throw LedgerError(.damaged, "The checkpoint is no signed note (\(error)).")
    }
  }

  /// Checks it offline; throws `notProved` with the first thing that does not hold.
  ///
  /// Costs a signature verification for each co-signature and one for the log's, and a hash a level of the tree.
  public func verify(policy: TrustPolicy) throws(LedgerError) -> Finding {
    let result = policy.evaluate(note)
    guard result.isAccepted, let checkpoint = result.checkpoint else {
      let refusal = result.refusal.map { $0.explanation } ?? "the policy does not accept the checkpoint"
      throw LedgerError(.notProved, "The proof does not hold: \(refusal).")
    }
    guard
      InclusionProof(index: index, size: checkpoint.size, path: path).verify(
        leaf: TreeHash.leaf(entry), root: checkpoint.root)
    else {
      throw LedgerError(
        .notProved,
        "The proof does not hold: \("entry \(index) is not in the co-signed log as it stands here" as Message).")
    }
    return Finding(
      origin: checkpoint.origin, size: checkpoint.size,
      signers: result.cosigners.map { ($0.name.description, $0.timestamp) }, needed: policy.threshold,
      statement: try StatementContent(entry))
  }
}

extension LogExcerpt {
  /// A tagged CBOR array of nine: version, origin, size, root, signatures, index, entry, path, evidence.
  ///
  /// A signature is an array of two: what its name has after the origin, and key id and payload as its line has them. Throws
  /// `limit` for a checkpoint with extension lines or another log's signatures.
  public func encoded() throws(LedgerError) -> [UInt8] {
    guard let checkpoint = try? Checkpoint(note), checkpoint.extensionLines.isEmpty else {
      throw LedgerError(.limit, "A log excerpt has no room for a checkpoint's extension lines.")
    }
    var writer = CBORWriter(capacity: 2048)
    writer.tag(Tag.excerpt)
    writer.array(9)
    writer.uint(1)
    writer.text(checkpoint.origin)
    writer.uint(checkpoint.size)
    writer.bytes(checkpoint.root)
    writer.array(note.signatures.count)
    for signature in note.signatures {
      let name = signature.name.description
      guard name.hasPrefix(checkpoint.origin) else {
        throw LedgerError(.limit, "A log excerpt has no room for signatures of others than the log's members.")
      }
      writer.array(2)
      writer.text(String(name.dropFirst(checkpoint.origin.count)))
      var bytes: [UInt8] = []
      bytes.append(u32: signature.keyID)
      writer.bytes(bytes + signature.payload)
    }
    writer.uint(index)
    writer.bytes(entry)
    writer.path(path)
    writer.bytes(evidence)
    return writer.bytes
  }

  /// Whether bytes begin as a log excerpt does.
  public static func begins(_ bytes: [UInt8]) -> Bool {
    var reader = CBORReader(bytes)
    return (try? reader.expectTag(Tag.excerpt)) != nil
  }

  /// Reads what `encoded` writes and nothing else; nothing is verified yet. Throws `malformed`.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= Limits.bundleBytes else {
      throw LedgerError.limit("proof", bytes.count, Limits.bundleBytes)
    }
    do {
      var reader = CBORReader(bytes)
      try reader.expectTag(Tag.excerpt)
      try reader.expectArray(9)
      let version = try reader.uint()
      guard version == 1 else {
        throw LedgerError(.malformed, "The proof has version \(version); this program reads version 1.")
      }
      let origin = try reader.text()
      let size = try reader.uint()
      let root = try reader.digest()
      guard let checkpoint = Checkpoint(origin: origin, size: size, root: root) else {
        throw LedgerError(.malformed, "the origin is no name")
      }
      let signatures = try reader.list { reader throws -> NoteSignature in
        try reader.expectArray(2)
        let name = origin + (try reader.text())
        let raw = try reader.bytes()
        var words = ByteReader(raw)
        guard let keyID = words.u32(), let name = NoteName(name),
          let signature = NoteSignature(name: name, keyID: keyID, payload: Array(raw.dropFirst(4)))
        else { throw LedgerError(.malformed, "a signature is none of a note") }
        return signature
      }
      note = try SignedNote(text: checkpoint.text, signatures: signatures)
      index = try reader.uint()
      entry = Array(try reader.bytes())
      path = try reader.path()
      evidence = Array(try reader.bytes())
      try reader.finish()
    } catch let error as LedgerError {
      throw LedgerError(.malformed, "The proof cannot be read: \(error.message)")
    } catch {
      throw LedgerError(.malformed, "The proof cannot be read: \("\(error)").")
    }
  }
}

extension Node {
  /// The excerpt of one statement as of the newest final state, with what the application puts beside it.
  ///
  /// Throws `.unavailable` while no quorum has co-signed yet, `.notFound` for an entry that is not in the final log.
  public nonisolated func excerpt(_ index: UInt64, evidence: [UInt8] = []) throws(LedgerError) -> LogExcerpt {
    var request = ProofRequest(question: [])
    request.statements = [index]
    let bundle = try prove(request)
    guard let statement = bundle.statements.first, let note = try? SignedNote(parsing: bundle.note) else {
      throw LedgerError(.notFound, "The log has no entry \(index).")
    }
    return LogExcerpt(
      note: try LogExcerpt.trimmed(
        note, origin: genesis.origin, needed: Int(head.configuration.quorum)), index: index, entry: statement.bytes,
      path: statement.path, evidence: evidence)
  }
}
