internal import MediaAudio
internal import MediaHash

/// From the bytes of a file of any kind to what codes are made of, in this process.
///
/// Only the decoder's process calls it with files from outside; see `DecodePool`.
package enum MediaDecoder {
  /// The most frames of a video, one a second.
  static let frames = 960
  /// The most bytes of a text.
  static let textBytes = 8 << 20

  /// Decodes a file, or says why not.
  package static func decode(_ file: [UInt8], limits: DecodeLimits = .standard) throws(MediaRefusal) -> DecodedMedia {
    guard !file.isEmpty else { throw .empty }
    guard file.count <= limits.bytes else { throw .tooManyBytes(count: file.count, limit: limits.bytes) }
    guard let format = MediaFormat(firstBytes: file) else { throw .unknownFormat }
    switch format.kind {
    case .picture: return .picture(try PictureDecoder.decode(file, limits: limits))
    case .video: return .video(try video(file, format, limits))
    case .sound: return .sound(try sound(file, format))
    case .text: return .text(try text(file))
    }
  }

  private static func video(
    _ file: [UInt8], _ format: MediaFormat, _ limits: DecodeLimits
  ) throws(MediaRefusal) -> DecodedVideo {
    var frames: [VideoFrame] = []
    var poster: RGBImage?
    func take(_ image: RGBImage?) throws(MediaRefusal) {
      guard let image else { throw .damaged(format: format) }
      guard frames.count < MediaDecoder.frames else { throw .tooMuch(format: format) }
      if poster == nil { poster = image }
      frames.append(VideoFrame(time: frames.count * 1000, result: PDQ.hash(image)))
    }
    if format == .y4m {
      var reader = try Y4MReader(file, limits)
      var number = 0
      while let planes = try reader.next() {
        // The first frame of each second.
        if number * reader.rate.1 / reader.rate.0 >= frames.count { try take(reader.picture(planes)) }
        number += 1
      }
    } else {
      var position = 0
      while position < file.count { try take(try PNMReader.picture(file, at: &position, limits)) }
    }
    guard let poster else { throw .damaged(format: format) }
    let small = poster.width * poster.height <= 1 << 20 ? poster : poster.averaged512()
    return DecodedVideo(format: format, frames: frames, poster: small)
  }

  private static func sound(_ file: [UInt8], _ format: MediaFormat) throws(MediaRefusal) -> DecodedSound {
    do {
      return DecodedSound(format: format, fingerprint: try AudioDecoder.fingerprint(file).values)
    } catch {
      switch error {
      case .unknownFormat: throw .unknownFormat
      case .fileTooLarge, .tooLong: throw .tooMuch(format: format)
      case .damaged: throw .damaged(format: format)
      case .unsupported: throw .unsupported(format: format, animated: false)
      case .tooShort: throw .tooShort(format: format)
      }
    }
  }

  /// Four seconds of a tone and the beginnings of the other formats, so that what the libraries load is loaded.
  static func warmUpSound() {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let samples: [UInt8] = (0..<32_000).flatMap { (index: Int) -> [UInt8] in
      little(index / 20 % 2 == 0 ? 3000 : 62_000, 2)
    }
    var wav = Array("RIFF".utf8)
    wav += little(36 + samples.count, 4)
    wav += Array("WAVEfmt ".utf8)
    for (value, count) in [(16, 4), (1, 2), (1, 2), (8000, 4), (16_000, 4), (2, 2), (16, 2)] {
      wav += little(value, count)
    }
    wav += Array("data".utf8)
    wav += little(samples.count, 4)
    wav += samples
    for start in [[UInt8]("fLaC".utf8), Array("OggS".utf8), [0xff, 0xfb, 0x90, 0x64], Array("ID3".utf8)] {
      _ = try? AudioDecoder.fingerprint(start + [UInt8](repeating: 0, count: 2000))
    }
    _ = try? AudioDecoder.fingerprint(wav)
  }

  private static func text(_ file: [UInt8]) throws(MediaRefusal) -> DecodedText {
    guard file.count <= textBytes else { throw .tooMuch(format: .text) }
    guard file.allSatisfy(MediaFormat.isTextByte), let text = String(validating: file, as: UTF8.self),
      let result = try? TextCode.make(text)
    else { throw .unknownFormat }
    return DecodedText(letters: result.characters, code: result.unit.digest, passages: PassagePrint.all(of: text))
  }
}

