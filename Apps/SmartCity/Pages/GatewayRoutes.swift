import Edge
import EdgeIntake
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// What the gateways beside the server are doing.
extension CityServer {
  struct GatewayFigures: Encodable {
    struct Broker: Encodable {
      let payloads: UInt64
      let dropped: UInt64
      let accepted: UInt64
      let duplicates: UInt64
      let refused: UInt64
    }

    let name: String
    let accepted: UInt64
    let duplicates: UInt64
    let late: UInt64
    let refused: UInt64
    /// Messages that wait to be taken in.
    let waiting: Int
    /// The last batch that is durable here, and the last that is on the ledger.
    let durable: UInt64
    let anchored: UInt64
    let devices: Int
    let memoryBytesPerDevice: Double
    /// Devices that are watched for silence, and those that are silent.
    let watched: Int
    let silent: [String]
    let broker: Broker?
  }

  /// `GET /edge/status`: counters for operators, of each gateway that runs here.
  func addGateways(to router: Router<LedgerRequestContext>) {
    guard let gateways else { return }
    router.get("edge/status") { _, context in
      try server.requireReader(context.caller)
      var figures: [GatewayFigures] = []
      for gateway in gateways.gateways { figures.append(try await Self.figures(gateway, server.node)) }
      return try Reply.json(figures)
    }
  }

  private static func figures(_ served: ServedGateway, _ node: Node) async throws -> GatewayFigures {
    let counters = await served.gateway.counters
    let head = try node.head.value(EdgeRules.batchHeads.key(.sha256(served.name))).map { try BatchHead(decoding: $0) }
    return GatewayFigures(
      name: served.name, accepted: counters.accepted, duplicates: counters.duplicates, late: counters.late,
      refused: counters.rejectedTotal, waiting: served.gateway.waiting, durable: await served.gateway.durable,
      anchored: head?.number ?? 0, devices: await served.gateway.deviceCount,
      memoryBytesPerDevice: (await served.gateway.memoryBytesPerDevice * 10).rounded() / 10,
      watched: await served.watch.watched, silent: Array(await served.watch.silentDevices.prefix(1000)),
      broker: served.mqttFigures.map { figures in
        GatewayFigures.Broker(
          payloads: figures.payloads, dropped: figures.dropped, accepted: figures.accepted,
          duplicates: figures.duplicates, refused: figures.refused)
      })
  }
}
