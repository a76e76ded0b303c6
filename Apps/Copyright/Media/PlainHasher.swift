import Ledger
import Primitives
import Rights

/// Codes by plain means, for files that need no decoder: PNM pictures and sequences of them, PCM sound in WAV, text.
///
/// Temporary: it holds the place of the media library, so that everything around it runs. Its codes are differences of
/// neighbouring cells, not PDQ, and its ISCC has the right form only; `rules` says so in every statement.
struct PlainHasher: MediaHasher {
  let rules = "plain-1"

  func registered(_ file: [UInt8]) throws(LedgerError) -> HashedFile {
    try hash(file) { picture in [picture, picture.cropped(perMille: 25), picture.cropped(perMille: 50)] }
  }

  func seen(_ file: [UInt8]) throws(LedgerError) -> HashedFile {
    try hash(file) { picture in [picture, picture.mirrored, picture.turned] }
  }

  private func hash(
    _ file: [UInt8], _ variants: (Picture) -> [Picture]
  ) throws(LedgerError) -> HashedFile {
    let (kind, mediaType, codes): (WorkKind, String, [MediaCode])
    var commitment: Digest?
    if let pictures = try Picture.sequence(file) {
      if pictures.count == 1 {
        (kind, mediaType) = (.photo, "image/x-portable-anymap")
        codes = variants(pictures[0]).enumerated().map { $1.code(.pdq, variant: $0) }
      } else {
        (kind, mediaType) = (.video, "video/x-portable-anymap")
        codes = pictures.enumerated().map { $1.code(.frame, variant: $0) }
      }
    } else if let samples = Self.samples(file) {
      (kind, mediaType) = (.audio, "audio/wav")
      codes = [Self.code(samples)]
    } else if let text = String(validating: file, as: UTF8.self), !text.isEmpty {
      (kind, mediaType) = (.text, "text/plain")
      let passages = Self.passages(text)
      codes = [Self.code(passages)]
      commitment = .sha256(passages.flatMap { Array($0.bytes.prefix(8)) })
    } else {
      throw LedgerError(.malformed, "The file is no picture, sound or text that this program reads.")
    }
    let (digest, instance) = (Digest.sha256(file), Digest.sha256([0x42] + file))
    // MainType ISCC, SubType SUM: the form of an ISCC-CODE with a Data-Code and an Instance-Code.
    let iscc = ISCCText.encode([0x55, 0x00] + digest.bytes.prefix(8) + instance.bytes.prefix(8))
    return HashedFile(
      kind: kind, mediaType: mediaType, iscc: iscc, instance: instance, codes: codes, textCommitment: commitment)
  }

  // MARK: Text

  /// Digests of every run of 13 letters and digits.
  static func passages(_ text: String) -> [Digest] {
    let letters = text.lowercased().unicodeScalars.filter {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    let scalars = Array(letters)
    guard scalars.count > 13 else { return [.sha256(String(String.UnicodeScalarView(scalars)))] }
    return (0...scalars.count - 13).map { .sha256(String(String.UnicodeScalarView(scalars[$0..<$0 + 13]))) }
  }

  /// A similarity hash: each bit is what most passages have there.
  private static func code(_ passages: [Digest]) -> MediaCode {
    var votes = [Int](repeating: 0, count: 256)
    for passage in passages {
      for (place, byte) in passage.bytes.enumerated() {
        for bit in 0..<8 { votes[place * 8 + bit] += byte >> UInt8(7 - bit) & 1 == 1 ? 1 : -1 }
      }
    }
    return MediaCode(.text, quality: passages.count < 20 ? 0 : 100, bits: bits { votes[$0] > 0 })
  }

  // MARK: Sound

  /// The samples of a WAV file with 16-bit PCM, or nil.
  static func samples(_ file: [UInt8]) -> ArraySlice<UInt8>? {
    guard file.count >= 44, file.starts(with: "RIFF".utf8), file[8..<12].elementsEqual("WAVE".utf8),
      file[20] == 1, file[34] == 16, file[36..<40].elementsEqual("data".utf8)
    else { return nil }
    return file[44...]
  }

  /// Whether each of 257 stretches is louder than the one before.
  static func code(_ samples: ArraySlice<UInt8>) -> MediaCode {
    let count = samples.count / 2
    let loudness = (0..<257).map { stretch in
      var sum: UInt64 = 0
      for index in count * stretch / 257..<count * (stretch + 1) / 257 {
        let low = UInt16(samples[samples.startIndex + index * 2])
        let high = UInt16(samples[samples.startIndex + index * 2 + 1])
        sum += UInt64(Int16(bitPattern: high << 8 | low).magnitude)
      }
      return sum
    }
    return MediaCode(.audio, quality: count < 10_000 ? 0 : 100, bits: bits { loudness[$0] < loudness[$0 + 1] })
  }

  static func bits(_ isSet: (Int) -> Bool) -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    for place in 0..<256 where isSet(place) { bytes[place >> 3] |= 0x80 >> UInt8(place & 7) }
    return Digest(bytes) ?? Digest()
  }
}

