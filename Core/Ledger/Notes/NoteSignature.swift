internal import Primitives

/// One signature line of a note: who says it signed, with which key, and what it left.
///
/// ```
/// line    = U+2014 SP name SP base64(keyID[4] || payload) LF
/// ```
///
/// C2SP signed-note v1.0.0. The pair of name and key id says which key; what the payload holds depends on its type.
public struct NoteSignature: Sendable, Hashable {
  /// The signer's name.
  public let name: NoteName
  /// The first four bytes, big-endian: a short name of the key and its type, not collision resistant.
  public let keyID: UInt32
  /// What follows the key id; at least one byte.
  public let payload: [UInt8]

  /// The em dash and the space that begin a line.
  static let prefix: [UInt8] = [0xE2, 0x80, 0x94, 0x20]

  /// A line with the given parts, or nil for an empty payload.
  public init?(name: NoteName, keyID: UInt32, payload: [UInt8]) {
    guard !payload.isEmpty else { return nil }
    self.init(name: name, keyID: keyID, nonEmpty: payload)
  }

  init(name: NoteName, keyID: UInt32, nonEmpty payload: [UInt8]) {
    self.name = name
    self.keyID = keyID
    self.payload = payload
  }

  /// Reads a line without its line feed.
  public init(parsing line: ArraySlice<UInt8>) throws(NoteLineFault) {
    guard line.starts(with: Self.prefix) else { throw .prefix }
    let rest = line.dropFirst(Self.prefix.count)
    guard let end = rest.firstIndex(of: NoteText.space) else {
      throw rest.isEmpty ? .name : .missingPayload
    }
    guard let name = NoteName(utf8: rest[..<end]) else { throw .name }
    let text = rest[(end + 1)...]
    guard !text.isEmpty else { throw .missingPayload }
    guard let bytes = NoteText.base64(text) else { throw .base64 }
    var reader = ByteReader(bytes)
    guard let keyID = reader.u32(), !reader.isAtEnd else { throw .shortPayload(bytes: bytes.count) }
    self.init(name: name, keyID: keyID, nonEmpty: Array(bytes[reader.position...]))
  }

  /// The line with its line feed; reading it back gives an equal value.
  public var line: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(u32: keyID)
    bytes += payload
    return Self.prefix + name.utf8 + [NoteText.space] + Array(Base64.encode(bytes).utf8) + [NoteText.lineFeed]
  }

  /// Whether `other` claims to be by the same key.
  func isSameKey(as other: NoteSignature) -> Bool { keyID == other.keyID && name == other.name }

  /// Signs `text` as C2SP type 01: Ed25519 over the text with its final line feed.
  ///
  /// Throws what the signer throws, or `NoteSigningError` for a key or signature of a wrong length.
  public static func signing(
    _ text: [UInt8], as name: NoteName, with signer: some NoteSigning
  ) throws -> NoteSignature {
    let signature = try signer.checkedSignature(for: text)
    let keyID = VerifierKey.keyID(name: name, type: VerifierKey.ed25519Type, publicKey: signer.publicKey)
    return NoteSignature(name: name, keyID: keyID, nonEmpty: signature)
  }
}
