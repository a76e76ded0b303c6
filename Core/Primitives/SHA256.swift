internal import Crypto

/// SHA-256 (FIPS 180-4), one shot and in parts.
///
/// A copy of a started hasher goes on by itself, so that a common beginning is hashed once.
public struct SHA256Hasher: Sendable {
  private var state = Crypto.SHA256()

  /// A hasher that has seen nothing.
  public init() {}

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) { state.update(bufferPointer: bytes) }

  /// Takes in more bytes.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { state.update(bufferPointer: $0) } }

  /// Takes in the 32 bytes of a digest.
  public mutating func update(_ digest: Digest) { digest.withUnsafeBytes { state.update(bufferPointer: $0) } }

  /// The digest of everything taken in so far; the hasher can go on.
  public func finalize() -> Digest { state.finalize().withUnsafeBytes { Digest(raw: $0) } }
}

extension Digest {
  /// SHA-256 of `bytes`.
  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var state = Crypto.SHA256()
    state.update(bufferPointer: bytes)
    return state.finalize().withUnsafeBytes { Digest(raw: $0) }
  }

  /// SHA-256 of `bytes`.
  public static func sha256(_ bytes: [UInt8]) -> Digest { bytes.withUnsafeBytes { sha256($0) } }

  /// SHA-256 of `bytes`.
  public static func sha256(_ bytes: ArraySlice<UInt8>) -> Digest { bytes.withUnsafeBytes { sha256($0) } }

  /// SHA-256 of the UTF-8 bytes of `text`.
  public static func sha256(_ text: String) -> Digest {
    var text = text
    return text.withUTF8 { sha256(UnsafeRawBufferPointer($0)) }
  }
}
