/// A SHA-256 value: 32 bytes held inline, so that making, copying and comparing one allocates nothing.
///
/// Order and equality are those of the bytes, read left to right.
public struct Digest: Sendable, Hashable, Comparable {
  /// The number of bytes of a digest.
  public static let byteCount = 32

  /// The bytes in memory order, eight to a word.
  @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64)

  /// Thirty-two zero bytes.
  @inlinable public init() { words = (0, 0, 0, 0) }

  /// The digest with the given bytes, or nil unless there are exactly 32.
  @inlinable public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Digest.byteCount else { return nil }
    self.init()
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
  }

  /// The digest in the 32 bytes that `raw` points to.
  ///
  /// - Precondition: `raw` holds at least 32 bytes.
  @inlinable public init(raw: UnsafeRawBufferPointer) {
    precondition(raw.count >= Digest.byteCount)
    self.init()
    withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[..<32])) }
  }

  /// Calls `body` with the 32 bytes; the pointer is not valid afterwards.
  @inlinable public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    try Swift.withUnsafeBytes(of: words, body)
  }

  /// The 32 bytes as an array; allocates.
  public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// The first eight bytes as a big-endian number, for table look-ups.
  @inlinable public var prefix64: UInt64 { words.0.bigEndian }

  /// Equal when all bytes are; not constant in time, for public values.
  @inlinable public static func == (a: Digest, b: Digest) -> Bool {
    a.words.0 == b.words.0 && a.words.1 == b.words.1 && a.words.2 == b.words.2 && a.words.3 == b.words.3
  }

  /// The order of the bytes read left to right.
  @inlinable public static func < (a: Digest, b: Digest) -> Bool {
    if a.words.0 != b.words.0 { return a.words.0.bigEndian < b.words.0.bigEndian }
    if a.words.1 != b.words.1 { return a.words.1.bigEndian < b.words.1.bigEndian }
    if a.words.2 != b.words.2 { return a.words.2.bigEndian < b.words.2.bigEndian }
    return a.words.3.bigEndian < b.words.3.bigEndian
  }

  /// Feeds the first word only: the bytes of a hash are uniform already.
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Digest: CustomStringConvertible {
  /// The digest in 64 lower-case hexadecimal digits.
  public var hex: String { withUnsafeBytes { Hex.encode($0) } }

  /// Same as `hex`.
  public var description: String { hex }

  /// Reads 64 hexadecimal digits of either case, or nil.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex), let digest = Digest(bytes) else { return nil }
    self = digest
  }
}
