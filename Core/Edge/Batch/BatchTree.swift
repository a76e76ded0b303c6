internal import Merkle
internal import Primitives

/// The RFC 9162 tree of a batch, level by level in place.
enum BatchTree {
  /// The root; overwrites the leaves.
  static func root(_ row: UnsafeMutableBufferPointer<Digest>) -> Digest {
    var count = row.count
    if count == 0 { return TreeHash.empty }
    while count > 1 {
      let half = count / 2
      for index in 0..<half { row[index] = TreeHash.node(row[2 * index], row[2 * index + 1]) }
      if count & 1 == 1 { row[half] = row[count - 1] }
      count = half + count & 1
    }
    return row[0]
  }

  /// The root of these leaves.
  static func root(_ leaves: [Digest]) -> Digest {
    var leaves = leaves
    return leaves.withUnsafeMutableBufferPointer { root($0) }
  }

  /// The path from a leaf to the root (RFC 9162, section 2.1.3.1).
  static func path(_ leaves: [Digest], index: Int) -> [Digest] {
    var row = leaves
    var place = index
    var path: [Digest] = []
    while row.count > 1 {
      if place ^ 1 < row.count { path.append(row[place ^ 1]) }
      var next = stride(from: 0, to: row.count - 1, by: 2).map { TreeHash.node(row[$0], row[$0 + 1]) }
      if row.count & 1 == 1, let last = row.last { next.append(last) }
      row = next
      place >>= 1
    }
    return path
  }
}
