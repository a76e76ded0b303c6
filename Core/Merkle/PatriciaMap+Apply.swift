public import Primitives

extension PatriciaMap {
  /// Makes a batch of changes: a value sets the key, nil removes it; of several changes to one key the last counts.
  ///
  /// The order of the batch is free. Each inner node that changes is hashed once for the whole batch. Throws, and
  /// then changes nothing, for a key longer than 512 bytes or a subtree that cannot be loaded.
  public mutating func apply(_ changes: [(key: [UInt8], value: Digest?)]) throws(PatriciaError) {
    guard count + changes.count <= Int(UInt32.max) else { throw .tooManyKeys }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(changes.count * 48)
    var order: [BatchPlace] = []
    order.reserveCapacity(changes.count)
    for (index, change) in changes.enumerated() {
      guard change.key.count <= PaddedKey.maximumBytes else { throw .keyTooLong(change.key.count) }
      let prefix = change.key.withUnsafeBufferPointer { PaddedKey.prefix64($0) }
      order.append(BatchPlace(prefix: prefix, offset: bytes.count, count: change.key.count, index: index))
      bytes.append(contentsOf: change.key)
    }
    try bytes.withUnsafeBufferPointer { (bytes) throws(PatriciaError) -> Void in
      order.sort { $0.precedes($1, in: bytes) }
      let steps = try plan(order, bytes) { changes[$0].value }
      steps.withUnsafeBufferPointer { steps in
        let batch = Batch(steps: steps)
        _ = batch.update(&top, &root, 0, steps.count)
        if case .empty = top { root = PatriciaHash.empty }
      }
    }
  }

  /// Finds where each key belongs, loading what is on its way; leaves out what changes nothing.
  private func plan(
    _ order: [BatchPlace], _ bytes: UnsafeBufferPointer<UInt8>, value: (Int) -> Digest?
  ) throws(PatriciaError) -> [BatchStep] {
    var keys: [UnsafeBufferPointer<UInt8>] = []
    keys.reserveCapacity(order.count)
    for place in order { keys.append(place.key(in: bytes)) }
    var steps: [BatchStep] = []
    steps.reserveCapacity(order.count)
    var ends: [Node] = []
    for start in stride(from: 0, to: keys.count, by: 16) {
      let end = min(start + 16, keys.count)
      top.search(keys[start..<end], ends: &ends)
      for index in start..<end {
        let isLast = index + 1 == keys.count || !keys[index + 1].elementsEqual(keys[index])
        guard isLast else { continue }
        let step = try plan(keys[index], value(order[index].index), endingAt: ends[index - start])
        if let step { steps.append(step) }
      }
    }
    return steps
  }

  private func plan(
    _ key: UnsafeBufferPointer<UInt8>, _ value: Digest?, endingAt end: Node
  ) throws(PatriciaError) -> BatchStep? {
    var node = end
    while true {
      switch node {
      case .empty: return value.map { BatchStep(key: key, value: $0, difference: 0) }
      case .inner(let inner): node = PaddedKey.bit(key, Int(inner.bit)) ? inner.right : inner.left
      case .leaf(let leaf):
        guard let bit = leaf.withKey({ PaddedKey.firstDifference($0, key) }) else {
          return leaf.value == value ? nil : BatchStep(key: key, value: value, difference: Int.max)
        }
        return value.map { BatchStep(key: key, value: $0, difference: bit) }
      case .stub(let stub):
        if let bit = stub.difference(key) { return value.map { BatchStep(key: key, value: $0, difference: bit) } }
        node = try stub.resolve(loader)
      }
    }
  }
}

/// A change's key while the batch is being sorted.
private struct BatchPlace {
  let prefix: UInt64
  let offset: Int
  let count: Int
  let index: Int

  func key(in bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  func precedes(_ other: BatchPlace, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    if prefix != other.prefix { return prefix < other.prefix }
    let mine = key(in: bytes)
    let theirs = other.key(in: bytes)
    guard let bit = PaddedKey.firstDifference(mine, theirs) else { return index < other.index }
    return !PaddedKey.bit(mine, bit)
  }
}

/// A change that will change the tree.
private struct BatchStep {
  let key: UnsafeBufferPointer<UInt8>
  let value: Digest?
  /// The first bit in which the key differs from all keys of the map; `Int.max` if the map has the key.
  let difference: Int
}

/// The changes in the map's order, of different keys.
private struct Batch {
  let steps: UnsafeBufferPointer<BatchStep>

