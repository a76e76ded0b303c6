public import Primitives

/// Why an operation on a map failed; the map is as it was before.
public enum PatriciaError: Error {
  /// A key of so many bytes, more than `PaddedKey.maximumBytes`.
  case keyTooLong(Int)
  /// More than 2^32 - 1 keys.
  case tooManyKeys
  /// A subtree is not in memory and the map has no loader.
  case noLoader
  /// What the loader gave for the keys with this prefix is not what the map's root stands for.
  case staleSubtree(prefix: [UInt8])
  /// The loader failed.
  case loaderFailed(any Error)
  /// Summaries that are no partition of one map: not in order, overlapping, or with impossible numbers.
  case badSummaries
}

/// Where a map reads the keys of subtrees that are not in memory.
///
/// The keys held there are prefix-free, so that the order of bytes is the map's order and a subtree is a byte range.
public protocol SubtreeLoader: Sendable {
  /// All keys k with lower <= k < upper in byte order, ascending, with their values; `upper` nil means no end.
  ///
  /// Called with a subtree's lock held: it must not use the same map. What it throws comes back as
  /// `PatriciaError.loaderFailed`.
  func leaves(from lower: [UInt8], below upper: [UInt8]?) throws -> [(key: [UInt8], value: Digest)]
}

/// A subtree in brief: all keys that begin with `bitLength` bits of `prefix`, as one hash and a count.
public struct SubtreeSummary: Sendable, Hashable {
  /// The bits that all keys share, the bits after the last one zero.
  public let prefix: [UInt8]

  /// The number of bits of `prefix`; for a single key, all of its bits.
  public let bitLength: Int

  /// The subtree's hash.
  public let hash: Digest

  /// The number of keys.
  public let count: Int

  /// A summary as read from storage, or nil unless the prefix has exactly `bitLength` bits and the numbers are possible.
  public init?(prefix: [UInt8], bitLength: Int, hash: Digest, count: Int) {
    guard bitLength >= 0, prefix.count <= PaddedKey.maximumBytes, prefix.count == (bitLength + 7) / 8,
      count > 0, count <= Int(UInt32.max),
      bitLength & 7 == 0 || (prefix.last ?? 0) & (0xff >> UInt8(bitLength & 7)) == 0
    else { return nil }
    self.init(known: prefix, bitLength, hash, count)
  }

  private init(known prefix: [UInt8], _ bitLength: Int, _ hash: Digest, _ count: Int) {
    self.prefix = prefix
    self.bitLength = bitLength
    self.hash = hash
    self.count = count
  }

  /// The summary of a subtree of which one key is known; nil `bit` for a leaf.
  init(key: [UInt8], bit: Int?, hash: Digest, count: UInt32) {
    let bitLength = min(bit ?? key.count * 8, key.count * 8)
    var prefix = Array(key[..<((bitLength + 7) / 8)])
    if bitLength & 7 != 0 { prefix[prefix.count - 1] &= ~(0xff >> UInt8(bitLength & 7)) }
    self.init(known: prefix, bitLength, hash, Int(count))
  }

  /// The first byte string after all keys of the subtree, or nil if there is none.
  public var upperBound: [UInt8]? {
    guard bitLength > 0 else { return nil }
    var bound = prefix
    var step = bitLength & 7 == 0 ? UInt8(1) : 1 << UInt8(8 - bitLength & 7)
    while let last = bound.popLast() {
      let (sum, overflow) = last.addingReportingOverflow(step)
      if !overflow {
        // A trailing zero byte would let keys in that are shorter than the prefix.
        bound.append(sum)
        return bound
      }
      step = 1
    }
    return nil
  }

  func difference(_ key: UnsafeBufferPointer<UInt8>) -> Int? {
    for index in prefix.indices {
      let differing = PaddedKey.byte(key, index) ^ prefix[index]
      guard differing != 0 else { continue }
      let position = index << 3 + differing.leadingZeroBitCount
      return position < bitLength ? position : nil
    }
    return nil
  }

  func load(_ loader: (any SubtreeLoader)?) throws(PatriciaError) -> Node {
    guard let loader else { throw .noLoader }
    let leaves: [(key: [UInt8], value: Digest)]
    do { leaves = try loader.leaves(from: prefix, below: upperBound) } catch { throw .loaderFailed(error) }
    guard leaves.count == count else { throw .staleSubtree(prefix: prefix) }
    var builder = TreeBuilder()
    var previous: [UInt8]?
    for (key, value) in leaves {
      guard key.count <= PaddedKey.maximumBytes else { throw .keyTooLong(key.count) }
      let bit = previous.flatMap { PaddedKey.firstDifference($0, key) }
      let ordered = previous == nil || bit.map { PaddedKey.bit(key, $0) } == true
      guard ordered, key.withUnsafeBufferPointer({ difference($0) }) == nil else { throw .staleSubtree(prefix: prefix) }
      let leaf = key.withUnsafeBufferPointer { Leaf.make(key: $0, value: value) }
      builder.add(.leaf(leaf), leaf.hash, differingAt: bit)
      previous = key
    }
    let tree = builder.finish()
    guard tree.hash == hash else { throw .staleSubtree(prefix: prefix) }
    return tree.node
  }
}
