/// How a picture lies: the eight ways to turn and mirror it by right angles.
///
/// The first four are turns clockwise; the others are mirrored left to right first, then turned clockwise.
public enum Orientation: UInt8, Sendable, CaseIterable {
  /// As it is.
  case upright
  /// Turned clockwise by 90 degrees.
  case turned90
  /// Turned by 180 degrees.
  case turned180
  /// Turned clockwise by 270 degrees.
  case turned270
  /// Mirrored left to right.
  case mirrored
  /// Mirrored left to right, then turned clockwise by 90 degrees.
  case mirroredTurned90
  /// Mirrored left to right, then turned by 180 degrees: mirrored top to bottom.
  case mirroredTurned180
  /// Mirrored left to right, then turned clockwise by 270 degrees.
  case mirroredTurned270

  /// What brings a picture upright that was stored with an EXIF orientation of 1 to 8 (EXIF 2.32, tag 0x0112); any other
  /// number says nothing.
  public init(exif: Int) {
    switch exif {
    case 2: self = .mirrored
    case 3: self = .turned180
    case 4: self = .mirroredTurned180
    case 5: self = .mirroredTurned270
    case 6: self = .turned90
    case 7: self = .mirroredTurned90
    case 8: self = .turned270
    default: self = .upright
    }
  }

  /// Whether width and height change places.
  public var swapsSides: Bool { rawValue & 1 == 1 }

  /// Whether going down, or to the right where the sides are swapped, goes up in the picture as it was.
  public var reversesRows: Bool { [1, 2].contains(rawValue & 3) }

  /// Whether going to the right, or down where the sides are swapped, goes to the left in the picture as it was.
  public var reversesColumns: Bool { (rawValue & 3 >= 2) != (rawValue >= 4) }
}

extension RGBImage {
  /// The picture at 512 by 512 by the nearest pixel if a side is longer than 512, else the picture itself.
  ///
  /// Row and column i come from floor(i * side / 512), whatever the picture's shape: the reference's rule.
  public func nearest512() -> RGBImage {
    guard width > 512 || height > 512 else { return self }
    return RGBImage(width: 512, height: 512) { out in
      pixels.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        let offsets = (0..<512).map { 3 * ($0 * width / 512) }
        offsets.withUnsafeBufferPointer { offsets in
          for y in 0..<512 {
            let row = base + 3 * width * (y * height / 512)
            let target = out + 1536 * y
            for x in 0..<512 {
              let pixel = row + offsets[x]
              target[3 * x] = pixel[0]
              target[3 * x + 1] = pixel[1]
              target[3 * x + 2] = pixel[2]
            }
          }
        }
      }
    }
  }

  /// The part of the picture that starts at (`x`, `y`), or nil if it is empty or reaches beyond the picture.
  public func cropped(x: Int, y: Int, width partWidth: Int, height partHeight: Int) -> RGBImage? {
    guard x >= 0, y >= 0, partWidth >= 1, partHeight >= 1, partWidth <= width, partHeight <= height,
      x <= width - partWidth, y <= height - partHeight
    else { return nil }
    return RGBImage(width: partWidth, height: partHeight) { out in
      pixels.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        for row in 0..<partHeight {
          (out + 3 * partWidth * row).update(from: base + 3 * ((y + row) * width + x), count: 3 * partWidth)
        }
      }
    }
  }

  /// The picture turned and mirrored by right angles; exact.
  public func oriented(_ orientation: Orientation) -> RGBImage {
    guard orientation != .upright else { return self }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    return RGBImage(width: newWidth, height: newHeight) { out in
      pixels.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        // The source's place for (0, 0) and the steps to the right and down.
        let rows = orientation.reversesRows ? -width : width
        let columns = orientation.reversesColumns ? -1 : 1
        let start = (rows < 0 ? (height - 1) * width : 0) + (columns < 0 ? width - 1 : 0)
        let (right, down) = orientation.swapsSides ? (rows, columns) : (columns, rows)
        for y in 0..<newHeight {
          var pixel = base + 3 * (start + y * down)
          var target = out + 3 * y * newWidth
          for _ in 0..<newWidth {
            target[0] = pixel[0]
            target[1] = pixel[1]
            target[2] = pixel[2]
            target += 3
            pixel += 3 * right
          }
        }
      }
    }
  }

  /// The picture at this size, each pixel the mean of the area that it covers; for making pictures smaller.
  ///
  /// Where a side does not shrink, the nearest pixel along it is taken. The arithmetic is integer: the same on every
  /// machine.
  public func averaged(width newWidth: Int, height newHeight: Int) -> RGBImage {
    guard newWidth != width || newHeight != height else { return self }
    let across = AreaWeights(from: width, to: newWidth)
    let down = AreaWeights(from: height, to: newHeight)
    // Whole numbers below 2 to the 53rd: every sum is exact, and so is the last division's whole part.
    let (half, whole) = (Double(across.whole * down.whole / 2), Double(across.whole * down.whole))
    return RGBImage(width: newWidth, height: newHeight) { out in
      let count = 3 * newWidth
      let sums = UnsafeMutablePointer<Double>.allocate(capacity: 2 * count)
      sums.initialize(repeating: 0, count: 2 * count)
      defer { sums.deallocate() }
      let line = sums + count
      pixels.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        var filled = -1
        for y in 0..<newHeight {
          for i in 0..<count { sums[i] = half }
          for (row, weight) in down.parts(y) {
            // The last row of one line is often the first of the next.
            if row != filled { across.gather(base + 3 * width * row, into: line) }
            filled = row
            let weight = Double(weight)
            for i in 0..<count { sums[i] += line[i] * weight }
          }
          let target = out + count * y
          for i in 0..<count { target[i] = UInt8(truncatingIfNeeded: Int32(sums[i] / whole)) }
        }
      }
    }
  }

  /// The picture brought to at most 512 pixels along each side, each by itself, by averaging.
  public func averaged512() -> RGBImage { averaged(width: min(width, 512), height: min(height, 512)) }

  /// The picture turned clockwise by a small angle about its middle, in a frame of the same size.
  ///
  /// `sine` and `cosine` are those of the angle. `aspect` is how much wider a pixel is than it is high, for pictures
  /// that were squeezed; it must be positive. What lies outside is black. Bilinear, with places in 65,536ths and weights
  /// in 256ths of a pixel: the same on every machine.
  public func turned(sine: Float, cosine: Float, aspect: Float = 1) -> RGBImage {
    func fixed(_ value: Float) -> Int { Int((max(-64, min(64, value)) * 65_536).rounded()) }
    let (along, acrossX, acrossY) = (fixed(cosine), fixed(sine / aspect), fixed(sine * aspect))
    return RGBImage(width: width, height: height) { out in
      pixels.withUnsafeBufferPointer { source in
        guard let base = source.baseAddress else { return }
        var target = out
        for y in 0..<height {
          // Twice the distance from the middle, so that it is a whole number.
          let (u, v) = (1 - width, 2 * y - (height - 1))
          var twiceX = along * u + acrossX * v + ((width - 1) << 16)
          var twiceY = along * v - acrossY * u + ((height - 1) << 16)
          for _ in 0..<width {
            let (sourceX, sourceY) = (twiceX >> 1, twiceY >> 1)
            let (left, top) = (sourceX >> 16, sourceY >> 16)
            if left >= -1 && top >= -1 && left < width && top < height {
              blend(base, left, top, sourceX >> 8 & 255, sourceY >> 8 & 255, into: target)
            }
            target += 3
            twiceX += 2 * along
            twiceY -= 2 * acrossY
          }
        }
      }
    }
  }

  /// The bilinear value at a place so many 256ths right of and below a pixel; the picture's edge goes on outside.
  @inline(__always) private func blend(
    _ base: UnsafePointer<UInt8>, _ left: Int, _ top: Int, _ right: Int, _ down: Int,
    into out: UnsafeMutablePointer<UInt8>
  ) {
    let (x0, x1) = (3 * max(left, 0), 3 * min(left + 1, width - 1))
    let upper = base + 3 * width * max(top, 0)
    let lower = base + 3 * width * min(top + 1, height - 1)
    for channel in 0..<3 {
      let above = Int(upper[x0 + channel]) * (256 - right) + Int(upper[x1 + channel]) * right
      let below = Int(lower[x0 + channel]) * (256 - right) + Int(lower[x1 + channel]) * right
      out[channel] = UInt8(truncatingIfNeeded: (above * (256 - down) + below * down + 32_768) >> 16)
    }
  }
}

