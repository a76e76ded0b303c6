internal import FoundationEssentials

/// Base64 with the standard alphabet and padding (RFC 4648 section 4), canonical in both directions.
public enum Base64 {
  /// The padded text of `bytes`.
  public static func encode(_ bytes: some Sequence<UInt8>) -> String { Data(bytes).base64EncodedString() }

  /// The bytes, or nil unless `text` is exactly what `encode` writes for them: no white space, no missing padding,
  /// no spare bits.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let text = String(text)
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
    return Array(data)
  }
}