extension DecodedMedia {
  /// The numbers of a reply, its pixels and the words behind them.
  var reply: (numbers: [Int], pixels: [UInt8], extra: [UInt32]) {
    switch self {
    case .picture(let picture):
      return (
        [
          Int(picture.format.rawValue), picture.storedWidth, picture.storedHeight, picture.factor,
          picture.orientation, picture.image.width, picture.image.height, 0,
        ], picture.image.pixels, []
      )
    case .video(let video):
      var extra: [UInt32] = []
      for frame in video.frames {
        extra += [UInt32(clamping: frame.time), UInt32(clamping: frame.result.quality)]
        extra += WorkerProtocol.numbers(frame.result.hash.bytes)
      }
      let (width, height) = (video.poster.width, video.poster.height)
      return (
        [Int(video.format.rawValue), width, height, 1, 1, width, height, extra.count], video.poster.pixels, extra
      )
    case .sound(let sound):
      return (
        [Int(sound.format.rawValue), 0, 0, 1, 1, 0, 0, sound.fingerprint.count], [], sound.fingerprint
      )
    case .text(let text):
      var extra = [UInt32(clamping: text.letters)] + WorkerProtocol.numbers(text.code)
      for print in text.passages {
        extra += [
          UInt32(truncatingIfNeeded: print.hash), UInt32(truncatingIfNeeded: print.hash >> 32),
          UInt32(clamping: print.start), UInt32(clamping: print.length),
        ]
      }
      return ([Int(MediaFormat.text.rawValue), 0, 0, 1, 1, 0, 0, extra.count], [], extra)
    }
  }

  /// What a reply says; nil where it makes no sense.
  init?(numbers: [Int], image: RGBImage?, extra: [UInt32]) {
    guard let format = MediaFormat(rawValue: UInt8(clamping: numbers[0])) else { return nil }
    switch format.kind {
    case .picture:
      guard let image, extra.isEmpty else { return nil }
      self = .picture(
        DecodedPicture(
          image: image, format: format, storedWidth: numbers[1], storedHeight: numbers[2], factor: numbers[3],
          orientation: numbers[4]))
    case .video:
      guard let image, !extra.isEmpty, extra.count % 10 == 0 else { return nil }
      var frames: [VideoFrame] = []
      for at in stride(from: 0, to: extra.count, by: 10) {
        guard let hash = PDQHash(bytes: WorkerProtocol.bytes(Array(extra[at + 2..<at + 10]))), extra[at + 1] <= 100
        else { return nil }
        frames.append(VideoFrame(time: Int(extra[at]), result: PDQResult(hash: hash, quality: Int(extra[at + 1]))))
      }
      self = .video(DecodedVideo(format: format, frames: frames, poster: image))
    case .sound:
      guard image == nil, !extra.isEmpty else { return nil }
      self = .sound(DecodedSound(format: format, fingerprint: extra))
    case .text:
      guard image == nil, extra.count >= 9, extra.count % 4 == 1 else { return nil }
      var passages: [PassagePrint] = []
      for at in stride(from: 9, to: extra.count, by: 4) {
        let (low, high) = (UInt64(extra[at]), UInt64(extra[at + 1]) << 32)
        passages.append(PassagePrint(hash: low | high, start: Int(extra[at + 2]), length: Int(extra[at + 3])))
      }
      self = .text(
        DecodedText(letters: Int(extra[0]), code: WorkerProtocol.bytes(Array(extra[1..<9])), passages: passages))
    }
  }
}
