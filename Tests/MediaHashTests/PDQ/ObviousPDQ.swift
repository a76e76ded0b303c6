import Foundation
import MediaHash

/// PDQ as the digest of the reference describes it, without any thought of speed: what the library is compared with.
enum ObviousPDQ {
  static func block(_ image: RGBImage, shortcut: Bool = true) -> [[Float]]? {
    let (rows, columns) = (image.height, image.width)
    guard rows >= 5, columns >= 5 else { return nil }
    var gray = [[Float]](repeating: [Float](repeating: 0, count: columns), count: rows)
    for y in 0..<rows {
      for x in 0..<columns {
        let p = 3 * (y * columns + x)
        gray[y][x] =
          0.299 * Float(image.pixels[p]) + 0.587 * Float(image.pixels[p + 1]) + 0.114 * Float(image.pixels[p + 2])
      }
    }
    if shortcut && rows == 64 && columns == 64 { return gray }
    for _ in 0..<2 {
      for y in 0..<rows { gray[y] = box(gray[y], (columns + 127) / 128) }
      for x in 0..<columns {
        let column = box((0..<rows).map { gray[$0][x] }, (rows + 127) / 128)
        for y in 0..<rows { gray[y][x] = column[y] }
      }
    }
    return (0..<64).map { i in
      (0..<64).map { j in
        gray[Int((Double(i) + 0.5) * Double(rows) / 64)][Int((Double(j) + 0.5) * Double(columns) / 64)]
      }
    }
  }

  static func box(_ values: [Float], _ window: Int) -> [Float] {
    let half = (window + 2) / 2
    var (out, sum, count, left, right) = ([Float](), Float(0), Float(0), 0, 0)
    for _ in 0..<half - 1 {
      sum += values[right]
      count += 1
      right += 1
    }
    for _ in 0..<window - half + 1 {
      sum += values[right]
      count += 1
      out.append(sum / count)
      right += 1
    }
    for _ in 0..<values.count - window {
      sum += values[right]
      sum -= values[left]
      out.append(sum / count)
      left += 1
      right += 1
    }
    for _ in 0..<half - 1 {
      sum -= values[left]
      count -= 1
      out.append(sum / count)
      left += 1
    }
    return out
  }

  static func hash(_ image: RGBImage, fused: Bool = false) -> PDQResult {
    guard let block = block(image) else { return PDQResult(hash: PDQHash(), quality: 0) }
    var steps = 0
    func step(_ u: Float, _ v: Float) -> Int {
      let scaled: Float = (u - v) * 100
      return abs(Int(scaled / 255))
    }
    for i in 0..<63 { for j in 0..<64 { steps += step(block[i][j], block[i + 1][j]) } }
    for i in 0..<64 { for j in 0..<63 { steps += step(block[i][j], block[i][j + 1]) } }
    let scale = Double(Float((2.0 / 64).squareRoot()))
    let d = (0..<16).map { i in
      (0..<64).map { (j: Int) -> Float in
        let angle: Double = Double.pi / 128 * Double(i + 1) * Double(2 * j + 1)
        return Float(scale * cos(angle))
      }
    }
    func add(_ sum: Float, _ a: Float, _ b: Float) -> Float { fused ? sum.addingProduct(a, b) : sum + a * b }
    var t = [[Float]](repeating: [Float](repeating: 0, count: 64), count: 16)
    for i in 0..<16 { for j in 0..<64 { for k in 0..<64 { t[i][j] = add(t[i][j], d[i][k], block[k][j]) } } }
    var b = [Float](repeating: 0, count: 256)
    for i in 0..<16 { for j in 0..<16 { for k in 0..<64 { b[16 * i + j] = add(b[16 * i + j], t[i][k], d[j][k]) } } }
    let median = b.sorted()[127]
    var hash = PDQHash()
    for bit in 0..<256 { hash[bit: bit] = b[bit] > median }
    return PDQResult(hash: hash, quality: min(100, steps / 90))
  }
}
