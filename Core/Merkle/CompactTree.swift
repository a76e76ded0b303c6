public import Primitives

/// The right edge of a log tree: enough to append leaves and to know the root, in at most 64 hashes.
///
/// It holds the root of each perfect subtree that the size is made of, the largest first.
public struct CompactTree: Sendable, Hashable {
  /// The number of leaves.
  public private(set) var size: UInt64

  /// The roots of the perfect subtrees that the leaves fall into, the largest and leftmost first.
  public private(set) var subtrees: [Digest]

  /// A tree without leaves.
  public init() {
    size = 0
    subtrees = []
  }

  /// The tree of `size` leaves with these perfect subtrees, or nil unless there is one for each set bit of `size`.
  public init?(size: UInt64, subtrees: [Digest]) {
    guard subtrees.count == size.nonzeroBitCount else { return nil }
    self.size = size
    self.subtrees = subtrees
  }

  /// The root hash of RFC 9162 section 2.1.1; at most 63 hashes.
  public var root: Digest {
    guard var hash = subtrees.last else { return TreeHash.empty }
    for left in subtrees.dropLast().reversed() { hash = TreeHash.node(left, hash) }
    return hash
  }

  /// Appends a leaf hash; one node hash on average.
  public mutating func append(_ leaf: Digest) { append(leaf) { (_: Int, _: UInt64, _: Digest) in } }

  /// Appends a leaf hash and reports every node that it completes, the leaf itself first.
  ///
  /// `completed` gets the node's height (0 for a leaf), its index among the nodes of that height, and its hash.
  @inline(__always)
  mutating func append(_ leaf: Digest, completed: (_ height: Int, _ index: UInt64, _ hash: Digest) -> Void) {
    precondition(size < .max, "a log of 2^64 - 1 entries is full")
    var hash = leaf
    var height = 0
    var index = size
    completed(0, index, hash)
    while index & 1 == 1, let left = subtrees.popLast() {
      hash = TreeHash.node(left, hash)
      height += 1
      index >>= 1
      completed(height, index, hash)
    }
    subtrees.append(hash)
    size += 1
  }
}
