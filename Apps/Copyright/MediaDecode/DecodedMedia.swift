public import MediaHash

/// What was taken from a file of any kind.
public enum DecodedMedia: Sendable, Equatable {
  /// A still picture.
  case picture(DecodedPicture)
  /// Frames of a video.
  case video(DecodedVideo)
  /// Sound.
  case sound(DecodedSound)
  /// Writing.
  case text(DecodedText)
}

/// Frames that were taken from a file, one for each second.
public struct DecodedVideo: Sendable, Equatable {
  /// The file's format.
  public let format: MediaFormat
  /// The frames, each with its time and PDQ.
  public let frames: [VideoFrame]
  /// The first frame, for a small picture of the video.
  public let poster: RGBImage
}

/// Sound that was taken from a file.
public struct DecodedSound: Sendable, Equatable {
  /// The file's format.
  public let format: MediaFormat
  /// Its Chromaprint values, one for about every eighth of a second.
  public let fingerprint: [UInt32]
}

/// A text that was read from a file.
public struct DecodedText: Sendable, Equatable {
  /// The letters that its Text-Code was made of.
  public let letters: Int
  /// The 256 bits of its ISCC Text-Code.
  public let code: [UInt8]
  /// The fingerprints of its passages, in the order of the text.
  public let passages: [PassagePrint]
}
