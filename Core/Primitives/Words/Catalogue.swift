/// Sentences in another language, by the English template of the `Message`.
///
/// Each module carries its own and a program merges those that it is made of; there is no table to register with. In
/// both templates a value's place is `{1}`, `{2}` and so on, and the translation may put them in another order.
public struct Catalogue: Sendable {
  private let sentences: [String: String]

  /// A catalogue of these sentences: English template to translated template.
  public init(_ sentences: [String: String]) { self.sentences = sentences }

  /// No sentences: everything stays in English.
  public static let english = Catalogue([:])

  /// The catalogue that words for people are taken from in this task and its children.
  @TaskLocal public static var current: Catalogue = .english

  /// Whether everything stays in English.
  public var isEmpty: Bool { sentences.isEmpty }

  /// The English templates that there are translations for.
  public var templates: [String] { Array(sentences.keys) }

  /// The translated template, if there is one.
  public subscript(template: String) -> String? { sentences[template] }

  /// Both catalogues in one; where both have a sentence, the other's counts.
  public func merging(_ other: Catalogue) -> Catalogue {
    Catalogue(sentences.merging(other.sentences) { $1 })
  }

  /// The template with the words in their places; a place without a word stays as it is.
  static func fill(_ template: String, _ words: [String]) -> String {
    var text = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      text += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: "}"), let number = Int(rest[rest.index(after: open)..<close]),
        words.indices.contains(number - 1)
      else {
        text += "{"
        rest = rest.dropFirst()
        continue
      }
      text += words[number - 1]
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }
}

/// The languages that people are spoken to in.
public enum Language: Sendable {
  /// English, which everything is written in first.
  case english
  /// Simplified Chinese.
  case chinese

  /// The language of a program's surroundings.
  ///
  /// `TALLYSTICK_LANG` counts first, then POSIX's order: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set and
  /// not empty decides, whatever the others say (XBD section 8.2).
  public init(environment: [String: String]) {
    let names = ["TALLYSTICK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
    let value = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    self = value.map { Language.isChinese($0[...]) } == true ? .chinese : .english
  }

  /// The language that an Accept-Language field asks for (RFC 9110, section 12.5.4); English when it does not say.
  public init(accepting field: String?) {
    var (best, language) = (0.0, Language.english)
    for range in (field ?? "").split(separator: ",").prefix(32) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let tag = parts.first else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      let found: Language? =
        Language.isChinese(tag[...]) ? .chinese : tag == "*" || tag == "en" || tag.hasPrefix("en-") ? .english : nil
      if let found, weight > best { (best, language) = (weight, found) }
    }
    self = language
  }

  /// Whether a locale's or language's name is Chinese: `zh`, `zh_CN.UTF-8`, `zh-Hans`.
  private static func isChinese(_ name: Substring) -> Bool {
    name.prefix { $0 != "_" && $0 != "-" && $0 != "." && $0 != "@" }.lowercased() == "zh"
  }
}
