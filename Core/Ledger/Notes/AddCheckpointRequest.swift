public import Primitives

/// What a log asks a witness: to cosign a checkpoint that extends the last one it cosigned (C2SP tlog-witness v1.0.0).
///
/// ```
/// old <size> LF   0..63 lines of base64(hash) LF   LF   <checkpoint note>
/// ```
///
/// The body of `POST <prefix>/add-checkpoint`.
public struct AddCheckpointRequest: Sendable, Hashable {
  /// The size that the witness last cosigned, as the log believes; 0 if none.
  public let oldSize: UInt64
  /// The RFC 9162 consistency proof from `oldSize` to the checkpoint, at most 63 hashes.
  public let proof: [Digest]
  /// The checkpoint with the log's signature, and perhaps others.
  public let note: SignedNote

  /// Hashes that a proof may have.
  public static let maximumProof = 63
  /// Bytes of a body: a note, 63 lines of 45 bytes, and the first line.
  public static let maximumBytes = Limits.noteBytes + maximumProof * 45 + 26

  /// A request, or nil for more than 63 hashes or a note without signatures.
  public init?(oldSize: UInt64, proof: [Digest], note: SignedNote) {
    guard proof.count <= Self.maximumProof, !note.signatures.isEmpty else { return nil }
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
  }

  /// Reads a body; a witness answers 400 to what throws here.
  public init(parsing body: [UInt8]) throws(AddCheckpointRequestError) {
    guard body.count <= Self.maximumBytes else { throw .tooLarge(bytes: body.count) }
    var rest = body[...]
    let keyword = Array("old ".utf8)
    guard let first = NoteText.nextLine(&rest), first.starts(with: keyword),
      let size = NoteText.decimal(first.dropFirst(keyword.count))
    else { throw .oldSize }
    oldSize = size
    do { proof = try HashLines.read(&rest, limit: Self.maximumProof) } catch {
      switch error {
      case .hash(let index): throw .proofLine(line: index + 2)
      case .tooMany: throw .proofTooLong
      case .unfinished: throw .missingEmptyLine
      }
    }
    do { note = try SignedNote(parsing: Array(rest)) } catch { throw .note(error) }
  }

  /// The body in bytes.
  public var encoded: [UInt8] {
    Array("old \(oldSize)\n".utf8) + HashLines.write(proof) + [NoteText.lineFeed] + note.encoded
  }
}

/// Why a body is no `add-checkpoint` request.
public enum AddCheckpointRequestError: Error, Equatable, Sendable {
  /// The body has more bytes than `AddCheckpointRequest.maximumBytes`.
  case tooLarge(bytes: Int)
  /// The first line is not `old ` and a tree size.
  case oldSize
  /// A line of the proof is not canonical base64 of 32 bytes; lines count from 1.
  case proofLine(line: Int)
  /// The proof has more than 63 hashes.
  case proofTooLong
  /// No empty line ends the proof.
  case missingEmptyLine
  /// The note is malformed.
  case note(NoteError)
}

extension AddCheckpointRequestError: Explained {
  /// What is wrong and where, in words.
  public var explanation: Message {
    switch self {
    case .tooLarge(let bytes): "body of \(bytes) bytes is above the limit of \(AddCheckpointRequest.maximumBytes)"
    case .oldSize: "line 1 is not 'old' and a tree size"
    case .proofLine(let line): "line \(line) is not a hash in base64"
    case .proofTooLong: "proof has more than \(AddCheckpointRequest.maximumProof) hashes"
    case .missingEmptyLine: "no empty line after the proof"
    case .note(let error): "\(error)"
    }
  }
}

/// Lines of base64 hashes up to an empty line, as requests and proofs carry them.
enum HashLines {
  enum Fault: Error {
    case hash(index: Int)
    case tooMany
    case unfinished
  }

  /// Takes the hashes and the empty line off `rest`.
  static func read(_ rest: inout ArraySlice<UInt8>, limit: Int) throws(Fault) -> [Digest] {
    var hashes: [Digest] = []
    while let line = NoteText.nextLine(&rest) {
      guard !line.isEmpty else { return hashes }
      guard hashes.count < limit else { throw .tooMany }
      guard let hash = NoteText.base64(line).flatMap({ Digest($0) }) else { throw .hash(index: hashes.count) }
      hashes.append(hash)
    }
    throw .unfinished
  }

  static func write(_ hashes: [Digest]) -> [UInt8] {
    hashes.flatMap { Array(Base64.encode($0.bytes).utf8) + [NoteText.lineFeed] }
  }
}
