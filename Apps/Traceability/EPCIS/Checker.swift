internal import JSON
internal import Primitives

/// Walks a document and notes what is wrong, with the place.
struct Checker {
  /// What a value must be.
  indirect enum Rule: Sendable {
    case uri
    case text
    case number
    case boolean
    case time
    case zoneOffset
    case version
    case unit
    case hexadecimal
    case context
    case word(Vocabulary)
    case action
    case exactly(String)
    case anything
    case list(of: Rule, minimum: Int, unique: Bool)
    case object(ObjectRule)
    case either(Rule, Rule)
    case event
    case scalarOrObject

    static func list(_ rule: Rule, minimum: Int = 0, unique: Bool = false) -> Rule {
      .list(of: rule, minimum: minimum, unique: unique)
    }
  }

  /// What the members of an object must be.
  struct ObjectRule: Sendable {
    /// What the object is, for messages.
    let title: String
    let fields: [(name: String, rule: Rule)]
    let required: [String]
    let others: Others
  }

  /// Which members beyond the named ones an object may have.
  enum Others: Sendable {
    case none, named, any
  }

  let limit: Int
  private(set) var issues: [ValidationIssue] = []
  private var path: [String]

  init(limit: Int, path: [String] = []) {
    self.limit = max(limit, 1)
    self.path = path
  }

  var isFull: Bool { issues.count >= limit }

  mutating func note(_ message: Message) {
    if !isFull { issues.append(ValidationIssue(pointer: JSONPointer(path), message: message)) }
  }

  /// Notes an issue about a member of the object here.
  mutating func note(at name: String, _ message: Message) {
    path.append(name)
    note(message)
    path.removeLast()
  }

  /// Checks a member of the object here under its name.
  mutating func check(_ value: JSONValue, at name: String, _ rule: Rule) {
    path.append(name)
    check(value, rule)
    path.removeLast()
  }

