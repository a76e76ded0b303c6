internal import Primitives
internal import Synchronization

/// A subtree of the map by reference, or nothing; one word.
///
/// Unchecked because the classes behind it hold plain variables: they are written only by a map that has found itself
/// to be the only holder of the node and of every node above it, so no other thread can see the write; `Stub` guards
/// its one variable by a mutex.
enum Node: @unchecked Sendable {
  case empty
  case leaf(Leaf)
  case inner(Inner)
  case stub(Stub)

  /// The number of keys.
  var count: UInt32 {
    switch self {
    case .empty: 0
    case .leaf: 1
    case .inner(let inner): inner.count
    case .stub(let stub): stub.count
    }
  }

  /// The inner node, taken out so that a unique reference stays unique; nil, and nothing taken, for any other.
  @inline(__always)
  mutating func takeInner() -> Inner? {
    guard case .inner(let inner) = self else { return nil }
    self = .empty
    return inner
  }

  /// The leaf, taken out so that a unique reference stays unique; nil, and nothing taken, for any other.
  @inline(__always)
  mutating func takeLeaf() -> Leaf? {
    guard case .leaf(let leaf) = self else { return nil }
    self = .empty
    return leaf
  }

  /// The leaf or stub, or nothing, that a search for each key ends at; replaces what `ends` held.
  ///
  /// No reference is counted on the way, and the searches go on side by side, so that the processor waits for the
  /// memory of all of them at once.
  func search(_ keys: ArraySlice<UnsafeBufferPointer<UInt8>>, ends: inout [Node]) {
    ends.removeAll(keepingCapacity: true)
    for _ in keys { ends.append(self) }
    // The tree is held by `self` and not changed meanwhile.
    guard case .inner(let first) = self else { return }
    withUnsafeTemporaryAllocation(of: Unmanaged<Inner>?.self, capacity: keys.count) { places in
      places.initialize(repeating: Unmanaged.passUnretained(first))
      var open = keys.count
      while open > 0 {
        for (place, key) in zip(places.indices, keys) {
          guard let inner = places[place] else { continue }
          places[place] = inner._withUnsafeGuaranteedRef { $0.child(for: key) }
          guard places[place] == nil else { continue }
          ends[place] = inner._withUnsafeGuaranteedRef { PaddedKey.bit(key, Int($0.bit)) ? $0.right : $0.left }
          open -= 1
        }
      }
    }
  }

  /// What a stub has loaded; the node itself if it is no stub.
  var loaded: Node {
    guard case .stub(let stub) = self else { return self }
    return stub.known
  }
}

/// What a leaf holds before the bytes of its key.
struct LeafHeader {
  var value: Digest
  var keyCount: UInt16
}

/// A key and its value in one allocation; its hash is kept by the node above.
final class Leaf: ManagedBuffer<LeafHeader, UInt8> {
  static func make(key: UnsafeBufferPointer<UInt8>, value: Digest) -> Leaf {
    let buffer = Leaf.create(minimumCapacity: key.count) { _ in
      LeafHeader(value: value, keyCount: UInt16(truncatingIfNeeded: key.count))
    }
    if let base = key.baseAddress {
      buffer.withUnsafeMutablePointerToElements { $0.initialize(from: base, count: key.count) }
    }
    return unsafeDowncast(buffer, to: Leaf.self)
  }

  @inline(__always)
  func withKey<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
    withUnsafeMutablePointers { header, bytes in
      body(UnsafeBufferPointer(start: bytes, count: Int(header.pointee.keyCount)))
    }
  }

  var key: [UInt8] { withKey { Array($0) } }

  var value: Digest { header.value }

  var hash: Digest {
    withKey { key in value.withUnsafeBytes { PatriciaHash.leaf(key: UnsafeRawBufferPointer(key), value: $0) } }
  }
}

/// Two subtrees that agree below `bit` and differ there.
///
/// It keeps the hashes of both children instead of its own: a changed path is hashed, and a proof made, without
/// touching the siblings' memory. Exclusive access is not checked at run time: the variables are written only in a
/// recursion that owns the node (see `Node`), and the checks of nested accesses cost a third of a batch.
final class Inner {
  @exclusivity(unchecked) var leftHash: Digest
  @exclusivity(unchecked) var rightHash: Digest
  @exclusivity(unchecked) var left: Node
  @exclusivity(unchecked) var right: Node
  @exclusivity(unchecked) var count: UInt32
  let bit: UInt16

  init(bit: UInt16, left: Node, _ leftHash: Digest, right: Node, _ rightHash: Digest, count: UInt32) {
    self.leftHash = leftHash
    self.rightHash = rightHash
    self.left = left
    self.right = right
    self.count = count
    self.bit = bit
  }

  var hash: Digest { PatriciaHash.inner(bit: Int(bit), leftHash, rightHash) }

  /// The child on a key's side if that is an inner node too.
  @inline(__always)
  func child(for key: UnsafeBufferPointer<UInt8>) -> Unmanaged<Inner>? {
    if PaddedKey.bit(key, Int(bit)) {
      guard case .inner(let child) = right else { return nil }
      return Unmanaged.passUnretained(child)
    }
    guard case .inner(let child) = left else { return nil }
    return Unmanaged.passUnretained(child)
  }

  func copy() -> Inner { Inner(bit: bit, left: left, leftHash, right: right, rightHash, count: count) }
}

/// A subtree whose keys are in storage; once touched, it holds them too.
final class Stub {
  let summary: SubtreeSummary
  let count: UInt32
  private let loaded: Mutex<Node>

  init(_ summary: SubtreeSummary, count: UInt32) {
    self.summary = summary
    self.count = count
    loaded = Mutex(.empty)
  }

  /// The subtree if it has been loaded, else `.empty`.
  var known: Node { loaded.withLock { $0 } }

  /// The subtree, loaded and checked on the first call and kept.
  func resolve(_ loader: (any SubtreeLoader)?) throws(PatriciaError) -> Node {
    try loaded.withLock { (node: inout sending Node) throws(PatriciaError) -> Node in
      if case .empty = node { node = try summary.load(loader) }
      return node
    }
  }

  /// The subtree, loaded and checked but not kept: for reads that pass over many.
  func peek(_ loader: (any SubtreeLoader)?) throws(PatriciaError) -> Node {
    let node = known
    if case .empty = node { return try summary.load(loader) }
    return node
  }

  /// Whether a key lies inside, or the position of its first difference from the prefix that all keys here share.
  func difference(_ key: UnsafeBufferPointer<UInt8>) -> Int? { summary.difference(key) }
}

/// Joins subtrees that come in the map's order; every inner node is made once.
struct TreeBuilder {
  private var open: [(node: Node, hash: Digest, bit: Int)] = []
  private var last: (node: Node, hash: Digest) = (.empty, PatriciaHash.empty)

  /// Adds the next subtree; `bit` is where it differs from the one before, of which it must have bit 0 and this 1.
  mutating func add(_ node: Node, _ hash: Digest, differingAt bit: Int?) {
    if let bit {
      close(below: bit)
      open.append((last.node, last.hash, bit))
    }
    last = (node, hash)
  }

  /// The whole tree.
  mutating func finish() -> (node: Node, hash: Digest) {
    close(below: -1)
    return last
  }

  private mutating func close(below bit: Int) {
    while let top = open.last, top.bit > bit {
      open.removeLast()
      let inner = Inner(
        bit: UInt16(truncatingIfNeeded: top.bit), left: top.node, top.hash, right: last.node, last.hash,
        count: top.node.count &+ last.node.count)
      last = (.inner(inner), inner.hash)
    }
  }
}
