/// A picture as rows of red, green and blue bytes, from the top left, without padding.
///
/// What every picture hash of this library starts from. Width and height are at least 1 and at most `maximumSide`;
/// there are exactly `3 * width * height` bytes.
public struct RGBImage: Sendable, Equatable {
  /// The largest width or height.
  public static let maximumSide = 16_384

  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The bytes, three to a pixel.
  public let pixels: [UInt8]

  /// The picture with these bytes, or nil where a side is out of bounds or the number of bytes does not fit.
  public init?(width: Int, height: Int, pixels: [UInt8]) {
    guard (1...RGBImage.maximumSide).contains(width), (1...RGBImage.maximumSide).contains(height),
      pixels.count == 3 * width * height
    else { return nil }
    self.init(checkedWidth: width, height: height, pixels: pixels)
  }

  /// The picture with bytes whose number is known to fit.
  init(checkedWidth width: Int, height: Int, pixels: [UInt8]) {
    assert(pixels.count == 3 * width * height)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// A picture whose bytes are written by `body`, which must write all of them.
  init(width: Int, height: Int, body: (UnsafeMutablePointer<UInt8>) -> Void) {
    let count = 3 * width * height
    self.init(
      checkedWidth: width, height: height,
      pixels: [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        if let base = buffer.baseAddress {
          base.initialize(repeating: 0, count: count)
          body(base)
        }
        initialized = count
      })
  }
}