  mutating func check(_ value: JSONValue, _ rule: Rule) {
    guard !isFull else { return }
    switch rule {
    case .anything: break
    case .uri: text(value, "a URI such as urn:epc:id:sgtin:... or https://...") { URIText.isURI($0) }
    case .text: text(value, "a text") { _ in true }
    case .number: if value.numberLexeme == nil { expected("a number", value) }
    case .boolean: if value.bool == nil { expected("true or false", value) }
    case .time:
      text(value, "a time with a zone such as 2026-01-31T12:00:00.000+08:00") { EventTime.milliseconds($0) != nil }
    case .zoneOffset: text(value, "an offset from UTC from -14:00 to +14:00 such as +08:00") { Self.isOffset($0) }
    case .version: text(value, "a version such as 2.0") { Self.isVersion($0) }
    case .unit:
      text(value, "a unit of two or three capital letters or digits such as KGM") { unit in
        (2...3).contains(unit.utf8.count) && unit.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x41 < 26 }
      }
    case .hexadecimal:
      text(value, "hexadecimal digits") { digits in
        !digits.isEmpty && digits.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }
      }
    case .action: text(value, "OBSERVE, ADD or DELETE") { ["OBSERVE", "ADD", "DELETE"].contains($0) }
    case .exactly(let word): text(value, Message(word)) { sameBytes($0, word) }
    case .word(let vocabulary): word(value, vocabulary)
    case .context: context(value)
    case .list(let element, let minimum, let unique): list(value, element, minimum, unique)
    case .object(let object): self.object(value, object)
    case .either(let list, let single): check(value, value.array == nil ? single : list)
    case .event: event(value)
    case .scalarOrObject:
      if value.string == nil, value.numberLexeme == nil, value.members == nil {
        expected("a text, a number or an object", value)
      }
    }
  }

  // MARK: kinds of value

  private mutating func expected(_ what: Message, _ value: JSONValue) {
    let name = path.last.flatMap { Int($0) == nil ? Message($0) : nil } ?? "This value"
    note("\(name) must be \(what), not \(Self.shown(value)).")
  }

  private mutating func text(_ value: JSONValue, _ what: Message, _ holds: (String) -> Bool) {
    guard let text = value.string, holds(text) else { return expected(what, value) }
  }

  private static func shown(_ value: JSONValue) -> Message {
    switch value.content {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .number(let lexeme): return "the number \(lexeme.prefix(40))"
    case .string(let text): return text.utf8.count > 80 ? "\"\(Self.cut(text))...\"" : "\"\(text)\""
    case .array: return "a list"
    case .object: return "an object"
    }
  }

  /// The beginning of a text; by scalars, since one character can be a megabyte of accents.
  static func cut(_ text: String) -> String { String(text.unicodeScalars.prefix(80)) }

  private mutating func word(_ value: JSONValue, _ vocabulary: Vocabulary) {
    let what: Message = "a word of the standard's list or a URI of your own"
    guard let text = value.string else { return expected(what, value) }
    // A Kelvin sign is equal to K for Set, but is not one.
    if text.utf8.allSatisfy({ $0 < 0x80 }), vocabulary.words.contains(text) { return }
    guard URIText.isURI(text) else {
      return note("\(Self.shown(value)) is no \(Message(vocabulary.title)) of CBV 2.0; use \(what).")
    }
    let closed: Bool
    switch vocabulary {
    case .measurement, .sensorAlert: closed = URIText.isWebVocabulary(text)
    default: closed = URIText.isCBV(text)
    }
    if closed { note("\(Self.shown(value)) must be written as a bare word of CBV 2.0, such as shipping, in JSON.") }
  }

  private mutating func list(_ value: JSONValue, _ element: Rule, _ minimum: Int, _ unique: Bool) {
    guard let values = value.array else { return expected("a list", value) }
    if values.count < minimum { return note("\(path.last.map { Message($0) } ?? "The list") must not be empty.") }
    for (index, value) in values.enumerated() {
      check(value, at: String(index), element)
      if isFull { return }
    }
    if unique { uniqueness(values) }
  }

  private mutating func uniqueness(_ values: [JSONValue]) {
    var seen: Set<[UInt8]> = []
    for (index, value) in values.enumerated() {
      guard let text = value.string else { continue }
      if !seen.insert(Array(text.utf8)).inserted {
        return note(
          at: String(index), "\(Self.shown(value)) stands twice in \(path.last.map { Message($0) } ?? "the list").")
      }
    }
  }

  private mutating func context(_ value: JSONValue) {
    let what: Message = "the address of a JSON-LD context, an object of prefixes or a list of both"
    func holds(_ value: JSONValue) -> Bool { value.members != nil || value.string.map { URIText.isURI($0) } ?? false }
    guard let parts = value.array else {
      if !holds(value) { expected(what, value) }
      return
    }
    for (index, part) in parts.enumerated() {
      if !holds(part) {
        return note(at: String(index), "A part of @context must be an address or an object of prefixes.")
      }
      // Bounded, because comparing every pair is quadratic.
      if index < 256, parts[..<index].contains(where: { $0.isEqual(to: part) }) {
        return note(at: String(index), "This part stands twice in @context.")
      }
    }
  }

  private mutating func object(_ value: JSONValue, _ rule: ObjectRule) {
    guard let members = value.members else { return expected("an object", value) }
    for name in rule.required where value[name] == nil { note(at: name, "\(Message(rule.title)) needs \(name).") }
    for member in members {
      if let field = rule.fields.first(where: { sameBytes($0.name, member.name) }) {
        check(member.value, at: member.name, field.rule)
      } else {
        other(member.name, rule.others, rule.title)
      }
      if isFull { return }
    }
  }

  /// A member that is not a field of its object.
  mutating func other(_ name: String, _ others: Others, _ title: String) {
    switch others {
    case .any: break
    case .none: note(at: name, "\(Message(title)) has no field \(Self.cut(name)).")
    case .named:
      if !URIText.isURI(name) {
        note(
          at: name, "\(Message(title)) has no field \(Self.cut(name)); a field of your own is written prefix:name.")
      }
    }
  }

  static func isOffset(_ text: String) -> Bool {
    let b = Array(text.utf8)
    guard b.count == 6, b[0] == UInt8(ascii: "+") || b[0] == UInt8(ascii: "-"), b[3] == UInt8(ascii: ":") else {
      return false
    }
    guard [1, 2, 4, 5].allSatisfy({ b[$0] &- 0x30 < 10 }) else { return false }
    let hours = Int(b[1] - 0x30) * 10 + Int(b[2] - 0x30)
    let minutes = Int(b[4] - 0x30) * 10 + Int(b[5] - 0x30)
    return minutes < 60 && (hours < 14 || (hours == 14 && minutes == 0))
  }

  static func isVersion(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 &- 0x30 < 10 } }
  }
}
