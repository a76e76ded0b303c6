import COSE
import Edge
import Foundation
import Primitives

/// A gateway's devices by hand, and messages of them.
struct CityLoad: Sendable {
  let name: String
  let sessions: [DeviceSession]

  init(_ number: Int, devices: Int) throws {
    let name = "bench-\(number)"
    self.name = name
    sessions = try (0..<devices).map { device in
      try DeviceSession(
        device: "urn:dev:os:32473-\(device)", kAUSF: Digest.sha256("\(name) \(device)").bytes,
        supi: "imsi-00101\(device)", gateway: name, rules: 0)
    }
  }

  var key: PrivateKey { .derive(seed: 1, label: name) }

  func message(_ device: Int, seq: UInt64, us: Int64) -> [UInt8] {
    let reading = ReadingForm(
      device: sessions[device].device, timeUs: us, seq: seq, boot: 0,
      records: [
        ReadingForm.Record(
          name: "temperature", unit: "Cel",
          value: .number(mantissa: 2150 + Int64(seq &+ UInt64(device)) % 17, exponent: -2)),
        ReadingForm.Record(name: "humidity", unit: "%RH", value: .number(mantissa: 501, exponent: -1)),
      ])
    return sessions[device].message(payload: reading.encoded())
  }

  /// One round of all devices in pieces of 4,096 messages.
  func round(_ seq: UInt64, us: Int64) -> [MessageBatch] {
    stride(from: 0, to: sessions.count, by: 4096).map { start in
      var batch = MessageBatch(capacity: 4096)
      for device in start..<min(start + 4096, sessions.count) {
        batch.append(message(device, seq: seq, us: us), arrival: us + 20_000)
      }
      return batch
    }
  }

  func gateway(_ folder: String, anchor: (any Anchor)? = nil) throws -> Gateway {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let rules = try QualityRules(models: [
      [
        QualityRule(
          name: "temperature", exponent: -2, sensorSpan: -4000...6000, operatorSpan: -1000...4000, spike: 300,
          ratePerSecond: 500, flatCount: 60),
        QualityRule(name: "humidity", exponent: -1, sensorSpan: 0...1000, operatorSpan: 0...1000, spike: 100),
      ]
    ])
    var configuration = GatewayConfiguration(name: name, key: key, rules: rules)
    configuration.anchor = anchor
    return try Gateway(configuration, path: folder + "/\(name)-\(UUID().uuidString).sqlite", sessions: sessions)
  }
}
