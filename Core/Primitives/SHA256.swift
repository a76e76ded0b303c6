internal import CSHA256

/// SHA-256 (FIPS 180-4), one shot and in parts.
///
/// The state is held inline: 112 bytes, no allocation. A copy of a started hasher goes on by itself, so that a common
/// beginning is hashed once.
public struct SHA256Hasher: Sendable {
  private var state = csha256_state()

  /// A hasher that has seen nothing.
  public init() { csha256_init(&state) }

  /// Takes in more bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    csha256_update(&state, bytes.baseAddress, bytes.count)
  }

  /// Takes in more bytes.
  public mutating func update(_ bytes: [UInt8]) { csha256_update(&state, bytes, bytes.count) }

  /// Takes in the 32 bytes of a digest.
  public mutating func update(_ digest: Digest) { digest.withUnsafeBytes { update($0) } }

  /// The digest of everything taken in so far; the hasher can go on.
  public func finalize() -> Digest {
    var state = state
    return Digest(writing: { csha256_final(&state, $0) })
  }
}

extension Digest {
  /// SHA-256 of `bytes`.
  public static func sha256(_ bytes: UnsafeRawBufferPointer) -> Digest {
    Digest(writing: { csha256(bytes.baseAddress, bytes.count, $0) })
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

  /// The digest whose 32 bytes `write` leaves at the address that it gets.
  fileprivate init(writing write: (UnsafeMutableRawPointer) -> Void) {
    self.init()
    withUnsafeMutableBytes(of: &words) { raw in
      if let base = raw.baseAddress { write(base) }
    }
  }
}
