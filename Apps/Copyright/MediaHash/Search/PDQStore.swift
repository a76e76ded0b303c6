internal import Primitives
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A registered code: whose it is and which of its work's variants.
public struct PDQEntry: Sendable, Hashable {
  /// The code.
  public let hash: PDQHash
  /// The number of the work that it belongs to.
  public let work: UInt32
  /// The number of the variant, as `PDQVariant` counts them.
  public let variant: UInt8

  /// A code with its owner.
  public init(hash: PDQHash, work: UInt32, variant: UInt8) {
    (self.hash, self.work, self.variant) = (hash, work, variant)
  }
}

/// Picture codes one after the other, in memory or in a file that is mapped into memory.
///
/// One caller at a time appends; any number search meanwhile: an entry never moves and never changes, and is counted
/// when it is complete. The file is derived data. It names the rules that the codes were made by, how many codes were
/// flushed and the position in the log that they come from; where any of that does not check, the store starts empty
/// at position 0 and its owner reads the log again.
///
/// The file: a page with the eight bytes `TSPDQ\0\0\1`, count, position (64 bits each, little-endian), SHA-256 of the
/// rules' name and the first eight bytes of the SHA-256 of all that; then chunks of 65,536 entries, first their codes
/// (four 64-bit words each), then their owners (work in 32 bits, variant in 8, 24 spare).
public final class PDQStore: Sendable {
  /// Entries in a chunk, as a power of two.
  static let chunkShift = 16
  static let chunkEntries = 1 << chunkShift
  static let codesSize = chunkEntries * 32
  static let chunkSize = chunkEntries * 40
  private static let headerSize = 4096
  private static let magic: [UInt8] = Array("TSPDQ".utf8) + [0, 0, 1]

  /// The most entries.
  public let capacity: Int
  /// The file, if there is one.
  public let path: String?

  private let region: Mapping
  private let written = Atomic<Int>(0)
  private let appending: Mutex<Appending>
  private let ruleDigest: Digest

  private struct Appending {
    var chunks: Int
    var position: UInt64
  }

  /// Opens or makes the file at `path`, or keeps the codes in memory where that is nil.
  ///
  /// `rules` names how the codes were made; a file of other rules, a damaged one or one without a proper end is emptied.
  /// `capacity` is rounded up to whole chunks; it takes address space at once, memory and disk only as entries come.
  public init(path: String? = nil, rules: String, capacity: Int = 1 << 26) throws(PDQStoreError) {
    let chunks = (min(max(capacity, 1), 1 << 31) + PDQStore.chunkEntries - 1) / PDQStore.chunkEntries
    self.capacity = chunks * PDQStore.chunkEntries
    self.path = path
    ruleDigest = Digest.sha256(rules)
    region = try Mapping(path: path, size: PDQStore.headerSize + chunks * PDQStore.chunkSize)
    appending = Mutex(Appending(chunks: 0, position: 0))
    try region.extend(from: 0, to: PDQStore.headerSize)
    try open()
  }

  /// The number of entries that can be read.
  public var count: Int { written.load(ordering: .acquiring) }

  /// The position in the log that the flushed entries come from; 0 for a new or emptied store.
  public var position: UInt64 { appending.withLock { $0.position } }

  /// Entry `index`, counted from 0.
  ///
  /// - Precondition: `index` is less than `count`.
  public subscript(index: Int) -> PDQEntry {
    precondition(index >= 0 && index < count)
    let (work, variant) = owner(index)
    return PDQEntry(hash: hash(index), work: work, variant: variant)
  }

  /// Appends an entry and returns its place.
  @discardableResult public func append(_ entry: PDQEntry) throws(PDQStoreError) -> Int {
    try append(contentsOf: CollectionOfOne(entry))
  }