  /// Makes the changes low..<high in a subtree with whose shared bits they all agree; gives the change of its count.
  func update(_ node: inout Node, _ hash: inout Digest, _ low: Int, _ high: Int) -> Int {
    guard low < high else { return 0 }
    var nearest = Int.max
    for index in low..<high { nearest = min(nearest, steps[index].difference) }
    let shared: Int
    switch node {
    case .empty:
      (node, hash) = build(low, high)
      return high - low
    case .leaf: shared = Int.max
    case .stub(let stub): shared = stub.summary.bitLength
    case .inner(let inner): shared = Int(inner.bit)
    }
    if nearest < shared { return split(&node, &hash, low, high, at: nearest) }
    if var inner = node.takeInner() { return update(&inner, &node, &hash, low, high) }
    if var leaf = node.takeLeaf() {
      guard let value = steps[low].value else { return -1 }
      if isKnownUniquelyReferenced(&leaf) {
        leaf.header.value = value
      } else {
        leaf = Leaf.make(key: steps[low].key, value: value)
      }
      hash = leaf.hash
      node = .leaf(leaf)
      return 0
    }
    node = node.loaded
    return update(&node, &hash, low, high)
  }

  private func update(_ inner: inout Inner, _ node: inout Node, _ hash: inout Digest, _ low: Int, _ high: Int) -> Int {
    if !isKnownUniquelyReferenced(&inner) { inner = inner.copy() }
    let middle = firstOne(low, high, bit: Int(inner.bit))
    let delta =
      update(&inner.left, &inner.leftHash, low, middle) + update(&inner.right, &inner.rightHash, middle, high)
    if case .empty = inner.left {
      (node, hash) = (inner.right, inner.rightHash)
    } else if case .empty = inner.right {
      (node, hash) = (inner.left, inner.leftHash)
    } else {
      inner.count = UInt32(truncatingIfNeeded: Int(inner.count) + delta)
      hash = inner.hash
      node = .inner(inner)
    }
    return delta
  }

  /// Puts a new inner node above a subtree from which the changes first differ at `bit`.
  private func split(_ node: inout Node, _ hash: inout Digest, _ low: Int, _ high: Int, at bit: Int) -> Int {
    let middle = firstOne(low, high, bit: bit)
    // A step that differs here tells the side of the subtree: the other one.
    let oldIsLeft = middle < high && steps[middle].difference == bit
    let (oldLow, oldHigh) = oldIsLeft ? (low, middle) : (middle, high)
    let (newLow, newHigh) = oldIsLeft ? (middle, high) : (low, middle)
    let delta = update(&node, &hash, oldLow, oldHigh) + newHigh - newLow
    let fresh = build(newLow, newHigh)
    guard node.count > 0 else {
      (node, hash) = fresh
      return delta
    }
    let inner = Inner(
      bit: UInt16(truncatingIfNeeded: bit), left: oldIsLeft ? node : fresh.node, oldIsLeft ? hash : fresh.hash,
      right: oldIsLeft ? fresh.node : node, oldIsLeft ? fresh.hash : hash,
      count: node.count &+ UInt32(truncatingIfNeeded: newHigh - newLow))
    hash = inner.hash
    node = .inner(inner)
    return delta
  }

  /// A tree of new keys only.
  private func build(_ low: Int, _ high: Int) -> (node: Node, hash: Digest) {
    var builder = TreeBuilder()
    for index in low..<high {
      guard let value = steps[index].value else { continue }
      let leaf = Leaf.make(key: steps[index].key, value: value)
      let bit = index == low ? nil : PaddedKey.firstDifference(steps[index - 1].key, steps[index].key)
      builder.add(.leaf(leaf), leaf.hash, differingAt: bit)
    }
    return builder.finish()
  }

  /// The first index whose key has a one at `bit`: the keys agree before it, so that those with a zero come first.
  private func firstOne(_ low: Int, _ high: Int, bit: Int) -> Int {
    var low = low
    var high = high
    while low < high {
      let middle = (low + high) / 2
      if PaddedKey.bit(steps[middle].key, bit) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
