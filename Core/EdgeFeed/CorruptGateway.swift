public import COSE
public import Edge
public import FiveG
internal import Ledger

/// What a corrupt gateway does with a packet before its own honest half sees it: the truth flags of the simulation say
/// what.
public struct CorruptGateway: Sendable {
  private let readings: FeedReadings

  /// A gateway that has these devices' session keys.
  public init(_ readings: FeedReadings) { self.readings = readings }

  /// Appends what the gateway makes of a packet; false where it acknowledges the packet and leaves it out.
  ///
  /// An altered value carries a good tag again: the gateway has the key.
  public func forward(_ batch: PacketBatch, _ row: Int, to messages: inout MessageBatch) -> Bool {
    let truth = batch.truth[row]
    if truth.contains(.dropped) { return false }
    let payload = readings.reading(batch, row, forwarded: true).encoded()
    var arrival = readings.arrival(batch, row)
    if truth.contains(.backdated) && !truth.contains(.altered) { arrival -= Int64(batch.tampering[row]) * 1_000_000 }
    messages.append(readings.session(Int(batch.devices[row])).message(payload: payload), arrival: arrival)
    return true
  }

  /// A second header under the number of a first, which leaves one leaf out.
  public static func secondHeader(of first: BatchHeader, key: PrivateKey) throws(EdgeError) -> [UInt8] {
    var second = first
    second.count -= min(1, second.count)
    second.root = second.highWaterRoot
    return try second.statement(key: key).entry
  }
}
