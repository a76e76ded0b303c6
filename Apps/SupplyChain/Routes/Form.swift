import Hummingbird
import JSON
import LedgerServer
import Primitives
import Value

/// A JSON body read field by field: what is missing, out of its range or unknown is a problem that names the field.
struct Form {
  /// Bytes of a body at most.
  static let limit = 64 << 10

  private let members: [String: JSONValue]
  private var used: Set<String> = []
  /// Where in the body this part is, for problems.
  private let place: String

  init(_ request: Request) async throws {
    guard request.mediaType == "application/json" else {
      throw Problem(.unsupportedMediaType, code: "unsupported-media-type", "Send the body as application/json.")
    }
    let bytes = try await request.bytes(upTo: Form.limit)
    let value: JSONValue
    do throws(JSONError) { value = try JSONParser.parse(bytes) } catch {
      throw Problem(.badRequest, code: "malformed", error.explanation)
    }
    try self.init(value, at: "")
  }

  private init(_ value: JSONValue, at place: String) throws(Problem) {
    guard let members = value.members else {
      throw Problem(.badRequest, code: "malformed", "\(place.isEmpty ? "/" : place) is a JSON object.")
    }
    self.members = Dictionary(members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    self.place = place
  }

  private func wrong(_ name: String, _ what: Message) -> Problem {
    Problem(.badRequest, code: "malformed", "\(place)/\(name): \(what)")
  }

  private mutating func value(_ name: String) -> JSONValue? {
    used.insert(name)
    return members[name]
  }

  private mutating func needed(_ name: String) throws(Problem) -> JSONValue {
    guard let value = value(name) else { throw wrong(name, "is missing.") }
    return value
  }

  /// A text of printable characters.
  mutating func text(_ name: String, _ counts: ClosedRange<Int>, or missing: String? = nil) throws(Problem) -> String {
    if let missing, members[name] == nil { return missing }
    guard let text = try needed(name).string, counts.contains(text.unicodeScalars.count),
      text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw wrong(name, "is a text of \(counts.lowerBound) to \(counts.upperBound) characters.") }
    return text
  }

