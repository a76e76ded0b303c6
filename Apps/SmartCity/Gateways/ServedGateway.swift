import COSE
import Edge
import EdgeFeed
import EdgeIntake
import Foundation
import Ledger
import LedgerServer
import MQTT
import Primitives
import Synchronization

/// One gateway that `serve` runs: its file, its way in, its way to the ledger.
final class ServedGateway: Sendable {
  let name: String
  let gateway: Gateway
  let intake: EdgeIntake
  /// The sessions by URN: bridges, devices, and those of a simulation that was attested here.
  let sessions: [String: DeviceSession]
  let watch: GatewayWatch
  private let mqtt = Mutex<MQTTIntake?>(nil)
  private let ticker = Mutex<Task<Void, Never>?>(nil)
  private let hasClosed = Mutex(false)

  /// Opens a gateway as it was closed, or for the first time.
  init(_ name: String, _ folder: EdgeFolder, node: Node, patience: Double) throws {
    guard let content = try folder.gatewayFile(name) else {
      throw LedgerError(.notFound, "There is no gateway '\(name)' to serve in \(folder.path).")
    }
    let key = try DeviceCommand.load(content.key ?? folder.file(name, "pem"))
    try Self.check(name, key, node)
    var sessions: [DeviceSession] = []
    if let feed = folder.feed(name) {
      for device in (feed.first ?? 0)..<max(feed.first ?? 0, min(feed.end ?? feed.devices, 1_000_000)) {
        if let session = try feed.session(device, of: name) { sessions.append(session) }
      }
    }
    for device in content.devices {
      sessions.append(
        try device.secret.session(
          name, rules: device.model.map(Int.init), signsEpochs: device.signsEpochs ?? false))
    }
    var bridges: [String: BridgeIntake] = [:]
    for bridge in content.bridges {
      let session = try bridge.secret.session(name)
      sessions.append(session)
      // Rises with each start: a bridge's numbers begin anew.
      bridges[bridge.name] = BridgeIntake(session, boot: UInt32(clamping: SystemClock().now() / 1000))
    }
    self.sessions = Dictionary(sessions.map { ($0.device, $0) }) { $1 }
    let directory = LedgerDirectory(node, self.sessions)
    let anchor = GatewayAnchor(name, node)
    var configuration = GatewayConfiguration(name: name, key: key, rules: try FeedDevices.rules())
    configuration.directory = directory
    configuration.anchor = anchor
    gateway = try Gateway(configuration, path: folder.file(name, "sqlite"), sessions: sessions)
    watch = GatewayWatch(gateway, key: key, node: node, sessions: self.sessions, patience: patience)
    intake = EdgeIntake(gateway, bridges: bridges, alarms: watch)
    self.name = name
  }

  /// A gateway that the ledger would not take batches from is not run.
  private static func check(_ name: String, _ key: PrivateKey, _ node: Node) throws {
    guard let entry = try node.head.value(EdgeRules.gateways.key(.sha256(name))).map({ try GatewayEntry(decoding: $0) })
    else {
      throw LedgerError(
        .unavailable, "The ledger knows no gateway '\(name)'. Register it: smartcity gateway add \(name) …")
    }
    guard entry.registration.key.id == key.publicKey.id else {
      throw LedgerError(
        .unavailable, "The key of the gateway '\(name)' here is not the one that it is registered with.")
    }
    guard entry.status == .active else {
      throw LedgerError(.unavailable, "The gateway '\(name)' is out of service on the ledger: \(entry.status).")
    }
    if let head = try node.head.value(EdgeRules.batchHeads.key(.sha256(name))).map({ try BatchHead(decoding: $0) }),
      head.closed / 1000 > SystemClock().now() + 1000
    {
      throw LedgerError(
        .unavailable,
        "The gateway '\(name)' has batches of \(Timestamp.text(head.closed / 1000)), which is still to come: it was "
          + "simulated. Choose another.")
    }
  }

  /// Lets time pass for the gateway, and takes in what a broker has for it.
  func begin(_ broker: MQTTAddress?) async throws {
    let (gateway, watch) = (gateway, watch)
    ticker.withLock {
      $0 = Task {
        var turns = 0
        while !Task.isCancelled {
          do { try await gateway.tick() } catch {
            Console.say("The gateway \(gateway.name) has failed and takes nothing more: \("\(error)")")
            return
          }
          if turns % 50 == 0 { await watch.look() }
          turns += 1
          try? await Task.sleep(for: .milliseconds(20))
        }
      }
    }
    guard let broker else { return }
    let intake = try await MQTTIntake.start(self.intake, MQTTConfiguration(address: broker))
    mqtt.withLock { $0 = intake }
  }

  /// What has come from the broker; nil where none is used.
  var mqttFigures: MQTTIntake.Figures? { mqtt.withLock { $0 }?.figures }

  /// Takes nothing more from the broker, closes the open batch, and waits until the ledger has it.
  func end() async throws {
    guard
      !hasClosed.withLock({ value in
        defer { value = true }
        return value
      })
    else { return }
    // Time goes on until everything that came in is in a batch that is closed.
    if let intake = mqtt.withLock({ $0 }) { await intake.close() }
    ticker.withLock { $0 }?.cancel()
    await ticker.withLock { $0 }?.value
    await watch.look()
    let counters = await gateway.counters
    let last: UInt64
    do {
      try await gateway.flush()
      last = await gateway.durable
      try await gateway.close()
    } catch let error as EdgeError where error.kind == .closed { return }
    Console.say(
      "\(name) took in \(counters.accepted) readings, refused \(counters.rejectedTotal); its last batch is \(last), closed "
        + "and signed.")
  }
}

/// A gateway's way to the ledger in the same process.
struct GatewayAnchor: Anchor {
  private let name: String
  private let node: Node
  private let said: Said

  /// What has been said last, so that it is said once.
  private final class Said: Sendable {
    let text = Mutex("")
  }

  init(_ name: String, _ node: Node) {
    self.name = name
    self.node = node
    said = Said()
  }

  func anchor(_ headers: [[UInt8]]) async throws {
    do {
      for outcome in try await node.submit(headers) {
        // A header may come twice after a restart.
        if case .refused(_, let refusal) = outcome, refusal.code == "batch-known" { continue }
        _ = try outcome.place()
      }
      said.text.withLock { $0 = "" }
    } catch {
      let text = "\(error)"
      let isNew = said.text.withLock { said in
        defer { said = text }
        return said != text
      }
      if isNew { Console.say("The ledger does not take the batches of \(name), which stay here: \(text)") }
      // Not at once again: the batches are durable here.
      try? await Task.sleep(for: .seconds(1))
      throw error
    }
  }
}

/// The public keys of a gateway's devices as the ledger has them.
struct LedgerDirectory: DeviceDirectory {
  private let node: Node
  private let sessions: [String: DeviceSession]

  init(_ node: Node, _ sessions: [String: DeviceSession]) { (self.node, self.sessions) = (node, sessions) }

  func device(named urn: String) -> (kid: UInt64, key: PublicKey)? {
    guard let session = sessions[urn], let value = try? node.head.value(EdgeRules.devices.key(.sha256(urn))),
      let certificate = try? DeviceCertificate(decoding: value), certificate.status == .active,
      let window = certificate.keys.last(where: { $0.contains(SystemClock().now()) })
    else { return nil }
    return (session.kid, window.key)
  }
}
