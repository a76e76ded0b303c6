internal import CBOR
internal import Primitives

/// Writes a deterministic CBOR map with the keys 1, 2, … in order, each with one value.
struct FieldWriter {
  private(set) var cbor = CBORWriter(capacity: 256)
  private var key: UInt64 = 0

  init(_ count: Int) { cbor.map(count) }

  var bytes: [UInt8] { cbor.bytes }

  mutating func uint(_ value: UInt64) { item { $0.uint(value) } }
  mutating func text(_ value: String) { item { $0.text(value) } }
  mutating func bytes(_ value: [UInt8]) { item { $0.bytes(value) } }
  mutating func digest(_ value: Digest) { item { $0.bytes(value) } }
  mutating func bool(_ value: Bool) { item { $0.bool(value) } }

  mutating func optional(_ value: UInt64?) { item { if let value { $0.uint(value) } else { $0.null() } } }
  mutating func optional(_ value: String?) { item { if let value { $0.text(value) } else { $0.null() } } }
  mutating func optional(_ value: Digest?) { item { if let value { $0.bytes(value) } else { $0.null() } } }

  mutating func texts(_ values: [String]) { list(values) { $0.text($1) } }

  mutating func list<T>(_ values: [T], _ write: (inout CBORWriter, T) -> Void) {
    item { cbor in
      cbor.array(values.count)
      for value in values { write(&cbor, value) }
    }
  }

  mutating func item(_ write: (inout CBORWriter) -> Void) {
    key += 1
    cbor.uint(key)
    write(&cbor)
  }
}

/// Reads what a `FieldWriter` writes and nothing else: another key, order, form or length is an error.
struct FieldReader {
  var cbor: CBORReader
  private var key: UInt64 = 0

  init(_ bytes: ArraySlice<UInt8>, _ count: Int) throws(CBORError) {
    cbor = CBORReader(bytes)
    guard try cbor.map().remaining == count else { throw CBORError(.outOfRange, at: bytes.startIndex) }
  }

  /// The next key, before its value is read from `cbor`.
  mutating func step() throws(CBORError) {
    key += 1
    guard try cbor.uint() == key else { throw fault }
  }

  mutating func uint(max: UInt64 = 1 << 62) throws(CBORError) -> UInt64 {
    try step()
    return try cbor.number(max: max)
  }

  /// A number that stands for a case of an enumeration.
  mutating func word<T: RawRepresentable<UInt64>>() throws(CBORError) -> T {
    guard let word = T(rawValue: try uint()) else { throw fault }
    return word
  }

  mutating func bool() throws(CBORError) -> Bool {
    try step()
    return try cbor.bool()
  }

  mutating func digest() throws(CBORError) -> Digest {
    try step()
    return try cbor.digest()
  }

  mutating func text(_ counts: ClosedRange<Int>) throws(CBORError) -> String {
    try step()
    return try cbor.shortText(counts)
  }

  mutating func optionalUint(max: UInt64 = 1 << 62) throws(CBORError) -> UInt64? {
    try step()
    return cbor.takeNull() ? nil : try cbor.number(max: max)
  }

  mutating func optionalText(_ counts: ClosedRange<Int>) throws(CBORError) -> String? {
    try step()
    return cbor.takeNull() ? nil : try cbor.shortText(counts)
  }

  mutating func optionalDigest() throws(CBORError) -> Digest? {
    try step()
    return cbor.takeNull() ? nil : try cbor.digest()
  }

  mutating func texts(_ counts: ClosedRange<Int>, _ lengths: ClosedRange<Int>) throws(CBORError) -> [String] {
    try list(counts) { cbor throws(CBORError) in try cbor.shortText(lengths) }
  }

  /// A list whose count lies in the range.
  mutating func list<T>(
    _ counts: ClosedRange<Int>, _ item: (inout CBORReader) throws(CBORError) -> T
  ) throws(CBORError) -> [T] {
    try step()
    let count = try cbor.array()
    guard counts.contains(count) else { throw fault }
    var items: [T] = []
    items.reserveCapacity(count)
    for _ in 0..<count { items.append(try item(&cbor)) }
    return items
  }

  func finish() throws(CBORError) { try cbor.finish() }

  var fault: CBORError { CBORError(.outOfRange, at: cbor.position) }
}

extension CBORReader {
  /// A text of so many bytes without control characters.
  mutating func shortText(_ counts: ClosedRange<Int>) throws(CBORError) -> String {
    let bytes = try textBytes()
    guard counts.contains(bytes.count), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      throw CBORError(.outOfRange, at: position)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A number of at most `max`.
  mutating func number(max: UInt64 = 1 << 62) throws(CBORError) -> UInt64 {
    let value = try uint()
    guard value <= max else { throw CBORError(.outOfRange, at: position) }
    return value
  }

  /// The head of an array of exactly so many items.
  mutating func tuple(_ count: Int) throws(CBORError) {
    guard try array() == count else { throw CBORError(.outOfRange, at: position) }
  }
}
