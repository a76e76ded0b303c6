internal import Primitives

/// A CBOR item as a tree, for what is off the hot path: configuration, seals, proofs, tests.
public indirect enum CBORValue: Sendable {
  /// A number from 0.
  case unsigned(UInt64)
  /// The number −1 − n.
  case negative(UInt64)
  /// A byte string.
  case bytes([UInt8])
  /// A text.
  case text(String)
  /// An array.
  case array([CBORValue])
  /// A map in any order; `encoded` sorts it.
  case map([Pair])
  /// A tagged item.
  case tag(UInt64, CBORValue)
  /// False or true.
  case bool(Bool)
  /// Null.
  case null

  /// A key of a map and its value.
  public struct Pair: Sendable, Equatable {
    /// The key.
    public var key: CBORValue
    /// The value.
    public var value: CBORValue

    /// A pair.
    public init(_ key: CBORValue, _ value: CBORValue) {
      self.key = key
      self.value = value
    }
  }

  /// A number of either sign.
  public static func int(_ value: Int64) -> CBORValue {
    value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(bitPattern: ~value))
  }

  /// The value of `key` in a map, or nil if there is none or this is no map; time linear in the pairs.
  public subscript(key: CBORValue) -> CBORValue? {
    guard case .map(let pairs) = self else { return nil }
    return pairs.first { $0.key == key }?.value
  }
}

extension CBORValue: Equatable {
  /// Equal when the encodings are, but for the order in which a map's pairs were given.
  ///
  /// Texts are compared by their bytes: two spellings that Unicode deems equivalent are two values in CBOR.
  public static func == (a: CBORValue, b: CBORValue) -> Bool {
    switch (a, b) {
    case (.unsigned(let a), .unsigned(let b)): a == b
    case (.negative(let a), .negative(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    case (.tag(let a, let x), .tag(let b, let y)): a == b && x == y
    case (.bool(let a), .bool(let b)): a == b
    case (.null, .null): true
    default: false
    }
  }
}

// MARK: - Encoding

extension CBORValue {
  /// The one deterministic encoding of this value (RFC 8949, section 4.2.1).
  ///
  /// Throws `duplicateKey`, `nestingTooDeep` and `unsupportedBignum` for values that have none; the error's offset is the
  /// number of bytes written until then.
  public func encoded() throws(CBORError) -> [UInt8] {
    var writer = CBORWriter()
    try write(to: &writer, depth: 0)
    return writer.bytes
  }

  private func write(to writer: inout CBORWriter, depth: Int) throws(CBORError) {
    switch self {
    case .array, .map, .tag:
      guard depth < Limits.cborNesting else { throw CBORError(.nestingTooDeep, at: writer.bytes.count) }
    default: break
    }
    switch self {
    case .unsigned(let value): writer.uint(value)
    case .negative(let value): writer.negative(value)
    case .bytes(let value): writer.bytes(value)
    case .text(let value): writer.text(value)
    case .bool(let value): writer.bool(value)
    case .null: writer.null()
    case .array(let items):
      writer.array(items.count)
      for item in items { try item.write(to: &writer, depth: depth + 1) }
    case .tag(let number, let item):
      guard number != 2, number != 3 else { throw CBORError(.unsupportedBignum, at: writer.bytes.count) }
      writer.tag(number)
      try item.write(to: &writer, depth: depth + 1)
    case .map(let pairs):
      var entries: [(key: [UInt8], value: CBORValue)] = []
      for pair in pairs {
        var key = CBORWriter()
        try pair.key.write(to: &key, depth: depth + 1)
        entries.append((key.bytes, pair.value))
      }
      entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
      writer.map(entries.count)
      var previous: [UInt8]?
      for entry in entries {
        guard entry.key != previous else { throw CBORError(.duplicateKey, at: writer.bytes.count) }
        previous = entry.key
        writer.raw(entry.key)
        try entry.value.write(to: &writer, depth: depth + 1)
      }
    }
  }
}

// MARK: - Decoding

extension CBORValue {
  /// The value of exactly one deterministic CBOR item; `encoded` gives the same bytes again.
  public init(decoding bytes: [UInt8]) throws(CBORError) { try self.init(decoding: bytes[...]) }

  /// The value of exactly one deterministic CBOR item; `encoded` gives the same bytes again.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var reader = CBORReader(bytes)
    try self.init(from: &reader, depth: 0)
    try reader.finish()
  }

  /// The next item of `reader`.
  public init(from reader: inout CBORReader) throws(CBORError) { try self.init(from: &reader, depth: 0) }

  private init(from reader: inout CBORReader, depth: Int) throws(CBORError) {
    let major = try reader.peek()
    let start = reader.position
    switch major {
    case .array, .map, .tag:
      guard depth < Limits.cborNesting else {
        _ = try reader.head()
        throw CBORError(.nestingTooDeep, at: start)
      }
    default: break
    }
    switch major {
    case .unsigned: self = .unsigned(try reader.uint())
    case .negative: self = .negative(try reader.head(.negative))
    case .bytes: self = .bytes(Array(try reader.bytes()))
    case .text: self = .text(try reader.text())
    case .array:
      // The room for the items is not reserved: the count comes from outside, and each level could claim it anew.
      var items: [CBORValue] = []
      for _ in 0..<(try reader.array()) { items.append(try CBORValue(from: &reader, depth: depth + 1)) }
      self = .array(items)
    case .map:
      var pairs: [Pair] = []
      var keys = try reader.map()
      while keys.remaining > 0 {
        let first = reader.position
        let key = try CBORValue(from: &reader, depth: depth + 1)
        try keys.accept(first..<reader.position, in: reader.input)
        pairs.append(Pair(key, try CBORValue(from: &reader, depth: depth + 1)))
      }
      self = .map(pairs)
    case .tag: self = .tag(try reader.tag(), try CBORValue(from: &reader, depth: depth + 1))
    case .simple: self = reader.takeNull() ? .null : .bool(try reader.bool())
    }
  }
}
