import COSE
import Edge
import EdgeFeed
import FiveG
import Foundation
import Ledger
import LedgerServer
import Primitives

/// The gateways' part of a data folder: `edge/NAME.sqlite` with the batches, `edge/NAME.pem` with the key, and
/// `edge/NAME.json` with what is needed to know the simulated devices again.
struct EdgeFolder {
  /// What the sessions of a gateway's simulated devices follow from.
  struct Feed: Codable {
    let seed: UInt64
    let prefix: String
    /// How often the simulation has been attested here before.
    let boot: UInt32
    /// The fleets' models and counts, in the order of the devices.
    let fleets: [Fleet]
    /// The devices that send to this gateway, from the first to before the last; all unless it says so.
    var first: Int?
    var end: Int?
    /// Where the cells are; a map that does not know it shows them in their order.
    var map: Map?
    /// Where the certified devices stand at the start.
    var places: [Place]?

    struct Fleet: Codable, Equatable {
      let model: UInt8
      let count: Int
    }

    /// The cells of a scenario; lengths in centimetres.
    struct Map: Codable, Equatable, Sendable {
      let width: Int64
      let height: Int64
      let siteDistance: Int64

      var cells: CellMap {
        CellMap(
          area: Area(origin: Point(x: 0, y: 0), width: min(width, 1 << 40), height: min(height, 1 << 40)),
          siteDistance: min(max(siteDistance, 100), 1 << 40))
      }
    }

    /// A device's place in centimetres east and north of the map's corner.
    struct Place: Codable, Sendable {
      let device: Int
      let x: Int64
      let y: Int64
    }

    /// How many devices its fleets have.
    var devices: Int { fleets.reduce(0) { $0 + min(max(0, $1.count), 1 << 32) } }

    /// The name of a device of this gateway.
    func name(_ device: Int, of gateway: String) -> String {
      FeedDevices(seed: seed, gateway: gateway, prefix: prefix).name(device)
    }

    /// The number of a device by its name, if it sends to this gateway.
    func device(named urn: String, of gateway: String) -> Int? {
      let names = FeedDevices(seed: seed, gateway: gateway, prefix: prefix)
      let start = names.name(0).dropLast()
      guard urn.hasPrefix(start), let device = Int(urn.dropFirst(start.count)), names.name(device) == urn,
        ((first ?? 0)..<max(first ?? 0, end ?? devices)).contains(device)
      else { return nil }
      return device
    }

    /// The session of a device with its gateway; nil for a number that it has not.
    func session(_ device: Int, of gateway: String) throws(EdgeError) -> DeviceSession? {
      let names = FeedDevices(seed: seed, gateway: gateway, prefix: prefix)
      var left = device
      for fleet in fleets where left >= 0 {
        if left < fleet.count, let model = DeviceModel(rawValue: fleet.model) {
          return try names.session(device, model: model)
        }
        left -= fleet.count
      }
      return nil
    }
  }

  let path: String

  init(data: String) { path = data + "/edge" }

  func file(_ gateway: String, _ kind: String) -> String { path + "/\(gateway).\(kind)" }

  /// Makes the folder, and keeps a gateway's key and feed in it.
  ///
  /// - Parameters:
  ///   - range: the devices that send to the gateway; all unless given.
  ///   - places: where the certified ones among them are.
  func prepare(
    _ devices: FeedDevices, key: PrivateKey, _ scenario: Scenario, range: Range<Int>? = nil, boot: UInt32 = 0,
    places: [Feed.Place] = []
  ) throws {
    let gateway = devices.gateway
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      if !FileManager.default.fileExists(atPath: file(gateway, "pem")) { try key.save(to: file(gateway, "pem")) }
      let feed = Feed(
        seed: devices.seed, prefix: devices.prefix, boot: boot,
        fleets: EdgeFolder.fleets(of: scenario),
        first: range?.lowerBound, end: range?.upperBound,
        map: Feed.Map(
          width: scenario.map.area.width, height: scenario.map.area.height, siteDistance: scenario.map.siteDistance),
        places: places)
      try JSONEncoder().encode(feed).write(to: URL(filePath: file(gateway, "json")), options: .atomic)
    } catch {
      throw LedgerError(.unavailable, "The folder \(path) cannot be written: \("\(error)").")
    }
  }

  /// The gateways whose batches are here.
  var gateways: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".sqlite") }.map { String($0.dropLast(7)) }.sorted()
  }

  /// Opens a gateway as it was closed, with the sessions of some of its devices.
  func open(_ gateway: String, devices: [String] = []) throws -> (gateway: Gateway, sessions: [DeviceSession]) {
    guard FileManager.default.fileExists(atPath: file(gateway, "sqlite")) else {
      throw LedgerError(
        .notFound, "There is no gateway '\(gateway)' in \(path); there are \(gateways.joined(separator: ", ")).")
    }
    let key = try DeviceCommand.load(file(gateway, "pem"))
    let sessions = try devices.isEmpty ? [] : self.sessions(gateway, devices)
    let configuration = GatewayConfiguration(name: gateway, key: key, rules: try FeedDevices.rules())
    return (try Gateway(configuration, path: file(gateway, "sqlite"), sessions: sessions), sessions)
  }

  static func fleets(of scenario: Scenario) -> [Feed.Fleet] {
    scenario.fleets.map { Feed.Fleet(model: $0.model.rawValue, count: $0.count) }
  }

  /// What is kept of a gateway's simulated devices; nil where there is nothing.
  func feed(_ gateway: String) -> Feed? {
    FileManager.default.contents(atPath: file(gateway, "json")).flatMap {
      try? JSONDecoder().decode(Feed.self, from: $0)
    }
  }

  private func sessions(_ gateway: String, _ devices: [String]) throws -> [DeviceSession] {
    guard let feed = feed(gateway) else {
      throw LedgerError(.unavailable, "\(file(gateway, "json")) cannot be read.")
    }
    return try devices.map { urn in
      guard let device = feed.device(named: urn, of: gateway), let session = try feed.session(device, of: gateway)
      else {
        let start = FeedDevices(seed: feed.seed, gateway: gateway, prefix: feed.prefix).name(0).dropLast()
        let first = feed.first ?? 0
        throw LedgerError(
          .notFound,
          "'\(urn)' is no device of '\(gateway)'; they are called \(start)\(first), \(start)\(first + 1) and so on.")
      }
      return session
    }
  }
}
