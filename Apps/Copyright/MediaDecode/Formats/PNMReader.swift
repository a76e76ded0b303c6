internal import MediaHash

/// Binary PNM pictures, P5 (grey) and P6 (colour) with 8 bits a colour; several may follow each other.
enum PNMReader {
  private struct Header {
    let width: Int
    let height: Int
    let channels: Int
    /// Where the pixels begin.
    let body: Int
    var end: Int { body + width * height * channels }
  }

  /// Whether a whole picture stands at the beginning and another begins behind it.
  static func hasSecond(_ file: [UInt8]) -> Bool {
    guard let header = header(file, at: 0), header.end + 3 <= file.count else { return false }
    return isMark(file, at: header.end)
  }

  private static func isMark(_ file: [UInt8], at position: Int) -> Bool {
    position + 3 <= file.count && file[position] == 0x50 && (0x35...0x36).contains(file[position + 1])
      && file[position + 2] == 10
  }

  private static func header(_ file: [UInt8], at start: Int) -> Header? {
    guard isMark(file, at: start) else { return nil }
    var position = start + 3
    func number() -> Int? {
      var (value, digits) = (0, 0)
      while position < file.count, (0x30...0x39).contains(file[position]), digits < 6 {
        value = value * 10 + Int(file[position] - 0x30)
        (position, digits) = (position + 1, digits + 1)
      }
      // One white space ends a number; comments are not read.
      guard digits > 0, position < file.count, file[position] == 10 || file[position] == 32 else { return nil }
      position += 1
      return value
    }
    guard let width = number(), let height = number(), let most = number(), most == 255, width >= 1, height >= 1
    else { return nil }
    return Header(width: width, height: height, channels: file[start + 1] == 0x36 ? 3 : 1, body: position)
  }

  /// The picture at a place, which moves on behind it.
  static func picture(
    _ file: [UInt8], at position: inout Int, _ limits: DecodeLimits
  ) throws(MediaRefusal) -> RGBImage {
    guard let header = header(file, at: position) else { throw .damaged(format: .pnm) }
    guard header.width <= limits.side, header.height <= limits.side else {
      throw .tooLong(width: header.width, height: header.height, limit: limits.side)
    }
    // Nothing makes these pictures smaller while they are read.
    let most = min(limits.pixels, limits.fullPixels)
    guard header.width * header.height <= most else {
      throw .tooManyPixels(width: header.width, height: header.height, limit: most)
    }
    guard header.end <= file.count else { throw .damaged(format: .pnm) }
    let body = file[header.body..<header.end]
    position = header.end
    let pixels = header.channels == 3 ? Array(body) : body.flatMap { [$0, $0, $0] }
    guard let image = RGBImage(width: header.width, height: header.height, pixels: pixels) else {
      throw .damaged(format: .pnm)
    }
    return image
  }
}
