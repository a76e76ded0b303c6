import Primitives
import CBOR

/// Reading items whose shape is fixed.
extension CBORReader {
  /// Reads the head of an array and refuses any other count.
  mutating func expectArray(_ count: Int) throws {
    let found = try array()
    guard found == count else {
      throw LedgerError(.malformed, "an array of \(found) items stands where \(count) belong")
    }
  }

  /// Reads the head of a map and refuses any other count.
  mutating func expectMap(_ count: Int) throws {
    let found = try map().remaining
    guard found == count else { throw LedgerError(.malformed, "a map of \(found) pairs stands where \(count) belong") }
  }

  /// Reads a map's key and refuses any other.
  mutating func expectKey(_ key: UInt64) throws {
    let found = try uint()
    guard found == key else { throw LedgerError(.malformed, "the map key \(found) stands where \(key) belongs") }
  }

  /// Reads a tag and refuses any other.
  mutating func expectTag(_ tag: UInt64) throws {
    let found = try self.tag()
    guard found == tag else { throw LedgerError(.malformed, "the tag \(found) stands where \(tag) belongs") }
  }
}
