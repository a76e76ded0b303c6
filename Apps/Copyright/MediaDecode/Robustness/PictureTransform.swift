public import MediaHash
internal import Primitives

/// A way to alter a picture, as copies are altered: what the robustness of picture codes is measured with.
public struct PictureTransform: Sendable {
  /// The name in tables.
  public let name: String
  /// The least share of altered pictures to be found with variants, in percent; nil where nothing is promised.
  public let target: Int?
  /// The altered picture.
  public let apply: @Sendable (RGBImage) -> RGBImage

  /// A transform; `apply` gives the picture back as it is where it cannot do it.
  public init(_ name: String, target: Int? = nil, _ apply: @escaping @Sendable (RGBImage) -> RGBImage) {
    (self.name, self.target, self.apply) = (name, target, apply)
  }

  /// All transforms of the measurement, mild ones first.
  public static let all: [PictureTransform] = compressions + tones + marks + shapes + turns

  private static let compressions: [PictureTransform] =
    [(95, 100), (75, 100), (50, 100), (30, 95), (10, 95)].map { quality, target in
      PictureTransform("JPEG q\(quality)", target: target) { image in
        decoded(PictureEncoder.jpeg(image, quality: quality)) ?? image
      }
    } + [PictureTransform("WebP q50", target: 95) { decoded(PictureEncoder.webp($0, quality: 50)) ?? $0 }]

  private static let tones: [PictureTransform] = [
    PictureTransform("grey", target: 100) { image in
      image.mapped { (r, g, b) in
        let grey = 0.299 * r + 0.587 * g + 0.114 * b
        return (grey, grey, grey)
      }
    },
    PictureTransform("brighter 20 %", target: 100) { $0.mapped { ($0 * 1.2, $1 * 1.2, $2 * 1.2) } },
    PictureTransform("darker 20 %", target: 100) { $0.mapped { ($0 * 0.8, $1 * 0.8, $2 * 0.8) } },
    PictureTransform("contrast 30 %", target: 100) { image in
      image.mapped { (r, g, b) in ((r - 128) * 1.3 + 128, (g - 128) * 1.3 + 128, (b - 128) * 1.3 + 128) }
    },
    PictureTransform("saturation 50 %", target: 100) { image in
      image.mapped { (r, g, b) in
        let grey = 0.299 * r + 0.587 * g + 0.114 * b
        return (grey + (r - grey) * 1.5, grey + (g - grey) * 1.5, grey + (b - grey) * 1.5)
      }
    },
    PictureTransform("gamma 0.75", target: 100) { image in
      image.mapped { (r, g, b) in
        func lighter(_ v: Float) -> Float {
          // The power of three quarters by two square roots.
          let root = (v / 255).squareRoot()
          return root * root.squareRoot() * 255
        }
        return (lighter(r), lighter(g), lighter(b))
      }
    },
    PictureTransform("gamma 0.5") { image in
      image.mapped { (r, g, b) in
        ((r / 255).squareRoot() * 255, (g / 255).squareRoot() * 255, (b / 255).squareRoot() * 255)
      }
    },
    PictureTransform("blur 2", target: 95) { $0.blurred(2) },
    PictureTransform("blur 5", target: 95) { $0.blurred(5) },
    PictureTransform("sharpen", target: 95) { $0.sharpened() },
    PictureTransform("noise 10", target: 95) { $0.noisy(10) },
    PictureTransform("noise 25", target: 95) { $0.noisy(25) },
  ]

  private static let marks: [PictureTransform] = [
    PictureTransform("letters in a corner, 20 % wide, translucent", target: 95) {
      $0.marked(x: 0.78, y: 0.92, width: 0.2, height: 0.05, cover: 0.4)
    },
    PictureTransform("letters in a corner, 20 % wide, opaque") {
      $0.marked(x: 0.78, y: 0.92, width: 0.2, height: 0.05, cover: 0.8)
    },
    PictureTransform("block over a corner, 20 % by 20 %") {
      $0.marked(x: 0.78, y: 0.78, width: 0.2, height: 0.2, cover: 0.8)
    },
    PictureTransform("mark over the middle, 50 %, translucent", target: 95) {
      $0.marked(x: 0.25, y: 0.25, width: 0.5, height: 0.5, cover: 0.35)
    },
  ]

  private static let shapes: [PictureTransform] =
    [("resize to 1/2", 1, 2), ("resize to 1/4", 1, 4)].map { name, up, down in
      PictureTransform(name, target: 95) { $0.averaged(width: $0.width * up / down, height: $0.height * up / down) }
    } + [PictureTransform("resize by 2", target: 95) { $0.doubled() }]
    + [2, 5, 10].map { percent in
      PictureTransform("black border \(percent) %", target: 95) { $0.framed(percent: percent) }
    }
    + [1, 2, 5, 10].map { percent in
      PictureTransform("crop \(percent) % of each side", target: 95) { image in
        let (x, y) = (image.width * percent / 100, image.height * percent / 100)
        return image.cropped(x: x, y: y, width: image.width - 2 * x, height: image.height - 2 * y) ?? image
      }
    }

