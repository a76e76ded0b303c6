/// Base64 with the alphabet for URLs and file names and without padding (RFC 4648 section 5), canonical both ways.
public enum Base64URL {
  /// The text of `bytes`, without padding.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for character in Base64.encode(bytes).utf8 {
      switch character {
      case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
      case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
      case UInt8(ascii: "="): break
      default: text.append(character)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes, or nil unless `text` is exactly what `encode` writes for them: no padding, no other alphabet, no
  /// spare bits.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var plain: [UInt8] = []
    for character in text.utf8 {
      switch character {
      case UInt8(ascii: "-"): plain.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): plain.append(UInt8(ascii: "/"))
      case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
      default: plain.append(character)
      }
    }
    while plain.count % 4 != 0 { plain.append(UInt8(ascii: "=")) }
    return Base64.decode(String(decoding: plain, as: UTF8.self))
  }
}
