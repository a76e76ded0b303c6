internal import CBOR
internal import Primitives

/// A CBOR reader whose errors say which part of a message they are about.
struct StrictReader {
  var cbor: CBORReader
  let part: COSEError.Part

  init(_ bytes: ArraySlice<UInt8>, _ part: COSEError.Part) {
    cbor = CBORReader(bytes)
    self.part = part
  }

  /// The same place of the same bytes, read as another part.
  init(_ other: StrictReader, as part: COSEError.Part) {
    cbor = other.cbor
    self.part = part
  }

  mutating func uint() throws(COSEError) -> UInt64 {
    do { return try cbor.uint() } catch { throw .malformed(part, error) }
  }

  mutating func int() throws(COSEError) -> Int64 {
    do { return try cbor.int() } catch { throw .malformed(part, error) }
  }

  mutating func bytes() throws(COSEError) -> ArraySlice<UInt8> {
    do { return try cbor.bytes() } catch { throw .malformed(part, error) }
  }

  /// A byte string of exactly `count` bytes as the value of `label`.
  mutating func bytes(_ count: Int, label: Int64) throws(COSEError) -> ArraySlice<UInt8> {
    let slice = try bytes()
    guard slice.count == count else { throw .invalid(part, label: label, "a byte string of \(count)") }
    return slice
  }

  /// A text of 1 to `limit` bytes as the value of `label`.
  mutating func text(_ limit: Int, label: Int64) throws(COSEError) -> ArraySlice<UInt8> {
    let slice: ArraySlice<UInt8>
    do { slice = try cbor.textBytes() } catch { throw .malformed(part, error) }
    guard (1...limit).contains(slice.count) else { throw .invalid(part, label: label, "a text of 1 to \(limit) bytes") }
    return slice
  }

  /// The number `value` as the value of `label`.
  mutating func expect(_ value: Int64, label: Int64) throws(COSEError) {
    guard try int() == value else { throw .invalid(part, label: label, "\(value)") }
  }

  mutating func tag() throws(COSEError) -> UInt64 {
    do { return try cbor.tag() } catch { throw .malformed(part, error) }
  }

  mutating func array() throws(COSEError) -> Int {
    do { return try cbor.array() } catch { throw .malformed(part, error) }
  }

  mutating func map() throws(COSEError) -> CBORKeys {
    do { return try cbor.map() } catch { throw .malformed(part, error) }
  }

  /// The next integer label of a map, or nil at its end.
  mutating func label(_ keys: inout CBORKeys) throws(COSEError) -> Int64? {
    do { return try cbor.next(&keys) ? try cbor.int() : nil } catch { throw .malformed(part, error) }
  }

  func peek() throws(COSEError) -> CBORMajor {
    do { return try cbor.peek() } catch { throw .malformed(part, error) }
  }

  mutating func skip() throws(COSEError) -> ArraySlice<UInt8> {
    do { return try cbor.skip() } catch { throw .malformed(part, error) }
  }

  func finish() throws(COSEError) {
    do { try cbor.finish() } catch { throw .malformed(part, error) }
  }
}

/// The value, or the error that `label` is missing.
func required<T>(_ value: T?, _ part: COSEError.Part, label: Int64) throws(COSEError) -> T {
  guard let value else { throw .missing(part, label: label) }
  return value
}
