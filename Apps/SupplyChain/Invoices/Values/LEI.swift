internal import Primitives

/// A legal entity identifier (ISO 17442): 18 letters or digits and two check digits (ISO/IEC 7064, MOD 97-10).
public struct LEI: Sendable, Hashable, CustomStringConvertible {
  /// The 20 characters.
  public let text: String

  /// An identifier; nil unless it has the form and the check digits that its first 18 characters give.
  ///
  /// The digits are computed anew instead of testing the remainder only: 00, 01 and 99 leave the same remainder as
  /// 97, 98 and 02 do, but are never issued. Lower case is refused.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 20, let digits = LEI.checkDigits(of: bytes.prefix(18)), bytes.suffix(2).elementsEqual(digits)
    else { return nil }
    self.text = String(text)
  }

  /// The two check digits, in ASCII, of the first 18 characters; nil unless they are 18 of 0-9 and A-Z.
  public static func checkDigits(of base: some Collection<UInt8>) -> [UInt8]? {
    guard base.count == 18 else { return nil }
    var remainder = 0
    for byte in base {
      switch byte {
      case 0x30...0x39: remainder = (remainder * 10 + Int(byte - 0x30)) % 97
      case 0x41...0x5A: remainder = (remainder * 100 + Int(byte - 0x41) + 10) % 97
      default: return nil
      }
    }
    let check = 98 - remainder * 100 % 97
    return [0x30 + UInt8(check / 10), 0x30 + UInt8(check % 10)]
  }

  /// The 20 characters.
  public var description: String { text }
}

extension LEI {
  /// A warning, FIN-11, for each identifier of a party that says it is an LEI (scheme 0199) and is none.
  static func findings(in root: UBLNode) -> [Finding] {
    var findings: [Finding] = []
    root.walk { node in
      guard ["cbc:EndpointID", "cbc:CompanyID", "cbc:ID"].contains(node.name), node.attribute("schemeID") == "0199",
        LEI(node.text) == nil
      else { return }
      findings.append(
        Finding(
          "FIN-11", .warning, "This LEI (scheme 0199) does not have its check digits: \(node.text.prefix(40))", at: node
        ))
    }
    return findings
  }
}
