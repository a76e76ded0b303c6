import Primitives

/// What a block writes to the state, as one blob beside its entries: replayed on opening, folded into tables later.
///
/// Layout: u32 count, then for each write u16 key length ‖ key ‖ u8 1 ‖ blind16 ‖ u32 value length ‖ value, or u8 0
/// for a removal. A local format, derived from the log and checked by the audit.
package struct WriteSet: Equatable {
  package struct Write: Equatable {
    let key: StateKey
    /// Nil for a removal.
    let value: [UInt8]?
    let blind: Blind

    package init(key: StateKey, value: [UInt8]?, blind: Blind) {
      self.key = key
      self.value = value
      self.blind = blind
    }
  }

  var writes: [Write] = []

  /// The writes as changes of the map.
  var changes: [(key: [UInt8], value: Digest?)] {
    writes.map { write in
      (key: write.key.bytes, value: write.value.map { StateValue.commitment(blind: write.blind, value: $0) })
    }
  }

  /// Bytes before the first write.
  static let headBytes = 4

  /// Bytes of a write in the layout.
  static func bytes(of write: Write) -> Int { 3 + write.key.bytes.count + (write.value.map { 20 + $0.count } ?? 0) }

  package func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(writes.reduce(WriteSet.headBytes) { $0 + WriteSet.bytes(of: $1) })
    bytes.append(u32: UInt32(writes.count))
    for write in writes {
      bytes.append(u16: UInt16(write.key.bytes.count))
      bytes.append(contentsOf: write.key.bytes)
      guard let value = write.value else {
        bytes.append(0)
        continue
      }
      bytes.append(1)
      withUnsafeBytes(of: (write.blind.high, write.blind.low)) { bytes.append(contentsOf: $0) }
      bytes.append(u32: UInt32(value.count))
      bytes.append(contentsOf: value)
    }
    return bytes
  }

  package init(_ writes: [Write] = []) { self.writes = writes }

  package init(decoding bytes: [UInt8]) throws(LedgerError) {
    var reader = ByteReader(bytes)
    guard let count = reader.u32(), Int(count) <= bytes.count / 3 else { throw WriteSet.damaged }
    writes.reserveCapacity(Int(count))
    for _ in 0..<count { writes.append(try WriteSet.write(&reader)) }
    guard reader.isAtEnd else { throw WriteSet.damaged }
  }

  private static var damaged: LedgerError {
    LedgerError(.damaged, "A block's write set cannot be read; run audit, and restore this copy from a peer.")
  }

  private static func write(_ reader: inout ByteReader) throws(LedgerError) -> Write {
    guard let length = reader.u16(), let key = reader.take(Int(length)), let flag = reader.u8() else { throw damaged }
    if flag == 0 { return Write(key: StateKey(bytes: Array(key)), value: nil, blind: .none) }
    guard flag == 1, let blind = reader.take(16).flatMap({ Blind($0) }), let size = reader.u32(),
      let value = reader.take(Int(size))
    else { throw damaged }
    return Write(key: StateKey(bytes: Array(key)), value: Array(value), blind: blind)
  }

  /// The one write at an offset of a stored write set, without reading the others.
  static func write(in blob: BlobReader, at offset: Int) throws -> Write {
    let head = try blob.bytes(at: offset, count: 2)
    let key = Int(head[0]) << 8 | Int(head[1])
    var bytes = try blob.bytes(at: offset, count: 3 + key)
    if bytes[2 + key] != 0 {
      bytes = try blob.bytes(at: offset, count: 23 + key)
      let size = bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) }
      bytes = try blob.bytes(at: offset, count: 23 + key + size)
    }
    var reader = ByteReader(bytes)
    return try write(&reader)
  }
}

extension Blind {
  /// Sixteen zero bytes, where there is no value to blind.
  package static let none = Blind(zero: ())

  private init(zero: Void) {
    high = 0
    low = 0
  }
}
