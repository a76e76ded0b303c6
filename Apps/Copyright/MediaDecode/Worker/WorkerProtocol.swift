/// What goes between a program and its decoder's process: numbers of 32 bits, little-endian, and bytes after them.
///
/// The decoder says hello once: `hello`, then 1 if system calls are filtered. A request is `request`, the number of bytes
/// of the file and five limits, then the file. A reply is `reply`, a status and eight numbers: format, sides, factor,
/// orientation, sides of the pixels that follow and the number of words behind them. The pixels and the words come if the
/// status is 0.
enum WorkerProtocol {
  static let hello: UInt32 = 0x5453_4401
  static let request: UInt32 = 0x5453_4402
  static let reply: UInt32 = 0x5453_4403
  static let helloCount = 8
  static let requestCount = 32
  static let replyCount = 40
  /// The most words behind the pixels of a reply.
  static let extraWords = 1 << 18

  static func bytes(_ numbers: [UInt32]) -> [UInt8] {
    numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  }

  static func numbers(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count - 3, by: 4).map { at in
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
  }
}

extension DecodeLimits {
  /// What the decoder must know.
  var words: [UInt32] {
    [bytes, side, pixels, scans, fullPixels, cpuSeconds].map { UInt32(clamping: $0) }
  }

  init(words: ArraySlice<UInt32>) {
    let numbers = words.map { Int($0) }
    (bytes, side, pixels) = (numbers[0], numbers[1], numbers[2])
    (scans, fullPixels, cpuSeconds) = (numbers[3], numbers[4], numbers[5])
  }
}

extension MediaRefusal {
  /// The refusal as a status above 0 and four numbers.
  var words: [UInt32] {
    func word(_ status: UInt32, _ numbers: Int...) -> [UInt32] {
      [status] + (0..<4).map { $0 < numbers.count ? UInt32(clamping: numbers[$0]) : 0 }
    }
    return switch self {
    case .empty: word(1)
    case .tooManyBytes(let count, let limit): word(2, count, limit)
    case .unknownFormat: word(3)
    case .unsupported(let format, let animated): word(4, Int(format.rawValue), animated ? 1 : 0)
    case .tooLong(let width, let height, let limit): word(5, width, height, limit)
    case .tooManyPixels(let width, let height, let limit): word(6, width, height, limit)
    case .tooManyScans(let count, let limit): word(7, count, limit)
    case .damaged(let format): word(8, Int(format.rawValue))
    case .tooShort(let format): word(10, Int(format.rawValue))
    case .tooMuch(let format): word(11, Int(format.rawValue))
    case .bomb(let width, let height, let bytes): word(12, width, height, bytes)
    default: word(9)
    }
  }

  /// The refusal that these words stand for; what makes no sense counts as a decoder that failed.
  init(words: ArraySlice<UInt32>) {
    let words = words.map { Int($0) }
    let format = MediaFormat(rawValue: UInt8(clamping: words[1]))
    switch (words[0], format) {
    case (1, _): self = .empty
    case (2, _): self = .tooManyBytes(count: words[1], limit: words[2])
    case (3, _): self = .unknownFormat
    case (4, let format?): self = .unsupported(format: format, animated: words[2] == 1)
    case (5, _): self = .tooLong(width: words[1], height: words[2], limit: words[3])
    case (6, _): self = .tooManyPixels(width: words[1], height: words[2], limit: words[3])
    case (7, _): self = .tooManyScans(count: words[1], limit: words[2])
    case (8, let format?): self = .damaged(format: format)
    case (9, _): self = .tooMuchMemory
    case (10, let format?): self = .tooShort(format: format)
    case (11, let format?): self = .tooMuch(format: format)
    case (12, _): self = .bomb(width: words[1], height: words[2], bytes: words[3])
    default: self = .crashed(signal: 0)
    }
  }
}
