public import Primitives

/// Why a text is not JSON that we take, and where.
public struct JSONError: Error, Sendable, Equatable, Explained {
  /// What is wrong.
  public enum Kind: String, Sendable {
    /// The document is longer than the limit.
    case tooLarge = "the document is larger than the limit"
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep = "arrays and objects are nested too deeply"
    /// The document ends inside a value.
    case unexpectedEnd = "the document ends too early"
    /// A byte that cannot stand here.
    case unexpectedByte = "a character that cannot stand here"
    /// Something follows the value.
    case trailingBytes = "something follows the end of the document"
    /// A number that RFC 8259 section 6 does not allow.
    case invalidNumber = "a number that is not JSON"
    /// Bytes that are not UTF-8.
    case invalidUTF8 = "bytes that are not UTF-8"
    /// An unknown escape or a control character in a string.
    case invalidString = "a string with an unknown escape or a raw control character"
    /// An escape that is one half of a surrogate pair.
    case loneSurrogate = "a lone surrogate in a string"
    /// An object with the same member name twice.
    case duplicateName = "an object with the same member name twice"
  }

  /// What is wrong.
  public let kind: Kind

  /// The byte offset in the source.
  public let offset: Int

  /// The line, from 1.
  public let line: Int

  /// The column in bytes, from 1.
  public let column: Int

  /// One sentence with the place.
  public var explanation: Message {
    "Line \(line), column \(column) (byte \(offset)): \(Message(kind.rawValue))."
  }
}

/// A strict reader of JSON texts (RFC 8259).
public enum JSONParser {
  /// Reads one JSON document.
  ///
  /// Takes UTF-8 with or without a byte order mark. Nesting and size are bounded by `Limits.jsonNesting` and
  /// `Limits.documentBytes`; duplicate member names, lone surrogates and anything after the value are refused.
  /// The ranges of the values are offsets in `bytes`. The cost is linear, a few nanoseconds a byte.
  public static func parse(_ bytes: [UInt8], limit: Int? = nil) throws(JSONError) -> JSONValue {
    var scanner = JSONScanner(bytes: bytes)
    do throws(JSONFault) {
      let limit = limit ?? Limits.documentBytes
      guard bytes.count <= limit else { throw JSONFault(kind: .tooLarge, offset: limit) }
      return try scanner.document()
    } catch {
      var line = 1
      var start = 0
      for index in 0..<min(error.offset, bytes.count) where bytes[index] == 0x0A {
        line += 1
        start = index + 1
      }
      throw JSONError(kind: error.kind, offset: error.offset, line: line, column: error.offset - start + 1)
    }
  }
}

/// A fault before its line is known.
struct JSONFault: Error {
  let kind: JSONError.Kind
  let offset: Int
}