/// Which pixels of a side go into which of the shorter one, and how much of each, in whole numbers.
private struct AreaWeights {
  let from: Int
  let to: Int
  /// What the weights of one pixel come to.
  let whole: UInt64

  init(from: Int, to: Int) {
    (self.from, self.to) = (from, to)
    whole = to < from ? UInt64(from) : 1
  }

  /// The parts of pixel `i`, with weights that come to `whole`.
  func parts(_ i: Int) -> [(Int, UInt64)] {
    guard to < from else { return [(i * from / to, 1)] }
    let (start, end) = (i * from, (i + 1) * from)
    return (start / to...(end - 1) / to).map { pixel in
      (pixel, UInt64(min(end, (pixel + 1) * to) - max(start, pixel * to)))
    }
  }

  /// One line of the source, each new pixel the weighted sum of those that it covers.
  func gather(_ row: UnsafePointer<UInt8>, into line: UnsafeMutablePointer<Double>) {
    guard to < from else {
      for i in 0..<to {
        let pixel = row + 3 * (i * from / to)
        for channel in 0..<3 { line[3 * i + channel] = Double(pixel[channel]) }
      }
      return
    }
    var (pixel, end) = (row, to)
    var start = 0
    for i in 0..<to {
      // `end` is where the source's current pixel ends, counted in parts of which a source pixel has `to`.
      let stop = start + from
      var (red, green, blue): (Int, Int, Int) = (0, 0, 0)
      while true {
        let weight = min(stop, end) - start
        red += weight * Int(pixel[0])
        green += weight * Int(pixel[1])
        blue += weight * Int(pixel[2])
        start += weight
        if start == end {
          end += to
          pixel += 3
        }
        if start == stop { break }
      }
      line[3 * i] = Double(red)
      line[3 * i + 1] = Double(green)
      line[3 * i + 2] = Double(blue)
    }
  }
}
