import Edge
import FiveG
import Foundation
import Ledger
import Primitives

/// What `serve` needs to run a gateway: `edge/NAME.gateway.json` of a data folder, with secrets, so readable by its owner alone.
struct GatewayFile: Codable {
  /// What a device or a bridge shares with the gateway through the network (TS 33.535): its session follows from it.
  struct Secret: Codable {
    /// The URN.
    let device: String
    /// The subscriber.
    let supi: String
    /// K_AUSF in hexadecimal.
    let kAUSF: String

    init(device: String) {
      var generator = SystemRandomNumberGenerator()
      self.device = device
      supi = "imsi-00101" + String(String(UInt64.random(in: 1 << 40..<1 << 50, using: &generator)).suffix(10))
      kAUSF = Hex.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    func session(_ gateway: String, rules: Int? = nil, signsEpochs: Bool = false) throws -> DeviceSession {
      guard let bytes = Hex.decode(kAUSF), bytes.count == 32 else {
        throw LedgerError(.malformed, "The key of '\(device)' is not 64 hexadecimal digits.")
      }
      return try DeviceSession(
        device: device, kAUSF: bytes, supi: supi, gateway: gateway, rules: rules,
        signsEpochs: signsEpochs)
    }
  }

  /// A trusted source of plain SenML.
  struct Bridge: Codable {
    /// The name in its access token and in its MQTT topic.
    let name: String
    let secret: Secret
  }

  /// A device that authenticates its readings itself.
  struct Device: Codable {
    let secret: Secret
    /// Its model's number, which decides the quality tests; nil for none.
    let model: UInt8?
    /// Whether it signs epochs with the key of its certificate, so that its readings are of tier 2.
    var signsEpochs: Bool?
  }

  /// The gateway's private key (PEM); beside this file unless given.
  var key: String?
  var bridges: [Bridge] = []
  var devices: [Device] = []

  /// Adds a bridge with a fresh key.
  mutating func add(bridge name: String, of gateway: String) throws(LedgerError) {
    guard Member.isValidName(name) else {
      throw LedgerError(.malformed, "The name '\(name)' is not 1 to 64 of a-z, 0-9, '.' and '-'.")
    }
    guard !bridges.contains(where: { $0.name == name }) else {
      throw LedgerError(.unavailable, "\(gateway) has a bridge '\(name)' already.")
    }
    let urn = GatewayFile.urn(bridge: name, of: gateway)
    guard urn.utf8.count <= EdgeLimits.deviceNameBytes else {
      throw LedgerError(
        .limit,
        "The bridge would be called \(urn), which has \(urn.utf8.count) bytes; \(EdgeLimits.deviceNameBytes) are "
          + "possible. Choose a shorter name.")
    }
    bridges.append(Bridge(name: name, secret: Secret(device: urn)))
  }

  /// The URN of a bridge: a component of its gateway (RFC 9039, section 3.3). A bridge's name has no `_`, so no two are the same.
  static func urn(bridge: String, of gateway: String) -> String {
    "urn:dev:os:32473-\(gateway)_\(bridge)"
  }
}

extension EdgeFolder {
  /// The gateways that `serve` runs.
  var served: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".gateway.json") }.map { String($0.dropLast(13)) }.sorted()
  }

  /// What `serve` needs to know of a gateway; nil where there is nothing.
  func gatewayFile(_ gateway: String) throws(LedgerError) -> GatewayFile? {
    guard let data = FileManager.default.contents(atPath: file(gateway, "gateway.json")) else { return nil }
    guard let found = try? JSONDecoder().decode(GatewayFile.self, from: data) else {
      throw LedgerError(
        .malformed, "The file \(file(gateway, "gateway.json")) is not what 'smartcity gateway' writes.")
    }
    return found
  }

  /// Keeps what `serve` needs to know of a gateway.
  func save(_ content: GatewayFile, _ gateway: String) throws(LedgerError) {
    guard GatewayName.isValid(gateway) else {
      throw LedgerError(
        .malformed, "A gateway that is served has a name of letters, digits, '.', '-' and '_', not '\(gateway)'.")
    }
    let target = file(gateway, "gateway.json")
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let data = try encoder.encode(content)
      // Never readable by others, not even before its rights are set.
      let temporary = target + ".new"
      try? FileManager.default.removeItem(atPath: temporary)
      guard
        FileManager.default.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600]),
        rename(temporary, target) == 0
      else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      throw LedgerError(.unavailable, "The file \(target) cannot be written: \("\(error)").")
    }
  }
}
