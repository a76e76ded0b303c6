public import Primitives

/// The proof that a list holds all keys of a map that begin with a prefix: none is missing, none is false.
///
/// The list travels beside the proof; the verifier recomputes the subtree's hash from it. "Begins with" is that of
/// padded keys (`PaddedKey`). The bytes are those of torchwood's mpt, without the subtree's hash.
public enum PrefixProof: Sendable, Hashable {
  /// Some keys begin with the prefix: the steps from their subtree to the root, all at bits inside the prefix.
  case some(path: [PathStep])
  /// None does: the leaf that a search for the prefix ends at, no leaf in an empty map, and its steps to the root.
  case none(neighbour: Neighbour?, path: [PathStep])

  /// The proof's bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .some(let path): bytes.append(path: path)
    case .none(let neighbour, let path):
      bytes.append(neighbour: neighbour)
      bytes.append(path: path)
    }
    return bytes
  }

  /// Reads the proof for an answer that is empty or not; refuses all that `bytes` would not write.
  public init(bytes: [UInt8], isEmpty: Bool) throws(ProofFault) {
    var reader = ByteReader(bytes)
    if isEmpty {
      let neighbour = try reader.neighbour()
      self = .none(neighbour: neighbour, path: try reader.path())
    } else {
      self = .some(path: try reader.path())
    }
  }

  /// Whether `pairs` are all pairs of the map with this root whose keys begin with `prefix`, in the map's order.
  public func verify(prefix: [UInt8], pairs: [(key: [UInt8], value: Digest)], root: Digest) -> Bool {
    do { try check(prefix: prefix, pairs: pairs, root: root) } catch { return false }
    return true
  }

  /// Throws the reason unless `pairs` are all pairs of the map with this root whose keys begin with `prefix`.
  ///
  /// The pairs come in the map's order (`PaddedKey`). Costs about two hashes for each pair.
  public func check(prefix: [UInt8], pairs: [(key: [UInt8], value: Digest)], root: Digest) throws(ProofFault) {
    var fold = PairFold(prefix: prefix)
    for (key, value) in pairs { try fold.add(key, PatriciaHash.leaf(key: key, value: value)) }
    try check(fold, root: root)
  }

  /// The same check for a map whose values are any bytes.
  public func check(prefix: [UInt8], pairs: [(key: [UInt8], value: [UInt8])], root: Digest) throws(ProofFault) {
    var fold = PairFold(prefix: prefix)
    for (key, value) in pairs {
      guard value.count <= PatriciaHash.maximumValueBytes else { throw .tooLong }
      try fold.add(key, PatriciaHash.leaf(key: key, value: value))
    }
    try check(fold, root: root)
  }

  private func check(_ fold: PairFold, root: Digest) throws(ProofFault) {
    let prefix = fold.prefix
    guard prefix.count <= PaddedKey.maximumBytes else { throw .tooLong }
    switch self {
    case .some(let path):
      guard fold.count > 0 else { throw .wrongPairs }
      let subtree = fold.hash
      guard try climb(from: subtree, path, key: prefix, bitLimit: 8 * prefix.count) == root else { throw .wrongRoot }
    case .none(nil, let path):
      guard fold.count == 0 else { throw .wrongPairs }
      guard path.isEmpty else { throw .malformed }
      guard root == PatriciaHash.empty else { throw .wrongRoot }
    case .none(let neighbour?, let path):
      guard fold.count == 0 else { throw .wrongPairs }
      guard !PaddedKey.begins(neighbour.key, with: prefix) else { throw .neighbourHasPrefix }
      try checkReached(neighbour, path, by: prefix, root: root)
    }
  }
}

/// The hash of the subtree that a list of leaves makes, computed from the list alone.
private struct PairFold {
  let prefix: [UInt8]
  private(set) var count = 0
  private var last: (key: [UInt8], hash: Digest) = ([], PatriciaHash.empty)
  /// Left sides whose right sides are not complete, with the bits where they part; the bits increase.
  private var open: [(hash: Digest, bit: Int)] = []

  init(prefix: [UInt8]) { self.prefix = prefix }

  mutating func add(_ key: [UInt8], _ hash: Digest) throws(ProofFault) {
    guard key.count <= PaddedKey.maximumBytes else { throw .tooLong }
    guard PaddedKey.begins(key, with: prefix) else { throw .pairOutsidePrefix }
    if count > 0 {
      guard let bit = PaddedKey.firstDifference(last.key, key), PaddedKey.bit(key, bit) else { throw .pairsOutOfOrder }
      var left = last.hash
      while let top = open.last, top.bit > bit {
        left = PatriciaHash.inner(bit: top.bit, top.hash, left)
        open.removeLast()
      }
      open.append((left, bit))
    }
    last = (key, hash)
    count += 1
  }

  var hash: Digest {
    var hash = last.hash
    for side in open.reversed() { hash = PatriciaHash.inner(bit: side.bit, side.hash, hash) }
    return hash
  }
}
