/// The way from a decoded picture to the 32 × 32 grey values of an Image-Code, as the reference implementation does it.
///
/// The decoder has turned the picture the right way up (EXIF) and put it on white; here a border of one colour is cut
/// off, the rest is made grey and resized with Pillow's antialiased bicubic filter, bit for bit.
public enum ImagePixels {
  /// The longest side taken.
  public static let sideLimit = 1 << 16

  /// The 1024 grey values of a picture of RGB bytes, row by row without padding.
  ///
  /// Throws `badInput` for a side of zero or above `sideLimit`, or unless there are 3 × width × height bytes.
  /// Cost: one pass over the pixels and about 4 multiplications for each, 4 ns a pixel.
  public static func grey32(rgb: [UInt8], width: Int, height: Int) throws(ISCCFault) -> [UInt8] {
    try grey32(rgb, width: width, height: height, channels: 3)
  }

  /// The 1024 grey values of a picture of grey bytes, row by row without padding.
  ///
  /// Throws `badInput` for a side of zero or above `sideLimit`, or unless there are width × height bytes.
  public static func grey32(grey: [UInt8], width: Int, height: Int) throws(ISCCFault) -> [UInt8] {
    try grey32(grey, width: width, height: height, channels: 1)
  }

  private static func grey32(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int
  ) throws(ISCCFault) -> [UInt8] {
    guard (1...sideLimit).contains(width), (1...sideLimit).contains(height) else { throw .badInput }
    guard pixels.count == width * height * channels else { throw .badInput }
    return pixels.withUnsafeBufferPointer { pixels in
      let frame = trimmed(pixels, width: width, height: height, channels: channels)
      let grey = grey(pixels, width: width, channels: channels, frame: frame)
      return Bicubic.resize(grey, width: frame.columns.count, height: frame.rows.count, to: ImageCode.side)
    }
  }

  /// The part of a picture that is left.
  struct Frame: Hashable {
    var columns: Range<Int>
    var rows: Range<Int>
  }

  /// The smallest frame around all pixels that differ from the first; the whole picture if none does.
  static func trimmed(_ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, channels: Int) -> Frame {
    let whole = Frame(columns: 0..<width, rows: 0..<height)
    func differs(_ row: Int, _ column: Int) -> Bool {
      let at = (row * width + column) * channels
      for channel in 0..<channels where pixels[at + channel] != pixels[channel] { return true }
      return false
    }
    func rowDiffers(_ row: Int) -> Bool {
      for column in 0..<width where differs(row, column) { return true }
      return false
    }
    guard let top = (0..<height).first(where: rowDiffers) else { return whole }
    let bottom = (top..<height).last(where: rowDiffers) ?? top
    // The columns outside the frame found so far are looked at in each row.
    var (left, right) = (width - 1, 0)
    for row in top...bottom {
      var column = 0
      while column < left, !differs(row, column) { column += 1 }
      left = min(left, column)
      column = width - 1
      while column > right, !differs(row, column) { column -= 1 }
      right = max(right, column)
    }
    return Frame(columns: left..<right + 1, rows: top..<bottom + 1)
  }

  private static func grey(
    _ pixels: UnsafeBufferPointer<UInt8>, width: Int, channels: Int, frame: Frame
  ) -> [UInt8] {
    let count = frame.columns.count * frame.rows.count
    return [UInt8](unsafeUninitializedCapacity: count) { out, used in
      var to = 0
      for row in frame.rows {
        var at = (row * width + frame.columns.lowerBound) * channels
        for _ in frame.columns {
          if channels == 1 {
            out[to] = pixels[at]
          } else {
            let (r, g, b) = (UInt32(pixels[at]), UInt32(pixels[at + 1]), UInt32(pixels[at + 2]))
            out[to] = UInt8(truncatingIfNeeded: (19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16)
          }
          to += 1
          at += channels
        }
      }
      used = count
    }
  }
}
