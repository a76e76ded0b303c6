public import Primitives

/// The path from a leaf to the root of a log tree (RFC 9162 section 2.1.3).
///
/// A path alone does not pin `size`: several sizes can give one index the same sequence of left and right turns, and
/// then the same path leads to the same root. A verifier takes size and root together from one signed checkpoint.
public struct InclusionProof: Sendable, Hashable {
  /// The longest path of any tree: one hash for each bit of a size.
  public static let maximumPath = 64

  /// The position of the leaf, from 0.
  public var index: UInt64

  /// The number of leaves of the tree.
  public var size: UInt64

  /// The sibling hashes, the leaf's own sibling first.
  public var path: [Digest]

  /// A proof with the given parts; nothing is checked until it is verified.
  public init(index: UInt64, size: UInt64, path: [Digest]) {
    self.index = index
    self.size = size
    self.path = path
  }

  /// The root that this path leads to from `leaf`, or nil if no tree of this size has such a path at this index.
  ///
  /// RFC 9162 section 2.1.3.2. At most 64 hashes; safe for any numbers.
  public func root(leaf: Digest) -> Digest? {
    guard index < size, path.count <= InclusionProof.maximumPath else { return nil }
    var place = index
    var last = size - 1
    var hash = leaf
    for sibling in path {
      guard last != 0 else { return nil }
      if place & 1 == 1 || place == last {
        hash = TreeHash.node(sibling, hash)
        while place & 1 == 0 && place != 0 {
          place >>= 1
          last >>= 1
        }
      } else {
        hash = TreeHash.node(hash, sibling)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 ? hash : nil
  }

  /// Whether `leaf` is at `index` in the tree of `size` leaves with this root.
  public func verify(leaf: Digest, root expected: Digest) -> Bool { root(leaf: leaf) == expected }
}
