internal import MediaAudio

/// The formats that are read, by their first bytes.
public enum MediaFormat: UInt8, Sendable, CaseIterable {
  /// Portable Network Graphics (ISO/IEC 15948).
  case png = 1
  /// JPEG (ITU-T T.81).
  case jpeg = 2
  /// WebP (RFC 9649).
  case webp = 3
  /// A binary PNM picture (P5 or P6, 8 bits a colour).
  case pnm = 4
  /// Frames of a video: binary PNM pictures one after the other, one a second.
  case pnmFrames = 5
  /// Frames of a video as YUV4MPEG2 (`.y4m`), 8 bits, 4:2:0, 4:2:2, 4:4:4 or grey.
  case y4m = 6
  /// RIFF or RF64 WAVE.
  case wav = 16
  /// AIFF or AIFF-C.
  case aiff = 17
  /// FLAC.
  case flac = 18
  /// Ogg with Vorbis or Opus.
  case ogg = 19
  /// MPEG layer III.
  case mp3 = 20
  /// UTF-8 text without control characters but tabs and line ends.
  case text = 32

  /// What is in a file.
  public enum Kind: Sendable {
    /// A still picture.
    case picture
    /// Frames.
    case video
    /// Sound.
    case sound
    /// Writing.
    case text
  }

  /// What is in a file of this format.
  public var kind: Kind {
    switch self {
    case .png, .jpeg, .webp, .pnm: .picture
    case .pnmFrames, .y4m: .video
    case .wav, .aiff, .flac, .ogg, .mp3: .sound
    case .text: .text
    }
  }

  /// The format's name.
  public var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    case .pnm, .pnmFrames: "PNM"
    case .y4m: "YUV4MPEG2"
    case .wav: "WAV"
    case .aiff: "AIFF"
    case .flac: "FLAC"
    case .ogg: "Ogg"
    case .mp3: "MP3"
    case .text: "UTF-8"
    }
  }

  /// The format's media type.
  public var mediaType: String {
    switch self {
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .webp: "image/webp"
    case .pnm: "image/x-portable-anymap"
    case .pnmFrames: "video/x-portable-anymap"
    case .y4m: "video/x-yuv4mpeg"
    case .wav: "audio/wav"
    case .aiff: "audio/aiff"
    case .flac: "audio/flac"
    case .ogg: "audio/ogg"
    case .mp3: "audio/mpeg"
    case .text: "text/plain"
    }
  }

  /// The format that the first bytes say it is, or nil. A file's name says nothing.
  ///
  /// Looks at a few bytes for all but PNM, of which it reads the first header to see whether another picture follows. Text
  /// is what has none of the marks and begins like text; the decoder looks at all of it.
  public init?(firstBytes bytes: [UInt8]) {
    let start = Array(bytes.prefix(12))
    if start.starts(with: [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]) {
      self = .png
    } else if start.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if start.count == 12 && start.starts(with: Array("RIFF".utf8)) && start[8...].elementsEqual("WEBP".utf8) {
      self = .webp
    } else if start.starts(with: "P6\n".utf8) || start.starts(with: "P5\n".utf8) {
      self = PNMReader.hasSecond(bytes) ? .pnmFrames : .pnm
    } else if start.starts(with: "YUV4MPEG2".utf8) {
      self = .y4m
    } else if let sound = AudioDecoder.format(of: bytes) {
      switch sound {
      case .wav: self = .wav
      case .aiff: self = .aiff
      case .flac: self = .flac
      case .ogg: self = .ogg
      case .mp3: self = .mp3
      }
    } else if !bytes.isEmpty, bytes.prefix(64).allSatisfy(MediaFormat.isTextByte) {
      self = .text
    } else {
      return nil
    }
  }

  /// Whether a byte may stand in a UTF-8 text: no control characters but tab, line feed, form feed and carriage return.
  static func isTextByte(_ byte: UInt8) -> Bool {
    byte >= 0x20 ? byte != 0x7f && byte < 0xf5 : byte == 9 || byte == 10 || byte == 12 || byte == 13
  }
}
