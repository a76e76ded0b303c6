import COSE
import Edge
import EdgeIntake
import Foundation
import Ledger
import Primitives

/// A gateway with some devices, one bridge, and a clock that ticks it.
final class IntakeKit: Sendable {
  static let name = "gw-1"
  static let key = PrivateKey.derive(seed: 1, label: IntakeKit.name)
  static let start: Int64 = 1_798_761_600_000_000

  let sessions: [DeviceSession]
  let bridge: BridgeIntake
  let gateway: Gateway
  let intake: EdgeIntake
  let clock = ManualClock(UInt64(IntakeKit.start / 1000))
  private let folder: String
  private let ticker: Task<Void, Never>

  init(devices: Int = 20, queue: Int = 65_536, isTicking: Bool = true) throws {
    let made = try (0..<devices).map {
      try DeviceSession(
        device: "urn:dev:os:32473-\($0)", kAUSF: Digest.sha256("k\($0)").bytes, supi: "imsi-00101\($0)",
        gateway: IntakeKit.name)
    }
    sessions = made
    bridge = BridgeIntake(
      try DeviceSession(device: "urn:dev:os:32473-bridge", kid: 77, key: .sha256("bridge")), boot: 5)
    folder = FileManager.default.temporaryDirectory.path + "/intake-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var configuration = GatewayConfiguration(name: IntakeKit.name, key: IntakeKit.key)
    configuration.clock = clock
    configuration.queueMessages = queue
    let gateway = try Gateway(configuration, path: folder + "/gw.sqlite", sessions: made + [bridge.session])
    self.gateway = gateway
    intake = EdgeIntake(gateway, bridges: ["bridge-1": bridge], clock: clock)
    ticker = Task {
      while isTicking, !Task.isCancelled {
        try? await Task.sleep(for: .milliseconds(5))
        try? await gateway.flush()
      }
    }
  }

  deinit {
    ticker.cancel()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func message(_ device: Int, _ seq: UInt64, value: Int64 = 215) -> [UInt8] {
    let reading = ReadingForm(
      device: sessions[device].device, timeUs: IntakeKit.start + Int64(seq), seq: seq, boot: 0,
      records: [.init(name: "temperature", unit: "Cel", value: .number(mantissa: value, exponent: -1))])
    return sessions[device].message(payload: reading.encoded())
  }

  /// `count` messages of the devices in turn, one after another.
  func sequence(_ count: Int, from: Int = 0) -> [UInt8] {
    (from..<from + count).flatMap { message($0 % sessions.count, UInt64($0 / sessions.count)) }
  }
}