/// A picture as RGB bytes, as PNM has it.
struct Picture {
  let width: Int
  let height: Int
  var rgb: [UInt8]

  init(width: Int, height: Int, rgb: [UInt8]) { (self.width, self.height, self.rgb) = (width, height, rgb) }

  /// The binary PNM (P6) of the picture.
  var file: [UInt8] { Array("P6\n\(width) \(height)\n255\n".utf8) + rgb }

  /// The pictures of a binary PNM file, which may hold several; nil where it is none.
  static func sequence(_ file: [UInt8]) throws(LedgerError) -> [Picture]? {
    guard file.starts(with: "P6\n".utf8) else { return nil }
    var pictures: [Picture] = []
    var position = 0
    while position < file.count {
      guard pictures.count < 1000, let picture = Picture(file, at: &position) else {
        throw LedgerError(.malformed, "The picture is cut short, or no binary PNM with 8 bits a colour.")
      }
      pictures.append(picture)
    }
    return pictures
  }

  private init?(_ file: [UInt8], at position: inout Int) {
    func number() -> Int? {
      var value = 0
      let start = position
      while position < file.count, (0x30...0x39).contains(file[position]), value < 100_000 {
        value = value * 10 + Int(file[position] - 0x30)
        position += 1
      }
      defer { position += 1 }
      return position > start && position < file.count ? value : nil
    }
    guard file[position...].starts(with: "P6\n".utf8) else { return nil }
    position += 3
    guard let width = number(), let height = number(), number() == 255, (17...16_384).contains(width),
      (16...16_384).contains(height), width * height <= 64 << 20, file.count - position >= width * height * 3
    else { return nil }
    self.init(width: width, height: height, rgb: Array(file[position..<position + width * height * 3]))
    position += width * height * 3
  }

  /// A picture of the same size whose pixel at (x, y) comes from another place.
  private func moved(_ from: (Int, Int) -> (Int, Int)) -> Picture {
    var copy = self
    for y in 0..<height {
      for x in 0..<width {
        let (sourceX, sourceY) = from(x, y)
        for channel in 0..<3 {
          copy.rgb[(y * width + x) * 3 + channel] = rgb[(sourceY * width + sourceX) * 3 + channel]
        }
      }
    }
    return copy
  }

  /// Left and right exchanged.
  var mirrored: Picture { moved { x, y in (width - 1 - x, y) } }
  /// Upside down.
  var turned: Picture { moved { x, y in (width - 1 - x, height - 1 - y) } }
  /// Without so many thousandths at each side, stretched to the same size.
  func cropped(perMille: Int) -> Picture {
    let (left, top) = (width * perMille / 1000, height * perMille / 1000)
    return moved { x, y in (left + x * (width - 2 * left) / width, top + y * (height - 2 * top) / height) }
  }

  /// Whether each of 16 x 16 cells is darker than its right neighbour, and how much there is to see.
  func code(_ algorithm: MediaCode.Algorithm, variant: Int) -> MediaCode {
    var cells = [Int](repeating: 0, count: 17 * 16)
    for row in 0..<16 {
      for column in 0..<17 {
        var (sum, count) = (0, 0)
        for y in height * row / 16..<height * (row + 1) / 16 {
          for x in width * column / 17..<width * (column + 1) / 17 {
            let place = (y * width + x) * 3
            sum += 299 * Int(rgb[place]) + 587 * Int(rgb[place + 1]) + 114 * Int(rgb[place + 2])
            count += 1
          }
        }
        cells[row * 17 + column] = sum / max(1, count)
      }
    }
    var contrast = 0
    let bits = PlainHasher.bits { place in
      let (left, right) = (cells[place / 16 * 17 + place % 16], cells[place / 16 * 17 + place % 16 + 1])
      contrast += abs(left - right)
      // Two steps of brightness of 256: what is flat stays flat under noise.
      return right - left > 2000
    }
    return MediaCode(algorithm, variant: UInt64(variant), quality: UInt64(min(100, contrast / 256 / 40)), bits: bits)
  }
}