/// The scanner behind `JSONParser`.
struct JSONScanner {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONFault) -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipSpace()
    let value = try self.value()
    skipSpace()
    guard position == bytes.count else { throw fault(.trailingBytes) }
    return value
  }

  private func fault(_ kind: JSONError.Kind) -> JSONFault {
    JSONFault(kind: position >= bytes.count && kind == .unexpectedByte ? .unexpectedEnd : kind, offset: position)
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func value() throws(JSONFault) -> JSONValue {
    guard position < bytes.count else { throw fault(.unexpectedEnd) }
    let start = position
    let content: JSONValue.Content
    switch bytes[position] {
    case UInt8(ascii: "{"): content = try object()
    case UInt8(ascii: "["): content = try array()
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "t"): content = try literal("true", .bool(true))
    case UInt8(ascii: "f"): content = try literal("false", .bool(false))
    case UInt8(ascii: "n"): content = try literal("null", .null)
    case UInt8(ascii: "-"), 0x30...0x39: content = .number(try number())
    default: throw fault(.unexpectedByte)
    }
    return JSONValue(content, range: start..<position)
  }

  private mutating func literal(
    _ text: StaticString, _ content: JSONValue.Content
  ) throws(JSONFault) -> JSONValue.Content {
    for index in 0..<text.utf8CodeUnitCount {
      guard position < bytes.count, bytes[position] == text.utf8Start[index] else { throw fault(.unexpectedByte) }
      position += 1
    }
    return content
  }

  private mutating func enter() throws(JSONFault) {
    depth += 1
    guard depth <= Limits.jsonNesting else { throw fault(.tooDeep) }
    position += 1
    skipSpace()
  }

  private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func array() throws(JSONFault) -> JSONValue.Content {
    try enter()
    var values: [JSONValue] = []
    if peek() == UInt8(ascii: "]") {
      position += 1
      depth -= 1
      return .array(values)
    }
    while true {
      values.append(try value())
      skipSpace()
      switch peek() {
      case UInt8(ascii: ","):
        position += 1
        skipSpace()
      case UInt8(ascii: "]"):
        position += 1
        depth -= 1
        return .array(values)
      default: throw fault(.unexpectedByte)
      }
    }
  }

  private mutating func object() throws(JSONFault) -> JSONValue.Content {
    try enter()
    var members: [JSONMember] = []
    // Few members are compared one by one; a set takes over before that becomes quadratic.
    var names: Set<[UInt8]> = []
    if peek() == UInt8(ascii: "}") {
      position += 1
      depth -= 1
      return .object(members)
    }
    while true {
      guard peek() == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
      let start = position
      let name = try string()
      if members.count < 24 {
        for member in members where sameBytes(member.name, name) {
          throw JSONFault(kind: .duplicateName, offset: start)
        }
      } else {
        if names.isEmpty { names = Set(members.map { Array($0.name.utf8) }) }
        guard names.insert(Array(name.utf8)).inserted else { throw JSONFault(kind: .duplicateName, offset: start) }
      }
      skipSpace()
      guard peek() == UInt8(ascii: ":") else { throw fault(.unexpectedByte) }
      position += 1
      skipSpace()
      members.append(JSONMember(name, try value()))
      skipSpace()
      switch peek() {
      case UInt8(ascii: ","):
        position += 1
        skipSpace()
      case UInt8(ascii: "}"):
        position += 1
        depth -= 1
        return .object(members)
      default: throw fault(.unexpectedByte)
      }
    }
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONFault) -> String {
    let start = position
    if peek() == UInt8(ascii: "-") { position += 1 }
    let first = peek()
    let whole = digits()
    guard whole > 0, whole == 1 || first != 0x30 else { throw fault(.invalidNumber) }
    if peek() == UInt8(ascii: ".") {
      position += 1
      guard digits() > 0 else { throw fault(.invalidNumber) }
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      position += 1
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw fault(.invalidNumber) }
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func string() throws(JSONFault) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") { return try escapedString(start) }
      guard byte >= 0x20 else { throw fault(.invalidString) }
      if byte < 0x80 { position += 1 } else { try multibyte() }
    }
    throw fault(.unexpectedEnd)
  }

  private mutating func escapedString(_ start: Int) throws(JSONFault) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try escape(into: &text)
      case 0x00..<0x20:
        throw fault(.invalidString)
      case 0x20..<0x80:
        text.append(byte)
        position += 1
      default:
        let from = position
        try multibyte()
        text.append(contentsOf: bytes[from..<position])
      }
    }
    throw fault(.unexpectedEnd)
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
    let start = position
    position += 1
    guard let byte = peek() else { throw fault(.unexpectedEnd) }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = try hex4()
      if (0xD800..<0xDC00).contains(scalar) {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw JSONFault(kind: .loneSurrogate, offset: start) }
        position += 2
        let low = try hex4()
        guard (0xDC00..<0xE000).contains(low) else { throw JSONFault(kind: .loneSurrogate, offset: start) }
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let value = Unicode.Scalar(scalar) else { throw JSONFault(kind: .loneSurrogate, offset: start) }
      text.append(contentsOf: String(value).utf8)
    default: throw JSONFault(kind: .invalidString, offset: start)
    }
  }

  private mutating func hex4() throws(JSONFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw fault(.unexpectedEnd) }
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: throw fault(.invalidString)
      }
      position += 1
    }
    return value
  }

  /// Steps over one sequence of two to four bytes (Unicode table 3-7).
  private mutating func multibyte() throws(JSONFault) {
    let lead = bytes[position]
    let count: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch lead {
    case 0xC2...0xDF: count = 2
    case 0xE0...0xEF:
      count = 3
      if lead == 0xE0 { low = 0xA0 }
      if lead == 0xED { high = 0x9F }
    case 0xF0...0xF4:
      count = 4
      if lead == 0xF0 { low = 0x90 }
      if lead == 0xF4 { high = 0x8F }
    default: throw fault(.invalidUTF8)
    }
    guard position + count <= bytes.count, bytes[position + 1] >= low, bytes[position + 1] <= high else {
      throw fault(.invalidUTF8)
    }
    for index in 2..<max(count, 2) where bytes[position + index] & 0xC0 != 0x80 { throw fault(.invalidUTF8) }
    position += count
  }
}
