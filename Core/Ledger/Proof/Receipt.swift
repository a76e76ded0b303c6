import CBOR
import COSE
import Merkle
public import Primitives

/// A COSE receipt (RFC 9942, RFC9162_SHA256): one member's word that a statement is in the log.
///
///     protected   {1: EdDSA, 4: key id, 15: {1: "<origin>/<member>", 2: "<origin>"}, 395: 1}
///     unprotected {396: {-1: [<<[size, index, [path…]]>>]}}
///     payload     null; the signature covers the root
public enum Receipt {
  /// Labels of RFC 9942.
  private static let receipts: Int64 = 394
  private static let dataStructure: Int64 = 395
  private static let proofs: Int64 = 396

  static func make(
    index: UInt64, size: UInt64, path: [Digest], root: Digest, origin: String, member: String, key: PrivateKey
  ) throws -> [UInt8] {
    var protected = CBORWriter()
    protected.map(4)
    protected.int(1)
    protected.int(key.algorithm.rawValue)
    protected.int(4)
    protected.bytes(key.publicKey.id)
    protected.int(15)
    protected.map(2)
    protected.int(1)
    protected.text("\(origin)/\(member)")
    protected.int(2)
    protected.text(origin)
    protected.int(dataStructure)
    protected.int(1)
    var proof = CBORWriter()
    proof.array(3)
    proof.uint(size)
    proof.uint(index)
    proof.array(path.count)
    for hash in path { proof.bytes(hash) }
    var unprotected = CBORWriter()
    unprotected.map(1)
    unprotected.int(proofs)
    unprotected.map(1)
    unprotected.int(-1)
    unprotected.array(1)
    unprotected.bytes(proof.bytes)
    return try Sign1.signDetached(
      protected: protected.bytes, unprotected: unprotected.bytes, payload: root.bytes, key: key)
  }

  /// The statement with receipts in its unprotected header (RFC 9943, a Transparent Statement).
  public static func transparent(_ entry: [UInt8], receipts: [[UInt8]]) throws(LedgerError) -> [UInt8] {
    do {
      let message = try Sign1(entry)
      var unprotected = CBORWriter()
      unprotected.map(1)
      unprotected.int(Receipt.receipts)
      unprotected.array(receipts.count)
      for receipt in receipts { unprotected.bytes(receipt) }
      return Array(entry[..<message.unprotected.startIndex]) + unprotected.bytes
        + Array(entry[message.unprotected.endIndex...])
    } catch { throw LedgerError(.malformed, "The statement cannot carry receipts: \(error).") }
  }

  /// Checks a receipt of an entry against a member's log key; gives the log's size and root that it vouches for.
  ///
  /// The payload is detached, so a receipt is bound to the entry only through the recomputed root (RFC 9942 §4.3). Of the
  /// size only what shapes the path is bound: who needs the size takes it from a checkpoint with that root.
  public static func verify(
    _ receipt: [UInt8], entry: [UInt8], logKey: [UInt8]
  ) throws(LedgerError) -> (size: UInt64, index: UInt64, root: Digest) {
    do {
      let message = try Sign1(transparent: receipt)
      var protected = CBORReader(message.protected)
      try protected.expectMap(4)
      try protected.expectKey(1)
      let algorithm = try protected.int()
      try protected.expectKey(4)
      let kid = try protected.bytes()
      try protected.expectKey(15)
      try protected.skip()
      try protected.expectKey(395)
      try protected.expectKey(1)
      try protected.finish()
      let key = try PublicKey(ed25519: logKey)
      guard algorithm == Algorithm.edDSA.rawValue, Array(kid) == key.id.bytes else {
        throw LedgerError(.notProved, "The receipt is by another key.")
      }
      var unprotected = CBORReader(message.unprotected)
      try unprotected.expectMap(1)
      try unprotected.expectKey(396)
      try unprotected.expectMap(1)
      guard try unprotected.int() == -1 else { throw LedgerError(.notProved, "The receipt has no inclusion proof.") }
      try unprotected.expectArray(1)
      var proof = CBORReader(try unprotected.bytes())
      try proof.expectArray(3)
      let size = try proof.uint()
      let index = try proof.uint()
      let path = try proof.list { reader throws in try reader.digest() }
      try proof.finish()
      guard let root = InclusionProof(index: index, size: size, path: path).root(leaf: TreeHash.leaf(entry)),
        message.isValid(for: key, detachedPayload: root.bytes[...])
      else { throw LedgerError(.notProved, "The receipt does not hold for this statement.") }
      return (size, index, root)
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.malformed, "The receipt cannot be read: \(error).")
    }
  }
}

extension Node {
  /// This member's receipt for the entry at an index, as of the newest final size.
  ///
  /// Throws `.unavailable` while the entry is not final.
  public nonisolated func receipt(_ index: UInt64) throws(LedgerError) -> [UInt8] {
    guard let keys else { throw LedgerError(.unavailable, "This node has no keys to sign receipts with.") }
    guard let view = final?.view, index < view.size else {
      throw LedgerError(.unavailable, "Entry \(index) is not final yet: no quorum has co-signed it. Ask again shortly.")
    }
    return try view.read { db in
      try Receipt.make(
        index: index, size: view.size, path: try view.path(db, index: index, size: view.size), root: view.root,
        origin: genesis.origin, member: member, key: keys.log)
    }
  }
}
