public import MediaHash

/// A picture that was taken from a file.
public struct DecodedPicture: Sendable, Equatable {
  /// The pixels, upright, transparency over white.
  public let image: RGBImage
  /// The file's format.
  public let format: MediaFormat
  /// Pixels in a row as the file has them, before it was brought upright or made smaller.
  public let storedWidth: Int
  /// Rows as the file has them.
  public let storedHeight: Int
  /// By how much it was made smaller: 1, 2, 4 or 8.
  public let factor: Int
  /// The EXIF orientation of 1 to 8 that was applied; 1 where the file has none.
  public let orientation: Int
}
