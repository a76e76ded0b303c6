/// International bank account numbers (ISO 13616).
public enum IBAN {
  /// Whether a text has the form of an IBAN, without spaces, and its check digits fit (MOD 97-10, remainder 1).
  public static func isWellFormed(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard (15...34).contains(bytes.count), looksLikeOne(text) else { return false }
    var remainder = 0
    for byte in bytes[4...] + bytes[..<4] {
      switch byte {
      case 0x30...0x39: remainder = (remainder * 10 + Int(byte - 0x30)) % 97
      case 0x41...0x5A: remainder = (remainder * 100 + Int(byte - 0x41) + 10) % 97
      default: return false
      }
    }
    return remainder == 1
  }

  /// Whether a text starts as an IBAN does: two capital letters and two digits.
  static func looksLikeOne(_ text: String) -> Bool {
    let head = Array(text.utf8.prefix(4))
    return head.count == 4 && head[..<2].allSatisfy { (0x41...0x5A).contains($0) }
      && head[2...].allSatisfy { (0x30...0x39).contains($0) }
  }
}
