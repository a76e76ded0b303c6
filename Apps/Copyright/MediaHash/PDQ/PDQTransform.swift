#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// From the 64 by 64 block to hash and quality: gradients, the 16 by 16 low frequencies and their median.
enum PDQTransform {
  private static let scale = Float((2.0 / 64.0).squareRoot())

  /// The cosine table, 16 rows of 64, the row of the mean left out.
  private static let cosines: [Float] = (0..<16).flatMap { i in
    (0..<64).map { j in
      Float(Double(scale) * cos(Double.pi / 2 / 64 * Double(i + 1) * Double(2 * j + 1)))
    }
  }

  /// The same table by columns, so that sixteen sums run side by side.
  private static let cosinesByColumn: [Float] = (0..<64).flatMap { j in (0..<16).map { i in cosines[i * 64 + j] } }

  /// The cosine table, row by row.
  static var table: [Float] { cosines }

  /// How much there is to see: the sum of all steps between neighbours of the block, each truncated, over 90, at most
  /// 100.
  static func quality(_ block: [Float]) -> Int {
    var sum = 0
    for i in 0..<63 {
      for j in 0..<64 { sum += step(block[i * 64 + j], block[(i + 1) * 64 + j]) }
    }
    for i in 0..<64 {
      for j in 0..<63 { sum += step(block[i * 64 + j], block[i * 64 + j + 1]) }
    }
    return min(100, sum / 90)
  }

  private static func step(_ u: Float, _ v: Float) -> Int { abs(Int(((u - v) * 100) / 255)) }

  /// The 16 by 16 low frequencies of the block, row by row; every sum in index order.
  static func frequencies(_ block: [Float]) -> [Float] {
    var half = [Float](repeating: 0, count: 16 * 64)
    var whole = [Float](repeating: 0, count: 256)
    cosines.withUnsafeBufferPointer { table in
      block.withUnsafeBytes { block in
        half.withUnsafeMutableBytes { half in
          for i in 0..<16 {
            for j in stride(from: 0, to: 64, by: 16) {
              var sum = SIMD16<Float>.zero
              for k in 0..<64 {
                let values = block.loadUnaligned(fromByteOffset: 4 * (k * 64 + j), as: SIMD16<Float>.self)
                sum += table[i * 64 + k] * values
              }
              half.storeBytes(of: sum, toByteOffset: 4 * (i * 64 + j), as: SIMD16<Float>.self)
            }
          }
        }
      }
    }
    cosinesByColumn.withUnsafeBytes { table in
      whole.withUnsafeMutableBytes { whole in
        for i in 0..<16 {
          var sum = SIMD16<Float>.zero
          for k in 0..<64 {
            sum += half[i * 64 + k] * table.loadUnaligned(fromByteOffset: 64 * k, as: SIMD16<Float>.self)
          }
          whole.storeBytes(of: sum, toByteOffset: 64 * i, as: SIMD16<Float>.self)
        }
      }
    }
    return whole
  }

  /// The bits: which frequencies are above the lower median.
  static func quantize(_ frequencies: [Float]) -> PDQHash {
    let median = frequencies.sorted()[127]
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for bit in 0..<64 {
      if frequencies[bit] > median { words.0 |= 1 << UInt64(bit) }
      if frequencies[64 + bit] > median { words.1 |= 1 << UInt64(bit) }
      if frequencies[128 + bit] > median { words.2 |= 1 << UInt64(bit) }
      if frequencies[192 + bit] > median { words.3 |= 1 << UInt64(bit) }
    }
    return PDQHash(word0: words.0, word1: words.1, word2: words.2, word3: words.3)
  }
}
