import Merkle
import Primitives

/// One reading of a device.
struct Reading: Equatable {
  static let byteCount = 16

  let device: UInt32
  let value: UInt32
  /// Milliseconds since 1970.
  let time: UInt64

  init(device: UInt32, value: UInt32, time: UInt64) {
    (self.device, self.value, self.time) = (device, value, time)
  }

  /// The reading in a leaf: 16 bytes of salt, then the reading.
  init?(leaf: [UInt8]) {
    var reader = ByteReader(leaf)
    guard reader.take(16) != nil, let device = reader.u32(), let value = reader.u32(), let time = reader.u64(),
      reader.isAtEnd
    else { return nil }
    self.init(device: device, value: value, time: time)
  }
}

/// The readings of one part of a batch, as the document beside the log.
///
/// Each leaf is salted, or whoever sees a path could guess the neighbour's reading out of its hash. The salts follow from
/// the document's, so that erasing both leaves nothing to guess with.
struct ReadingsPart {
  let salt: [UInt8]
  /// Sixteen bytes for each reading.
  let body: [UInt8]

  var count: Int { body.count / Reading.byteCount }

  /// The leaf of the reading at `place`: the first 16 bytes of SHA-256(salt ‖ u32 place), then the reading.
  func leaf(_ place: Int) -> [UInt8] {
    withUnsafeTemporaryAllocation(byteCount: 36, alignment: 8) { input in
      input.copyBytes(from: salt)
      input.storeBytes(of: UInt32(place).bigEndian, toByteOffset: 32, as: UInt32.self)
      let blind = Digest.sha256(UnsafeRawBufferPointer(input))
      return [UInt8](unsafeUninitializedCapacity: 16 + Reading.byteCount) { leaf, count in
        blind.withUnsafeBytes { UnsafeMutableRawBufferPointer(leaf).copyMemory(from: .init(rebasing: $0[..<16])) }
        body.withUnsafeBytes { body in
          let start = place * Reading.byteCount
          UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(leaf)[16...])
            .copyMemory(from: .init(rebasing: body[start..<start + Reading.byteCount]))
        }
        count = 16 + Reading.byteCount
      }
    }
  }

  var hashes: [Digest] { (0..<count).map { TreeHash.leaf(leaf($0)) } }

  /// The root of the part's tree.
  var root: Digest {
    var tree = CompactTree()
    for place in 0..<count { tree.append(TreeHash.leaf(leaf(place))) }
    return tree.root
  }

  /// The sibling hashes from `place` up to the root of a tree over `row` (RFC 9162 section 2.1.3): each level pairs
  /// neighbours, and a last one without a neighbour goes up as it is.
  static func path(_ row: [Digest], _ place: Int) -> [Digest] {
    var (row, place, path) = (row, place, [Digest]())
    while row.count > 1 {
      if place ^ 1 < row.count { path.append(row[place ^ 1]) }
      row = stride(from: 0, to: row.count, by: 2).map {
        $0 + 1 < row.count ? TreeHash.node(row[$0], row[$0 + 1]) : row[$0]
      }
      place >>= 1
    }
    return path
  }

  /// The evidence for the reading at `place` of part `number`: its leaf, and the path to the root of the whole batch.
  func evidence(_ place: Int, part number: Int, of batch: ReadingsBatch) -> [[UInt8]] {
    let path = ReadingsPart.path(hashes, place) + ReadingsPart.path(batch.parts.map(\.root), number)
    return [leaf(place), path.flatMap(\.bytes)]
  }
}
