internal import CImageCodecs
internal import MediaHash

/// From the bytes of a file to pixels, in this process.
///
/// Only the decoder's process calls it with files from outside; see `DecodePool`.
package enum PictureDecoder {
  /// Decodes a file, or says why not. Nothing is set aside before the header was found to be within the limits.
  package static func decode(_ file: [UInt8], limits: DecodeLimits = .standard) throws(MediaRefusal) -> DecodedPicture {
    guard !file.isEmpty else { throw .empty }
    guard file.count <= limits.bytes else { throw .tooManyBytes(count: file.count, limit: limits.bytes) }
    guard let format = MediaFormat(firstBytes: file), format.kind == .picture else { throw .unknownFormat }
    if format == .pnm {
      var position = 0
      let image = try PNMReader.picture(file, at: &position, limits)
      guard position == file.count else { throw .damaged(format: .pnm) }
      return DecodedPicture(
        image: image, format: .pnm, storedWidth: image.width, storedHeight: image.height, factor: 1, orientation: 1)
    }
    let (width, height) = try header(file, format)
    guard width >= 1, height >= 1 else { throw .damaged(format: format) }
    guard width <= limits.side, height <= limits.side else {
      throw .tooLong(width: width, height: height, limit: limits.side)
    }
    guard width * height <= limits.pixels else {
      throw .tooManyPixels(width: width, height: height, limit: limits.pixels)
    }
    let plain = width * height * bitsPerPixel(file, format) / 8
    guard plain <= max(DecodeLimits.plainBytes, file.count * DecodeLimits.bytesPerByte) else {
      throw .bomb(width: width, height: height, bytes: file.count)
    }
    if format == .jpeg {
      let (scans, most) = (EXIFOrientation.scans(file), limits.mostScans(pixels: width * height))
      guard scans <= most else { throw .tooManyScans(count: scans, limit: most) }
    }
    let factor = limits.factor(width: width, height: height)
    let (newWidth, newHeight) = ((width + factor - 1) / factor, (height + factor - 1) / factor)
    var status = statusOK
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * newWidth * newHeight) { out, count in
      // A decoder that stops early leaves the rest as it was; that must not be what memory held before.
      out.initialize(repeating: 0)
      count = out.count
      status = decode(format)(file, file.count, UInt32(width), UInt32(height), UInt32(factor), out.baseAddress)
    }
    try check(status, format)
    guard let stored = RGBImage(width: newWidth, height: newHeight, pixels: pixels) else {
      throw .damaged(format: format)
    }
    let orientation = EXIFOrientation.of(file, format)
    return DecodedPicture(
      image: stored.oriented(Orientation(exif: orientation)), format: format, storedWidth: width, storedHeight: height,
      factor: factor, orientation: orientation)
  }

  /// The bits of a pixel before compression: of PNG by its header (PNG, section 11.2.1), of JPEG and WebP 12, as both store
  /// colours at half the resolution.
  private static func bitsPerPixel(_ file: [UInt8], _ format: MediaFormat) -> Int {
    guard format == .png, file.count > 25 else { return 12 }
    let channels = [1, 1, 3, 1, 2, 1, 4][min(6, Int(file[25]))]
    return min(16, Int(file[24])) * channels
  }

  private static let statusOK = Int32(CIMAGE_OK)
  private static let statusUnsupported = Int32(CIMAGE_UNSUPPORTED)
  private static let statusMemory = Int32(CIMAGE_MEMORY)

  private typealias Decode = (
    UnsafePointer<UInt8>?, Int, UInt32, UInt32, UInt32, UnsafeMutablePointer<UInt8>?
  ) -> Int32

  private static func decode(_ format: MediaFormat) -> Decode {
    switch format {
    case .png: cimage_png_decode
    case .jpeg: cimage_jpeg_decode
    default: cimage_webp_decode
    }
  }

  private static func header(_ file: [UInt8], _ format: MediaFormat) throws(MediaRefusal) -> (Int, Int) {
    var (width, height, animated): (UInt32, UInt32, Int32) = (0, 0, 0)
    let status =
      switch format {
      case .png: cimage_png_header(file, file.count, &width, &height)
      case .jpeg: cimage_jpeg_header(file, file.count, &width, &height)
      default: cimage_webp_header(file, file.count, &width, &height, &animated)
      }
    try check(status, format)
    guard animated == 0 else { throw .unsupported(format: format, animated: true) }
    return (Int(width), Int(height))
  }

  private static func check(_ status: Int32, _ format: MediaFormat) throws(MediaRefusal) {
    switch status {
    case statusOK: return
    case statusUnsupported: throw .unsupported(format: format, animated: false)
    case statusMemory: throw .tooMuchMemory
    default: throw .damaged(format: format)
    }
  }
}