  /// Appends entries and returns the place of the first; all are seen by searches at once.
  ///
  /// Throws when there is no room in the store or on the disk; none is appended then.
  @discardableResult public func append(contentsOf entries: some Collection<PDQEntry>) throws(PDQStoreError) -> Int {
    let added = entries.count
    return try appending.withLock { (state) throws(PDQStoreError) -> Int in
      let start = written.load(ordering: .relaxed)
      guard added <= capacity - start else { throw PDQStoreError.full(capacity: capacity) }
      let needed = (start + added + PDQStore.chunkEntries - 1) / PDQStore.chunkEntries
      if needed > state.chunks {
        try region.extend(
          from: PDQStore.headerSize + state.chunks * PDQStore.chunkSize,
          to: PDQStore.headerSize + needed * PDQStore.chunkSize)
        state.chunks = needed
      }
      var index = start
      for entry in entries {
        let chunk = chunkBase(index >> PDQStore.chunkShift)
        let place = index & (PDQStore.chunkEntries - 1)
        let code = (chunk + 32 * place).assumingMemoryBound(to: UInt64.self)
        (code[0], code[1]) = (entry.hash.word0, entry.hash.word1)
        (code[2], code[3]) = (entry.hash.word2, entry.hash.word3)
        let owner = UInt64(entry.work) | UInt64(entry.variant) << 32
        (chunk + PDQStore.codesSize + 8 * place).storeBytes(of: owner.littleEndian, as: UInt64.self)
        index += 1
      }
      written.store(index, ordering: .releasing)
      return start
    }
  }

  /// Writes everything to the disk and notes that it comes from the log up to `position`.
  ///
  /// What was appended since the last flush is not there after the store is opened again. Does nothing to a store in
  /// memory but keep the position.
  public func flush(position: UInt64) throws(PDQStoreError) {
    try appending.withLock { (state) throws(PDQStoreError) in
      state.position = position
      // First the entries, then the header that counts them.
      try region.sync(from: 0, to: PDQStore.headerSize + state.chunks * PDQStore.chunkSize)
      writeHeader(count: written.load(ordering: .relaxed), position: position)
      try region.sync(from: 0, to: PDQStore.headerSize)
    }
  }

  /// Forgets all entries, to be filled again from the log's beginning; no search may be running.
  public func removeAll() throws(PDQStoreError) {
    try appending.withLock { (state) throws(PDQStoreError) in
      written.store(0, ordering: .releasing)
      state.position = 0
      writeHeader(count: 0, position: 0)
      try region.sync(from: 0, to: PDQStore.headerSize)
    }
  }

  func chunkBase(_ chunk: Int) -> UnsafeMutableRawPointer {
    region.base + PDQStore.headerSize + chunk * PDQStore.chunkSize
  }

  func codes(_ chunk: Int) -> UnsafePointer<UInt64> {
    UnsafePointer(chunkBase(chunk).assumingMemoryBound(to: UInt64.self))
  }

  func hash(_ index: Int) -> PDQHash {
    let code = codes(index >> PDQStore.chunkShift) + 4 * (index & (PDQStore.chunkEntries - 1))
    return PDQHash(word0: code[0], word1: code[1], word2: code[2], word3: code[3])
  }

  func owner(_ index: Int) -> (work: UInt32, variant: UInt8) {
    let place = index & (PDQStore.chunkEntries - 1)
    let owner = UInt64(
      littleEndian: chunkBase(index >> PDQStore.chunkShift).load(
        fromByteOffset: PDQStore.codesSize + 8 * place, as: UInt64.self))
    return (UInt32(truncatingIfNeeded: owner), UInt8(truncatingIfNeeded: owner >> 32))
  }

  private func header(count: Int, position: UInt64) -> [UInt8] {
    var bytes = PDQStore.magic
    for number in [UInt64(count), position] {
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }
    bytes += ruleDigest.bytes
    return bytes + Digest.sha256(bytes).bytes.prefix(8)
  }

  private func writeHeader(count: Int, position: UInt64) {
    region.base.copyMemory(from: header(count: count, position: position), byteCount: 64)
  }

  /// Takes over what a file has, if it is whole and of the same rules.
  private func open() throws(PDQStoreError) {
    let bytes = Array(UnsafeRawBufferPointer(start: region.base, count: 64))
    func number(_ at: Int) -> UInt64 { (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) } }
    let (count, position) = (number(8), number(16))
    let chunks = region.fileSize / PDQStore.chunkSize
    let fits = count <= UInt64(min(capacity, chunks * PDQStore.chunkEntries))
    guard fits, bytes == header(count: Int(count), position: position) else {
      writeHeader(count: 0, position: 0)
      return
    }
    let used = (Int(count) + PDQStore.chunkEntries - 1) / PDQStore.chunkEntries
    if used > 0 { try region.extend(from: PDQStore.headerSize, to: PDQStore.headerSize + used * PDQStore.chunkSize) }
    appending.withLock { $0 = Appending(chunks: used, position: position) }
    written.store(Int(count), ordering: .releasing)
  }
}
