import COSE
import Edge
import Foundation
import Ledger
import Primitives

/// A small fleet by hand: devices, messages and a core.
struct EdgeKit {
  static let gateway = "gw-1.edge.example"
  static let start: Int64 = 1_798_761_600_000_000
  static let key = PrivateKey.derive(seed: 1, label: gateway)

  let sessions: [DeviceSession]

  init(devices: Int, rules: Int? = nil, signsEpochs: Bool = false) throws {
    sessions = try (0..<devices).map {
      try DeviceSession(
        device: "urn:dev:os:32473-\($0)", kAUSF: Digest.sha256("k\($0)").bytes, supi: "imsi-00101\($0)",
        gateway: Self.gateway, rules: rules, signsEpochs: signsEpochs)
    }
  }

  func reading(_ device: Int, seq: UInt64, time: Int64, value: Int64 = 2150, boot: UInt32 = 0) -> ReadingForm {
    ReadingForm(
      device: sessions[device].device, timeUs: time, seq: seq, boot: boot,
      records: [
        ReadingForm.Record(name: "temperature", unit: "Cel", value: .number(mantissa: value, exponent: -2)),
        ReadingForm.Record(name: "humidity", unit: "%RH", value: .number(mantissa: 501, exponent: -1)),
      ])
  }

  func message(_ device: Int, seq: UInt64, time: Int64, value: Int64 = 2150, boot: UInt32 = 0) -> [UInt8] {
    sessions[device].message(payload: reading(device, seq: seq, time: time, value: value, boot: boot).encoded())
  }

  func core(
    rules: QualityRules = .none, directory: (any DeviceDirectory)? = nil, limits: IntakeLimits = IntakeLimits()
  ) -> EdgeCore {
    let core = EdgeCore(
      gateway: Self.gateway, key: Self.key, rules: rules, limits: limits, directory: directory, secretSeed: [7])
    for session in sessions { core.enrol(session) }
    return core
  }

  static func temporaryPath() -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "edge-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: "gateway.sqlite").path
  }
}

extension EdgeCore {
  func accept(_ message: [UInt8], arrival: Int64) -> IntakeOutcome {
    message.withUnsafeBytes { accept($0, arrival: arrival) }
  }
}

struct Directory: DeviceDirectory {
  var devices: [String: (kid: UInt64, key: PublicKey)]

  func device(named urn: String) -> (kid: UInt64, key: PublicKey)? { devices[urn] }
}
