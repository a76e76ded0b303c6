import Merkle
import Primitives

/// RFC 9162 section 2.1 word for word, and a verifier that follows the recursion of the proofs' definition.
final class LogModel {
  let leaves: [Digest]
  private var known: [UInt64: Digest] = [:]

  init(_ leaves: [Digest]) { self.leaves = leaves }

  static func split(_ count: Int) -> Int {
    var k = 1
    while 2 * k < count { k *= 2 }
    return k
  }

  static func node(_ left: Digest, _ right: Digest) -> Digest { Digest.sha256([1] + left.bytes + right.bytes) }

  func root(_ low: Int, _ high: Int) -> Digest {
    if low == high { return Digest.sha256("") }
    if high - low == 1 { return leaves[low] }
    let key = UInt64(low) << 32 | UInt64(high)
    if let hash = known[key] { return hash }
    let k = LogModel.split(high - low)
    let hash = LogModel.node(root(low, low + k), root(low + k, high))
    known[key] = hash
    return hash
  }

  func root(_ size: Int) -> Digest { root(0, size) }

  func path(_ index: Int, _ low: Int, _ high: Int) -> [Digest] {
    if high - low == 1 { return [] }
    let k = LogModel.split(high - low)
    if index < k { return path(index, low, low + k) + [root(low + k, high)] }
    return path(index - k, low + k, high) + [root(low, low + k)]
  }

  func inclusion(_ index: Int, _ size: Int) -> InclusionProof {
    InclusionProof(index: UInt64(index), size: UInt64(size), path: path(index, 0, size))
  }

  func subproof(_ older: Int, _ low: Int, _ high: Int, _ whole: Bool) -> [Digest] {
    if older == high - low { return whole ? [] : [root(low, high)] }
    let k = LogModel.split(high - low)
    if older <= k { return subproof(older, low, low + k, whole) + [root(low + k, high)] }
    return subproof(older - k, low + k, high, false) + [root(low, low + k)]
  }

  func consistency(_ older: Int, _ size: Int) -> ConsistencyProof {
    let path = older == 0 ? [] : subproof(older, 0, size, true)
    return ConsistencyProof(from: UInt64(older), to: UInt64(size), path: path)
  }

  /// The root by the recursion of PATH, or nil where the path has not the length of the place.
  static func climb(_ proof: InclusionProof, leaf: Digest) -> Digest? {
    guard proof.index < proof.size else { return nil }
    var rest = proof.path[...]
    func up(_ index: Int, _ count: Int) -> Digest? {
      if count == 1 { return leaf }
      let k = split(count)
      guard let below = index < k ? up(index, k) : up(index - k, count - k), let side = rest.popFirst() else {
        return nil
      }
      return index < k ? node(below, side) : node(side, below)
    }
    let root = up(Int(proof.index), Int(proof.size))
    return rest.isEmpty ? root : nil
  }

  /// Verification by the recursion of SUBPROOF.
  static func holds(_ proof: ConsistencyProof, _ older: Digest, _ newer: Digest) -> Bool {
    guard proof.from <= proof.to else { return false }
    if proof.from == 0 { return proof.path.isEmpty && older == Digest.sha256("") && (proof.to > 0 || newer == older) }
    var rest = proof.path[...]
    func up(_ m: Int, _ n: Int, _ whole: Bool) -> (Digest, Digest)? {
      if m == n { return whole ? (older, older) : rest.popFirst().map { ($0, $0) } }
      let k = split(n)
      guard let (old, new) = m <= k ? up(m, k, whole) : up(m - k, n - k, false), let side = rest.popFirst() else {
        return nil
      }
      return m <= k ? (old, node(new, side)) : (node(side, old), node(side, new))
    }
    guard let (old, new) = up(Int(proof.from), Int(proof.to), true) else { return false }
    return rest.isEmpty && old == older && new == newer
  }
}

/// Leaf hashes of entries that are all different.
func someLeaves(_ count: Int) -> [Digest] { (0..<count).map { TreeHash.leaf(Array("entry \($0)".utf8)) } }

/// Every way to damage a path that the tests try: each byte of each hash, and hashes dropped, swapped, doubled, added.
func damaged(_ path: [Digest], _ generator: inout SeededGenerator) -> [[Digest]] {
  var all: [[Digest]] = []
  for place in path.indices {
    for byte in 0..<32 {
      var bytes = path[place].bytes
      bytes[byte] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      var copy = path
      copy[place] = Digest(bytes)!
      all.append(copy)
    }
    var copy = path
    copy.remove(at: place)
    all.append(copy)
    copy = path
    copy.insert(path[place], at: place)
    all.append(copy)
    for other in path.indices where other > place {
      copy = path
      copy.swapAt(place, other)
      all.append(copy)
    }
  }
  let extra = Digest(generator.bytes(32))!
  for place in 0...path.count {
    var copy = path
    copy.insert(extra, at: place)
    all.append(copy)
  }
  return all.filter { $0 != path }
}
