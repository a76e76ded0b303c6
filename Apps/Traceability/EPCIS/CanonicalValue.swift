internal import JSON

/// The vocabularies that bare words belong to, by the field that they stand in.
enum BareWords: Sendable {
  case bizStep, disposition, bizTransactionType, sourceDestinationType, errorReason, component, measurement

  /// What stands before the word in the web vocabulary.
  var prefix: String {
    switch self {
    case .bizStep: "https://ref.gs1.org/cbv/BizStep-"
    case .disposition: "https://ref.gs1.org/cbv/Disp-"
    case .bizTransactionType: "https://ref.gs1.org/cbv/BTT-"
    case .sourceDestinationType: "https://ref.gs1.org/cbv/SDT-"
    case .errorReason: "https://ref.gs1.org/cbv/ER-"
    case .component: "https://ref.gs1.org/cbv/Comp-"
    case .measurement: "https://ref.gs1.org/voc/"
    }
  }
}

/// The canonical spelling of values in the event hash.
enum CanonicalValue {
  private static let oldVocabulary: [(urn: String, words: BareWords)] = [
    ("urn:epcglobal:cbv:bizstep:", .bizStep), ("urn:epcglobal:cbv:disp:", .disposition),
    ("urn:epcglobal:cbv:btt:", .bizTransactionType), ("urn:epcglobal:cbv:sdt:", .sourceDestinationType),
    ("urn:epcglobal:cbv:er:", .errorReason),
  ]

  /// A scalar in canonical spelling; nil for null, lists, objects and texts of white space only.
  ///
  /// In order: trim, vocabulary, compact names of GS1, number, identifier.
  static func bytes(_ value: JSONValue, _ words: BareWords?, _ namespaces: Namespaces) -> [UInt8]? {
    switch value.content {
    case .string(let text):
      let trimmed = EPCIdentifier.trim(Array(text.utf8))
      return trimmed.isEmpty ? nil : string(trimmed, words, namespaces)
    case .number(let lexeme):
      let bytes = Array(lexeme.utf8)
      return CanonicalNumber.plain(bytes) ?? bytes
    case .bool(let flag): return Array((flag ? "true" : "false").utf8)
    case .null, .array, .object: return nil
    }
  }

  private static func string(_ text: [UInt8], _ words: BareWords?, _ namespaces: Namespaces) -> [UInt8] {
    guard text.contains(UInt8(ascii: ":")) else {
      if let words, !text.contains(UInt8(ascii: "/")) { return Array(words.prefix.utf8) + text }
      return CanonicalNumber.plain(text) ?? text
    }
    if text.starts(with: "urn:epcglobal:cbv:".utf8) {
      for (urn, words) in oldVocabulary where text.starts(with: urn.utf8) {
        return Array(words.prefix.utf8) + text[urn.utf8.count...]
      }
      return text
    }
    if let link = EPCIdentifier.digitalLink(text) { return link }
    guard let expanded = namespaces.expandedValue(text) else { return text }
    return EPCIdentifier.digitalLink(expanded) ?? expanded
  }
}
