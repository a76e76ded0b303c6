/// Meta's picture hash PDQ, with the same bits as the reference in C++ (facebook/ThreatExchange, `pdq/cpp`).
///
/// A picture of more than 512 pixels in a row or column is first brought to 512 by 512 by taking the nearest pixel, as
/// the reference's programs do.
public enum PDQ {
  /// The name of these rules, for records that must say how a hash came about.
  public static let rules = "pdq nearest-512 luma-f32 1"

  /// The hash and quality of a picture. One with a side of less than five pixels has hash 0 and quality 0.
  ///
  /// About half a millisecond at 512 by 512.
  public static func hash(_ image: RGBImage) -> PDQResult { hashUnreduced(image.nearest512()) }

  /// The hash and quality without bringing large pictures to 512 by 512 first, as some ports of PDQ compute it.
  ///
  /// On large pictures it differs from `hash` by a few bits. About two milliseconds at 1024 by 768.
  public static func hashUnreduced(_ image: RGBImage) -> PDQResult {
    guard let block = block(image, shortcut: true) else { return PDQResult(hash: PDQHash(), quality: 0) }
    return PDQResult(
      hash: PDQTransform.quantize(PDQTransform.frequencies(block)), quality: PDQTransform.quality(block))
  }

  /// The hashes of the picture turned and mirrored, all computed from the one picture.
  ///
  /// They are approximations, as in the reference: for a picture that is really turned, hash the turned pixels (see
  /// `PDQVariants`).
  public static func dihedral(_ image: RGBImage) -> PDQDihedral {
    guard let block = block(image.nearest512(), shortcut: false) else { return PDQDihedral() }
    return PDQDihedral(frequencies: PDQTransform.frequencies(block), quality: PDQTransform.quality(block))
  }

  /// Hash and quality of the picture in every orientation, filtered once: those of `hash` of the turned pixels but for a bit
  /// or two that rounding decides, where `dihedral` is within twenty or more.
  ///
  /// About a millisecond at 512 by 512; a picture of more is brought to that first.
  public static func orientations(_ image: RGBImage) -> [(orientation: Orientation, result: PDQResult)] {
    let image = image.nearest512()
    // What is not filtered has nothing to share; nor has what is filtered by windows of two, of whose mirror images the last
    // one would begin outside the picture.
    let sides = [image.width, image.height]
    let isPlain = sides.contains { $0 < 5 || PDQFilter.window($0) == 2 } || sides == [64, 64]
    let filter = PDQFilter(width: image.width, height: image.height, mirrors: true)
    let whole =
      isPlain ? [] : image.pixels.withUnsafeBufferPointer { $0.baseAddress.map { filter.block(of: $0) } ?? [] }
    return Orientation.allCases.map { orientation in
      guard !whole.isEmpty else { return (orientation, hash(image.oriented(orientation))) }
      var block = filter.mirrored(whole, rows: orientation.reversesRows, columns: orientation.reversesColumns)
      if orientation.swapsSides { block = (0..<4096).map { block[$0 % 64 * 64 + $0 / 64] } }
      let hash = PDQTransform.quantize(PDQTransform.frequencies(block))
      return (orientation, PDQResult(hash: hash, quality: PDQTransform.quality(block)))
    }
  }

  /// The filtered 64 by 64 grey values that hash and quality are made of, for tests; empty for too small a picture.
  package static func filteredBlock(_ image: RGBImage) -> [Float] { block(image, shortcut: true) ?? [] }

  private static func block(_ image: RGBImage, shortcut: Bool) -> [Float]? {
    guard image.width >= 5, image.height >= 5 else { return nil }
    return image.pixels.withUnsafeBufferPointer { pixels -> [Float]? in
      guard let base = pixels.baseAddress else { return nil }
      if shortcut && image.width == 64 && image.height == 64 { return PDQFilter.unfiltered(base) }
      return PDQFilter(width: image.width, height: image.height).block(of: base)
    }
  }
}

/// The eight hashes of a picture's turns and mirror images, from its low frequencies alone.
public struct PDQDihedral: Sendable, Hashable {
  /// As it is.
  public let original: PDQHash
  /// Turned by 90 degrees.
  public let rotated90: PDQHash
  /// Turned by 180 degrees.
  public let rotated180: PDQHash
  /// Turned by 270 degrees.
  public let rotated270: PDQHash
  /// Mirrored, the reference's flipX.
  public let flippedX: PDQHash
  /// Mirrored, the reference's flipY.
  public let flippedY: PDQHash
  /// Mirrored about the falling diagonal, the reference's flipPlus1.
  public let flippedPlus: PDQHash
  /// Mirrored about the rising diagonal, the reference's flipMinus1.
  public let flippedMinus: PDQHash
  /// The quality of the picture, for all eight.
  public let quality: Int

  /// For a picture that is too small.
  init() {
    let zero = PDQHash()
    (original, rotated90, rotated180, rotated270) = (zero, zero, zero, zero)
    (flippedX, flippedY, flippedPlus, flippedMinus) = (zero, zero, zero, zero)
    quality = 0
  }

  init(frequencies a: [Float], quality: Int) {
    self.quality = quality
    func hash(transposed: Bool, negative: (_ i: Int, _ j: Int) -> Bool) -> PDQHash {
      var b = [Float](repeating: 0, count: 256)
      for i in 0..<16 {
        for j in 0..<16 { b[transposed ? j * 16 + i : i * 16 + j] = negative(i, j) ? -a[i * 16 + j] : a[i * 16 + j] }
      }
      return PDQTransform.quantize(b)
    }
    original = PDQTransform.quantize(a)
    rotated90 = hash(transposed: true) { $1 & 1 == 0 }
    rotated180 = hash(transposed: false) { ($0 + $1) & 1 == 1 }
    rotated270 = hash(transposed: true) { i, _ in i & 1 == 0 }
    flippedX = hash(transposed: false) { i, _ in i & 1 == 0 }
    flippedY = hash(transposed: false) { $1 & 1 == 0 }
    flippedPlus = hash(transposed: true) { _, _ in false }
    flippedMinus = hash(transposed: true) { ($0 + $1) & 1 == 1 }
  }
}
