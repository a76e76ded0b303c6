package import CBOR
package import Primitives

/// Visits the fields of a document or record in order, either to write them or to read them.
///
/// One description of the fields serves both directions, so that what is written and what is read cannot differ. The
/// form is a deterministic CBOR map with the keys 1, 2, …
package protocol FieldCoder {
  mutating func uint(_ value: inout UInt64) throws(CBORError)
  mutating func int(_ value: inout Int64) throws(CBORError)
  mutating func bool(_ value: inout Bool) throws(CBORError)
  mutating func text(_ value: inout String, _ counts: ClosedRange<Int>) throws(CBORError)
  mutating func digest(_ value: inout Digest) throws(CBORError)
  mutating func bytes(_ value: inout [UInt8], _ counts: ClosedRange<Int>) throws(CBORError)
  /// An array of parts that each write themselves as a map.
  mutating func list<Part: Fields>(_ value: inout [Part], _ counts: ClosedRange<Int>) throws(CBORError)
  /// The failure of a value that is out of range; only reading throws it.
  func check(_ isValid: Bool) throws(CBORError)
}

/// Something made of fields.
package protocol Fields: Sendable, Equatable {
  /// A blank one, to be read into.
  init()
  /// Visits every field in order.
  mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError)
}

extension FieldCoder {
  mutating func optional(_ value: inout Digest?) throws(CBORError) {
    var bytes = value.map(\.bytes) ?? []
    try self.bytes(&bytes, 0...32)
    value = Digest(bytes)
    try check(bytes.isEmpty || value != nil)
  }

  mutating func choice<Choice: RawRepresentable<String>>(_ value: inout Choice) throws(CBORError) {
    var text = value.rawValue
    try self.text(&text, 1...40)
    let choice = Choice(rawValue: text)
    try check(choice != nil)
    value = choice ?? value
  }

  /// An amount in minor units: 0 to a billion billions, so that sums stay far from overflow.
  mutating func amount(_ value: inout Int64) throws(CBORError) {
    try int(&value)
    try check((0...1_000_000_000_000_000).contains(value))
  }

  /// A day, as its number since 1970.
  mutating func day(_ value: inout Int64) throws(CBORError) {
    try int(&value)
    try check((0...84_000).contains(value))
  }

  /// A time, milliseconds since 1970; 0 for none.
  mutating func time(_ value: inout UInt64) throws(CBORError) {
    try uint(&value)
    try check(value <= 1 << 53)
  }

  mutating func name(_ value: inout String) throws(CBORError) { try text(&value, 1...80) }
  mutating func maybeName(_ value: inout String) throws(CBORError) { try text(&value, 0...80) }
  mutating func reason(_ value: inout String) throws(CBORError) { try text(&value, 0...256) }
}

extension Fields {
  /// The deterministic CBOR map of the fields.
  package func encoded() -> [UInt8] {
    var writer = Writer()
    var copy = self
    // Writing checks nothing and so never throws.
    try? copy.visit(&writer)
    return writer.map
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var reader = Reader(CBORReader(bytes))
    self.init()
    try reader.read(&self)
    try reader.cbor.finish()
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: [UInt8]) throws(CBORError) { try self.init(decoding: bytes[...]) }
}

private struct Writer: FieldCoder {
  var body = CBORWriter(capacity: 256)
  var count: UInt64 = 0

  var map: [UInt8] {
    var whole = CBORWriter(capacity: body.bytes.count + 3)
    whole.map(Int(count))
    whole.raw(body.bytes)
    return whole.bytes
  }

  private mutating func key() {
    count += 1
    body.uint(count)
  }

  mutating func uint(_ value: inout UInt64) {
    key()
    body.uint(value)
  }
  mutating func int(_ value: inout Int64) {
    key()
    body.int(value)
  }
  mutating func bool(_ value: inout Bool) {
    key()
    body.bool(value)
  }
  mutating func text(_ value: inout String, _ counts: ClosedRange<Int>) {
    key()
    body.text(value)
  }
  mutating func digest(_ value: inout Digest) {
    key()
    body.bytes(value)
  }
  mutating func bytes(_ value: inout [UInt8], _ counts: ClosedRange<Int>) {
    key()
    body.bytes(value)
  }
  mutating func list<Part: Fields>(_ value: inout [Part], _ counts: ClosedRange<Int>) {
    key()
    body.array(value.count)
    for part in value { body.raw(part.encoded()) }
  }
  func check(_ isValid: Bool) {}
}

private struct Reader: FieldCoder {
  var cbor: CBORReader
  private var key: UInt64 = 0

  init(_ cbor: CBORReader) { self.cbor = cbor }

  /// Reads a map whose keys are those that the fields visit.
  mutating func read<Part: Fields>(_ part: inout Part) throws(CBORError) {
    let count = try cbor.map().remaining
    let outer = key
    key = 0
    try part.visit(&self)
    try check(key == UInt64(count))
    key = outer
  }

  private mutating func step() throws(CBORError) {
    key += 1
    try check(try cbor.uint() == key)
  }

  mutating func uint(_ value: inout UInt64) throws(CBORError) {
    try step()
    value = try cbor.uint()
  }
  mutating func int(_ value: inout Int64) throws(CBORError) {
    try step()
    value = try cbor.int()
  }
  mutating func bool(_ value: inout Bool) throws(CBORError) {
    try step()
    value = try cbor.bool()
  }
  mutating func text(_ value: inout String, _ counts: ClosedRange<Int>) throws(CBORError) {
    try step()
    let bytes = try cbor.textBytes()
    try check(counts.contains(bytes.count) && !bytes.contains { $0 < 0x20 || $0 == 0x7f })
    value = String(decoding: bytes, as: UTF8.self)
  }
  mutating func digest(_ value: inout Digest) throws(CBORError) {
    try step()
    value = try cbor.digest()
  }
  mutating func bytes(_ value: inout [UInt8], _ counts: ClosedRange<Int>) throws(CBORError) {
    try step()
    let bytes = try cbor.bytes()
    try check(counts.contains(bytes.count))
    value = Array(bytes)
  }
  mutating func list<Part: Fields>(_ value: inout [Part], _ counts: ClosedRange<Int>) throws(CBORError) {
    try step()
    let count = try cbor.array()
    try check(counts.contains(count))
    value = []
    for _ in 0..<count {
      var part = Part()
      try read(&part)
      value.append(part)
    }
  }
  func check(_ isValid: Bool) throws(CBORError) {
    guard isValid else { throw CBORError(.outOfRange, at: cbor.position) }
  }
}
