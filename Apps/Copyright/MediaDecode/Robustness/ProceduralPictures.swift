public import MediaHash
internal import Primitives

/// Pictures made from numbers, for measurements and demonstrations that need many and may not ship any.
///
/// They have what hashes of pictures feed on: a sky or wall of slow colour, a ground, shapes with edges, and texture of
/// several sizes. The same seed gives the same picture on every machine.
public enum ProceduralPictures {
  /// The picture of a seed.
  public static func picture(seed: UInt64, width: Int = 640, height: Int = 480) -> RGBImage? {
    var random = SeededGenerator(seed: seed &* 0x9e37_79b9 &+ 77)
    let (width, height) = (min(max(width, 1), 4096), min(max(height, 1), 4096))
    var canvas = Canvas(width: width, height: height)
    canvas.gradient(&random)
    canvas.texture(&random, octaves: 5)
    let shapes = 6 + Int(random.next() % 14)
    for _ in 0..<shapes { canvas.shape(&random) }
    canvas.texture(&random, octaves: 2)
    return RGBImage(width: width, height: height, pixels: canvas.bytes())
  }
}

/// Three planes of floating point, and what is painted on them.
private struct Canvas {
  let width: Int
  let height: Int
  private var values: [Float]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    values = [Float](repeating: 0, count: 3 * width * height)
  }

  func bytes() -> [UInt8] { values.map { UInt8(max(0, min(255, $0))) } }

  private func colour(_ random: inout SeededGenerator) -> SIMD3<Float> {
    SIMD3(Float(random.next() % 256), Float(random.next() % 256), Float(random.next() % 256))
  }

  private func unit(_ random: inout SeededGenerator) -> Float { Float(random.next() >> 40) / Float(1 << 24) }

  mutating func gradient(_ random: inout SeededGenerator) {
    let corners = (0..<4).map { _ in colour(&random) }
    for y in 0..<height {
      let v = Float(y) / Float(height)
      for x in 0..<width {
        let u = Float(x) / Float(width)
        let top = corners[0] * (1 - u) + corners[1] * u
        let bottom = corners[2] * (1 - u) + corners[3] * u
        let mixed = top * (1 - v) + bottom * v
        let at = 3 * (y * width + x)
        (values[at], values[at + 1], values[at + 2]) = (mixed.x, mixed.y, mixed.z)
      }
    }
  }

  /// Smooth noise of several sizes, each half as large and strong as the one before.
  mutating func texture(_ random: inout SeededGenerator, octaves: Int) {
    var (cell, strength) = (Float(max(width, height)) / 4, 30 + 50 * unit(&random))
    for _ in 0..<octaves {
      let columns = Int(Float(width) / cell) + 3
      let rows = Int(Float(height) / cell) + 3
      let grid = (0..<columns * rows).map { _ in unit(&random) * 2 - 1 }
      let tint = SIMD3(0.6 + 0.4 * unit(&random), 0.6 + 0.4 * unit(&random), 0.6 + 0.4 * unit(&random)) * strength
      for y in 0..<height {
        let v = Float(y) / cell
        let (row, down) = (Int(v), smooth(v - Float(Int(v))))
        for x in 0..<width {
          let u = Float(x) / cell
          let (column, right) = (Int(u), smooth(u - Float(Int(u))))
          let a = grid[row * columns + column] * (1 - right) + grid[row * columns + column + 1] * right
          let b = grid[(row + 1) * columns + column] * (1 - right) + grid[(row + 1) * columns + column + 1] * right
          let value = a * (1 - down) + b * down
          let at = 3 * (y * width + x)
          values[at] += value * tint.x
          values[at + 1] += value * tint.y
          values[at + 2] += value * tint.z
        }
      }
      cell /= 2
      strength /= 1.6
    }
  }

  private func smooth(_ t: Float) -> Float { t * t * (3 - 2 * t) }

  /// A box, a disc or a half-plane of one colour, not quite opaque.
  mutating func shape(_ random: inout SeededGenerator) {
    let paint = colour(&random)
    let cover = 0.5 + 0.5 * unit(&random)
    let (middleX, middleY) = (unit(&random) * Float(width), unit(&random) * Float(height))
    let size = (0.04 + 0.25 * unit(&random)) * Float(min(width, height))
    let (stretchX, stretchY) = (0.4 + unit(&random), 0.4 + unit(&random))
    let (slopeX, slopeY) = (unit(&random) - 0.5, unit(&random) - 0.5)
    let kind = random.next() % 3
    for y in max(0, Int(middleY - 2 * size))..<min(height, Int(middleY + 2 * size) + 1) {
      for x in max(0, Int(middleX - 2 * size))..<min(width, Int(middleX + 2 * size) + 1) {
        let (u, v) = ((Float(x) - middleX) / stretchX, (Float(y) - middleY) / stretchY)
        let inside =
          switch kind {
          case 0: abs(u) < size && abs(v) < size
          case 1: u * u + v * v < size * size
          default: abs(u) + abs(v) < size && u * slopeX + v * slopeY > 0
          }
        guard inside else { continue }
        let at = 3 * (y * width + x)
        values[at] += (paint.x - values[at]) * cover
        values[at + 1] += (paint.y - values[at + 1]) * cover
        values[at + 2] += (paint.z - values[at + 2]) * cover
      }
    }
  }
}
