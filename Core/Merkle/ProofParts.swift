public import Primitives

/// Why a map proof was refused.
public enum ProofFault: Error, Hashable {
  /// The bytes are no proof of this kind: cut short, too long, or a number not in its shortest form.
  case malformed
  /// A proof of presence was given for a claim of absence, or the other way round.
  case wrongClaim
  /// A key is longer than `PaddedKey.maximumBytes`, or a value than `PatriciaHash.maximumValueBytes`.
  case tooLong
  /// The bit positions do not strictly decrease from leaf to root.
  case notDecreasing
  /// A bit position beyond the longest key, or not inside the prefix.
  case bitOutOfRange
  /// The recomputed root is another.
  case wrongRoot
  /// The leaf that should show the absence of a key is that key.
  case neighbourIsKey
  /// The leaf that should show absence is not where a search would have ended.
  case neighbourNotReached
  /// The leaf that should show that no key has a prefix has it.
  case neighbourHasPrefix
  /// There are no pairs for a proof of some, or pairs for a proof of none.
  case wrongPairs
  /// The pairs are not strictly ascending in the map's order.
  case pairsOutOfOrder
  /// A pair's key does not begin with the prefix.
  case pairOutsidePrefix
}

/// One step from a leaf to the root: the sibling at the bit where the two sides part.
public struct PathStep: Sendable, Hashable {
  /// The position of the bit; 0 is the most significant bit of a key's first byte.
  public var bit: Int
  /// The hash of the other side.
  public var sibling: Digest

  /// A step with the given parts.
  public init(bit: Int, sibling: Digest) {
    self.bit = bit
    self.sibling = sibling
  }
}

/// The leaf that a search for an absent key or prefix ends at.
public struct Neighbour: Sendable, Hashable {
  /// The leaf's key.
  public var key: [UInt8]
  /// The leaf's value; in the ledger's maps 32 bytes.
  public var value: [UInt8]

  /// A leaf with the given parts.
  public init(key: [UInt8], value: [UInt8]) {
    self.key = key
    self.value = value
  }
}

/// The root that a path leads to, the key saying at each step which side the hash so far is on.
func climb(from hash: Digest, _ path: [PathStep], key: [UInt8], bitLimit: Int) throws(ProofFault) -> Digest {
  var hash = hash
  var bound = Int.max
  for step in path {
    guard step.bit >= 0, step.bit < bitLimit else { throw .bitOutOfRange }
    guard step.bit < bound else { throw .notDecreasing }
    bound = step.bit
    hash =
      PaddedKey.bit(key, step.bit)
      ? PatriciaHash.inner(bit: step.bit, step.sibling, hash) : PatriciaHash.inner(bit: step.bit, hash, step.sibling)
  }
  return hash
}

/// Checks that a leaf is in the map and that a search for `target` ends at it.
func checkReached(_ leaf: Neighbour, _ path: [PathStep], by target: [UInt8], root: Digest) throws(ProofFault) {
  guard leaf.key.count <= PaddedKey.maximumBytes, leaf.value.count <= PatriciaHash.maximumValueBytes else {
    throw .tooLong
  }
  let leafHash = PatriciaHash.leaf(key: leaf.key, value: leaf.value)
  guard try climb(from: leafHash, path, key: leaf.key, bitLimit: wholeKeyBits) == root else { throw .wrongRoot }
  for step in path where PaddedKey.bit(leaf.key, step.bit) != PaddedKey.bit(target, step.bit) {
    throw .neighbourNotReached
  }
}

/// One more than the largest position at which two keys can first differ: where the longest one's padding begins.
let wholeKeyBits = 8 * PaddedKey.maximumBytes + 1

extension [UInt8] {
  mutating func append(path: [PathStep]) {
    for step in path {
      append(varint: UInt64(Swift.max(0, step.bit)))
      append(step.sibling)
    }
  }

  mutating func append(neighbour: Neighbour?) {
    guard let neighbour else { return }
    append(varint: UInt64(neighbour.key.count))
    append(contentsOf: neighbour.key)
    append(varint: UInt64(neighbour.value.count))
    append(contentsOf: neighbour.value)
  }
}

extension ByteReader {
  /// The steps up to the end of the bytes.
  mutating func path() throws(ProofFault) -> [PathStep] {
    var path: [PathStep] = []
    path.reserveCapacity(remaining / 33)
    while !isAtEnd {
      guard let bit = varint() else { throw .malformed }
      guard bit < UInt64(wholeKeyBits) else { throw .bitOutOfRange }
      if let last = path.last, last.bit <= Int(bit) { throw .notDecreasing }
      guard let sibling = digest() else { throw .malformed }
      path.append(PathStep(bit: Int(bit), sibling: sibling))
    }
    return path
  }

  /// A key and its value, or nil at the end of the bytes.
  mutating func neighbour() throws(ProofFault) -> Neighbour? {
    guard !isAtEnd else { return nil }
    let key = try bytes(limit: PaddedKey.maximumBytes)
    let value = try bytes(limit: PatriciaHash.maximumValueBytes)
    return Neighbour(key: key, value: value)
  }

  private mutating func bytes(limit: Int) throws(ProofFault) -> [UInt8] {
    guard let count = varint() else { throw .malformed }
    guard count <= UInt64(limit) else { throw .tooLong }
    guard let bytes = take(Int(count)) else { throw .malformed }
    return Array(bytes)
  }
}
