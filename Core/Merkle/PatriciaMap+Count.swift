/// How many keys there are under a prefix, without visiting them.
extension PatriciaMap {
  /// The number of keys that begin with `prefix`; one step for each level, and at most one subtree loaded.
  public func count(prefix: [UInt8]) throws(PatriciaError) -> Int {
    try subtree(prefix).map { Int($0.count) } ?? 0
  }

  /// The prefixes one byte longer than what all keys under `prefix` share, with the number of keys under each.
  ///
  /// Every key under `prefix` is under exactly one of them; those without keys are left out. One key, or none, has no
  /// longer prefixes. Costs at most 256 times `count(prefix:)`.
  public func narrower(prefix: [UInt8]) throws(PatriciaError) -> [(prefix: [UInt8], count: Int)] {
    guard let node = try subtree(prefix), case .inner(let inner) = node, let first = firstKey(node) else { return [] }
    let shared = Array(first.prefix(Int(inner.bit) / 8))
    var found: [(prefix: [UInt8], count: Int)] = []
    for byte in UInt8.min...UInt8.max {
      let longer = shared + [byte]
      let count = try count(prefix: longer)
      if count > 0 { found.append((longer, count)) }
    }
    return found
  }

  private func subtree(_ prefix: [UInt8]) throws(PatriciaError) -> Node? {
    var node = top
    search: while true {
      switch node {
      case .inner(let inner) where Int(inner.bit) < 8 * prefix.count:
        node = PaddedKey.bit(prefix, Int(inner.bit)) ? inner.right : inner.left
      case .stub(let stub): node = try stub.resolve(loader)
      default: break search
      }
    }
    guard let first = firstKey(node), PaddedKey.begins(first, with: prefix) else { return nil }
    return node
  }
}
