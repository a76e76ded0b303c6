public import Primitives

/// A prefix question answered: all keys that begin with the prefix, and the proof that these are all.
public struct PrefixAnswer: Sendable {
  /// The keys that begin with the prefix and their values, in the map's order (see `PaddedKey`).
  public let pairs: [(key: [UInt8], value: Digest)]
  /// The hash of the subtree that the pairs make; SHA-256 of nothing if there are none.
  public let subtree: Digest
  /// The proof, to be verified with the pairs.
  public let proof: PrefixProof
}

extension PatriciaMap {
  /// The value of a key and the proof of it, or nil and the proof that the key is absent.
  ///
  /// Costs no hashing unless subtrees have to be loaded. A proof takes about 33 bytes for each level, 20 levels at a
  /// million keys; one of absence the neighbour's key and value besides.
  public func lookup(_ key: [UInt8]) throws(PatriciaError) -> (value: Digest?, proof: MapProof) {
    var path: [PathStep] = []
    guard let leaf = try descend(key, from: top, &path) else { return (nil, .absent(neighbour: nil, path: [])) }
    path.reverse()
    let found = leaf.key
    if found == key { return (leaf.value, .present(path: path)) }
    return (nil, .absent(neighbour: Neighbour(key: found, value: leaf.value.bytes), path: path))
  }

  /// The proof that a key is present with its value, or that it is absent.
  public func proof(of key: [UInt8]) throws(PatriciaError) -> MapProof { try lookup(key).proof }

  /// All keys that begin with `prefix`, and the proof that these are all.
  ///
  /// Subtrees in storage below the prefix are read and not kept.
  public func prefixProof(_ prefix: [UInt8]) throws(PatriciaError) -> PrefixAnswer {
    var path: [PathStep] = []
    var node = top
    var hash = root
    search: while true {
      switch node {
      case .inner(let inner) where Int(inner.bit) < 8 * prefix.count:
        (node, hash) = step(inner, prefix, &path)
      case .stub(let stub): node = try stub.resolve(loader)
      default: break search
      }
    }
    if let first = firstKey(node), PaddedKey.begins(first, with: prefix) {
      var pairs: [(key: [UInt8], value: Digest)] = []
      pairs.reserveCapacity(Int(node.count))
      try forEach(under: node) { pairs.append(($0, $1)) }
      path.reverse()
      return PrefixAnswer(pairs: pairs, subtree: hash, proof: .some(path: path))
    }
    let neighbour = try descend(prefix, from: node, &path).map { Neighbour(key: $0.key, value: $0.value.bytes) }
    path.reverse()
    return PrefixAnswer(pairs: [], subtree: PatriciaHash.empty, proof: .none(neighbour: neighbour, path: path))
  }

  /// The leaf that a search for `key` ends at; appends the steps, root side first.
  private func descend(_ key: [UInt8], from start: Node, _ path: inout [PathStep]) throws(PatriciaError) -> Leaf? {
    var node = start
    while true {
      switch node {
      case .empty: return nil
      case .leaf(let leaf): return leaf
      case .inner(let inner): (node, _) = step(inner, key, &path)
      case .stub(let stub): node = try stub.resolve(loader)
      }
    }
  }

  private func step(_ inner: Inner, _ key: [UInt8], _ path: inout [PathStep]) -> (Node, Digest) {
    let bit = Int(inner.bit)
    if PaddedKey.bit(key, bit) {
      path.append(PathStep(bit: bit, sibling: inner.leftHash))
      return (inner.right, inner.rightHash)
    }
    path.append(PathStep(bit: bit, sibling: inner.rightHash))
    return (inner.left, inner.leftHash)
  }
}
