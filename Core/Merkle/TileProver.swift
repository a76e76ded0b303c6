public import Primitives

/// Where a prover reads tiles: a store, a cache or a log's server.
public protocol TileReader {
  /// The hashes of a tile: at least `id.width` of them, in order from the tile's first.
  ///
  /// `id` is the tile as it stands at the size asked about, so `id.path` is what a server has to offer; a later, wider
  /// or full version of the same tile serves as well. Throws what the storage throws.
  func tile(_ id: TileID) throws -> [Digest]
}

/// Why no proof could be computed from tiles.
public enum TileError: Error, Hashable {
  /// An index or a size that the tree does not have.
  case outOfRange
  /// A reader gave fewer hashes than asked for, or more than a tile can hold.
  case badTile(TileID)
}

/// Computes proofs and roots of one size of a log from its tiles, and keeps the tiles it has read.
///
/// A tile that has been touched costs no hashing when it is used again, so one prover for the receipts of a whole
/// block is many times faster than one for each. Not Sendable by need: give each thread its own.
public struct TileProver<Reader: TileReader> {
  /// The number of leaves of the tree that is proved about.
  public let size: UInt64
  private let reader: Reader
  private var rows: [TileID: [[Digest]]] = [:]

  /// The number of tiles kept: enough for a path and the right edge of a million leaves many times over; 1 MiB.
  private static var keptTiles: Int { 64 }

  /// A prover for the tree of the first `size` leaves.
  public init(size: UInt64, reader: Reader) {
    self.size = size
    self.reader = reader
  }

  /// The root of the tree.
  public mutating func root() throws -> Digest { try size == 0 ? TreeHash.empty : hash(0, size) }

  /// The path of the leaf at `index` (RFC 9162 section 2.1.3.1).
  public mutating func inclusion(index: UInt64) throws -> InclusionProof {
    guard index < size else { throw TileError.outOfRange }
    var path: [Digest] = []
    var low: UInt64 = 0
    var high = size
    while high - low > 1 {
      let middle = low + split(high - low)
      if index < middle {
        path.append(try hash(middle, high))
        high = middle
      } else {
        path.append(try hash(low, middle))
        low = middle
      }
    }
    path.reverse()
    return InclusionProof(index: index, size: size, path: path)
  }

  /// The proof that the tree of the first `older` leaves is the beginning of this one (RFC 9162 section 2.1.4.1).
  public mutating func consistency(from older: UInt64) throws -> ConsistencyProof {
    guard older <= size else { throw TileError.outOfRange }
    guard older > 0, older < size else { return ConsistencyProof(from: older, to: size, path: []) }
    var path: [Digest] = []
    var low: UInt64 = 0
    var high = size
    while high != older {
      let middle = low + split(high - low)
      if older <= middle {
        path.append(try hash(middle, high))
        high = middle
      } else {
        path.append(try hash(low, middle))
        low = middle
      }
    }
    // The verifier has the older root itself, and needs the parting node only where that is not the same.
    if low > 0 { path.append(try hash(low, high)) }
    path.reverse()
    return ConsistencyProof(from: older, to: size, path: path)
  }

  /// The largest power of two below `count`, which is at least 2.
  private func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }

  /// MTH(D[low:high]) where `low` is a multiple of the smallest power of two not below the count.
  private mutating func hash(_ low: UInt64, _ high: UInt64) throws -> Digest {
    var perfect: [Digest] = []
    var start = low
    while start < high {
      let height = 63 - (high - start).leadingZeroBitCount
      perfect.append(try node(height: height, start: start))
      start += 1 << UInt64(height)
    }
    guard var hash = perfect.popLast() else { throw TileError.outOfRange }
    while let left = perfect.popLast() { hash = TreeHash.node(left, hash) }
    return hash
  }

  /// The root of the perfect subtree of 2^height leaves from `start`.
  private mutating func node(height: Int, start: UInt64) throws -> Digest {
    let (level, row) = height.quotientAndRemainder(dividingBy: 8)
    let shift = UInt64(8 * level)
    let first = start >> shift
    let width = min(UInt64(TileID.fullWidth), (size >> shift) - first / 256 * 256)
    let id = TileID(known: level, first / 256, Int(width))
    let place = Int(first % 256) >> row
    var known = try rows.removeValue(forKey: id) ?? [read(id)]
    while known.count <= row {
      let below = known[known.count - 1]
      known.append((0..<below.count / 2).map { TreeHash.node(below[2 * $0], below[2 * $0 + 1]) })
    }
    let result = known[row][place]
    if rows.count >= TileProver.keptTiles, let any = rows.keys.first { rows[any] = nil }
    rows[id] = known
    return result
  }

  private func read(_ id: TileID) throws -> [Digest] {
    let hashes = try reader.tile(id)
    guard hashes.count >= id.width, hashes.count <= TileID.fullWidth else { throw TileError.badTile(id) }
    return hashes.count == id.width ? hashes : Array(hashes[..<id.width])
  }
}

extension TileReader {
  /// The root of the tree of the first `size` leaves.
  public func root(size: UInt64) throws -> Digest {
    var prover = TileProver(size: size, reader: self)
    return try prover.root()
  }

  /// The proof that the leaf at `index` is in the tree of the first `size` leaves.
  ///
  /// Throws `TileError.outOfRange` unless index < size. For many proofs of one size keep a `TileProver`.
  public func inclusionProof(index: UInt64, size: UInt64) throws -> InclusionProof {
    var prover = TileProver(size: size, reader: self)
    return try prover.inclusion(index: index)
  }

  /// The proof that the tree of the first `older` leaves is the beginning of that of `size` leaves.
  ///
  /// Throws `TileError.outOfRange` unless older <= size.
  public func consistencyProof(from older: UInt64, to size: UInt64) throws -> ConsistencyProof {
    var prover = TileProver(size: size, reader: self)
    return try prover.consistency(from: older)
  }
}