  /// The name of a party: printable ASCII without blanks.
  mutating func party(_ name: String, or missing: String? = nil) throws(Problem) -> String {
    let text = try text(name, 1...80, or: missing)
    guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw wrong(name, "is the name of an organisation, or ~ and the digits of a key.")
    }
    return text
  }

  /// Why: up to 64 characters.
  mutating func reason(_ name: String = "reason") throws(Problem) -> String { try text(name, 0...64, or: "") }

  mutating func digest(_ name: String) throws(Problem) -> Digest { try digest(of: try needed(name), name) }

  private func digest(of value: JSONValue, _ name: String) throws(Problem) -> Digest {
    guard let text = value.string, text.utf8.allSatisfy({ !(0x41...0x46).contains($0) }), let digest = Digest(hex: text)
    else { throw wrong(name, "is an id of 64 hexadecimal digits, a to f in lower case.") }
    return digest
  }

  mutating func maybeDigest(_ name: String) throws(Problem) -> Digest? {
    guard let value = value(name) else { return nil }
    return try digest(of: value, name)
  }

  mutating func integer(
    _ name: String, _ range: ClosedRange<Int64>, or missing: Int64? = nil
  ) throws(Problem) -> Int64 {
    if let missing, members[name] == nil { return missing }
    return try integer(of: try needed(name), name, range)
  }

  private func integer(of value: JSONValue, _ name: String, _ range: ClosedRange<Int64>) throws(Problem) -> Int64 {
    guard let number = value.wholeNumber, range.contains(number) else {
      throw wrong(name, "is a whole number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  /// An amount in minor units.
  mutating func amount(_ name: String, or missing: Int64? = nil) throws(Problem) -> Int64 {
    try integer(name, 0...1_000_000_000_000_000, or: missing)
  }

  mutating func flag(_ name: String) throws(Problem) -> Bool {
    guard let value = value(name) else { return false }
    guard let flag = value.bool else { throw wrong(name, "is true or false.") }
    return flag
  }

  /// A day such as 2026-11-22, from 1970 to 2189.
  mutating func day(_ name: String) throws(Problem) -> Int64 {
    guard let text = try needed(name).string, text.utf8.count == 10, let day = try? Day(text).number,
      day >= 0, text < "2190"
    else { throw wrong(name, "is a day such as 2026-11-22, from 1970 to 2189.") }
    return day
  }

  mutating func choice<Choice: RawRepresentable>(
    _ name: String, _ choices: [Choice], or missing: Choice? = nil
  ) throws(Problem) -> Choice where Choice.RawValue == String {
    if let missing, members[name] == nil { return missing }
    guard let text = try needed(name).string, let choice = choices.first(where: { $0.rawValue == text }) else {
      throw wrong(name, "is one of \(choices.map(\.rawValue).joined(separator: ", ")).")
    }
    return choice
  }

  mutating func currency() throws(Problem) -> String {
    let code = try text("currency", 3...3, or: "CNY")
    guard (try? Currency(code)) != nil else { throw wrong("currency", "is a currency code of ISO 4217.") }
    return code
  }

  mutating func amounts(_ name: String, _ counts: ClosedRange<Int>) throws(Problem) -> [Int64] {
    guard let values = try needed(name).array, counts.contains(values.count) else {
      throw wrong(name, "is a list of \(counts.lowerBound) to \(counts.upperBound) items.")
    }
    var amounts: [Int64] = []
    for value in values { amounts.append(try integer(of: value, name, 0...1_000_000_000_000_000)) }
    return amounts
  }

  mutating func digests(_ name: String, _ counts: ClosedRange<Int>) throws(Problem) -> [Digest] {
    guard let values = try needed(name).array, counts.contains(values.count) else {
      throw wrong(name, "is a list of \(counts.lowerBound) to \(counts.upperBound) items.")
    }
    var digests: [Digest] = []
    for value in values { digests.append(try digest(of: value, name)) }
    return digests
  }

  /// Names of parties; none where the field is missing.
  mutating func parties(_ name: String) throws(Problem) -> [String] {
    guard let value = value(name) else { return [] }
    guard let values = value.array, values.count <= 16 else { throw wrong(name, "is a list of \(0) to \(16) items.") }
    var names: [String] = []
    for value in values {
      guard let text = value.string, (1...80).contains(text.utf8.count),
        text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
      else { throw wrong(name, "is the name of an organisation, or ~ and the digits of a key.") }
      names.append(text)
    }
    return names
  }

  /// Whether a field is there.
  func has(_ name: String) -> Bool { members[name] != nil }

  /// Parts that are objects themselves.
  mutating func parts(_ name: String, _ counts: ClosedRange<Int>) throws(Problem) -> [Form] {
    guard let values = try needed(name).array, counts.contains(values.count) else {
      throw wrong(name, "is a list of \(counts.lowerBound) to \(counts.upperBound) items.")
    }
    var parts: [Form] = []
    for (index, value) in values.enumerated() { parts.append(try Form(value, at: "\(place)/\(name)/\(index)")) }
    return parts
  }

  /// A part that is an object itself.
  mutating func part(_ name: String) throws(Problem) -> Form { try Form(try needed(name), at: "\(place)/\(name)") }

  /// Refuses fields that nobody asked for.
  func end() throws(Problem) {
    for name in members.keys.sorted() where !used.contains(name) {
      throw wrong(String(name.prefix(60)), "is not known here.")
    }
  }
}

extension JSONValue {
  /// A number without a fraction, however it is written: JSON knows no integers (JSON Schema 2020-12 counts 5.0 as one).
  var wholeNumber: Int64? {
    let lexeme = numberLexeme ?? ""
    return Int64(lexeme) ?? Double(lexeme).flatMap { $0.magnitude < 0x1p53 ? Int64(exactly: $0) : nil }
  }
}
