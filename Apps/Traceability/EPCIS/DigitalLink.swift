/// GS1 Digital Link URIs to their canonical, constrained form.
enum DigitalLink {
  /// What the value of a primary key must look like.
  private struct Key {
    let application: [UInt8]
    let shortName: [UInt8]
    /// Digits that the value begins with.
    let digits: Int
    /// Characters that may follow them.
    let more: Int
    /// The qualifiers of which the first present one is kept, with their greatest length.
    let kept: [(application: String, maximum: Int)]
  }

  private static func key(
    _ application: String, _ name: String, _ digits: Int, more: Int = 0,
    kept: [(application: String, maximum: Int)] = []
  ) -> Key {
    Key(
      application: Array(application.utf8), shortName: Array(name.utf8), digits: digits, more: more,
      kept: kept)
  }

  private static let keys: [Key] = [
    key("01", "gtin", 14, kept: [("21", 20), ("235", 28), ("10", 20)]),
    key("00", "sscc", 18),
    key("414", "gln", 13, kept: [("254", 20)]),
    key("417", "party", 13),
    key("8003", "grai", 14, more: 16),
    key("8004", "giai", 4, more: 26),
    key("8018", "gsrn", 18),
    key("8017", "gsrnp", 18),
    key("253", "gdti", 13, more: 17),
    key("255", "gcn", 13, more: 12),
    key("8010", "cpid", 4, more: 26, kept: [("8011", 12)]),
    key("401", "ginc", 4, more: 26),
    key("402", "gsin", 17),
    key("8006", "itip", 18, kept: [("21", 20), ("10", 20)]),
  ]

  /// Qualifiers that may follow a key, with their short names.
  private static let qualifiers: [(application: String, shortName: String)] = [
    ("21", "ser"), ("10", "lot"), ("22", "cpv"), ("235", "tpx"), ("254", "glnx"), ("8011", "cpsn"), ("7040", "uic-ext"),
    ("8019", "srin"), ("8020", "refno"),
  ]

  /// The canonical form of a Digital Link on any host, or nil when the text is not a Digital Link.
  ///
  /// The host becomes id.gs1.org; a path before the key, query, fragment and a trailing slash are dropped; short
  /// names become application identifiers; a GTIN is padded to 14 digits; only the finest qualifier stays.
  static func canonical(_ text: [UInt8]) -> [UInt8]? {
    guard let start = pathStart(text) else { return nil }
    let pathEnd = text[start...].firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? text.endIndex
    var segments = text[start..<pathEnd].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    while let last = segments.last, last.isEmpty { segments.removeLast() }
    guard segments.count >= 2 else { return nil }
    for index in 0..<(segments.count - 1) {
      let name = segments[index]
      guard name.count >= 2, name.count <= 5 else { continue }
      for key in keys where name.elementsEqual(key.application) || name.elementsEqual(key.shortName) {
        if let link = link(key, segments[(index + 1)...]) { return link }
      }
    }
    return nil
  }

  /// Where the path begins behind `http://host` or `https://host`.
  private static func pathStart(_ text: [UInt8]) -> Int? {
    guard text.count > 12, text[0] | 0x20 == UInt8(ascii: "h"),
      text[4] == UInt8(ascii: ":") || text[4] | 0x20 == UInt8(ascii: "s")
    else { return nil }
    let colon = text[4] == UInt8(ascii: ":") ? 4 : 5
    let scheme = colon == 4 ? "http" : "https"
    guard text[..<colon].map({ $0 | 0x20 }).elementsEqual(scheme.utf8), text[colon...].starts(with: "://".utf8) else {
      return nil
    }
    let host = colon + 3
    guard
      let slash = text[host...].firstIndex(where: {
        $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
      }),
      text[slash] == UInt8(ascii: "/"), slash > host
    else { return nil }
    return slash + 1
  }

  private static func link(_ key: Key, _ rest: ArraySlice<ArraySlice<UInt8>>) -> [UInt8]? {
    guard let value = rest.first, rest.count % 2 == 1 else { return nil }
    var out = Array("https://id.gs1.org/".utf8)
    out.append(contentsOf: key.application)
    out.append(UInt8(ascii: "/"))
    guard append(value, of: key, to: &out) else { return nil }

    var found: [(application: String, value: ArraySlice<UInt8>)] = []
    var index = rest.startIndex + 1
    while index < rest.endIndex {
      let name = rest[index]
      guard
        let known = qualifiers.first(where: {
          name.elementsEqual($0.application.utf8) || name.elementsEqual($0.shortName.utf8)
        })
      else { return nil }
      found.append((known.application, rest[index + 1]))
      index += 2
    }
    for kept in key.kept {
      guard let qualifier = found.first(where: { $0.application == kept.application }) else { continue }
      out.append(UInt8(ascii: "/"))
      out.append(contentsOf: kept.application.utf8)
      out.append(UInt8(ascii: "/"))
      return EPCURN.encode(qualifier.value, kept.maximum, into: &out) ? out : nil
    }
    return out
  }

  private static func append(_ value: ArraySlice<UInt8>, of key: Key, to out: inout [UInt8]) -> Bool {
    let leading = value.prefix { $0 &- 0x30 < 10 }.count
    if key.digits == 14, key.more == 0 {
      // GTIN-8, -12 and -13 are the same item as their padded form.
      guard leading == value.count, [8, 12, 13, 14].contains(leading) else { return false }
      out.append(contentsOf: repeatElement(0x30, count: 14 - leading))
      out.append(contentsOf: value)
      return true
    }
    // A key that begins with a company prefix only has something behind its first four digits.
    guard leading >= key.digits, key.digits > 4 || value.count > 4 else { return false }
    let head = value.prefix(key.digits)
    let tail = value.dropFirst(key.digits)
    out.append(contentsOf: head)
    return tail.isEmpty || EPCURN.encode(tail, key.more, into: &out)
  }
}
