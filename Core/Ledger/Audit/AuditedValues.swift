import GRDB
import Primitives

/// The state's values during an audit: where in the ledger's own write sets each key was written last.
///
/// A block's write set is taken in only after it was found equal, byte for byte, to what the block's statements write; so
/// reading a value back from the file is reading what was recomputed, and no second copy of the state is needed. Memory:
/// 16 bytes a slot, at most three in four taken.
final class AuditedValues {
  private var index = PlaceIndex()
  /// Values that a contract asked for, kept while they are current: contexts and configurations are read again and again.
  private var read: [StateKey: [UInt8]?] = [:]

  private static let readLimit = 4096

  /// Takes in a block's writes, which stand in `block.writes` of the file in this order.
  func add(_ writes: WriteSet, height: UInt64) {
    var offset = UInt64(WriteSet.headBytes)
    for write in writes.writes {
      index.set(PlaceIndex.hash(write.key), height << 32 | offset)
      offset += UInt64(WriteSet.bytes(of: write))
      if !read.isEmpty { read[write.key] = nil }
    }
  }

  /// The value under a key, or nil.
  func value(_ key: StateKey, _ db: Database) throws -> [UInt8]? {
    guard let place = index.place(PlaceIndex.hash(key)) else { return nil }
    if let known = read[key] { return known }
    let bytes = try BlobReader(db, table: "block", column: "writes", row: Int64(place >> 32))
    let write = try WriteSet.write(in: bytes, at: Int(truncatingIfNeeded: place & 0xffff_ffff))
    guard write.key == key else {
      throw LedgerError(.damaged, "The write set of block \(place >> 32) changed while it was audited.")
    }
    if read.count >= AuditedValues.readLimit { read.removeAll(keepingCapacity: true) }
    read[key] = .some(write.value)
    return write.value
  }
}

/// The newest place for each 64-bit hash, in two flat arrays.
///
/// The hash is keyed by this process, so nobody can prepare keys that meet; two that meet by chance (one in 10⁷ audits of a
/// million keys) are noticed when they are read.
struct PlaceIndex {
  private var hashes: [UInt64]
  private var places: [UInt64]
  private var count = 0

  init(slots: Int = 1024) {
    hashes = Array(repeating: 0, count: slots)
    places = Array(repeating: 0, count: slots)
  }

  static func hash(_ key: StateKey) -> UInt64 {
    var hasher = Hasher()
    key.bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return UInt64(bitPattern: Int64(hasher.finalize()))
  }

  /// Sets the place, which is not 0, of a hash.
  mutating func set(_ hash: UInt64, _ place: UInt64) {
    if (count + 1) * 4 > hashes.count * 3 { grow() }
    let slot = slot(hash)
    if places[slot] == 0 { count += 1 }
    hashes[slot] = hash
    places[slot] = place
  }

  func place(_ hash: UInt64) -> UInt64? {
    let place = places[slot(hash)]
    return place == 0 ? nil : place
  }

  private func slot(_ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (hashes.count - 1)
    while places[slot] != 0 && hashes[slot] != hash { slot = (slot + 1) & (hashes.count - 1) }
    return slot
  }

  private mutating func grow() {
    var larger = PlaceIndex(slots: hashes.count * 2)
    for slot in hashes.indices where places[slot] != 0 { larger.set(hashes[slot], places[slot]) }
    self = larger
  }
}
