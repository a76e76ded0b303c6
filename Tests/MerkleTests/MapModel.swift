import Merkle
import Primitives

typealias Pair = (key: [UInt8], value: [UInt8])

/// The Patricia map by its definition, on a dictionary; slow and obvious.
struct MapModel {
  var pairs: [[UInt8]: [UInt8]] = [:]

  static func bit(_ key: [UInt8], _ n: Int) -> Int {
    let byte = n / 8 < key.count ? key[n / 8] : n / 8 == key.count ? 0x00 : 0xff
    return Int(byte >> UInt8(7 - n % 8)) & 1
  }

  static func varint(_ value: Int) -> [UInt8] {
    value < 128 ? [UInt8(value)] : [UInt8(value % 128 + 128)] + varint(value / 128)
  }

  static func leaf(_ key: [UInt8], _ value: [UInt8]) -> Digest {
    Digest.sha256([0] + varint(key.count) + key + varint(value.count) + value)
  }

  /// The first bit at which the keys do not all agree.
  static func parting(_ keys: [[UInt8]]) -> Int {
    var n = 0
    while keys.allSatisfy({ bit($0, n) == bit(keys[0], n) }) { n += 1 }
    return n
  }

  func root(_ keys: [[UInt8]]) -> Digest {
    if keys.isEmpty { return Digest.sha256("") }
    if keys.count == 1 { return MapModel.leaf(keys[0], pairs[keys[0]]!) }
    let n = MapModel.parting(keys)
    let left = root(keys.filter { MapModel.bit($0, n) == 0 })
    let right = root(keys.filter { MapModel.bit($0, n) == 1 })
    return Digest.sha256([1] + MapModel.varint(n) + left.bytes + right.bytes)
  }

  var root: Digest { root(Array(pairs.keys)) }

  /// The keys in padded order, by comparing bits.
  var ordered: [[UInt8]] {
    pairs.keys.sorted { a, b in
      let n = MapModel.parting([a, b])
      return MapModel.bit(a, n) < MapModel.bit(b, n)
    }
  }

  static func begins(_ key: [UInt8], _ prefix: [UInt8]) -> Bool {
    (0..<8 * prefix.count).allSatisfy { bit(key, $0) == bit(prefix, $0) }
  }

  func under(_ prefix: [UInt8]) -> [Pair] {
    ordered.filter { MapModel.begins($0, prefix) }.map { ($0, pairs[$0]!) }
  }

  /// The steps and the leaf that a search for a padded key meets, leaf side first; bits at or over `limit` stop it.
  func search(_ key: [UInt8], limit: Int = .max) -> (path: [PathStep], keys: [[UInt8]]) {
    var keys = Array(pairs.keys)
    var path: [PathStep] = []
    while keys.count > 1 {
      let n = MapModel.parting(keys)
      if n >= limit { break }
      let side = MapModel.bit(key, n)
      path.insert(PathStep(bit: n, sibling: root(keys.filter { MapModel.bit($0, n) != side })), at: 0)
      keys = keys.filter { MapModel.bit($0, n) == side }
    }
    return (path, keys)
  }

  func proof(_ key: [UInt8]) -> MapProof {
    let (path, keys) = search(key)
    guard let found = keys.first else { return .absent(neighbour: nil, path: []) }
    return found == key
      ? .present(path: path) : .absent(neighbour: Neighbour(key: found, value: pairs[found]!), path: path)
  }

  func prefixProof(_ prefix: [UInt8]) -> PrefixProof {
    if !under(prefix).isEmpty { return .some(path: search(prefix, limit: 8 * prefix.count).path) }
    let (path, keys) = search(prefix)
    return .none(neighbour: keys.first.map { Neighbour(key: $0, value: pairs[$0]!) }, path: path)
  }
}

extension PatriciaMap {
  /// Whether this map and the model agree on everything that can be asked about them.
  func matches(_ model: MapModel, keys: [[UInt8]], prefixes: [[UInt8]], root: Digest? = nil, sameProofs: Bool = true)
    throws -> Bool
  {
    guard self.root == root ?? model.root, count == model.pairs.count else { return false }
    for key in keys {
      let (value, proof) = try lookup(key)
      let plain = try self.value(for: key)
      guard value?.bytes == model.pairs[key], value == plain, !sameProofs || proof == model.proof(key) else {
        return false
      }
      if let value {
        guard proof.verifyPresent(key: key, value: value, root: self.root) else { return false }
      } else {
        guard proof.verifyAbsent(key: key, root: self.root) else { return false }
      }
      guard try MapProof(bytes: proof.bytes, present: value != nil) == proof else { return false }
    }
    for prefix in prefixes {
      let answer = try prefixProof(prefix)
      let expected = model.under(prefix)
      guard answer.pairs.map(\.key) == expected.map(\.key), answer.pairs.map(\.value.bytes) == expected.map(\.value),
        !sameProofs || answer.proof == model.prefixProof(prefix),
        !sameProofs || answer.subtree == model.root(expected.map(\.key)),
        answer.proof.verify(prefix: prefix, pairs: answer.pairs, root: self.root),
        try PrefixProof(bytes: answer.proof.bytes, isEmpty: answer.pairs.isEmpty) == answer.proof,
        try scan(prefix: prefix).map(\.key) == expected.map(\.key)
      else { return false }
    }
    return true
  }
}

func value(_ seed: some CustomStringConvertible) -> Digest { Digest.sha256("value \(seed)") }
