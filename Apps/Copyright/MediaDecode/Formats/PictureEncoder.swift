internal import CImageCodecs
public import MediaHash

/// From pixels to the bytes of a file: thumbnails, and altered copies for tests and demonstrations.
public enum PictureEncoder {
  /// A PNG file with all pixels as they are.
  public static func png(_ image: RGBImage) -> [UInt8]? {
    file { cimage_png_encode(image.pixels, UInt32(image.width), UInt32(image.height), $0, $1) }
  }

  /// A JPEG file (4:2:0) of a quality from 1 to 100.
  public static func jpeg(_ image: RGBImage, quality: Int) -> [UInt8]? {
    let quality = Int32(min(100, max(1, quality)))
    return file { cimage_jpeg_encode(image.pixels, UInt32(image.width), UInt32(image.height), quality, $0, $1) }
  }

  /// A lossy WebP file of a quality from 1 to 100; nil for a picture of more than 16,383 pixels along a side.
  public static func webp(_ image: RGBImage, quality: Int) -> [UInt8]? {
    let quality = Int32(min(100, max(1, quality)))
    return file { cimage_webp_encode(image.pixels, UInt32(image.width), UInt32(image.height), quality, $0, $1) }
  }

  /// A JPEG file of the picture brought to at most `side` pixels along its longer side.
  public static func thumbnail(_ image: RGBImage, side: Int = 256, quality: Int = 80) -> [UInt8]? {
    let longer = max(image.width, image.height)
    let side = max(1, side)
    guard longer > side else { return jpeg(image, quality: quality) }
    let width = max(1, image.width * side / longer)
    let height = max(1, image.height * side / longer)
    return jpeg(image.averaged(width: width, height: height), quality: quality)
  }

  private static func file(
    _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>) -> Int32
  ) -> [UInt8]? {
    var (bytes, count): (UnsafeMutablePointer<UInt8>?, Int) = (nil, 0)
    guard encode(&bytes, &count) == 0, let bytes else { return nil }
    defer { cimage_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
