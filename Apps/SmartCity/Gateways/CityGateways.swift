import ArgumentParser
import Edge
import Foundation
package import Ledger
package import LedgerServer
import MQTT
import Primitives

/// The options of `serve` for the gateways of the data folder.
package struct CityServing: ServeOptions {
  @Option(help: "A broker from which the gateways take readings as well, for example mqtt://127.0.0.1:1883.")
  var mqtt: String?
  @Option(help: "How often its promised time a device may be silent before that is an alarm, 1 to 100.")
  var patience: Double = 2

  @Flag(help: "Lets everyone read the readings, without a token or a grant: for open data.") var openReadings = false

  package init() {}

  package func validate() throws {
    guard (1...100).contains(patience) else { throw ValidationError("--patience is 1 to 100.") }
  }

  package func open(beside node: Node, data: String) async throws -> (any ServedBeside)? {
    let folder = EdgeFolder(data: data)
    let names = folder.served
    let broker = try mqtt.map { try MQTTAddress($0) }
    guard !names.isEmpty else {
      guard broker == nil else {
        throw LedgerError(
          .notFound,
          "There is no gateway in \(folder.path) that could take readings from a broker. Make one: smartcity "
            + "gateway add gw-1 --as MEMBER --bridge NAME --data \(data)")
      }
      return CityGateways([], nil, isOpen: openReadings)
    }
    guard await node.isSequencing else {
      Console.say(
        "Gateways run with the server of the member that sequences: \(names.joined(separator: ", ")) not here.")
      return CityGateways([], nil, isOpen: openReadings)
    }
    var gateways: [ServedGateway] = []
    do {
      for name in names { gateways.append(try ServedGateway(name, folder, node: node, patience: patience)) }
    } catch {
      for gateway in gateways { try? await gateway.end() }
      throw error
    }
    return CityGateways(gateways, broker, isOpen: openReadings)
  }
}

/// The gateways that run beside a server.
package final class CityGateways: ServedBeside {
  let gateways: [ServedGateway]
  /// Whether everyone may read the readings.
  let isOpen: Bool
  private let broker: MQTTAddress?

  init(_ gateways: [ServedGateway], _ broker: MQTTAddress?, isOpen: Bool) {
    self.gateways = gateways
    self.broker = broker
    self.isOpen = isOpen
  }

  /// No gateway, for tests of what is read.
  package convenience init(isOpen: Bool) { self.init([], nil, isOpen: isOpen) }

  func gateway(_ name: String) -> ServedGateway? { gateways.first { $0.name == name } }

  package func begin() async throws {
    for gateway in gateways {
      try await gateway.begin(broker)
      let places: Message =
        broker.map { "POST /edge/readings and \($0.text) (edge/\(gateway.name)/…)" } ?? "POST /edge/readings"
      Console.say(
        "\(gateway.name) takes readings from \(gateway.sessions.count) devices and bridges: \(places).")
    }
  }

  package func end() async throws {
    var failure: (any Error)?
    for gateway in gateways {
      do { try await gateway.end() } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
