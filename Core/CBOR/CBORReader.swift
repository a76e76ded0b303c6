public import Primitives

/// The eight major types of CBOR (RFC 8949, section 3.1).
public enum CBORMajor: UInt8, Sendable {
  /// A number from 0 to 2⁶⁴ − 1.
  case unsigned
  /// A number from −2⁶⁴ to −1.
  case negative
  /// A byte string.
  case bytes
  /// A text in UTF-8.
  case text
  /// An array.
  case array
  /// A map.
  case map
  /// A tag before another item.
  case tag
  /// False, true or null; all else of this type is refused.
  case simple
}

/// A cursor over one deterministic CBOR item from outside (RFC 8949, section 4.2.1), which the caller pulls apart.
///
/// Whatever has a shorter, a differently ordered or a floating-point form is refused by name, so that equal items have
/// equal bytes. Reading allocates nothing, apart from `text`. After an error the reader is not to be read from again.
/// How deep the caller's own calls go is the caller's format; what `skip` walks is bounded by `Limits.cborNesting`.
public struct CBORReader: Sendable {
  let input: ArraySlice<UInt8>

  /// The index of the next byte, in the indices of what was given.
  public internal(set) var position: Int

  /// A reader at the start of `bytes`.
  public init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  /// A reader at the start of `bytes`; positions and errors' offsets are indices of that slice.
  public init(_ bytes: ArraySlice<UInt8>) {
    input = bytes
    position = bytes.startIndex
  }

  /// Whether every byte has been read.
  public var isAtEnd: Bool { position == input.endIndex }

  /// Reads an unsigned number.
  public mutating func uint() throws(CBORError) -> UInt64 { try head(.unsigned) }

  /// Reads a number that fits into 64 bits with a sign; `outOfRange` beyond.
  public mutating func int() throws(CBORError) -> Int64 {
    let start = position
    let (major, value) = try head()
    guard major == .unsigned || major == .negative else { throw CBORError(.wrongType, at: start) }
    guard value <= UInt64(Int64.max) else { throw CBORError(.outOfRange, at: start) }
    return major == .unsigned ? Int64(value) : ~Int64(value)
  }

  /// Reads a byte string without copying it.
  public mutating func bytes() throws(CBORError) -> ArraySlice<UInt8> {
    let start = position
    return try take(head(.bytes), of: start)
  }

  /// Reads a byte string of exactly 32 bytes; `outOfRange` for any other length.
  public mutating func digest() throws(CBORError) -> Digest {
    let start = position
    guard let digest = Digest(try bytes()) else { throw CBORError(.outOfRange, at: start) }
    return digest
  }

  /// Reads a text; allocates when it is longer than 15 bytes.
  public mutating func text() throws(CBORError) -> String { String(decoding: try textBytes(), as: UTF8.self) }

  /// Reads a text as its bytes, which have been checked to be UTF-8, without copying them.
  public mutating func textBytes() throws(CBORError) -> ArraySlice<UInt8> {
    let start = position
    let slice = try take(head(.text), of: start)
    guard isUTF8(slice) else { throw CBORError(.invalidUTF8, at: start) }
    return slice
  }

  /// Reads the beginning of an array and gives its count, never more than the bytes that are left; the items come next.
  public mutating func array() throws(CBORError) -> Int {
    let start = position
    let value = try head(.array)
    return try count(value, itemBytes: 1, of: start)
  }

  /// Reads a tag's number; the tagged item comes next.
  public mutating func tag() throws(CBORError) -> UInt64 { try head(.tag) }

  /// Reads false or true.
  public mutating func bool() throws(CBORError) -> Bool {
    let start = position
    switch try head(.simple) {
    case 20: return false
    case 21: return true
    default: throw CBORError(.wrongType, at: start)
    }
  }

  /// Reads null.
  public mutating func null() throws(CBORError) {
    let start = position
    guard try head(.simple) == 22 else { throw CBORError(.wrongType, at: start) }
  }

  /// Reads null if it comes next, and says whether it did.
  public mutating func takeNull() -> Bool {
    guard position < input.endIndex, input[position] == 0xf6 else { return false }
    position += 1
    return true
  }

