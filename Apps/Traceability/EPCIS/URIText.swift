/// What counts as a URI or compact URI in a document.
enum URIText {
  /// Whether the text has a scheme or prefix, a colon and something behind it, without spaces and angle brackets.
  ///
  /// Characters beyond ASCII are taken, as JSON-LD takes IRIs.
  static func isURI(_ text: String) -> Bool {
    var scheme = true
    var first = true
    var rest = false
    for byte in text.utf8 {
      if scheme {
        if byte == UInt8(ascii: ":") {
          guard !first else { return false }
          scheme = false
        } else {
          let isLetter = (byte | 0x20) &- 0x61 < 26
          let isOther = byte &- 0x30 < 10 || byte == 0x2B || byte == 0x2D || byte == 0x2E || byte == 0x5F
          guard isLetter || (!first && isOther) else { return false }
          first = false
        }
      } else {
        guard byte > 0x20, byte != 0x7F, byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">"),
          byte != UInt8(ascii: "\"")
        else { return false }
        rest = true
      }
    }
    return rest
  }

  /// Whether a URI belongs to the vocabulary of CBV, whose words must be written short in JSON.
  static func isCBV(_ text: String) -> Bool {
    text.hasPrefix("urn:epcglobal:cbv") || text.hasPrefix("https://ns.gs1.org/cbv/")
      || text.hasPrefix("http://ns.gs1.org/cbv/")
  }

  /// Whether a URI belongs to the GS1 web vocabulary, whose words must be written short in JSON.
  static func isWebVocabulary(_ text: String) -> Bool {
    for prefix in [
      "https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/", "http://www.gs1.org/voc/",
    ]
    where text.hasPrefix(prefix) { return true }
    return false
  }
}
