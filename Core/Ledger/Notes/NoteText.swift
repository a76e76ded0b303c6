internal import Primitives

/// What the text formats of this folder share: lines, decimal numbers and the characters of a note.
enum NoteText {
  static let lineFeed: UInt8 = 0x0A
  static let space: UInt8 = 0x20
  static let plus: UInt8 = 0x2B

  /// The number that `bytes` write in decimal without sign or leading zeros, or nil; nil too above 2^64 - 1.
  static func decimal(_ bytes: some Collection<UInt8>) -> UInt64? {
    guard let first = bytes.first, first != 0x30 || bytes.count == 1 else { return nil }
    var value: UInt64 = 0
    for byte in bytes {
      guard (0x30...0x39).contains(byte) else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
      guard !overflow, !carry else { return nil }
      value = sum
    }
    return value
  }

  /// The bytes that `line` writes in canonical base64, or nil.
  static func base64(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    // Checked before decoding, so that no character that is only equivalent to an ASCII one gets near the decoder.
    guard line.allSatisfy({ $0 < 0x80 }) else { return nil }
    return Base64.decode(String(decoding: line, as: UTF8.self))
  }

  /// The offset and value of the first control byte other than a line feed, or nil.
  static func controlByte(_ bytes: [UInt8]) -> (offset: Int, value: UInt8)? {
    bytes.firstIndex { $0 < 0x20 && $0 != lineFeed }.map { ($0, bytes[$0]) }
  }

  /// Whether `bytes` are well-formed UTF-8.
  static func isUTF8(_ bytes: some Collection<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// The next line of `rest` without its line feed, which is taken off `rest`; nil if there is no line feed.
  static func nextLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: lineFeed) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }
}

/// The name of a signer in a signed note (C2SP signed-note): not empty, without Unicode spaces, `+` and control bytes.
///
/// Two names are equal when their bytes are: Swift strings would also equate different spellings of one character, and
/// a name is what a key is found by.
public struct NoteName: Sendable, Hashable, CustomStringConvertible {
  /// The bytes of the name, well-formed UTF-8.
  public let utf8: [UInt8]

  /// The name, or nil if `bytes` are no valid name.
  public init?(utf8 bytes: some Collection<UInt8>) {
    guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return nil }
    for scalar in text.unicodeScalars where scalar.value < 0x20 || scalar == "+" || scalar.properties.isWhitespace {
      return nil
    }
    utf8 = Array(bytes)
  }

  /// The name, or nil if `text` is no valid name.
  public init?(_ text: some StringProtocol) { self.init(utf8: Array(text.utf8)) }

  /// The name as text.
  public var description: String { String(decoding: utf8, as: UTF8.self) }
}

/// Text whose octets are opaque, as names and addresses of a tlog-policy are: equal when the octets are.
///
/// A value can hold anything; `TrustPolicy` refuses what its format cannot carry.
public struct OctetText: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The octets.
  public let octets: [UInt8]

  /// The text with the given octets.
  public init(octets: some Sequence<UInt8>) { self.octets = Array(octets) }

  /// The text with the UTF-8 octets of `text`.
  public init(_ text: some StringProtocol) { octets = Array(text.utf8) }

  /// The text with the UTF-8 octets of a literal.
  public init(stringLiteral value: String) { octets = Array(value.utf8) }

  /// The text for people; octets that are no UTF-8 show as replacement characters.
  public var description: String { String(decoding: octets, as: UTF8.self) }
}
