public import Primitives

/// Whether a leaf is in a tree: (leaf hash, index, tree size, root, path).
public typealias InclusionCheck = (Digest, UInt64, UInt64, Digest, [Digest]) -> Bool

/// A receipt that a person can read: that an entry is in a log which a quorum has cosigned (C2SP tlog-proof@v1).
///
/// ```
/// c2sp.org/tlog-proof@v1
/// [extra <base64>]
/// index <n>
/// <base64 hash> ...            leaf's sibling first
///                              (empty line)
/// <checkpoint note>
/// ```
///
/// Stored with the extension `.tlog-proof`. Reading is strict, so that what was read is written back byte for byte.
public struct TlogProof: Sendable, Hashable {
  /// Data of the application, not authenticated by anything; nil if there is none.
  public let extra: [UInt8]?
  /// The index of the entry, from 0.
  public let index: UInt64
  /// The RFC 9162 inclusion path, leaf side first, at most 64 hashes.
  public let path: [Digest]
  /// The checkpoint with its signatures.
  public let note: SignedNote

  /// Hashes that a path may have: the depth of a tree of 2^64 - 1 leaves.
  public static let maximumPath = 64
  /// Bytes of `extra`: as much as an entry, so that a proof can carry what it proves.
  public static let maximumExtra = Limits.entryBytes
  /// Bytes of a proof: a note, 64 lines of 45 bytes, extra data in base64 and the words around them.
  public static let maximumBytes = Limits.noteBytes + maximumPath * 45 + (maximumExtra + 2) / 3 * 4 + 64

  private static let header = Array("c2sp.org/tlog-proof@v1".utf8)
  private static let extraKeyword = Array("extra ".utf8)
  private static let indexKeyword = Array("index ".utf8)

  /// A proof, or nil when a part is above its limit, the extra data is empty, or the note has no signatures.
  public init?(extra: [UInt8]? = nil, index: UInt64, path: [Digest], note: SignedNote) {
    if let extra { guard (1...Self.maximumExtra).contains(extra.count) else { return nil } }
    guard path.count <= Self.maximumPath, !note.signatures.isEmpty else { return nil }
    self.extra = extra
    self.index = index
    self.path = path
    self.note = note
  }

  /// Reads a proof; nothing is verified.
  public init(parsing bytes: [UInt8]) throws(TlogProofError) {
    guard bytes.count <= Self.maximumBytes else { throw .tooLarge(bytes: bytes.count) }
    var rest = bytes[...]
    guard let header = NoteText.nextLine(&rest), header == Self.header[...] else { throw .header }
    var line = NoteText.nextLine(&rest)
    var pathLine = 3
    if let first = line, first.starts(with: Self.extraKeyword) {
      guard let data = NoteText.base64(first.dropFirst(Self.extraKeyword.count)),
        (1...Self.maximumExtra).contains(data.count)
      else { throw .extra }
      extra = data
      line = NoteText.nextLine(&rest)
      pathLine = 4
    } else {
      extra = nil
    }
    guard let line, line.starts(with: Self.indexKeyword),
      let index = NoteText.decimal(line.dropFirst(Self.indexKeyword.count))
    else { throw .index }
    self.index = index
    do { path = try HashLines.read(&rest, limit: Self.maximumPath) } catch {
      switch error {
      case .hash(let index): throw .pathLine(line: index + pathLine)
      case .tooMany: throw .pathTooLong
      case .unfinished: throw .missingEmptyLine
      }
    }
    do { note = try SignedNote(parsing: Array(rest)) } catch { throw .note(error) }
  }

  /// The proof in bytes.
  public var encoded: [UInt8] {
    var out = Self.header + [NoteText.lineFeed]
    if let extra { out += Self.extraKeyword + Array(Base64.encode(extra).utf8) + [NoteText.lineFeed] }
    out += Self.indexKeyword + Array("\(index)\n".utf8)
    return out + HashLines.write(path) + [NoteText.lineFeed] + note.encoded
  }

  /// Whether the entry with this leaf hash is in the log as the policy trusts it.
  ///
  /// Judges the checkpoint by the policy first, then the path against its root. Gives the policy's result, with the cosigners
  /// and their times. `extra` stays unverified. `knownLogs` as in `TrustPolicy.evaluate`. Throws `TlogProofRefusal`.
  public func verify(
    leafHash: Digest, policy: TrustPolicy, knownLogs: [VerifierKey] = [], isIncluded: InclusionCheck
  ) throws(TlogProofRefusal) -> PolicyResult {
    let result = policy.evaluate(note, knownLogs: knownLogs)
    if let refusal = result.refusal { throw .checkpoint(refusal) }
    guard let checkpoint = result.checkpoint, index < checkpoint.size,
      isIncluded(leafHash, index, checkpoint.size, checkpoint.root, path)
    else { throw .notIncluded }
    return result
  }
}

/// Why bytes are no tlog-proof.
public enum TlogProofError: Error, Equatable, Sendable {
  /// There are more bytes than `TlogProof.maximumBytes`.
  case tooLarge(bytes: Int)
  /// The first line is not `c2sp.org/tlog-proof@v1`.
  case header
  /// The extra data is not canonical base64, empty, or above `TlogProof.maximumExtra`.
  case extra
  /// There is no line of `index ` and a decimal number where one is due.
  case index
  /// A line of the path is not canonical base64 of 32 bytes; lines count from 1.
  case pathLine(line: Int)
  /// The path has more than 64 hashes.
  case pathTooLong
  /// No empty line ends the path.
  case missingEmptyLine
  /// The checkpoint's note is malformed.
  case note(NoteError)
}

extension TlogProofError: Explained {
  /// What is wrong and where, in words.
  public var explanation: Message {
    switch self {
    case .tooLarge(let bytes): "proof of \(bytes) bytes is above the limit of \(TlogProof.maximumBytes)"
    case .header: "line 1 is not c2sp.org/tlog-proof@v1"
    case .extra: "line 2, the extra data, is not canonical base64 within its limit"
    case .index: "line of the index is missing or malformed"
    case .pathLine(let line): "line \(line) is not a hash in base64"
    case .pathTooLong: "path has more than \(TlogProof.maximumPath) hashes"
    case .missingEmptyLine: "no empty line after the path"
    case .note(let error): "\(error)"
    }
  }
}

/// Why a well-formed tlog-proof proves nothing.
public enum TlogProofRefusal: Error, Equatable, Sendable {
  /// The policy does not accept the checkpoint.
  case checkpoint(PolicyRefusal)
  /// The path does not lead from the leaf to the checkpoint's root.
  case notIncluded
}

extension TlogProofRefusal: Explained {
  /// The reason, in words.
  public var explanation: Message {
    switch self {
    case .checkpoint(let refusal): "\(refusal)"
    case .notIncluded: "the path does not lead from the entry to the root of the checkpoint"
    }
  }
}
