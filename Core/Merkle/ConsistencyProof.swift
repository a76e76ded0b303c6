public import Primitives

/// The proof that an older log tree is the beginning of a newer one (RFC 9162 section 2.1.4).
public struct ConsistencyProof: Sendable, Hashable {
  /// The longest path of any two trees: one hash for each bit of a size, and the node where they part.
  public static let maximumPath = 65

  /// The number of leaves of the older tree.
  public var from: UInt64

  /// The number of leaves of the newer tree.
  public var to: UInt64

  /// The hashes in the order of RFC 9162 section 2.1.4.1.
  public var path: [Digest]

  /// A proof with the given parts; nothing is checked until it is verified.
  public init(from: UInt64, to: UInt64, path: [Digest]) {
    self.from = from
    self.to = to
    self.path = path
  }

  /// Whether the tree with root `older` is the beginning of the tree with root `newer`.
  ///
  /// RFC 9162 section 2.1.4.2. For equal sizes the roots must be equal and the path empty; an empty older tree must
  /// carry the root of the empty tree and an empty path. Sizes and roots are to be taken from signed checkpoints.
  public func verify(from older: Digest, to newer: Digest) -> Bool {
    guard from <= to, path.count <= ConsistencyProof.maximumPath else { return false }
    if from == to { return path.isEmpty && older == newer && (from != 0 || older == TreeHash.empty) }
    if from == 0 { return path.isEmpty && older == TreeHash.empty }
    var rest = path[...]
    // A perfect older tree is itself the node where the two trees part, and is not sent.
    let start: Digest
    if from & (from - 1) == 0 {
      guard !rest.isEmpty else { return false }
      start = older
    } else {
      guard let first = rest.popFirst() else { return false }
      start = first
    }
    var place = from - 1
    var last = to - 1
    while place & 1 == 1 {
      place >>= 1
      last >>= 1
    }
    var oldHash = start
    var newHash = start
    for sibling in rest {
      guard last != 0 else { return false }
      if place & 1 == 1 || place == last {
        oldHash = TreeHash.node(sibling, oldHash)
        newHash = TreeHash.node(sibling, newHash)
        while place & 1 == 0 && place != 0 {
          place >>= 1
          last >>= 1
        }
      } else {
        newHash = TreeHash.node(newHash, sibling)
      }
      place >>= 1
      last >>= 1
    }
    return last == 0 && oldHash == older && newHash == newer
  }
}
