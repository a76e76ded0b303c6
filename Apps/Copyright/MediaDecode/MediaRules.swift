internal import CImageCodecs
internal import MediaHash

/// The names of all rules that pixels and codes depend on, for records that must say how a code came about.
public enum MediaRules {
  /// How pixels come from a file, and how picture codes come from pixels.
  ///
  /// It changes whenever a code of some picture may.
  public static let version =
    "decode 1 (png jpeg webp; exif upright; alpha on white; icc ignored; above 8 MP by 2, 4 or 8); "
    + PDQ.rules + "; " + PDQVariants.rules

  /// The versions of the libraries that decode, whose rounding may differ from one to the next.
  public static var libraries: String {
    var text = [CChar](repeating: 0, count: 128)
    cimage_versions(&text, text.count)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
