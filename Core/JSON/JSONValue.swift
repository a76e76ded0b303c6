/// One JSON value as it was written: number lexemes, member order and the place in the source are kept.
///
/// A parsed value knows the byte range it had in its document, so that a part of the document can be cut out
/// unchanged. `description` and equality are not defined on purpose: use `JSONWriter` to write and
/// `isEqual(to:)` to compare.
public struct JSONValue: Sendable {
  /// What the value is.
  ///
  /// Numbers keep the text of the document, such as `1.50` or `1E3`; strings are decoded.
  public enum Content: Sendable {
    /// The literal null.
    case null
    /// The literal true or false.
    case bool(Bool)
    /// A number as it was written (RFC 8259 section 6).
    case number(String)
    /// A decoded string.
    case string(String)
    /// The values of an array in order.
    case array([JSONValue])
    /// The members of an object in the order of the document; names are unique.
    case object([JSONMember])
  }

  /// What the value is.
  public let content: Content

  /// Where the value stood in the source, in bytes, quotes and brackets included; empty for a value made in memory.
  public let range: Range<Int>

  /// Makes a value.
  ///
  /// The range is only meaningful for values that a parser made.
  public init(_ content: Content, range: Range<Int> = 0..<0) {
    self.content = content
    self.range = range
  }

  /// The decoded text when this is a string, else nil.
  public var string: String? {
    if case .string(let text) = content { return text }
    return nil
  }

  /// The number as written when this is a number, else nil.
  public var numberLexeme: String? {
    if case .number(let lexeme) = content { return lexeme }
    return nil
  }

  /// The truth value when this is true or false, else nil.
  public var bool: Bool? {
    if case .bool(let value) = content { return value }
    return nil
  }

  /// The elements when this is an array, else nil.
  public var array: [JSONValue]? {
    if case .array(let values) = content { return values }
    return nil
  }

  /// The members when this is an object, else nil.
  public var members: [JSONMember]? {
    if case .object(let members) = content { return members }
    return nil
  }

  /// The text of a string, number or truth value; nil for null, arrays and objects.
  public var scalarText: String? {
    switch content {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// The member with this name when this is an object that has one, else nil.
  ///
  /// Names are compared byte by byte; the cost is linear in the number of members.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = content else { return nil }
    for member in members where sameBytes(member.name, name) { return member.value }
    return nil
  }

  /// Whether two values mean the same: member order and spelling of numbers do not count.
  ///
  /// Numbers are equal when their decimal values are; strings when their bytes are. The cost is linear in the
  /// values, and quadratic in the number of members of one object.
  public func isEqual(to other: JSONValue) -> Bool {
    switch (content, other.content) {
    case (.null, .null): return true
    case (.bool(let a), .bool(let b)): return a == b
    case (.string(let a), .string(let b)): return sameBytes(a, b)
    case (.number(let a), .number(let b)):
      return sameBytes(a, b)
        || (CanonicalNumber.plain(Array(a.utf8)) ?? Array(a.utf8))
          == (CanonicalNumber.plain(Array(b.utf8)) ?? Array(b.utf8))
    case (.array(let a), .array(let b)):
      return a.count == b.count && zip(a, b).allSatisfy { $0.isEqual(to: $1) }
    case (.object(let a), .object(let b)):
      guard a.count == b.count else { return false }
      guard a.count > 16 else {
        return a.allSatisfy { member in other[member.name]?.isEqual(to: member.value) ?? false }
      }
      // Looking for each name anew would be quadratic.
      let values = Dictionary(b.map { (Array($0.name.utf8), $0.value) }) { first, _ in first }
      return a.allSatisfy { member in values[Array(member.name.utf8)]?.isEqual(to: member.value) ?? false }
    default: return false
    }
  }
}

/// One member of a JSON object.
public struct JSONMember: Sendable {
  /// The decoded name.
  public let name: String

  /// The value.
  public let value: JSONValue

  /// Makes a member.
  public init(_ name: String, _ value: JSONValue) {
    self.name = name
    self.value = value
  }
}
