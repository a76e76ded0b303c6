/// Eleven tables of codes by 23 of their bits each: the index of all entries below `count` of a store.
///
/// Two codes that differ in at most 32 of 256 bits differ in at most two bits of one of the eleven slots: otherwise
/// there would be three in each, 33 in all. So whatever is within 32 stands in one of the 277 places per slot that are
/// at most two bits from where the probe stands (Norouzi, Punjani, Fleet, CVPR 2012). Immutable once built.
final class PDQTables: @unchecked Sendable {
  static let slots = 11
  static let slotBits = 23
  private static let places = 1 << slotBits
  /// The largest radius that two changed bits per slot are enough for.
  static let largestRadius = 32

  /// No bit, then each single one, then each pair.
  private static let masks: [UInt32] = {
    let single = (0..<slotBits).map { UInt32(1) << UInt32($0) }
    return [0] + single
      + single.indices.flatMap { i in single[(i + 1)...].map { single[i] | $0 } }
  }()

  let count: Int
  /// For each slot where each place's entries begin, and one more for the end of the last.
  private let starts: UnsafeMutablePointer<UInt32>
  /// For each slot the entries, by place.
  private let entries: UnsafeMutablePointer<UInt32>

  /// Indexes the first `count` entries of a store: some seconds for ten million, 370 MB and 44 bytes an entry.
  init(_ store: PDQStore, count: Int) {
    self.count = count
    let stride = PDQTables.places + 1
    starts = .allocate(capacity: PDQTables.slots * stride)
    starts.initialize(repeating: 0, count: PDQTables.slots * stride)
    entries = .allocate(capacity: max(1, PDQTables.slots * count))
    entries.initialize(repeating: 0, count: max(1, PDQTables.slots * count))
    for slot in 0..<PDQTables.slots {
      let table = starts + slot * stride
      let list = entries + slot * count
      PDQTables.forEachKey(store, count, slot) { _, key in table[key] += 1 }
      var sum: UInt32 = 0
      for place in 0..<PDQTables.places {
        sum += table[place]
        table[place] = sum
      }
      table[PDQTables.places] = sum
      // Each place's mark moves from its end to its beginning as its entries are filled in.
      PDQTables.forEachKey(store, count, slot) { index, key in
        table[key] -= 1
        list[Int(table[key])] = UInt32(truncatingIfNeeded: index)
      }
    }
  }

  deinit {
    starts.deallocate()
    entries.deallocate()
  }

  /// Appends every entry that may be within `radius` of the probe, some more than once.
  func collect(_ probe: PDQHash, radius: Int, into candidates: inout [UInt32]) {
    let stride = PDQTables.places + 1
    let flips = radius / PDQTables.slots
    let tried = flips == 0 ? 1 : flips == 1 ? 1 + PDQTables.slotBits : PDQTables.masks.count
    PDQTables.masks.withUnsafeBufferPointer { masks in
      for slot in 0..<PDQTables.slots {
        let table = starts + slot * stride
        let list = entries + slot * count
        let key = UInt32(PDQTables.key(probe, slot))
        for i in 0..<tried {
          let place = Int(key ^ masks[i])
          let (start, end) = (Int(table[place]), Int(table[place + 1]))
          if start < end { candidates.append(contentsOf: UnsafeBufferPointer(start: list + start, count: end - start)) }
        }
      }
    }
  }

  private static func key(_ hash: PDQHash, _ slot: Int) -> Int {
    let bit = slot * slotBits
    let (word, shift) = (bit >> 6, UInt64(bit & 63))
    var value = hash.word(word) >> shift
    if shift > 64 - UInt64(slotBits) { value |= hash.word(word + 1) << (64 - shift) }
    return Int(value & UInt64(places - 1))
  }

  @inline(__always) private static func forEachKey(
    _ store: PDQStore, _ count: Int, _ slot: Int, _ body: (_ index: Int, _ key: Int) -> Void
  ) {
    let bit = slot * slotBits
    let (word, shift) = (bit >> 6, UInt64(bit & 63))
    let spans = shift > 64 - UInt64(slotBits)
    var index = 0
    while index < count {
      let codes = store.codes(index >> PDQStore.chunkShift) + word
      let end = min(count - index, PDQStore.chunkEntries)
      for i in 0..<end {
        var value = codes[4 * i] >> shift
        if spans { value |= codes[4 * i + 1] << (64 - shift) }
        body(index + i, Int(value & UInt64(places - 1)))
      }
      index += end
    }
  }
}
