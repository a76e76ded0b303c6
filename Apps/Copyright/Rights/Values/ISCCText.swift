/// As much of an ISCC-CODE (ISO 24138) as the ledger checks: that it is one, and that it is this file's.
package enum ISCCText {
  /// The bytes behind `ISCC:` in RFC 4648 base32 without padding, or nil.
  package static func decode(_ text: String) -> [UInt8]? {
    guard text.utf8.starts(with: "ISCC:".utf8), text.utf8.count <= 128 else { return nil }
    var bytes: [UInt8] = []
    var (held, count): (UInt64, UInt64) = (0, 0)
    for character in text.utf8.dropFirst(5) {
      let value: UInt64
      switch character {
      case 0x41...0x5a: value = UInt64(character - 0x41)
      case 0x32...0x37: value = UInt64(character - 0x32 + 26)
      default: return nil
      }
      held = held << 5 | value
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> count))
        held &= 1 << count - 1
      }
    }
    // Bits that no byte takes must be zero, so that one code has one text.
    return held == 0 && count < 5 ? bytes : nil
  }

  /// The text of an ISCC's bytes.
  package static func encode(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    var out = Array("ISCC:".utf8)
    var (held, count): (UInt64, UInt64) = (0, 0)
    for byte in bytes {
      held = held << 8 | UInt64(byte)
      count += 8
      while count >= 5 {
        count -= 5
        out.append(alphabet[Int(held >> count & 31)])
      }
      held &= 1 << count - 1
    }
    if count > 0 { out.append(alphabet[Int(held << (5 - count) & 31)]) }
    return String(decoding: out, as: UTF8.self)
  }

  /// The Instance-Code at the end of an ISCC-CODE: the first 64 bits of the file's BLAKE3, or 128 in a wide one; nil where
  /// the text is none.
  package static func instance(of text: String) -> ArraySlice<UInt8>? {
    // Main type 5 is ISCC-CODE; DATA and INSTANCE are always its last two units of 64 bits.
    guard let bytes = decode(text), bytes.count >= 2 + 16, bytes[0] >> 4 == 5 else { return nil }
    let isWide = bytes[0] & 15 == 7
    guard !isWide || bytes.count == 2 + 32 else { return nil }
    return bytes.suffix(isWide ? 16 : 8)
  }
}
