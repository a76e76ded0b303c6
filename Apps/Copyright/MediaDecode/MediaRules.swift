internal import CImageCodecs
internal import MediaAudio
internal import MediaHash

/// The names of all rules that pixels and codes depend on, for records that must say how a code came about.
public enum MediaRules {
  /// How codes come from a file, by the names of every step's rules.
  ///
  /// It changes whenever a code of some file may: `decode 2` reads PNG, JPEG, WebP, PNM, YUV4MPEG2, WAV, AIFF, FLAC, Ogg,
  /// MP3 and UTF-8, brings pictures upright by EXIF, puts transparency over white, ignores ICC profiles, makes pictures of
  /// more than 8 megapixels smaller by 2, 4 or 8, and takes one frame of a video for each second.
  public static let version =
    "decode 2; \(PDQ.rules); \(PDQVariants.rules); \(VPDQ.rules); iscc 1.5.0; \(PassagePrint.rules); chromaprint 2; "
    + "blocks 2"

  /// The versions of the libraries that decode, whose rounding may differ from one to the next.
  public static var libraries: String {
    var text = [CChar](repeating: 0, count: 128)
    cimage_versions(&text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) + ", "
      + AudioDecoder.libraries
  }
}
