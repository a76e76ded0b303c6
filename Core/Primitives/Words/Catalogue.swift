/// Sentences in another language, by the English template of the `Message`.
///
/// Each module carries its own and a program merges those that it is made of; there is no table to register with. In
/// both templates a value's place is `{1}`, `{2}` and so on, and the translation may put them in another order.
public struct Catalogue: Sendable {
  private let sentences: [String: String]

  /// A catalogue of these sentences: English template to translated template; the last of one template counts.
  public init(_ sentences: KeyValuePairs<String, String>) {
    self.init(Dictionary(sentences.map { ($0.key, $0.value) }) { $1 })
  }

  /// A catalogue of these sentences.
  public init(_ sentences: [String: String]) { self.sentences = sentences }

  /// No sentences: everything stays in English.
  public static let english = Catalogue([String: String]())

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

  /// A text that was a message once, in this language: the longest template that it fits, with its values translated in
  /// the same way. Nil where none fits.
  ///
  /// For what comes from a library, a file or another process. Templates with less than six characters of text of their
  /// own are not tried. Linear in the catalogue's size, about a millisecond.
  func recognize(_ text: String) -> String? {
    if let whole = sentences[text] { return whole }
    guard text.utf8.count <= 4096 else { return nil }
    return recognize(text, sentences.compactMap { Pattern($0.key, $0.value) }.sorted { $0.precedes($1) }, depth: 0)
  }

  private func recognize(_ text: String, _ patterns: [Pattern], depth: Int) -> String? {
    if let whole = sentences[text] { return whole }
    guard depth < 4 else { return nil }
    for pattern in patterns {
      guard let values = pattern.values(in: text) else { continue }
      return Catalogue.fill(
        pattern.translation,
        // A word alone may be a name or something to type.
        values.map { $0.contains(" ") ? recognize($0, patterns, depth: depth + 1) ?? $0 : $0 })
    }
    return nil
  }

  /// The template with the words in their places; a place without a word stays as it is.
  ///
  /// Between a Chinese character and a Latin letter or digit there is one space, between two Chinese ones none, whatever
  /// the template has there: it cannot know which kind of word comes.
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
      let word = words[number - 1]
      rest = rest[rest.index(after: close)...]
      if let first = word.first {
        if text.last == " ", first.isIdeograph, text.dropLast().last?.isIdeograph == true { text.removeLast() }
        if let last = text.last, last.isIdeograph && first.isLatin { text += " " }
      }
      text += word
      if let last = word.last, let next = rest.first {
        if next == " ", last.isIdeograph, rest.dropFirst().first?.isIdeograph == true { rest = rest.dropFirst() }
        if last.isLatin && next.isIdeograph { text += " " }
      }
    }
    return text + rest
  }
}

/// A template taken apart, to find its values in a text.
private struct Pattern: Sendable {
  let template: String
  let translation: String
  let literals: [String]
  let weight: Int

  /// Nil for a template without places, with places in another order than 1, 2, 3, or with too little text.
  init?(_ template: String, _ translation: String) {
    var (literals, number) = ([""], 1)
    var rest = template[...]
    while let place = rest.firstRange(of: "{\(number)}") {
      literals[literals.count - 1] += rest[..<place.lowerBound]
      literals.append("")
      rest = rest[place.upperBound...]
      number += 1
    }
    literals[literals.count - 1] += rest
    self.template = template
    self.translation = translation
    self.literals = literals
    weight = literals.reduce(0) { $0 + $1.utf8.count }
    guard number > 1, weight >= 6 else { return nil }
  }

  /// More text of its own comes first; among equals the order of the templates, so that the choice is always the same.
  func precedes(_ other: Pattern) -> Bool {
    weight != other.weight ? weight > other.weight : template < other.template
  }

  /// The texts in the places, each as short as it can be.
  func values(in text: String) -> [String]? {
    guard let first = literals.first, let last = literals.last, text.hasPrefix(first), text.hasSuffix(last),
      text.count >= first.count + last.count
    else { return nil }
    var values: [String] = []
    var rest = text.dropFirst(first.count).dropLast(last.count)
    for literal in literals.dropFirst().dropLast() {
      guard let place = rest.firstRange(of: literal) else { return nil }
      values.append(String(rest[..<place.lowerBound]))
      rest = rest[place.upperBound...]
    }
    return values + [String(rest)]
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
