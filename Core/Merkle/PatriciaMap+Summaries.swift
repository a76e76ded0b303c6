internal import Primitives

/// Opening and shrinking: subtrees as summaries whose keys stay in storage.
extension PatriciaMap {
  /// The largest subtrees of at most `maxLeaves` keys, in the map's order: together all keys, each once.
  ///
  /// From them `init(summaries:loader:)` makes an equal map. Keys must be prefix-free. A subtree in storage that is
  /// larger than `maxLeaves` is read.
  public func summarize(maxLeaves: Int) throws(PatriciaError) -> [SubtreeSummary] {
    var summaries: [SubtreeSummary] = []
    var open = [(top, root)]
    while let (node, hash) = open.popLast() {
      switch node {
      case .empty: break
      case .leaf(let leaf): summaries.append(SubtreeSummary(key: leaf.key, bit: nil, hash: hash, count: 1))
      case .stub(let stub):
        if stub.count <= max(1, maxLeaves) {
          summaries.append(stub.summary)
        } else {
          open.append((try stub.peek(loader), hash))
        }
      case .inner(let inner):
        if inner.count <= maxLeaves {
          let key = firstKey(node) ?? []
          summaries.append(SubtreeSummary(key: key, bit: Int(inner.bit), hash: hash, count: inner.count))
        } else {
          open.append((inner.right, inner.rightHash))
          open.append((inner.left, inner.leftHash))
        }
      }
    }
    return summaries
  }

  /// Puts every largest subtree of at most `maxLeaves` keys out of memory, to be loaded again when it is touched.
  ///
  /// The caller sees to it that the loader's storage holds the map as it is now, until the keys are changed again
  /// by `apply`. Copies made before are not affected. Does nothing without a loader.
  public mutating func evict(maxLeaves: Int) {
    guard loader != nil else { return }
    evict(&top, root, maxLeaves)
  }

  /// The number of keys in memory.
  public var residentCount: Int {
    var total = 0
    var open = [top]
    while let node = open.popLast() {
      switch node {
      case .empty: break
      case .leaf: total += 1
      case .inner(let inner):
        open.append(inner.left)
        open.append(inner.right)
      case .stub(let stub): open.append(stub.known)
      }
    }
    return total
  }

  private func evict(_ slot: inout Node, _ hash: Digest, _ maxLeaves: Int) {
    switch slot {
    case .empty: break
    case .leaf(let leaf):
      slot = .stub(Stub(SubtreeSummary(key: leaf.key, bit: nil, hash: hash, count: 1), count: 1))
    case .stub(let stub):
      guard case .empty = stub.known else {
        slot = stub.count <= max(1, maxLeaves) ? .stub(Stub(stub.summary, count: stub.count)) : stub.known
        if stub.count > max(1, maxLeaves) { evict(&slot, hash, maxLeaves) }
        return
      }
    case .inner(let inner):
      guard inner.count > maxLeaves else {
        let first = firstKey(slot) ?? []
        let summary = SubtreeSummary(key: first, bit: Int(inner.bit), hash: hash, count: inner.count)
        slot = .stub(Stub(summary, count: inner.count))
        return
      }
      let copy = inner.copy()
      evict(&copy.left, copy.leftHash, maxLeaves)
      evict(&copy.right, copy.rightHash, maxLeaves)
      slot = .inner(copy)
    }
  }
}
