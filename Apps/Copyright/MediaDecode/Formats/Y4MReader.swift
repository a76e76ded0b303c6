internal import MediaHash

/// YUV4MPEG2: a line of text with size and frame rate, then frames of planes, as mjpegtools and FFmpeg write them.
struct Y4MReader {
  private let file: [UInt8]
  private var position: Int
  private let chroma: Chroma
  let width: Int
  let height: Int
  /// Frames a second as a fraction.
  let rate: (Int, Int)

  private enum Chroma: String {
    case half = "420"
    case wide = "422"
    case full = "444"
    case none = "mono"
  }

  init(_ file: [UInt8], _ limits: DecodeLimits) throws(MediaRefusal) {
    guard let end = file.prefix(512).firstIndex(of: 10) else { throw .damaged(format: .y4m) }
    var (width, height, rate, chroma) = (0, 0, (1, 1), Chroma.half)
    for word in String(decoding: file[..<end], as: UTF8.self).split(separator: " ").dropFirst() {
      let value = word.dropFirst()
      switch word.first {
      case "W": width = Int(value) ?? 0
      case "H": height = Int(value) ?? 0
      case "F":
        let parts = value.split(separator: ":").map { Int($0) ?? 0 }
        guard parts.count == 2, parts.allSatisfy({ (1...1_000_000).contains($0) }) else {
          throw .damaged(format: .y4m)
        }
        rate = (parts[0], parts[1])
      case "C":
        // `420jpeg`, `420mpeg2` and `420paldv` differ in where the colours are sampled; more than 8 bits are not read.
        let name = value.hasPrefix("420") && !value.contains("p1") ? "420" : String(value)
        guard let known = Chroma(rawValue: name) else { throw .unsupported(format: .y4m, animated: false) }
        chroma = known
      default: continue
      }
    }
    guard width >= 1, height >= 1 else { throw .damaged(format: .y4m) }
    guard width <= limits.side, height <= limits.side else {
      throw .tooLong(width: width, height: height, limit: limits.side)
    }
    let most = min(limits.pixels, limits.fullPixels)
    guard width * height <= most else { throw .tooManyPixels(width: width, height: height, limit: most) }
    (self.file, position, self.chroma) = (file, end + 1, chroma)
    (self.width, self.height, self.rate) = (width, height, rate)
  }

  private var columns: Int { chroma == .full ? width : (width + 1) / 2 }
  private var rows: Int { chroma == .half ? (height + 1) / 2 : height }

  /// Goes over the next frame and gives its planes; nil at the end of the file.
  mutating func next() throws(MediaRefusal) -> Range<Int>? {
    guard position < file.count else { return nil }
    guard let end = file[position...].prefix(256).firstIndex(of: 10), file[position...].starts(with: "FRAME".utf8)
    else { throw .damaged(format: .y4m) }
    let size = width * height + (chroma == .none ? 0 : 2 * columns * rows)
    guard file.count - end - 1 >= size else { throw .damaged(format: .y4m) }
    position = end + 1 + size
    return end + 1..<position
  }

  /// The pixels of a frame: BT.601 with video range, in whole numbers.
  func picture(_ planes: Range<Int>) -> RGBImage? {
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    let (first, second) = (planes.lowerBound + width * height, planes.lowerBound + width * height + columns * rows)
    for y in 0..<height {
      let row = (chroma == .half ? y / 2 : y) * columns
      for x in 0..<width {
        let column = chroma == .full ? x : x / 2
        let light = 298 * (Int(file[planes.lowerBound + y * width + x]) - 16) + 128
        let blue = chroma == .none ? 0 : Int(file[first + row + column]) - 128
        let red = chroma == .none ? 0 : Int(file[second + row + column]) - 128
        let at = 3 * (y * width + x)
        pixels[at] = UInt8(clamping: (light + 409 * red) >> 8)
        pixels[at + 1] = UInt8(clamping: (light - 100 * blue - 208 * red) >> 8)
        pixels[at + 2] = UInt8(clamping: (light + 516 * blue) >> 8)
      }
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