  /// The major type of the next item, which is not read by this; `truncated` at the end.
  public func peek() throws(CBORError) -> CBORMajor {
    guard position < input.endIndex, let major = CBORMajor(rawValue: input[position] >> 5) else {
      throw CBORError(.truncated, at: position)
    }
    return major
  }

  /// Reads one whole item, checks all of it and gives its bytes.
  ///
  /// Time is linear in the item, but for map keys, which are compared with the one before.
  @discardableResult public mutating func skip() throws(CBORError) -> ArraySlice<UInt8> {
    let start = position
    try walk(depth: 0)
    return input[start..<position]
  }

  /// Refuses bytes that have not been read, as `trailingBytes`.
  public func finish() throws(CBORError) {
    guard isAtEnd else { throw CBORError(.trailingBytes, at: position) }
  }

  private var remaining: Int { input.endIndex - position }

  private mutating func walk(depth: Int) throws(CBORError) {
    let start = position
    let (major, value) = try head()
    if major.rawValue >= CBORMajor.array.rawValue, major != .simple, depth >= Limits.cborNesting {
      throw CBORError(.nestingTooDeep, at: start)
    }
    switch major {
    case .unsigned, .negative, .simple:
      break
    case .bytes:
      _ = try take(value, of: start)
    case .text:
      guard isUTF8(try take(value, of: start)) else { throw CBORError(.invalidUTF8, at: start) }
    case .array:
      for _ in 0..<(try count(value, itemBytes: 1, of: start)) { try walk(depth: depth + 1) }
    case .map:
      var keys = CBORKeys(count: try count(value, itemBytes: 2, of: start))
      while keys.remaining > 0 {
        let key = position
        try walk(depth: depth + 1)
        try keys.accept(key..<position, in: input)
        try walk(depth: depth + 1)
      }
    case .tag:
      try walk(depth: depth + 1)
    }
  }

  func count(_ value: UInt64, itemBytes: Int, of start: Int) throws(CBORError) -> Int {
    guard value <= UInt64(remaining / itemBytes) else { throw CBORError(.truncated, at: start) }
    return Int(value)
  }

  private mutating func take(_ count: UInt64, of start: Int) throws(CBORError) -> ArraySlice<UInt8> {
    guard count <= UInt64(remaining) else { throw CBORError(.truncated, at: start) }
    let end = position + Int(count)
    defer { position = end }
    return input[position..<end]
  }

  mutating func head(_ expected: CBORMajor) throws(CBORError) -> UInt64 {
    let start = position
    let (major, value) = try head()
    guard major == expected else { throw CBORError(.wrongType, at: start) }
    return value
  }

  /// Reads an item's head: its major type and the number in it, which for a simple value is 20, 21 or 22.
  mutating func head() throws(CBORError) -> (major: CBORMajor, value: UInt64) {
    let start = position
    let major = try peek()
    let info = input[start] & 31
    if major == .simple {
      if let fault = simpleFault(info) { throw CBORError(fault, at: start) }
      position = start + 1
      return (major, UInt64(info))
    }
    guard info < 28 else {
      let definite = major == .unsigned || major == .negative || major == .tag
      throw CBORError(info == 31 && !definite ? .indefiniteLength : .reservedLength, at: start)
    }
    var value = UInt64(info)
    position = start + 1
    if info >= 24 {
      let width = 1 << Int(info - 24)
      guard remaining >= width else { throw CBORError(.truncated, at: start) }
      value = 0
      for index in position..<position + width { value = value << 8 | UInt64(input[index]) }
      position += width
      let least: UInt64 = info == 24 ? 24 : 1 << UInt64(width * 4)
      guard value >= least else { throw CBORError(.nonShortestLength, at: start) }
    }
    if major == .tag, value == 2 || value == 3 { throw CBORError(.unsupportedBignum, at: start) }
    return (major, value)
  }

  private func simpleFault(_ info: UInt8) -> CBORError.Fault? {
    switch info {
    case 20...22: nil
    case 23: .unsupportedUndefined
    case 25...27: .unsupportedFloat
    case 28...30: .reservedLength
    case 31: .indefiniteLength
    default: .unsupportedSimple
    }
  }

  private func isUTF8(_ slice: ArraySlice<UInt8>) -> Bool {
    if slice.allSatisfy({ $0 < 0x80 }) { return true }
    return (try? UTF8Span(validating: slice.span)) != nil
  }
}