  private static let turns: [PictureTransform] = [
    PictureTransform("turn 1 degree", target: 95) { $0.turned(sine: 0.017452406, cosine: 0.999847695) },
    PictureTransform("turn 2 degrees", target: 95) { $0.turned(sine: 0.034899497, cosine: 0.999390827) },
    PictureTransform("turn 5 degrees") { $0.turned(sine: 0.087155743, cosine: 0.996194698) },
    PictureTransform("turn 90 degrees", target: 95) { $0.oriented(.turned90) },
    PictureTransform("turn 180 degrees", target: 95) { $0.oriented(.turned180) },
    PictureTransform("mirror", target: 95) { $0.oriented(.mirrored) },
    PictureTransform("mirror, then JPEG q75", target: 95) { image in
      decoded(PictureEncoder.jpeg(image.oriented(.mirrored), quality: 75)) ?? image
    },
  ]

  private static func decoded(_ file: [UInt8]?) -> RGBImage? {
    guard let file else { return nil }
    return try? PictureDecoder.decode(file).image
  }
}

extension RGBImage {
  fileprivate func rebuilt(_ bytes: [UInt8]) -> RGBImage {
    RGBImage(width: width, height: height, pixels: bytes) ?? self
  }

  fileprivate func mapped(_ tone: (Float, Float, Float) -> (Float, Float, Float)) -> RGBImage {
    var bytes = pixels
    for at in stride(from: 0, to: bytes.count, by: 3) {
      let (r, g, b) = tone(Float(bytes[at]), Float(bytes[at + 1]), Float(bytes[at + 2]))
      (bytes[at], bytes[at + 1], bytes[at + 2]) = (clamp(r), clamp(g), clamp(b))
    }
    return rebuilt(bytes)
  }

  private func clamp(_ value: Float) -> UInt8 { UInt8(max(0, min(255, value + 0.5))) }

  /// Three box blurs in each direction, near enough to a Gaussian of this radius.
  fileprivate func blurred(_ radius: Int) -> RGBImage {
    var bytes = pixels
    for _ in 0..<3 {
      for (count, step, lines, skip) in [(width, 3, height, 3 * width), (height, 3 * width, width, 3)] {
        let before = bytes
        for line in 0..<lines {
          for channel in 0..<3 {
            let start = line * skip + channel
            func value(_ i: Int) -> Int { Int(before[start + min(max(i, 0), count - 1) * step]) }
            var sum = (-radius...radius).reduce(0) { $0 + value($1) }
            for i in 0..<count {
              bytes[start + i * step] = UInt8((sum + radius) / (2 * radius + 1))
              sum += value(i + radius + 1) - value(i - radius)
            }
          }
        }
      }
    }
    return rebuilt(bytes)
  }

  fileprivate func sharpened() -> RGBImage {
    let soft = blurred(1)
    return rebuilt(zip(pixels, soft.pixels).map { UInt8(max(0, min(255, 2 * Int($0) - Int($1)))) })
  }

  /// Noise with about this deviation, the same for the same picture.
  fileprivate func noisy(_ deviation: Int) -> RGBImage {
    var random = SeededGenerator(seed: UInt64(width * height + deviation))
    return rebuilt(
      pixels.map { value in
        let word = random.next()
        // The sum of four uniform numbers is near enough to a normal one.
        let sum = (0..<4).reduce(0) { $0 + Int(word >> UInt64(16 * $1) & 0xffff) } - 2 * 0xffff
        return UInt8(max(0, min(255, Int(value) + sum * deviation / 37_837)))
      })
  }

  fileprivate func marked(x: Float, y: Float, width markWidth: Float, height markHeight: Float, cover: Float)
    -> RGBImage
  {
    var bytes = pixels
    let (left, top) = (Int(x * Float(width)), Int(y * Float(height)))
    for row in top..<min(height, top + Int(markHeight * Float(height))) {
      // Stripes, as of letters.
      for column in left..<min(width, left + Int(markWidth * Float(width)))
      where (column - left) / 6 % 2 == 0 || (row - top) / 8 % 3 == 0 {
        for at in 3 * (row * width + column)..<3 * (row * width + column) + 3 {
          bytes[at] = clamp(Float(bytes[at]) * (1 - cover) + 255 * cover)
        }
      }
    }
    return rebuilt(bytes)
  }

  /// Twice as wide and high, bilinear.
  fileprivate func doubled() -> RGBImage {
    var bytes = [UInt8](repeating: 0, count: 12 * width * height)
    for y in 0..<2 * height {
      for x in 0..<2 * width {
        let (x0, x1) = (x / 2, min(max(x / 2 + (x % 2 == 0 ? -1 : 1), 0), width - 1))
        let (y0, y1) = (y / 2, min(max(y / 2 + (y % 2 == 0 ? -1 : 1), 0), height - 1))
        for channel in 0..<3 {
          func value(_ x: Int, _ y: Int) -> Int { Int(pixels[3 * (y * width + x) + channel]) }
          let sum = 9 * value(x0, y0) + 3 * value(x1, y0) + 3 * value(x0, y1) + value(x1, y1)
          bytes[3 * (y * 2 * width + x) + channel] = UInt8((sum + 8) / 16)
        }
      }
    }
    return RGBImage(width: 2 * width, height: 2 * height, pixels: bytes) ?? self
  }

  /// With a black border of so many percent of each side around it.
  fileprivate func framed(percent: Int) -> RGBImage {
    let (x, y) = (width * percent / 100, height * percent / 100)
    let (newWidth, newHeight) = (width + 2 * x, height + 2 * y)
    var bytes = [UInt8](repeating: 0, count: 3 * newWidth * newHeight)
    for row in 0..<height {
      let from = 3 * row * width
      let to = 3 * ((row + y) * newWidth + x)
      bytes.replaceSubrange(to..<to + 3 * width, with: pixels[from..<from + 3 * width])
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: bytes) ?? self
  }
}
