internal import CBOR
internal import Merkle
public import Primitives

/// A leaf of a batch with what proves that it is one; a part of proofs.
public struct LeafPart: Sendable, Equatable {
  /// The leaf's index in its batch.
  public var index: UInt64
  /// When the gateway says that the message came, microseconds since 1970.
  public var arrival: Int64
  /// The tier, or 16 for an epoch.
  public var kind: UInt8
  /// The quality flags, the first record's in the highest byte.
  public var flags: UInt64
  /// The leaf's salt, 16 bytes.
  public var salt: [UInt8]
  /// The message as the device sent it.
  public var message: [UInt8]
  /// The hashes from the leaf to the root.
  public var path: [Digest]

  static func make(_ body: BatchBody, _ leaves: [Digest], _ index: Int) -> LeafPart {
    LeafPart(
      index: UInt64(index), arrival: body.arrivals[index], kind: body.kinds[index], flags: body.flags[index],
      salt: body.salt(index), message: body.message(index), path: BatchTree.path(leaves, index: index))
  }

  /// Whether the leaf is in the batch of this header.
  public func isIn(_ header: BatchHeader) -> Bool {
    InclusionProof(index: index, size: header.count, path: path).verify(
      leaf: Leaf.hash(salt: salt, arrival: arrival, kind: kind, flags: flags, message: message), root: header.root)
  }

  /// The reading in the message, in canonical form; nil for an epoch.
  public var reading: ReadingForm? {
    guard kind != AssuranceTier.epoch.rawValue, let range = EdgeCore.payload(of: message, kind: kind) else {
      return nil
    }
    return ReadingForm(decoding: message[range])
  }

  /// The device that signed the message itself, whose key on the ledger a proof then needs (tier 3); nil for another tier.
  public var signer: String? { kind == AssuranceTier.signed.rawValue ? reading?.device : nil }

  /// The flag of each record that has one.
  public var qualityFlags: [QualityFlag] {
    (0..<8).compactMap { QualityFlag(rawValue: UInt8(truncatingIfNeeded: flags >> UInt64(56 - 8 * $0))) }
  }

  /// An array of seven: index, arrival, kind, flags (8 bytes), salt, message, path (32 bytes each, one after another).
  func write(_ writer: inout CBORWriter) {
    writer.array(7)
    writer.uint(index)
    writer.int(arrival)
    writer.uint(UInt64(kind))
    var bytes: [UInt8] = []
    bytes.append(u64: flags)
    writer.bytes(bytes)
    writer.bytes(salt)
    writer.bytes(message)
    writer.bytes(path.flatMap(\.bytes))
  }

  static func read(_ reader: inout CBORReader) throws(CBORError) -> LeafPart {
    let start = reader.position
    guard try reader.array() == 7 else { throw CBORError(.outOfRange, at: start) }
    let index = try reader.uint()
    let arrival = try reader.int()
    guard let kind = UInt8(exactly: try reader.uint()), AssuranceTier(rawValue: kind) != nil else {
      throw CBORError(.outOfRange, at: start)
    }
    var flags = ByteReader(try reader.bytes())
    guard let word = flags.u64(), flags.isAtEnd else { throw CBORError(.outOfRange, at: start) }
    let salt = try reader.bytes()
    let message = try reader.bytes()
    let hashes = try reader.bytes()
    guard salt.count == Leaf.saltBytes, message.count <= EdgeLimits.messageBytes, hashes.count % 32 == 0,
      hashes.count <= 32 * 64
    else { throw CBORError(.outOfRange, at: start) }
    var path = ByteReader(hashes)
    var digests: [Digest] = []
    while let digest = path.digest() { digests.append(digest) }
    return LeafPart(
      index: index, arrival: arrival, kind: kind, flags: word, salt: Array(salt), message: Array(message),
      path: digests)
  }
}

extension LeafPart {
  /// The leaf by itself, as evidence beside a ledger's proof of its batch's header.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 700)
    write(&writer)
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else; throws `malformed`.
  public init(decoding bytes: [UInt8]) throws(EdgeError) {
    var reader = CBORReader(bytes)
    do {
      self = try LeafPart.read(&reader)
      try reader.finish()
    } catch { throw EdgeError(.malformed, "The leaf of a reading cannot be read: \(error).") }
  }
}
