public import COSE
public import Edge
public import FiveG
internal import Primitives

/// The simulated devices as a gateway and a ledger know them: names, keys and quality rules, all from one seed.
///
/// Device and gateway share what AKMA gives them and nothing else; the key that signs epochs is the device's own.
public struct FeedDevices: Sendable {
  /// The seed of all keys.
  public let seed: UInt64
  /// The name of the gateway.
  public let gateway: String

  /// What tells the devices of one simulation from those of another: it stands in every name before the number.
  public let prefix: String

  /// The devices of a seed towards one gateway.
  public init(seed: UInt64, gateway: String, prefix: String = "") {
    self.seed = seed
    self.gateway = gateway
    self.prefix = prefix
  }

  /// The URN of a device, under the enterprise number of RFC 9039 for documentation.
  public func name(_ device: Int) -> String { "urn:dev:os:32473-\(prefix)\(device)" }

  /// A subscriber's permanent identifier in the test network 001/01.
  public func supi(_ device: Int) -> String {
    let digits = String(device)
    return "imsi-00101" + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
  }

  /// What home network and SIM share.
  public func kAUSF(_ device: Int) -> [UInt8] {
    var bytes = Array("tallystick K_AUSF\(prefix)".utf8)
    bytes.append(u64: seed)
    bytes.append(u64: UInt64(device))
    return Digest.sha256(bytes).bytes
  }

  /// The session of a device with the gateway; costs four HMACs.
  public func session(_ device: Int, model: DeviceModel, signsEpochs: Bool = false) throws(EdgeError) -> DeviceSession {
    try DeviceSession(
      device: name(device), kAUSF: kAUSF(device), supi: supi(device), gateway: gateway, rules: Int(model.rawValue),
      signsEpochs: signsEpochs)
  }

  /// The sessions of all devices of a simulation, by device; nil where the fleet is not enrolled.
  public func enrolled(_ simulation: Simulation, signsEpochs: Bool = false) throws(EdgeError) -> [DeviceSession?] {
    var sessions: [DeviceSession?] = []
    sessions.reserveCapacity(simulation.devices)
    for fleet in simulation.scenario.fleets {
      for _ in 0..<fleet.count {
        let session = try session(sessions.count, model: fleet.model, signsEpochs: signsEpochs)
        sessions.append(fleet.enrolled ? session : nil)
      }
    }
    return sessions
  }

  /// The key with which a device signs its epochs.
  public func signingKey(_ device: Int) -> PrivateKey { .derive(seed: seed, label: name(device)) }
}
