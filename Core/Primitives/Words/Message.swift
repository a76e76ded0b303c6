/// A sentence for people that can be said in more than one language.
///
/// It is written as an ordinary string literal. What stands between the interpolations is kept apart from the values,
/// so that a `Catalogue` can be asked for the same sentence in another language: the text of `"No entry \(index)."` is
/// looked up as `No entry {1}.`. A value that is itself a message, or that explains itself in one, is translated too.
///
/// The English text is the message's identity: equality, coding and `description` go by it, so that programs read the
/// same whatever language people chose. A literal without interpolations costs no more than a string.
public struct Message: Sendable {
  enum Form {
    case plain(String)
    case said(String)
    case template(literals: [String], values: [Value])
    indirect case joined(Message, Message)
  }

  enum Value {
    case text(String, width: Int)
    case message(Message, width: Int)
  }

  let form: Form

  /// A sentence that is known at run time only; it is looked up as it stands.
  public init(_ text: String) { form = .plain(text) }

  /// What a library, a file or another process said in English: it is translated if it is a sentence of the catalogue,
  /// whatever the values in it.
  public init(said text: String) { form = .said(text) }

  /// The text in English.
  public var english: String { text(in: .english) }

  /// The text in the language of a catalogue; what the catalogue lacks stays in English.
  public func text(in catalogue: Catalogue) -> String {
    switch form {
    case .plain(let text): return catalogue[text] ?? text
    case .said(let text): return catalogue.isEmpty ? text : catalogue.recognize(text) ?? text
    case .template(let literals, let values):
      let words = values.map { $0.text(in: catalogue) }
      guard !catalogue.isEmpty, let template = catalogue[template] else { return Message.weave(literals, words) }
      return Catalogue.fill(template, words)
    case .joined(let first, let second):
      if !catalogue.isEmpty, let template = catalogue[template] {
        return Catalogue.fill(template, values.map { $0.text(in: catalogue) })
      }
      return first.text(in: catalogue) + second.text(in: catalogue)
    }
  }

  /// The English text with `{1}`, `{2}` and so on in the places of the values: the key of a catalogue.
  public var template: String {
    let places = values.indices.map { "{\($0 + 1)}" }
    return Message.weave(literals, places)
  }

  private static func weave(_ literals: [String], _ words: [String]) -> String {
    var text = literals[0]
    for (word, literal) in zip(words, literals.dropFirst()) {
      text += word
      text += literal
    }
    return text
  }

  /// The text between the values, one more than there are values.
  private var literals: [String] {
    switch form {
    case .plain(let text), .said(let text): return [text]
    case .template(let literals, _): return literals
    case .joined(let first, let second):
      var (left, right) = (first.literals, second.literals)
      left[left.count - 1] += right.removeFirst()
      return left + right
    }
  }

  private var values: [Value] {
    switch form {
    case .plain, .said: []
    case .template(_, let values): values
    case .joined(let first, let second): first.values + second.values
    }
  }

  /// One message after the other: a sentence that is broken over lines, or a mark before a sentence.
  ///
  /// The whole is looked up first, then each part.
  public static func + (first: Message, second: Message) -> Message { Message(form: .joined(first, second)) }

  init(form: Form) { self.form = form }

  /// Whether it says nothing.
  public var isEmpty: Bool { english.isEmpty }

  /// Whether the English text has `text` in it.
  public func contains(_ text: String) -> Bool { english.contains(text) }

  /// Whether the English text ends with `text`.
  public func hasSuffix(_ text: String) -> Bool { english.hasSuffix(text) }
}

extension Message.Value {
  func text(in catalogue: Catalogue) -> String {
    switch self {
    case .text(let text, let width): width > 0 ? text.padded(toColumns: width) : text
    case .message(let message, let width):
      width > 0 ? message.text(in: catalogue).padded(toColumns: width) : message.text(in: catalogue)
    }
  }
}

/// Something that explains itself in a message: an error, mostly. Its description is the English text.
public protocol Explained: CustomStringConvertible {
  /// What it says.
  var explanation: Message { get }
}

extension Explained {
  /// The explanation in English.
  public var description: String { explanation.english }
}

extension Message: ExpressibleByStringInterpolation {
  /// Collects the literal text and the values.
  public struct StringInterpolation: StringInterpolationProtocol {
    var literals = [""]
    var values: [Value] = []

    /// Room for the parts.
    public init(literalCapacity: Int, interpolationCount: Int) {
      literals.reserveCapacity(interpolationCount + 1)
      values.reserveCapacity(interpolationCount)
    }

    /// Text that belongs to the sentence.
    public mutating func appendLiteral(_ literal: String) { literals[literals.count - 1] += literal }

    /// A sentence within the sentence, filled up with spaces to so many columns of a terminal.
    public mutating func appendInterpolation(_ message: Message, width: Int = 0) {
      append(.message(message, width: width))
    }

    /// A text that is the same in every language, filled up with spaces to so many columns of a terminal.
    public mutating func appendInterpolation(_ text: some StringProtocol, width: Int = 0) {
      append(.text(String(text), width: width))
    }

    /// A whole number.
    public mutating func appendInterpolation(_ number: some BinaryInteger) {
      append(.text(number.description, width: 0))
    }

    /// Any other value: what it explains, else its description.
    public mutating func appendInterpolation<T>(_ value: T) {
      if let value = value as? any Explained {
        append(.message(value.explanation, width: 0))
      } else {
        append(.text(String(describing: value), width: 0))
      }
    }

    private mutating func append(_ value: Value) {
      values.append(value)
      literals.append("")
    }
  }

  /// A sentence without values.
  public init(stringLiteral value: String) { form = .plain(value) }

  /// A sentence with values.
  public init(stringInterpolation parts: StringInterpolation) {
    form =
      parts.values.isEmpty ? .plain(parts.literals[0]) : .template(literals: parts.literals, values: parts.values)
  }
}

extension Message: CustomStringConvertible {
  /// The text in English.
  public var description: String { english }
}

extension Message: Hashable {
  /// Whether the English texts are the same.
  public static func == (a: Message, b: Message) -> Bool { a.english == b.english }

  /// Hashes the English text.
  public func hash(into hasher: inout Hasher) { hasher.combine(english) }
}

extension Message: Codable {
  /// Reads a text; it is looked up as it stands.
  public init(from decoder: any Decoder) throws {
    form = .plain(try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the English text: what programs read does not depend on the language.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(english)
  }
}

extension Sequence<Message> {
  /// The messages one after the other with the separator between them.
  public func joined(separator: Message) -> Message {
    var whole: Message?
    for message in self { whole = whole.map { "\($0)\(separator)\(message)" } ?? message }
    return whole ?? ""
  }
}
