public import Primitives

/// Size and root of a log at one moment, as a text to sign (C2SP tlog-checkpoint v1.0.0).
///
/// ```
/// origin LF  size LF  base64(root) LF  [extension LF ...]
/// ```
///
/// Two checkpoints are equal when their texts are.
public struct Checkpoint: Sendable, Hashable {
  /// The log's name, the first line; equal to the name of the log's key in our policies.
  public var origin: String { String(decoding: originBytes, as: UTF8.self) }
  /// The octets of the origin: what is compared.
  public let originBytes: [UInt8]
  /// The number of leaves.
  public let size: UInt64
  /// The RFC 9162 root of the first `size` leaves.
  public let root: Digest
  /// Lines below the root, which others' logs may write; covered by signatures, agreed by nobody, given no meaning here.
  public let extensionLines: [[UInt8]]

  /// A checkpoint without extension lines, or nil unless the origin is one line that is not empty.
  public init?(origin: String, size: UInt64, root: Digest) {
    let bytes = Array(origin.utf8)
    guard !bytes.isEmpty, bytes.allSatisfy({ $0 >= 0x20 }) else { return nil }
    originBytes = bytes
    self.size = size
    self.root = root
    extensionLines = []
  }

  /// The checkpoint that a key's owner issues for its log.
  public init(origin: NoteName, size: UInt64, root: Digest) {
    originBytes = origin.utf8
    self.size = size
    self.root = root
    extensionLines = []
  }

  /// Reads the text of a checkpoint: no leading zeros, canonical base64 of 32 bytes, no empty line.
  public init(parsing text: [UInt8]) throws(CheckpointError) {
    guard text.count <= Limits.noteBytes else { throw .tooLarge(bytes: text.count) }
    guard NoteText.controlByte(text) == nil, NoteText.isUTF8(text) else { throw .characters }
    guard text.last == NoteText.lineFeed else { throw .missingFinalNewline }
    var rest = text[...]
    guard let origin = NoteText.nextLine(&rest), !origin.isEmpty else { throw .origin }
    guard let sizeLine = NoteText.nextLine(&rest), let size = NoteText.decimal(sizeLine) else { throw .size }
    guard let rootLine = NoteText.nextLine(&rest), let root = NoteText.base64(rootLine).flatMap({ Digest($0) }) else {
      throw .root
    }
    var extensions: [[UInt8]] = []
    while let line = NoteText.nextLine(&rest) {
      guard !line.isEmpty else { throw .emptyLine(line: extensions.count + 4) }
      extensions.append(Array(line))
    }
    originBytes = Array(origin)
    self.size = size
    self.root = root
    extensionLines = extensions
  }

  /// Reads the text of a note as a checkpoint; no signature is verified.
  public init(_ note: SignedNote) throws(CheckpointError) { try self.init(parsing: note.text) }

  /// The text with its final line feed: what signatures and cosignatures are over.
  public var text: [UInt8] {
    var out = originBytes
    out += Array("\n\(size)\n\(Base64.encode(root.bytes))\n".utf8)
    for line in extensionLines {
      out += line
      out.append(NoteText.lineFeed)
    }
    return out
  }

  /// The note of this checkpoint with the log's own signature (type 01) and no other.
  ///
  /// The signer's name is the origin. Whoever calls it makes sure that one log never signs two checkpoints that are not
  /// consistent. Throws what the signer throws, `NoteSigningError`, or `NoteError` when the origin is no signer's name.
  public func signed(with signer: some NoteSigning) throws -> SignedNote {
    guard let name = NoteName(utf8: originBytes) else { throw NoteError.signatureLine(.name, line: 5) }
    let text = text
    return try SignedNote(text: text, signatures: [.signing(text, as: name, with: signer)])
  }
}

/// Why a text is no checkpoint.
public enum CheckpointError: Error, Equatable, Sendable {
  /// The text has more bytes than `Limits.noteBytes`.
  case tooLarge(bytes: Int)
  /// The text is not UTF-8 or has control bytes.
  case characters
  /// The text does not end in a line feed.
  case missingFinalNewline
  /// The first line, the origin, is empty or missing.
  case origin
  /// The second line is not a decimal number below 2^64 without leading zeros.
  case size
  /// The third line is not canonical base64 of 32 bytes.
  case root
  /// An extension line is empty; lines count from 1.
  case emptyLine(line: Int)
}

extension CheckpointError: Explained {
  /// What is wrong and where, in words.
  public var explanation: Message {
    switch self {
    case .tooLarge(let bytes): "checkpoint of \(bytes) bytes is above the limit noteBytes"
    case .characters: "checkpoint is not UTF-8 without control characters"
    case .missingFinalNewline: "checkpoint does not end in a newline"
    case .origin: "line 1 of the checkpoint, the origin, is empty"
    case .size: "line 2 of the checkpoint is not a tree size"
    case .root: "line 3 of the checkpoint is not a root hash in base64"
    case .emptyLine(let line): "line \(line) of the checkpoint is empty"
    }
  }
}
