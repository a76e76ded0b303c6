public import Primitives

/// An authenticated map: a binary, path-compressed Merkle trie whose root hash stands for all keys and values.
///
/// Keys are byte strings of at most 512 bytes, values are digests (in the ledger, commitments). The root depends on
/// the contents only, not on their history. A copy costs nothing and stays valid for ever: nodes are shared, and
/// changed in place only where no other copy holds them. So one thread may apply a block while others prove from
/// copies. A subtree may stay in storage until it is touched (`SubtreeLoader`); only then can an operation throw
/// anything but `keyTooLong` and `tooManyKeys`. Memory: about 224 bytes for each 41-byte key.
public struct PatriciaMap: Sendable {
  /// The root hash; SHA-256 of nothing for the empty map.
  public internal(set) var root: Digest
  var top: Node
  let loader: (any SubtreeLoader)?

  /// The map without keys; `loader` is used once `evict` has put subtrees out of memory.
  public init(loader: (any SubtreeLoader)? = nil) {
    root = PatriciaHash.empty
    top = .empty
    self.loader = loader
  }

  /// The map that `summarize` gave these summaries of, every subtree to be loaded when it is touched.
  ///
  /// Costs one hash for each summary. The caller compares `root` with the root it trusts. Throws `badSummaries`.
  public init(summaries: [SubtreeSummary], loader: any SubtreeLoader) throws(PatriciaError) {
    var builder = TreeBuilder()
    var previous: SubtreeSummary?
    var total = 0
    for summary in summaries {
      var bit: Int?
      if let previous {
        let shared = min(previous.bitLength, summary.bitLength)
        guard let position = PaddedKey.firstDifference(previous.prefix, summary.prefix), position < shared,
          PaddedKey.bit(summary.prefix, position)
        else { throw .badSummaries }
        bit = position
      }
      total += summary.count
      guard total <= Int(UInt32.max) else { throw .tooManyKeys }
      let stub = Stub(summary, count: UInt32(summary.count))
      builder.add(.stub(stub), summary.hash, differingAt: bit)
      previous = summary
    }
    (top, root) = builder.finish()
    self.loader = loader
  }

  /// The number of keys.
  public var count: Int { Int(top.count) }

  /// Whether there are no keys.
  public var isEmpty: Bool { count == 0 }

  /// The value of a key, or nil if it is absent.
  public func value(for key: [UInt8]) throws(PatriciaError) -> Digest? {
    var node = top
    while true {
      switch node {
      case .empty: return nil
      case .leaf(let leaf):
        let equal = key.withUnsafeBufferPointer { key in leaf.withKey { $0.elementsEqual(key) } }
        return equal ? leaf.value : nil
      case .inner(let inner): node = PaddedKey.bit(key, Int(inner.bit)) ? inner.right : inner.left
      case .stub(let stub):
        guard key.withUnsafeBufferPointer({ stub.difference($0) }) == nil else { return nil }
        node = try stub.resolve(loader)
      }
    }
  }

  /// All keys that begin with `prefix` and their values, in the map's order (see `PaddedKey`).
  ///
  /// Subtrees in storage are read and not kept.
  public func scan(prefix: [UInt8] = []) throws(PatriciaError) -> [(key: [UInt8], value: Digest)] {
    var pairs: [(key: [UInt8], value: Digest)] = []
    try forEach(prefix: prefix) { pairs.append(($0, $1)) }
    return pairs
  }

  /// Calls `body` for each key that begins with `prefix`, in the map's order; subtrees in storage are not kept.
  public func forEach(prefix: [UInt8] = [], _ body: (_ key: [UInt8], _ value: Digest) -> Void) throws(PatriciaError) {
    var node = top
    search: while true {
      switch node {
      case .inner(let inner) where Int(inner.bit) < 8 * prefix.count:
        node = PaddedKey.bit(prefix, Int(inner.bit)) ? inner.right : inner.left
      case .stub(let stub) where stub.summary.bitLength < 8 * prefix.count: node = try stub.resolve(loader)
      default: break search
      }
    }
    guard let first = firstKey(node), PaddedKey.begins(first, with: prefix) else { return }
    try forEach(under: node, body)
  }

  func forEach(under node: Node, _ body: (_ key: [UInt8], _ value: Digest) -> Void) throws(PatriciaError) {
    var open = [node]
    while let node = open.popLast() {
      switch node {
      case .empty: break
      case .leaf(let leaf): body(leaf.key, leaf.value)
      case .inner(let inner):
        open.append(inner.right)
        open.append(inner.left)
      case .stub(let stub): open.append(try stub.peek(loader))
      }
    }
  }

  /// The first key of a subtree; of a stub, the bits that its keys share, which is enough to compare that far.
  func firstKey(_ node: Node) -> [UInt8]? {
    var node = node
    while true {
      switch node {
      case .empty: return nil
      case .leaf(let leaf): return leaf.key
      case .inner(let inner): node = inner.left
      case .stub(let stub): return stub.summary.prefix
      }
    }
  }
}
