/// The variable-length numbers of an ISCC header, made of nibbles (ISO 24138:2024).
enum VarNibble {
  /// One more than the largest number.
  static let end = 4680

  /// The four fields as bytes, padded with a zero nibble if need be; each field must be below `end`.
  static func header(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> [UInt8] {
    var nibbles: [UInt8] = []
    append(a, to: &nibbles)
    append(b, to: &nibbles)
    append(c, to: &nibbles)
    append(d, to: &nibbles)
    if nibbles.count % 2 == 1 { nibbles.append(0) }
    return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }

  private static func append(_ value: Int, to nibbles: inout [UInt8]) {
    let (code, count): (Int, Int) =
      switch value {
      case ..<8: (value, 1)
      case ..<72: (0x80 | (value - 8), 2)
      case ..<584: (0xc00 | (value - 72), 3)
      default: (0xe000 | (value - 584), 4)
      }
    for index in (0..<count).reversed() { nibbles.append(UInt8(truncatingIfNeeded: code >> (4 * index)) & 15) }
  }

  /// Reads four fields; the padding nibble must be zero.
  static func readHeader(
    _ bytes: [UInt8], at offset: Int
  ) throws(ISCCFault) -> (fields: (Int, Int, Int, Int), end: Int) {
    var position = offset * 2
    let a = try read(bytes, &position)
    let b = try read(bytes, &position)
    let c = try read(bytes, &position)
    let d = try read(bytes, &position)
    if position % 2 == 1 {
      guard bytes[position / 2] & 15 == 0 else { throw .badHeader }
      position += 1
    }
    return ((a, b, c, d), position / 2)
  }

  private static func read(_ bytes: [UInt8], _ position: inout Int) throws(ISCCFault) -> Int {
    let first = try nibble(bytes, &position)
    switch first {
    case ..<8: return first
    case ..<12: return 8 + (first & 3) << 4 + (try nibble(bytes, &position))
    case ..<14:
      let high = (first & 1) << 8 + (try nibble(bytes, &position)) << 4
      return 72 + high + (try nibble(bytes, &position))
    case 14:
      let high = (try nibble(bytes, &position)) << 8 + (try nibble(bytes, &position)) << 4
      return 584 + high + (try nibble(bytes, &position))
    default: throw .badHeader
    }
  }

  private static func nibble(_ bytes: [UInt8], _ position: inout Int) throws(ISCCFault) -> Int {
    guard position >> 1 < bytes.count else { throw .badHeader }
    defer { position += 1 }
    let byte = bytes[position >> 1]
    return Int(position & 1 == 0 ? byte >> 4 : byte & 15)
  }
}

/// Base32 without padding (RFC 4648 section 6): written in upper case, read in either.
enum Base32 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count * 8 / 5 + 1)
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 5 {
        count -= 5
        out.append(alphabet[Int(bits >> count & 31)])
      }
    }
    if count > 0 { out.append(alphabet[Int(bits << (5 - count) & 31)]) }
    return String(decoding: out, as: UTF8.self)
  }

  /// The bytes, or nil for another character, spare bits that are not zero, or an impossible length.
  static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for character in text {
      let value: UInt8
      switch character {
      case 0x41...0x5a: value = character - 0x41
      case 0x61...0x7a: value = character - 0x61
      case 0x32...0x37: value = character - 0x32 + 26
      default: return nil
      }
      bits = bits << 5 | UInt32(value)
      count += 5
      if count >= 8 {
        count -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    guard count < 5, bits & (1 << count - 1) == 0 else { return nil }
    return out
  }
}

/// The text form of any ISCC.
enum ISCCText {
  /// No ISCC of this library's is longer; longer texts are refused before they are read.
  private static let limit = 4096

  /// The bytes of an ISCC text: white space around it, the scheme and dashes do not count.
  static func bytes(_ text: some StringProtocol) throws(ISCCFault) -> [UInt8] {
    guard text.utf8.count <= limit else { throw .badText }
    var code = Array(text.utf8)[...]
    while let last = code.last, isBlank(last) { code.removeLast() }
    code = code.drop(while: isBlank)
    if let colon = code.firstIndex(of: 0x3a) {
      guard code[..<colon].map({ $0 | 0x20 }) == Array("iscc".utf8) else { throw .badText }
      code = code[(colon + 1)...]
    }
    guard !code.isEmpty, let bytes = Base32.decode(code.lazy.filter { $0 != 0x2d }) else { throw .badText }
    return bytes
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }
}
