/// EPC URNs (TDS 1.13 section 6 and 8) to GS1 Digital Link, by table.
package enum EPCURN {
  /// How the parts of a scheme become a Digital Link path.
  private enum Shape {
    /// GTIN with an optional qualifier: company prefix and item reference of 13 digits, then a serial.
    case item(qualifier: String, maximum: Int)
    /// A key of digits with its check digit: reference moved behind the prefix, and nothing after.
    case digits(application: String, total: Int, leadFromReference: Bool)
    /// A GLN with extension; an extension of 0 is none.
    case location
    /// A key of 12 digits and check digit with the serial written behind it.
    case keyedSerial(application: String, lead: String, maximum: Int, digitsOnly: Bool)
    /// Company prefix and reference of any characters, at most 30 together.
    case free(application: String)
    /// Component or part with serial of digits.
    case part
    /// Individual trade item piece.
    case piece
  }

  private struct Scheme {
    let name: [UInt8]
    let shape: Shape
    let pattern: Bool

    init(_ name: String, _ shape: Shape, pattern: Bool = false) {
      self.name = Array(name.utf8)
      self.shape = shape
      self.pattern = pattern
    }
  }

  private static let schemes: [Scheme] = [
    Scheme("sgtin", .item(qualifier: "/21/", maximum: 20), pattern: true),
    Scheme("sscc", .digits(application: "00", total: 17, leadFromReference: true)),
    Scheme("sgln", .location),
    Scheme("pgln", .digits(application: "417", total: 12, leadFromReference: false)),
    Scheme("grai", .keyedSerial(application: "8003", lead: "0", maximum: 16, digitsOnly: false), pattern: true),
    Scheme("giai", .free(application: "8004")),
    Scheme("gsrn", .digits(application: "8018", total: 17, leadFromReference: false)),
    Scheme("gsrnp", .digits(application: "8017", total: 17, leadFromReference: false)),
    Scheme("gdti", .keyedSerial(application: "253", lead: "", maximum: 20, digitsOnly: false), pattern: true),
    Scheme("sgcn", .keyedSerial(application: "255", lead: "", maximum: 12, digitsOnly: true), pattern: true),
    Scheme("cpi", .part, pattern: true),
    Scheme("ginc", .free(application: "401")),
    Scheme("gsin", .digits(application: "402", total: 16, leadFromReference: false)),
    Scheme("itip", .piece, pattern: true),
    Scheme("upui", .item(qualifier: "/235/", maximum: 28), pattern: true),
  ]

  private static let lotClass = Shape.item(qualifier: "/10/", maximum: 20)

  /// Whether the text has the form of an EPC class or pattern URN, which names a class of things and not one thing.
  static func isClass(_ text: [UInt8]) -> Bool {
    text.starts(with: "urn:epc:class:".utf8) || text.starts(with: "urn:epc:idpat:".utf8)
  }

  /// The canonical Digital Link of an EPC URN, or nil when the text is not a well-formed one that has a link.
  ///
  /// Check digits are computed; serials are percent-encoded where Digital Link demands it and keep the escapes
  /// that they have. A pattern (`idpat`) must have the serial `*`, which is dropped.
  static func digitalLink(_ text: [UInt8]) -> [UInt8]? {
    guard text.starts(with: "urn:epc:".utf8) else { return nil }
    let kindEnd = text[8...].firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
    guard kindEnd < text.endIndex, let schemeEnd = text[(kindEnd + 1)...].firstIndex(of: UInt8(ascii: ":")) else {
      return nil
    }
    let kind = text[8..<kindEnd]
    let scheme = text[(kindEnd + 1)..<schemeEnd]
    let rest = text[(schemeEnd + 1)...]
    if kind.elementsEqual("class".utf8) {
      return scheme.elementsEqual("lgtin".utf8) ? build(lotClass, rest, pattern: false) : nil
    }
    let pattern = kind.elementsEqual("idpat".utf8)
    guard pattern || kind.elementsEqual("id".utf8) else { return nil }
    for entry in schemes where scheme.elementsEqual(entry.name) {
      guard !pattern || entry.pattern else { return nil }
      return build(entry.shape, rest, pattern: pattern)
    }
    return nil
  }

  private static func build(_ shape: Shape, _ rest: ArraySlice<UInt8>, pattern: Bool) -> [UInt8]? {
    guard let dot = rest.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let prefix = rest[..<dot]
    var tail = rest[(dot + 1)...]
    guard (6...12).contains(prefix.count), isDigits(prefix) else { return nil }
    var out = Array("https://id.gs1.org/".utf8)

    switch shape {
    case .item(let qualifier, let maximum):
      guard let gtin = gtin(prefix, next(&tail)) else { return nil }
      out.append(contentsOf: "01/".utf8)
      out.append(contentsOf: gtin)
      if pattern { return isStar(tail) ? out : nil }
      out.append(contentsOf: qualifier.utf8)
      return encode(tail, maximum, into: &out) ? out : nil

    case .digits(let application, let total, let leadFromReference):
      guard !pattern, isDigits(tail) || tail.isEmpty, prefix.count + tail.count == total else { return nil }
      var key: [UInt8] = []
      if leadFromReference {
        guard let lead = tail.popFirst() else { return nil }
        key.append(lead)
      }
      key.append(contentsOf: prefix)
      key.append(contentsOf: tail)
      // A GLN may have an empty reference behind a prefix of twelve digits; its dot stays.
      out.append(contentsOf: application.utf8)
      out.append(UInt8(ascii: "/"))
      out.append(contentsOf: key)
      out.append(checkDigit(key))
      return out

    case .location:
      guard let reference = next(&tail), let key = key(prefix, reference, lead: "") else { return nil }
      out.append(contentsOf: "414/".utf8)
      out.append(contentsOf: key)
      if tail.elementsEqual("0".utf8) { return out }
      out.append(contentsOf: "/254/".utf8)
      return encode(tail, 20, into: &out) ? out : nil

    case .keyedSerial(let application, let lead, let maximum, let digitsOnly):
      guard let reference = next(&tail), let key = key(prefix, reference, lead: lead) else { return nil }
      out.append(contentsOf: application.utf8)
      out.append(UInt8(ascii: "/"))
      out.append(contentsOf: key)
      if pattern { return isStar(tail) ? out : nil }
      guard !digitsOnly || isDigits(tail) else { return nil }
      return encode(tail, maximum, into: &out) ? out : nil

    case .free(let application):
      guard !pattern else { return nil }
      out.append(contentsOf: application.utf8)
      out.append(UInt8(ascii: "/"))
      out.append(contentsOf: prefix)
      return encode(tail, 30 - prefix.count, into: &out) ? out : nil

    case .part:
      guard let part = next(&tail) else { return nil }
      out.append(contentsOf: "8010/".utf8)
      out.append(contentsOf: prefix)
      guard encode(part, 30 - prefix.count, into: &out) else { return nil }
      if pattern { return isStar(tail) ? out : nil }
      guard isDigits(tail), tail.count <= 12 else { return nil }
      out.append(contentsOf: "/8011/".utf8)
      out.append(contentsOf: tail)
      return out

    case .piece:
      guard let gtin = gtin(prefix, next(&tail)), let piece = next(&tail), let total = next(&tail), piece.count == 2,
        total.count == 2, isDigits(piece), isDigits(total)
      else { return nil }
      out.append(contentsOf: "8006/".utf8)
      out.append(contentsOf: gtin)
      out.append(contentsOf: piece)
      out.append(contentsOf: total)
      if pattern { return isStar(tail) ? out : nil }
      out.append(contentsOf: "/21/".utf8)
      return encode(tail, 20, into: &out) ? out : nil
    }
  }

  /// The part before the next dot, which is dropped; nil when there is no dot.
  private static func next(_ tail: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let dot = tail.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let part = tail[..<dot]
    tail = tail[(dot + 1)...]
    return part
  }

  private static func gtin(_ prefix: ArraySlice<UInt8>, _ reference: ArraySlice<UInt8>?) -> [UInt8]? {
    guard let reference, let indicator = reference.first, prefix.count + reference.count == 13, isDigits(reference)
    else { return nil }
    var key = [indicator]
    key.append(contentsOf: prefix)
    key.append(contentsOf: reference.dropFirst())
    key.append(checkDigit(key))
    return key
  }

  private static func key(_ prefix: ArraySlice<UInt8>, _ reference: ArraySlice<UInt8>, lead: String) -> [UInt8]? {
    guard prefix.count + reference.count == 12, reference.isEmpty || isDigits(reference) else { return nil }
    var key = Array(lead.utf8)
    key.append(contentsOf: prefix)
    key.append(contentsOf: reference)
    key.append(checkDigit(key))
    return key
  }

  private static func isDigits(_ text: ArraySlice<UInt8>) -> Bool {
    !text.isEmpty && text.allSatisfy { $0 &- 0x30 < 10 }
  }

  private static func isStar(_ text: ArraySlice<UInt8>) -> Bool { text.count == 1 && text.first == UInt8(ascii: "*") }

  /// The GS1 check digit of digits: weights 3 and 1 in turn from the right (General Specifications section 7.9.1).
  package static func checkDigit(_ digits: [UInt8]) -> UInt8 {
    var sum = 0
    for (place, digit) in digits.reversed().enumerated() { sum += Int(digit - 0x30) * (place % 2 == 0 ? 3 : 1) }
    return UInt8(0x30 + (10 - sum % 10) % 10)
  }

  /// Appends a serial, percent-encoding what a Digital Link may not hold raw.
  ///
  /// False when it is empty, longer than its limit (an escape counts as one) or has a character that no serial has.
  static func encode(_ text: ArraySlice<UInt8>, _ maximum: Int, into out: inout [UInt8]) -> Bool {
    var count = 0
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      count += 1
      switch byte {
      case UInt8(ascii: "!"): out.append(contentsOf: "%21".utf8)
      case UInt8(ascii: "("): out.append(contentsOf: "%28".utf8)
      case UInt8(ascii: ")"): out.append(contentsOf: "%29".utf8)
      case UInt8(ascii: "*"): out.append(contentsOf: "%2A".utf8)
      case UInt8(ascii: "+"): out.append(contentsOf: "%2B".utf8)
      case UInt8(ascii: ","): out.append(contentsOf: "%2C".utf8)
      case UInt8(ascii: ":"): out.append(contentsOf: "%3A".utf8)
      case UInt8(ascii: "%"):
        guard index + 2 < text.endIndex, isHex(text[index + 1]), isHex(text[index + 2]) else { return false }
        out.append(contentsOf: text[index...(index + 2)])
        index += 2
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "'"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "\""), UInt8(ascii: "<"),
        UInt8(ascii: ">"):
        out.append(byte)
      default: return false
      }
      index += 1
    }
    return count > 0 && count <= maximum
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
  }
}
