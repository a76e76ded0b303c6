internal import CBOR
public import COSE
internal import Primitives

/// One reading and all that a stranger needs to check that its gateway has it in a batch.
///
/// About 1.1 KB for a batch of 4,096: the signed header takes half of it, the path 384 bytes. With the ledger's proof of
/// the header's statement it says when, and that everybody has been told the same.
public struct ReadingProof: Sendable, Equatable {
  /// The signed header: the statement's bytes.
  public var statement: [UInt8]
  /// The reading's leaf.
  public var leaf: LeafPart
  /// The device's signed epoch that counts the reading, if there is one and it was asked for.
  public var epoch: [UInt8]?

  /// What a proof that holds says.
  public struct Finding: Sendable, Equatable {
    /// The reading.
    public let reading: ReadingForm
    /// How strongly it is vouched for.
    public let tier: AssuranceTier
    /// Whether the device itself signed the reading (tier 3).
    public let isDeviceSigned: Bool
    /// Whether the device signed that it sent a reading of this number: its epoch, or tier 3. An epoch does not say by
    /// itself what the reading was; all readings that it counts together do (`EpochAudit`).
    public let isDeviceCounted: Bool
    /// The quality flags of its records.
    public let flags: [QualityFlag]
    /// When it came to the gateway, microseconds since 1970.
    public let arrival: Int64
    /// The batch.
    public let header: BatchHeader
  }

  /// A proof of these parts; nothing is checked until it is verified.
  public init(statement: [UInt8], leaf: LeafPart, epoch: [UInt8]? = nil) {
    self.statement = statement
    self.leaf = leaf
    self.epoch = epoch
  }

  /// A deterministic CBOR map: 1 version (1), 2 the header's statement, 3 the leaf, 4 the epoch if there is one.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 1400)
    writer.map(epoch == nil ? 3 : 4)
    writer.uint(1)
    writer.uint(1)
    writer.uint(2)
    writer.bytes(statement)
    writer.uint(3)
    leaf.write(&writer)
    if let epoch {
      writer.uint(4)
      writer.bytes(epoch)
    }
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: [UInt8]) throws(EdgeError) {
    var reader = CBORReader(bytes)
    do {
      let pairs = try reader.map().remaining
      guard pairs == 3 || pairs == 4, try reader.uint() == 1, try reader.uint() == 1, try reader.uint() == 2 else {
        throw CBORError(.outOfRange, at: 0)
      }
      statement = Array(try reader.bytes())
      guard try reader.uint() == 3 else { throw CBORError(.outOfRange, at: reader.position) }
      leaf = try LeafPart.read(&reader)
      if pairs == 4 {
        guard try reader.uint() == 4 else { throw CBORError(.outOfRange, at: reader.position) }
        epoch = Array(try reader.bytes())
      }
      try reader.finish()
    } catch { throw EdgeError(.malformed, "The proof of a reading cannot be read: \(error).") }
  }

  /// Checks everything offline; throws `notProved` with the first thing that does not hold.
  ///
  /// - Parameters:
  ///   - gateway: the gateway's key, from the ledger.
  ///   - device: the device's key, from the ledger; needed where the proof carries an epoch or the reading is of tier 3.
  ///
  /// Costs a signature verification, or two, and at most 13 hashes for a batch of 4,096.
  public func verify(gateway: PublicKey, device: PublicKey? = nil) throws(EdgeError) -> Finding {
    try ReadingProof.verify(
      leaf, in: try BatchHeader.verify(statement: statement, key: gateway), epoch: epoch, device: device)
  }

  /// As above, for a header that is known to be the gateway's: one that a ledger has taken.
  public static func verify(
    _ leaf: LeafPart, in header: BatchHeader, epoch: [UInt8]? = nil, device: PublicKey? = nil
  ) throws(EdgeError) -> Finding {
    guard leaf.isIn(header) else {
      throw EdgeError(.notProved, "The reading is not leaf \(leaf.index) of batch \(header.number).")
    }
    guard let reading = leaf.reading, let tier = AssuranceTier(rawValue: leaf.kind) else {
      throw EdgeError(.notProved, "The leaf holds no reading.")
    }
    if tier == .signed {
      guard let device else { throw EdgeError(.notProved, "The device's key is needed for a reading of tier 3.") }
      _ = try DeviceSignature.verify(leaf.message, key: device)
    }
    if let epoch {
      guard let device else { throw EdgeError(.notProved, "The device's key is needed for its epoch.") }
      let counted = try DeviceEpoch.verify(epoch, key: device)
      guard counted.device == reading.device, counted.boot == reading.boot,
        (counted.first...counted.last).contains(reading.seq)
      else { throw EdgeError(.notProved, "The epoch does not count the reading.") }
    }
    return Finding(
      reading: reading, tier: tier, isDeviceSigned: tier == .signed, isDeviceCounted: tier == .signed || epoch != nil,
      flags: leaf.qualityFlags, arrival: leaf.arrival, header: header)
  }
}
