/// The 64-dimensional minhash of ISO 24138 over a growing set of 32-bit features.
struct MinHash: Sendable {
  private static let mersenne: UInt64 = 1 << 61 - 1

  private var least = [UInt32](repeating: .max, count: 64)

  /// Takes features, in any order and number.
  mutating func add(_ features: [UInt32]) {
    features.withUnsafeBufferPointer { features in
      for dimension in 0..<64 {
        let (a, b) = (ISCCConstants.minhashA[dimension], ISCCConstants.minhashB[dimension])
        var best = least[dimension]
        for feature in features {
          let value = a &* UInt64(feature) &+ b
          // Below 2^61 + 7 once the high bits are folded in, so one subtraction reduces it.
          var rest = (value & MinHash.mersenne) &+ (value &>> 61)
          if rest >= MinHash.mersenne { rest &-= MinHash.mersenne }
          best = min(best, UInt32(truncatingIfNeeded: rest))
        }
        least[dimension] = best
      }
    }
  }

  /// The 256-bit digest: bit 0 of every minimum, then bit 1, 2 and 3.
  var digest: [UInt8] {
    var out = [UInt8](repeating: 0, count: 32)
    for plane in 0..<4 {
      for dimension in 0..<64 where least[dimension] >> UInt32(plane) & 1 == 1 {
        out[plane * 8 + dimension / 8] |= 0x80 >> UInt8(dimension % 8)
      }
    }
    return out
  }
}

/// The simhash of ISO 24138: a bit is set if it is set in at least half of the digests.
struct SimHash: Sendable {
  private var sums: [Int]
  private var count = 0

  init(bytes: Int) { sums = [Int](repeating: 0, count: bytes * 8) }

  /// Takes one digest of as many bytes as the hash has.
  mutating func add(_ digest: UnsafeRawBufferPointer) {
    count += 1
    for (index, byte) in digest.prefix(sums.count / 8).enumerated() {
      for bit in 0..<8 { sums[index * 8 + bit] += Int(byte >> UInt8(7 - bit) & 1) }
    }
  }

  var digest: [UInt8] {
    var out = [UInt8](repeating: 0, count: sums.count / 8)
    for (index, sum) in sums.enumerated() where 2 * sum >= count { out[index / 8] |= 0x80 >> UInt8(index % 8) }
    return out
  }
}
