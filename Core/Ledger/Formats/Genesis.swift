import CBOR
import Primitives

/// Leaf 0 of a log: what the ledger is and who founded it. Unsigned; members hold a copy and compare.
public struct Genesis: Sendable, Equatable {
  /// The version of these formats.
  public static let formatVersion: UInt64 = 1

  /// The log's name: first line of every checkpoint, name of its log keys.
  public let origin: String
  /// When the ledger was founded, milliseconds since 1970; the first block is later.
  public let time: UInt64
  /// The contract's name.
  public let contract: String
  /// The first configuration, epoch 0.
  public let configuration: Configuration

  /// A genesis; the origin must be fit for a signed note and the epoch 0.
  public init(origin: String, time: UInt64, contract: String, configuration: Configuration) throws(LedgerError) {
    guard (1...128).contains(origin.utf8.count), origin.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2b }) else {
      throw LedgerError(
        .malformed, "The origin '\(origin.shown)' is not 1 to 128 visible ASCII characters without '+'.")
    }
    guard configuration.epoch == 0 else {
      throw LedgerError(.malformed, "A genesis starts with configuration epoch 0, not \(configuration.epoch).")
    }
    self.origin = origin
    self.time = time
    self.contract = contract
    self.configuration = configuration
  }

  /// The deterministic CBOR of docs/formats.md, "Genesis".
  public func encoded() -> [UInt8] {
    var writer = CBORWriter()
    writer.tag(Tag.genesis)
    writer.map(5)
    writer.uint(1)
    writer.uint(Genesis.formatVersion)
    writer.uint(2)
    writer.text(origin)
    writer.uint(3)
    writer.uint(time)
    writer.uint(4)
    writer.text(contract)
    writer.uint(5)
    writer.bytes(configuration.encoded())
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(LedgerError) {
    do {
      var reader = CBORReader(bytes)
      try reader.expectTag(Tag.genesis)
      try reader.expectMap(5)
      try reader.expectKey(1)
      let version = try reader.uint()
      guard version == Genesis.formatVersion else {
        throw LedgerError(
          .malformed, "The ledger has format version \(version); this program reads \(Genesis.formatVersion).")
      }
      try reader.expectKey(2)
      let origin = try reader.text()
      try reader.expectKey(3)
      let time = try reader.uint()
      try reader.expectKey(4)
      let contract = try reader.text()
      try reader.expectKey(5)
      let configuration = try Configuration(decoding: try reader.bytes())
      try reader.finish()
      try self.init(origin: origin, time: time, contract: contract, configuration: configuration)
    } catch let error as LedgerError {
      throw error
    } catch {
      throw LedgerError(.malformed, "The genesis cannot be read: \(error).")
    }
  }
}
