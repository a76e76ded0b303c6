/// Identifiers of things, places, parties and documents in one spelling.
public enum EPCIdentifier {
  /// Whether an identifier names one thing or a class of things.
  public enum Kind: Sendable {
    /// One thing, such as a serial number.
    case instance
    /// All things of a product or lot.
    case `class`
  }

  /// The canonical form of an identifier: the key under which an item is known everywhere.
  ///
  /// An EPC URN and a GS1 Digital Link on any host, with application identifiers or short names, of the same item
  /// give the same `https://id.gs1.org/...` (CBV 2.0 section 8.9 rule on identifiers, 2026 reading). Any other
  /// text is given back without surrounding white space. Takes about a microsecond.
  public static func canonical(_ text: String) -> String {
    let trimmed = trim(Array(text.utf8))
    return String(decoding: digitalLink(trimmed) ?? trimmed, as: UTF8.self)
  }

  /// Whether a canonical identifier names a class: a GTIN or piece without serial number, or a pattern of a key.
  ///
  /// Other texts count as instances.
  public static func kind(ofCanonical text: String) -> Kind {
    let prefix = "https://id.gs1.org/"
    guard text.hasPrefix(prefix) else {
      return EPCURN.isClass(Array(text.utf8)) ? .class : .instance
    }
    let segments = text.utf8.dropFirst(prefix.utf8.count).split(separator: UInt8(ascii: "/"))
    guard segments.count >= 2 else { return .instance }
    switch String(Substring(segments[0])) {
    case "01", "8006":
      guard segments.count >= 4 else { return .class }
      return segments[2].elementsEqual("10".utf8) ? .class : .instance
    case "8010": return segments.count >= 4 ? .instance : .class
    case "8003": return segments[1].count > 14 ? .instance : .class
    case "253", "255": return segments[1].count > 13 ? .instance : .class
    default: return .instance
    }
  }

  /// The canonical Digital Link of bytes without surrounding white space, or nil when they are neither URN nor link.
  static func digitalLink(_ text: [UInt8]) -> [UInt8]? {
    switch text.first {
    case UInt8(ascii: "u"): EPCURN.digitalLink(text)
    case UInt8(ascii: "h"), UInt8(ascii: "H"): DigitalLink.canonical(text)
    default: nil
    }
  }

  /// The bytes without white space before and after.
  static func trim(_ text: [UInt8]) -> [UInt8] {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = text.first, let last = text.last, isSpace(first) || isSpace(last) else { return text }
    guard let start = text.firstIndex(where: { !isSpace($0) }), let end = text.lastIndex(where: { !isSpace($0) }) else {
      return []
    }
    return Array(text[start...end])
  }
}
