internal import CBOR
internal import Primitives

/// A cursor over well-formed CBOR as the world writes SenML: floats, any order of keys, indefinite arrays and maps.
///
/// The ledger's own reader, `CBORReader`, refuses all of these by name; nothing that this one reads is hashed as it stands.
struct LooseCBORReader {
  private let input: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { input = bytes }

  var isAtEnd: Bool { position == input.count }

  /// The items of an array or pairs of a map that are left; nil for an indefinite length.
  struct Count { var left: Int? }

  private func fault(_ fault: SenMLError.Fault, _ offset: Int, _ detail: String) -> SenMLError {
    SenMLError(fault, offset: offset, detail: detail)
  }

  /// The major type of the next item.
  func peek() throws(SenMLError) -> CBORMajor {
    guard position < input.count, let major = CBORMajor(rawValue: input[position] >> 5) else {
      throw fault(.malformed, position, "the bytes end too early")
    }
    return major
  }

  /// The head of the next item; the value is nil for an indefinite length.
  private mutating func head() throws(SenMLError) -> (major: CBORMajor, info: UInt8, value: UInt64?) {
    let start = position
    let major = try peek()
    let info = input[start] & 31
    position += 1
    switch info {
    case ..<24: return (major, info, UInt64(info))
    case 24...27:
      let width = 1 << Int(info - 24)
      guard input.count - position >= width else { throw fault(.malformed, start, "the bytes end too early") }
      var value: UInt64 = 0
      for index in position..<position + width { value = value << 8 | UInt64(input[index]) }
      position += width
      return (major, info, value)
    case 31 where major == .array || major == .map: return (major, info, nil)
    default: throw fault(.malformed, start, "a length that is not taken")
    }
  }

  private mutating func head(_ expected: CBORMajor, _ words: String) throws(SenMLError) -> UInt64 {
    let start = position
    let head = try head()
    guard head.major == expected, let value = head.value else {
      throw fault(.wrongType, start, "\(words) is asked for")
    }
    return value
  }

  /// Begins an array or a map.
  mutating func count(_ expected: CBORMajor) throws(SenMLError) -> Count {
    let start = position
    let head = try head()
    guard head.major == expected else {
      throw fault(.wrongType, start, expected == .array ? "an array is asked for" : "a map is asked for")
    }
    return try count(head.value, of: start, itemBytes: expected == .array ? 1 : 2)
  }

  private func count(_ value: UInt64?, of start: Int, itemBytes: Int) throws(SenMLError) -> Count {
    guard let value else { return Count(left: nil) }
    guard value <= UInt64((input.count - position) / itemBytes) else {
      throw fault(.malformed, start, "more items than bytes")
    }
    return Count(left: Int(value))
  }

  /// Whether a further item or pair follows.
  mutating func another(_ count: inout Count) throws(SenMLError) -> Bool {
    if let left = count.left {
      count.left = left - 1
      return left > 0
    }
    guard position < input.count else { throw fault(.malformed, position, "the bytes end too early") }
    guard input[position] == 0xff else { return true }
    position += 1
    return false
  }

  private mutating func take(_ count: UInt64, of start: Int) throws(SenMLError) -> ArraySlice<UInt8> {
    guard count <= UInt64(input.count - position) else { throw fault(.malformed, start, "the bytes end too early") }
    defer { position += Int(count) }
    return input[position..<position + Int(count)]
  }

  /// A text of definite length in UTF-8.
  mutating func text() throws(SenMLError) -> String {
    let start = position
    let bytes = try take(head(.text, "a text"), of: start)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fault(.malformed, start, "bytes that are not UTF-8")
    }
    return text
  }

  /// A byte string of definite length.
  mutating func bytes() throws(SenMLError) -> [UInt8] {
    let start = position
    return Array(try take(head(.bytes, "a byte string"), of: start))
  }

  /// False or true.
  mutating func bool() throws(SenMLError) -> Bool {
    let start = position
    let head = try head()
    guard head.major == .simple, head.info == 20 || head.info == 21 else {
      throw fault(.wrongType, start, "true or false is asked for")
    }
    return head.info == 21
  }

  /// An integer of 64 bits.
  mutating func integer() throws(SenMLError) -> Int64 {
    let start = position
    let head = try head()
    guard head.major == .unsigned || head.major == .negative, let value = head.value else {
      throw fault(.wrongType, start, "an integer is asked for")
    }
    guard let value = Int64(exactly: value) else { throw fault(.number, start, "more than 64 bits") }
    return head.major == .unsigned ? value : ~value
  }

  /// A number: an integer, a float as its shortest decimal, or a decimal fraction.
  mutating func number() throws(SenMLError) -> SenMLNumber {
    let start = position
    let head = try head()
    let number: SenMLNumber?
    switch (head.major, head.info) {
    case (.unsigned, _): number = head.value.flatMap { SenMLNumber(wide: Int128($0), exponent: 0) }
    case (.negative, _): number = head.value.flatMap { SenMLNumber(wide: -1 - Int128($0), exponent: 0) }
    case (.simple, 25):
      number = SenMLNumber(double: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: head.value ?? 0))))
    case (.simple, 26):
      number = SenMLNumber(double: Double(Float(bitPattern: UInt32(truncatingIfNeeded: head.value ?? 0))))
    case (.simple, 27): number = SenMLNumber(double: Double(bitPattern: head.value ?? 0))
    case (.tag, _) where head.value == 4:
      guard try count(.array).left == 2 else {
        throw fault(.malformed, start, "a decimal fraction has an exponent and a mantissa")
      }
      let exponent = try integer()
      let mantissa = try integer()
      number = SenMLNumber(mantissa: mantissa, exponent: Int(max(-10_000, min(10_000, exponent))))
    default: throw fault(.wrongType, start, "a number is asked for")
    }
    guard let number else { throw fault(.number, start, "no finite number of 64 bits and an exponent of a byte") }
    return number
  }

  /// Steps over one item.
  mutating func skip(depth: Int) throws(SenMLError) {
    let start = position
    guard depth <= Limits.cborNesting else { throw fault(.malformed, start, "items are nested too deeply") }
    let head = try head()
    switch head.major {
    case .unsigned, .negative, .simple: break
    case .bytes: _ = try take(head.value ?? 0, of: start)
    case .text:
      guard String(validating: try take(head.value ?? 0, of: start), as: UTF8.self) != nil else {
        throw fault(.malformed, start, "bytes that are not UTF-8")
      }
    case .tag: try skip(depth: depth + 1)
    case .array, .map:
      var count = try count(head.value, of: start, itemBytes: head.major == .array ? 1 : 2)
      while try another(&count) {
        try skip(depth: depth + 1)
        if head.major == .map { try skip(depth: depth + 1) }
      }
    }
  }
}
