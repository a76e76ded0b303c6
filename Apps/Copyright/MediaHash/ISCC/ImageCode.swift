#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The Image-Code: similarity of a picture as people see it (ISO 24138:2024 section 5.4).
///
/// Bits 65 to 256 come from the 8 × 8 squares at (8,0), (0,8) and (8,8) of the cosine transform, as section 5.4.5.2 e)
/// says. Implementations before October 2026 (iscc-core up to 1.4.0) took others and differ there; the first 64 bits
/// are the same.
public enum ImageCode {
  /// The side of the grey picture that is transformed.
  public static let side = 32

  /// The Image-Code of 32 × 32 grey values, row by row (see `ImagePixels`).
  ///
  /// Throws `badInput` unless there are 1024 values, `badLength` unless `bits` is a length of a unit.
  public static func make(grey pixels: [UInt8], bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    guard pixels.count == side * side else { throw .badInput }
    return try ISCCUnit(.content, subType: ISCCContent.image.rawValue, bits: bits, digest: digest(pixels))
  }

  private static func digest(_ pixels: [UInt8]) -> [UInt8] {
    let rows = (0..<side).map { row in dct(pixels[row * side..<(row + 1) * side].map(Double.init)) }
    let columns = (0..<side).map { column in dct(rows.map { $0[column] }) }
    var out: [UInt8] = []
    for (x, y) in [(0, 0), (8, 0), (0, 8), (8, 8)] {
      let square = (y..<y + 8).flatMap { row in (x..<x + 8).map { columns[$0][row] } }
      let sorted = square.sorted()
      let median = (sorted[31] + sorted[32]) / 2
      for row in 0..<8 {
        out.append((0..<8).reduce(0) { $0 << 1 | (square[row * 8 + $1] > median ? 1 : 0) })
      }
    }
    return out
  }

  /// The unnormalised DCT-II by Lee's recursion, with the operations in the order of the reference implementation.
  private static func dct(_ v: [Double]) -> [Double] {
    let n = v.count
    guard n > 1 else { return v }
    let half = n / 2
    let sums = dct((0..<half).map { v[$0] + v[n - 1 - $0] })
    let differences = dct((0..<half).map { (v[$0] - v[n - 1 - $0]) / divisors[log2(n)][$0] })
    var out: [Double] = []
    out.reserveCapacity(n)
    for index in 0..<half - 1 {
      out.append(sums[index])
      out.append(differences[index] + differences[index + 1])
    }
    out.append(sums[half - 1])
    out.append(differences[half - 1])
    return out
  }

  private static func log2(_ n: Int) -> Int { n.trailingZeroBitCount }

  /// 2 cos((i + 1/2) π / n) for n = 1, 2, 4 ... 32 in turn.
  private static let divisors: [[Double]] = (0...5).map { power in
    let n = 1 << power
    return (0..<n / 2).map { cos((Double($0) + 0.5) * Double.pi / Double(n)) * 2 }
  }
}
