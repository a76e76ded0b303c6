public import Edge
public import Primitives

/// One device's side of the epochs: it chains what it sends and signs every so many readings.
///
/// A simulation tells of packets in order of arrival and of lost ones; the maker puts them back in their own order.
public struct EpochMaker: Sendable {
  private let device: Int
  private let devices: FeedDevices
  private let length: UInt64
  private let boot: UInt32
  private var payloads: [UInt64: [UInt8]] = [:]
  private var next: UInt64 = 0
  private var first: UInt64 = 0
  private var chain = Digest()
  private var previous = Digest()

  /// A device that signs every `length` readings.
  public init(device: Int, devices: FeedDevices, boot: UInt32 = 0, length: UInt64 = 64) {
    self.boot = boot
    self.device = device
    self.devices = devices
    self.length = max(1, length)
  }

  /// The chain before the epoch that is being made.
  public private(set) var start = Digest()

  /// Takes in what the device has sent under a number; gives the epochs that are complete now, with the chain before each.
  ///
  /// Each epoch's time is `timeUs`.
  public mutating func sent(
    _ seq: UInt64, payload: [UInt8], timeUs: Int64
  ) throws(EdgeError) -> [(epoch: DeviceEpoch, start: Digest, message: [UInt8])] {
    if seq >= next { payloads[seq] = payload }
    var made: [(DeviceEpoch, Digest, [UInt8])] = []
    while let payload = payloads.removeValue(forKey: next) {
      chain = DeviceEpoch.chain(chain, payload: payload)
      next += 1
      guard next - first == length else { continue }
      let epoch = DeviceEpoch(
        device: devices.name(device), boot: boot, first: first, last: next - 1, chain: chain, previous: previous,
        timeUs: timeUs)
      made.append((epoch, start, try epoch.signed(key: devices.signingKey(device))))
      previous = epoch.digest
      first = next
      start = chain
    }
    return made
  }
}
