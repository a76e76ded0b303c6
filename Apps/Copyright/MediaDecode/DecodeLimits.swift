/// How much a file of a picture may be and may cost.
public struct DecodeLimits: Sendable, Hashable {
  /// The most bytes of a file.
  public var bytes = 64 << 20
  /// The longest side in pixels.
  public var side = 16_384
  /// The most pixels.
  public var pixels = 64 << 20
  /// The most scans of a JPEG file.
  public var scans = 100
  /// The most bytes of a picture, as they are before compression, to a byte of its file, above `plainBytes`: what is smaller is no
  /// picture but a way to keep a decoder busy. A page of text in black and white has some thirty.
  public static let bytesPerByte = 100
  /// Bytes before compression that any file may have, however few its own.
  public static let plainBytes = 12_000_000
  /// The most pixels times scans of a JPEG file with more than twelve scans.
  public static let scannedPixels = 640 << 20

  /// Pictures of more pixels are made smaller while they are decoded, by 2, 4 or 8, until they have no more.
  public var fullPixels = 8_000_000
  /// The processor time for a file in seconds.
  public var cpuSeconds = 5
  /// The time for a file by the clock in milliseconds.
  public var wallMilliseconds = 8000
  /// The memory of a decoder's process in bytes.
  public var memory = 512 << 20

  /// The limits of the application.
  public static let standard = DecodeLimits()

  /// The most scans of a JPEG file of so many pixels.
  package func mostScans(pixels: Int) -> Int { min(scans, max(12, DecodeLimits.scannedPixels / max(1, pixels))) }

  /// By how much a picture of this size is made smaller: 1, 2, 4 or 8.
  func factor(width: Int, height: Int) -> Int {
    [1, 2, 4].first { ((width + $0 - 1) / $0) * ((height + $0 - 1) / $0) <= fullPixels } ?? 8
  }
}
