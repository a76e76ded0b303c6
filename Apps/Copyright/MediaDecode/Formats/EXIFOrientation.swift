/// The EXIF orientation of a file (EXIF 2.32, tag 0x0112), and nothing else of EXIF.
///
/// Files break the rules often: whatever does not fit is as if it were not there.
enum EXIFOrientation {
  /// The orientation of 1 to 8 of a file; 1 where it says nothing.
  static func of(_ bytes: [UInt8], _ format: MediaFormat) -> Int {
    let block =
      switch format {
      case .jpeg: inJPEG(bytes)
      case .png: inPNG(bytes)
      case .webp: inWebP(bytes)
      default: nil as Range<Int>?
      }
    guard let block, let value = orientation(bytes[block]), (1...8).contains(value) else { return 1 }
    return value
  }

  /// The number of scans of a JPEG file: how many times the decoder goes over the picture.
  static func scans(_ bytes: [UInt8]) -> Int {
    var count = 0
    walkJPEG(bytes) { marker, _ in
      if marker == 0xda { count += 1 }
      return true
    }
    return count
  }

  private static let start = Array("Exif".utf8) + [0, 0]

  private static func inJPEG(_ bytes: [UInt8]) -> Range<Int>? {
    var found: Range<Int>?
    walkJPEG(bytes) { marker, body in
      if marker == 0xe1 && bytes[body].starts(with: start) { found = body.lowerBound + 6..<body.upperBound }
      return found == nil && marker != 0xda
    }
    return found
  }

  /// Calls `visit` with each marker that has a body, until it says false or the file makes no sense.
  private static func walkJPEG(_ bytes: [UInt8], _ visit: (UInt8, Range<Int>) -> Bool) {
    var at = 2
    while at + 4 <= bytes.count {
      // Between markers there is data of a scan; 0xff in it is followed by 0 or a restart.
      guard bytes[at] == 0xff, bytes[at + 1] != 0, bytes[at + 1] != 0xff, !(0xd0...0xd7).contains(bytes[at + 1]) else {
        at += 1
        continue
      }
      let marker = bytes[at + 1]
      if marker == 0xd9 { return }
      if marker == 0x01 || marker == 0xd8 {
        at += 2
        continue
      }
      let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      guard length >= 2, at + 2 + length <= bytes.count else { return }
      guard visit(marker, at + 4..<at + 2 + length) else { return }
      at += 2 + length
    }
  }

  private static func inPNG(_ bytes: [UInt8]) -> Range<Int>? {
    var at = 8
    for _ in 0..<1000 {
      guard at + 12 <= bytes.count else { return nil }
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 12 else { return nil }
      let type = bytes[at + 4..<at + 8]
      if type.elementsEqual("eXIf".utf8) { return at + 8..<at + 8 + length }
      if type.elementsEqual("IEND".utf8) { return nil }
      at += 12 + length
    }
    return nil
  }

  private static func inWebP(_ bytes: [UInt8]) -> Range<Int>? {
    var at = 12
    for _ in 0..<1000 {
      guard at + 8 <= bytes.count else { return nil }
      let length = bytes[at + 4..<at + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - at - 8 else { return nil }
      if bytes[at..<at + 4].elementsEqual("EXIF".utf8) {
        let body = at + 8..<at + 8 + length
        // Some programs put the start that JPEG has here too.
        return bytes[body].starts(with: start) ? body.lowerBound + 6..<body.upperBound : body
      }
      at += 8 + length + (length & 1)
    }
    return nil
  }

  /// The orientation in a TIFF block.
  private static func orientation(_ block: ArraySlice<UInt8>) -> Int? {
    let base = block.startIndex
    let little: Bool
    if block.starts(with: [0x49, 0x49, 42, 0]) {
      little = true
    } else if block.starts(with: [0x4d, 0x4d, 0, 42]) {
      little = false
    } else {
      return nil
    }
    func number(_ offset: Int, _ size: Int) -> Int? {
      guard offset >= 0, offset <= block.count - size else { return nil }
      let bytes = block[base + offset..<base + offset + size]
      return little ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for i in 0..<min(count, 512) {
      let entry = directory + 2 + 12 * i
      guard let tag = number(entry, 2) else { return nil }
      guard tag == 0x0112 else { continue }
      // One value of type SHORT, which stands in the entry itself.
      guard number(entry + 2, 2) == 3, number(entry + 4, 4) == 1 else { return nil }
      return number(entry + 8, 2)
    }
    return nil
  }
}
