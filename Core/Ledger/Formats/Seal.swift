import CBOR
public import Primitives

/// The last leaf of a block: what every member must come to by running it.
public struct Seal: Sendable, Equatable {
  /// A statement of the block that the contract did not carry out.
  public struct Outcome: Sendable, Equatable {
    /// The statement's place in the block, from 0.
    public let offset: UInt64
    /// The contract's code.
    public let code: String
  }

  /// 1 for the first block, then one more each.
  public let height: UInt64
  /// The log index of the block's first entry; the seal itself is the last.
  public let first: UInt64
  /// The block's time, milliseconds since 1970; later than the block before.
  public let time: UInt64
  /// The root of the Patricia map after the block.
  public let stateRoot: Digest
  /// The statements that were refused, in order; all others of the block were carried out.
  public let refused: [Outcome]
  /// The version of the contract that the next block runs under.
  public let contractVersion: UInt64
  /// The configuration epoch that the next block runs under.
  public let epoch: UInt64
  /// SHA-256 of that configuration's encoding.
  public let configuration: Digest

  /// The deterministic CBOR of docs/formats.md, "Seal".
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 128 + refused.count * 24)
    writer.tag(Tag.seal)
    writer.map(8)
    writer.uint(1)
    writer.uint(height)
    writer.uint(2)
    writer.uint(first)
    writer.uint(3)
    writer.uint(time)
    writer.uint(4)
    writer.bytes(stateRoot)
    writer.uint(5)
    writer.array(refused.count)
    for outcome in refused {
      writer.array(2)
      writer.uint(outcome.offset)
      writer.text(outcome.code)
    }
    writer.uint(6)
    writer.uint(contractVersion)
    writer.uint(7)
    writer.uint(epoch)
    writer.uint(8)
    writer.bytes(configuration)
    return writer.bytes
  }

  /// Whether an entry is a seal and not a statement or the genesis, by its first bytes.
  public static func isSeal(_ entry: ArraySlice<UInt8>) -> Bool { entry.starts(with: [0xda, 0x54, 0x53, 0x73, 0x65]) }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(LedgerError) {
    do {
      var reader = CBORReader(bytes)
      try reader.expectTag(Tag.seal)
      try reader.expectMap(8)
      try reader.expectKey(1)
      height = try reader.uint()
      try reader.expectKey(2)
      first = try reader.uint()
      try reader.expectKey(3)
      time = try reader.uint()
      try reader.expectKey(4)
      stateRoot = try reader.digest()
      try reader.expectKey(5)
      var refused: [Outcome] = []
      for _ in 0..<(try reader.array()) {
        try reader.expectArray(2)
        let outcome = Outcome(offset: try reader.uint(), code: try reader.text())
        if let last = refused.last, last.offset >= outcome.offset {
          throw LedgerError(.malformed, "The seal's outcomes are not in order.")
        }
        refused.append(outcome)
      }
      self.refused = refused
      try reader.expectKey(6)
      contractVersion = try reader.uint()
      try reader.expectKey(7)
      epoch = try reader.uint()
      try reader.expectKey(8)
      configuration = try reader.digest()
      try reader.finish()
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(.malformed, "The seal cannot be read: \(error).")
    }
  }

  init(
    height: UInt64, first: UInt64, time: UInt64, stateRoot: Digest, refused: [Outcome], contractVersion: UInt64,
    epoch: UInt64, configuration: Digest
  ) {
    self.height = height
    self.first = first
    self.time = time
    self.stateRoot = stateRoot
    self.refused = refused
    self.contractVersion = contractVersion
    self.epoch = epoch
    self.configuration = configuration
  }
}
