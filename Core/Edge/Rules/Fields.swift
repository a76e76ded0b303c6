internal import CBOR
internal import Primitives

/// Writes the map of a statement's payload: the keys 1, 2, … in order, each with one value.
struct FieldWriter {
  private(set) var cbor = CBORWriter(capacity: 256)
  private var key: UInt64 = 0

  init(_ count: Int) { cbor.map(count) }

  var bytes: [UInt8] { cbor.bytes }

  mutating func uint(_ value: UInt64) { item { $0.uint(value) } }
  mutating func int(_ value: Int64) { item { $0.int(value) } }
  mutating func text(_ value: String) { item { $0.text(value) } }
  mutating func bytes(_ value: [UInt8]) { item { $0.bytes(value) } }
  mutating func digest(_ value: Digest) { item { $0.bytes(value) } }
  mutating func bool(_ value: Bool) { item { $0.bool(value) } }

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
    let value = try cbor.uint()
    guard value <= max else { throw fault }
    return value
  }

  mutating func bool() throws(CBORError) -> Bool {
    try step()
    return try cbor.bool()
  }

  mutating func digest() throws(CBORError) -> Digest {
    try step()
    return try cbor.digest()
  }

  mutating func bytes(_ counts: ClosedRange<Int>) throws(CBORError) -> [UInt8] {
    try step()
    let value = try cbor.bytes()
    guard counts.contains(value.count) else { throw fault }
    return Array(value)
  }

  mutating func text(_ counts: ClosedRange<Int>) throws(CBORError) -> String {
    try step()
    return try cbor.shortText(counts)
  }

  /// The head of an array whose count lies in the range.
  mutating func array(_ counts: ClosedRange<Int>) throws(CBORError) -> Int {
    try step()
    let count = try cbor.array()
    guard counts.contains(count) else { throw fault }
    return count
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
}
