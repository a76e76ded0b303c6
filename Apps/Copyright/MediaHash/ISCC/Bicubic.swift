/// Pillow's bicubic resizing of 8-bit grey pictures (a = -0.5, antialiased, 22-bit fixed point), bit for bit.
enum Bicubic {
  private static let precision: Int32 = 22

  /// The picture at `side` × `side`; a direction that has this size already is left as it is.
  static func resize(_ pixels: [UInt8], width: Int, height: Int, to side: Int) -> [UInt8] {
    var current = pixels
    if width != side { current = alongRows(current, width: width, height: height, to: side) }
    if height != side { current = alongColumns(current, width: side, height: height, to: side) }
    return current
  }

  /// The weights of one output pixel, from source pixel `first` on.
  struct Taps {
    let first: Int
    let weights: [Int32]
  }

  static func taps(from size: Int, to side: Int) -> [Taps] {
    let scale = Double(size) / Double(side)
    let filterScale = max(scale, 1)
    let support = 2 * filterScale
    let inverse = 1 / filterScale
    return (0..<side).map { index in
      let center = (Double(index) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let end = min(size, Int(center + support + 0.5))
      var weights = (first..<end).map { bicubic((Double($0) - center + 0.5) * inverse) }
      // The reference sums in this order too.
      let sum = weights.reduce(0, +)
      if sum != 0 { weights = weights.map { $0 / sum } }
      let one = Double(1 << precision)
      return Taps(first: first, weights: weights.map { Int32($0 < 0 ? -0.5 + $0 * one : 0.5 + $0 * one) })
    }
  }

  private static func bicubic(_ distance: Double) -> Double {
    let a = -0.5
    let x = abs(distance)
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }

  private static func clip(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> precision) }

  private static func alongRows(_ pixels: [UInt8], width: Int, height: Int, to side: Int) -> [UInt8] {
    let taps = taps(from: width, to: side)
    var out = [UInt8](repeating: 0, count: side * height)
    pixels.withUnsafeBufferPointer { pixels in
      for row in 0..<height {
        for (index, tap) in taps.enumerated() {
          let start = row * width + tap.first
          var sum: Int32 = 1 << (precision - 1)
          tap.weights.withUnsafeBufferPointer { weights in
            for place in 0..<weights.count { sum &+= weights[place] &* Int32(pixels[start + place]) }
          }
          out[row * side + index] = clip(sum)
        }
      }
    }
    return out
  }

  private static func alongColumns(_ pixels: [UInt8], width: Int, height: Int, to side: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: width * side)
    for (row, tap) in taps(from: height, to: side).enumerated() {
      var sums = [Int32](repeating: 1 << (precision - 1), count: width)
      for (place, weight) in tap.weights.enumerated() {
        let start = (tap.first + place) * width
        for column in 0..<width { sums[column] &+= weight &* Int32(pixels[start + column]) }
      }
      for column in 0..<width { out[row * width + column] = clip(sums[column]) }
    }
    return out
  }
}
