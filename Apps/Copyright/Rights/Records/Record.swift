package import CBOR

/// A value of the state: a deterministic CBOR map with the keys 1, 2, … in order.
package protocol RightsRecord: Sendable {
  /// The value.
  func encoded() -> [UInt8]
  /// Reads what `encoded` writes and nothing else.
  init(decoding bytes: ArraySlice<UInt8>) throws(CBORError)
}

extension RightsRecord {
  /// The record in these bytes, or nil.
  package init?(reading bytes: [UInt8]?) {
    guard let bytes, let record = try? Self(decoding: bytes[...]) else { return nil }
    self = record
  }
}

extension Shares: RightsRecord {
  /// The value: a list of `[party, millionths]`.
  package func encoded() -> [UInt8] {
    var cbor = CBORWriter()
    write(to: &cbor)
    return cbor.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var cbor = CBORReader(bytes)
    try self.init(&cbor)
    try cbor.finish()
  }
}
