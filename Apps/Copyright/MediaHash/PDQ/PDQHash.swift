internal import Primitives

/// A 256-bit picture hash of Meta's PDQ, held inline.
///
/// Bit k stands for coefficient (k / 16, k mod 16) of the picture's 16 by 16 low frequencies: whether it is above their
/// median. Two pictures are the same for PDQ where at most `matchingDistance` bits differ.
public struct PDQHash: Sendable, Hashable {
  /// The number of bits.
  public static let bitCount = 256
  /// The largest distance of two hashes of one picture in the reference's practice.
  public static let matchingDistance = 31

  /// Bits 0 to 63.
  public var word0: UInt64
  /// Bits 64 to 127.
  public var word1: UInt64
  /// Bits 128 to 191.
  public var word2: UInt64
  /// Bits 192 to 255.
  public var word3: UInt64

  /// The hash with these words; all zero when they are left out, as for pictures that are too small.
  @inlinable public init(word0: UInt64 = 0, word1: UInt64 = 0, word2: UInt64 = 0, word3: UInt64 = 0) {
    self.word0 = word0
    self.word1 = word1
    self.word2 = word2
    self.word3 = word3
  }

  /// The number of bits that differ, from 0 to 256.
  @inlinable public func distance(to other: PDQHash) -> Int {
    (word0 ^ other.word0).nonzeroBitCount + (word1 ^ other.word1).nonzeroBitCount
      + (word2 ^ other.word2).nonzeroBitCount + (word3 ^ other.word3).nonzeroBitCount
  }

  /// The number of bits that are set; about half of them in a picture's hash.
  public var onesCount: Int { distance(to: PDQHash()) }

  /// Bit `index` of 0 to 255.
  ///
  /// - Precondition: `index` is within bounds.
  public subscript(bit index: Int) -> Bool {
    get {
      precondition(index >= 0 && index < 256)
      return word(index >> 6) >> UInt64(index & 63) & 1 == 1
    }
    set {
      precondition(index >= 0 && index < 256)
      let mask: UInt64 = 1 << UInt64(index & 63)
      withUnsafeMutableBytes(of: &self) { raw in
        let words = raw.bindMemory(to: UInt64.self)
        words[index >> 6] = newValue ? words[index >> 6] | mask : words[index >> 6] & ~mask
      }
    }
  }

  /// Word 0 to 3.
  @inlinable package func word(_ index: Int) -> UInt64 {
    switch index {
    case 0: word0
    case 1: word1
    case 2: word2
    default: word3
    }
  }

  /// The 32 bytes, bit 255 first; the order of the hexadecimal text.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for word in [word3, word2, word1, word0] {
      for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    return bytes
  }

  /// The hash of 32 bytes, bit 255 first, or nil for another number of bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init()
    for byte in bytes {
      word3 = word3 << 8 | word2 >> 56
      word2 = word2 << 8 | word1 >> 56
      word1 = word1 << 8 | word0 >> 56
      word0 = word0 << 8 | UInt64(byte)
    }
  }
}

extension PDQHash: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits, bit 255 first, as the reference prints them.
  public var hex: String { Hex.encode(bytes) }

  /// Same as `hex`.
  public var description: String { hex }

  /// Reads 64 hexadecimal digits of either case, or nil.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }
}

/// A picture's PDQ hash and how much there is in the picture to hash.
public struct PDQResult: Sendable, Hashable {
  /// The least quality at which the reference compares hashes: below it a picture has too little contrast to tell it
  /// from others.
  public static let leastQuality = 50

  /// The hash.
  public let hash: PDQHash
  /// From 0, a flat picture, to 100.
  public let quality: Int

  /// A hash with its quality.
  public init(hash: PDQHash, quality: Int) {
    self.hash = hash
    self.quality = quality
  }

  /// Whether the hash is fit for comparing: quality 50 or more.
  public var isReliable: Bool { quality >= PDQResult.leastQuality }
}
