public import Primitives

/// The proof that a map has a key with a value, or that it does not have the key.
///
/// The bytes are those of torchwood's mpt: pairs of varint and 32-byte sibling from leaf to root, for an absence
/// after the key and the value of the leaf that a search ends at. The bytes do not say which claim they are for; the
/// reader has to know. One claim under one root has exactly one proof.
public enum MapProof: Sendable, Hashable {
  /// The key is there: the steps from its leaf to the root.
  case present(path: [PathStep])
  /// The key is not there: the leaf that a search for it ends at, none in an empty map, and its steps to the root.
  case absent(neighbour: Neighbour?, path: [PathStep])

  /// The proof's bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .present(let path): bytes.append(path: path)
    case .absent(let neighbour, let path):
      bytes.append(neighbour: neighbour)
      bytes.append(path: path)
    }
    return bytes
  }

  /// Reads a proof of presence or of absence; refuses all that `bytes` would not write.
  public init(bytes: [UInt8], present: Bool) throws(ProofFault) {
    var reader = ByteReader(bytes)
    if present {
      self = .present(path: try reader.path())
    } else {
      let neighbour = try reader.neighbour()
      self = .absent(neighbour: neighbour, path: try reader.path())
    }
  }

  /// Whether the map with this root has `key` with `value`.
  public func verifyPresent(key: [UInt8], value: Digest, root: Digest) -> Bool {
    do { try checkPresent(key: key, value: value.bytes, root: root) } catch { return false }
    return true
  }

  /// Whether the map with this root does not have `key`.
  public func verifyAbsent(key: [UInt8], root: Digest) -> Bool {
    do { try checkAbsent(key: key, root: root) } catch { return false }
    return true
  }

  /// Throws the reason unless the map with this root has `key` with `value`.
  public func checkPresent(key: [UInt8], value: [UInt8], root: Digest) throws(ProofFault) {
    guard case .present(let path) = self else { throw .wrongClaim }
    guard key.count <= PaddedKey.maximumBytes, value.count <= PatriciaHash.maximumValueBytes else { throw .tooLong }
    let leaf = PatriciaHash.leaf(key: key, value: value)
    guard try climb(from: leaf, path, key: key, bitLimit: wholeKeyBits) == root else { throw .wrongRoot }
  }

  /// Throws the reason unless the map with this root does not have `key`.
  public func checkAbsent(key: [UInt8], root: Digest) throws(ProofFault) {
    guard case .absent(let neighbour, let path) = self else { throw .wrongClaim }
    guard key.count <= PaddedKey.maximumBytes else { throw .tooLong }
    guard let neighbour else {
      guard path.isEmpty else { throw .malformed }
      guard root == PatriciaHash.empty else { throw .wrongRoot }
      return
    }
    guard neighbour.key != key else { throw .neighbourIsKey }
    try checkReached(neighbour, path, by: key, root: root)
  }
}
