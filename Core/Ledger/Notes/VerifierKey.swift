public import Primitives

/// A public key with the name of its owner and the type of the signatures it makes (C2SP vkey).
///
/// ```
/// vkey  = name "+" hex8(keyID) "+" base64(type || publicKey)
/// keyID = SHA-256(name || LF || type || publicKey)[0:4]
/// ```
///
/// Types 01 (Ed25519) and 04 (timestamped Ed25519 cosignature) are verified. A key of another type is kept as it was
/// written, with the key id it states, and verifies nothing.
public struct VerifierKey: Sendable, Hashable {
  /// What a key signs, from the type byte.
  public enum Algorithm: Sendable, Hashable {
    /// Type 01: Ed25519 over the text of the note; a log's own signature.
    case ed25519
    /// Type 04: Ed25519 over time and checkpoint; a cosigner's.
    case cosignature
    /// Any other type byte.
    case unsupported(UInt8)
  }

  /// What identifies a key in a note: the pair, never one half of it.
  struct Identity: Hashable {
    let name: NoteName
    let keyID: UInt32
  }

  static let ed25519Type: UInt8 = 0x01
  static let cosignatureType: UInt8 = 0x04

  /// The owner's name; for a log its origin.
  public let name: NoteName
  /// The short name of key and type.
  public let keyID: UInt32
  /// The type of the key's signatures.
  public let algorithm: Algorithm
  /// The key: 32 bytes for types 01 and 04, whatever was written for others.
  public let publicKey: [UInt8]

  /// A log's key (type 01) of 32 bytes, or nil for another length.
  public init?(log name: NoteName, publicKey: [UInt8]) {
    self.init(name: name, algorithm: .ed25519, type: Self.ed25519Type, publicKey: publicKey)
  }

  /// A cosigner's key (type 04) of 32 bytes, or nil for another length.
  public init?(cosigner name: NoteName, publicKey: [UInt8]) {
    self.init(name: name, algorithm: .cosignature, type: Self.cosignatureType, publicKey: publicKey)
  }

  private init?(name: NoteName, algorithm: Algorithm, type: UInt8, publicKey: [UInt8]) {
    guard publicKey.count == Ed25519.publicKeyBytes else { return nil }
    self.name = name
    self.algorithm = algorithm
    self.publicKey = publicKey
    keyID = Self.keyID(name: name, type: type, publicKey: publicKey)
  }

  /// Reads the text of a vkey.
  public init(parsing text: some StringProtocol) throws(VerifierKeyError) {
    try self.init(parsing: Array(text.utf8)[...])
  }

  /// Reads the bytes of a vkey: lower-case hexadecimal, canonical base64, nothing before or after.
  public init(parsing bytes: ArraySlice<UInt8>) throws(VerifierKeyError) {
    let parts = bytes.split(separator: NoteText.plus, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { throw .form }
    guard let name = NoteName(utf8: parts[0]) else { throw .name }
    let hex = String(decoding: parts[1], as: UTF8.self)
    guard hex.utf8.count == 8, let idBytes = Hex.decode(hex), Array(Hex.encode(idBytes).utf8) == Array(parts[1]) else {
      throw .keyID
    }
    let keyID = idBytes.reduce(0) { $0 << 8 | UInt32($1) }
    guard let key = NoteText.base64(parts[2]), let type = key.first else { throw .base64 }
    let publicKey = Array(key.dropFirst())
    switch type {
    case Self.ed25519Type, Self.cosignatureType:
      guard publicKey.count == Ed25519.publicKeyBytes else { throw .keyLength(bytes: publicKey.count) }
      let expected = Self.keyID(name: name, type: type, publicKey: publicKey)
      guard keyID == expected else { throw .keyIDMismatch(stated: keyID, computed: expected) }
      algorithm = type == Self.ed25519Type ? .ed25519 : .cosignature
    default:
      // Not computed: type 02 hashes something else, and a type of the future may too.
      guard !publicKey.isEmpty else { throw .keyLength(bytes: 0) }
      algorithm = .unsupported(type)
    }
    self.name = name
    self.keyID = keyID
    self.publicKey = publicKey
  }

  /// The type byte.
  public var type: UInt8 {
    switch algorithm {
    case .ed25519: Self.ed25519Type
    case .cosignature: Self.cosignatureType
    case .unsupported(let type): type
    }
  }

  /// Whether signatures of this key can be verified here.
  public var isSupported: Bool { algorithm == .ed25519 || algorithm == .cosignature }

  /// The vkey as text.
  public var text: String { "\(name)+\(Self.hex(keyID))+\(Base64.encode([type] + publicKey))" }

  /// The line's meaning if it is by this key and verifies over `text`, or nil.
  ///
  /// Type 01 is over the text of the note; type 04 over the time in the line and the text, which is then a checkpoint's.
  /// Costs one Ed25519 verification.
  public func verify(_ line: NoteSignature, over text: [UInt8]) -> VerifiedSignature? {
    guard line.keyID == keyID, line.name == name else { return nil }
    switch algorithm {
    case .ed25519:
      guard Ed25519.isValid(signature: line.payload, message: text, publicKey: publicKey) else { return nil }
      return VerifiedSignature(key: self, timestamp: nil)
    case .cosignature:
      guard let cosignature = Cosignature(line) else { return nil }
      let message = Cosignature.message(checkpoint: text, timestamp: cosignature.timestamp)
      guard Ed25519.isValid(signature: cosignature.signature, message: message, publicKey: publicKey) else {
        return nil
      }
      return VerifiedSignature(key: self, timestamp: cosignature.timestamp)
    case .unsupported: return nil
    }
  }

  var identity: Identity { Identity(name: name, keyID: keyID) }

  /// The key id that C2SP recommends: the first four bytes of a hash over name, type and key.
  static func keyID(name: NoteName, type: UInt8, publicKey: [UInt8]) -> UInt32 {
    let digest = Digest.sha256(name.utf8 + [NoteText.lineFeed, type] + publicKey)
    return UInt32(truncatingIfNeeded: digest.prefix64 >> 32)
  }

  /// Eight hexadecimal digits.
  static func hex(_ keyID: UInt32) -> String {
    var bytes: [UInt8] = []
    bytes.append(u32: keyID)
    return Hex.encode(bytes)
  }
}

extension VerifierKey: CustomStringConvertible {
  /// Same as `text`.
  public var description: String { text }
}

/// Why text is no vkey.
public enum VerifierKeyError: Error, Equatable, Sendable {
  /// It does not have the form name+hex+base64.
  case form
  /// The name is empty, or has a Unicode space or a control byte.
  case name
  /// The key id is not eight lower-case hexadecimal digits.
  case keyID
  /// The key is not canonical base64 of at least a type byte.
  case base64
  /// A key of type 01 or 04 does not have 32 bytes, or another none.
  case keyLength(bytes: Int)
  /// The key id is not the one of name, type and key: one of them was changed.
  case keyIDMismatch(stated: UInt32, computed: UInt32)
}

extension VerifierKeyError: Explained {
  /// What is wrong, in words.
  public var explanation: Message {
    switch self {
    case .form: "key does not have the form name+keyid+base64"
    case .name: "name of the key is empty or has a space or a control character"
    case .keyID: "key id is not eight lower-case hexadecimal digits"
    case .base64: "key is not canonical base64"
    case .keyLength(let bytes): "public key has \(bytes) bytes"
    case .keyIDMismatch(let stated, let computed):
      "key id \(VerifierKey.hex(stated)) does not belong to name and key, which give \(VerifierKey.hex(computed))"
    }
  }
}
