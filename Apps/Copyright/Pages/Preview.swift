import Primitives

/// Small pictures for pages.
enum Preview {
  /// The longest side of a small picture.
  private static let side = 256

  /// A small picture of a picture, or of a video's first frame; nil for what is neither.
  static func of(_ file: [UInt8]) -> (type: String, bytes: [UInt8])? {
    guard let pictures = try? Picture.sequence(file), let picture = pictures.first else { return nil }
    let longest = max(picture.width, picture.height)
    let (width, height) =
      longest <= side
      ? (picture.width, picture.height)
      : (max(1, picture.width * side / longest), max(1, picture.height * side / longest))
    return ("image/bmp", bitmap(picture, width, height))
  }

  /// Nearest pixels as an uncompressed bitmap of 24 bits a pixel.
  private static func bitmap(_ picture: Picture, _ width: Int, _ height: Int) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> ($0 * 8) & 255) } }
    let row = (width * 3 + 3) / 4 * 4
    var bytes: [UInt8] = [0x42, 0x4d] + little(54 + row * height, 4) + little(0, 4) + little(54, 4) + little(40, 4)
    bytes += little(width, 4) + little(height, 4) + little(1, 2) + little(24, 2) + little(0, 4)
    bytes += little(row * height, 4) + little(2835, 4) + little(2835, 4) + little(0, 8)
    for y in (0..<height).reversed() {
      for x in 0..<width {
        let place = (y * picture.height / height * picture.width + x * picture.width / width) * 3
        bytes += [picture.rgb[place + 2], picture.rgb[place + 1], picture.rgb[place]]
      }
      bytes += [UInt8](repeating: 0, count: row - width * 3)
    }
    return bytes
  }

  /// The picture as an address that carries it.
  static func address(_ file: [UInt8]) -> String? {
    of(file).map { "data:\($0.type);base64,\(Base64.encode($0.bytes))" }
  }
}
