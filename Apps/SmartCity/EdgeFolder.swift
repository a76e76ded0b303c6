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

    struct Fleet: Codable, Equatable {
      let model: UInt8
      let count: Int
    }
  }

  let path: String

  init(data: String) { path = data + "/edge" }

  func file(_ gateway: String, _ kind: String) -> String { path + "/\(gateway).\(kind)" }

  /// Makes the folder, and keeps a gateway's key and feed in it.
  func prepare(_ devices: FeedDevices, key: PrivateKey, _ scenario: Scenario, boot: UInt32 = 0) throws {
    let gateway = devices.gateway
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      if !FileManager.default.fileExists(atPath: file(gateway, "pem")) { try key.save(to: file(gateway, "pem")) }
      let feed = Feed(
        seed: devices.seed, prefix: devices.prefix, boot: boot,
        fleets: EdgeFolder.fleets(of: scenario))
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

  /// What was kept of a gateway; nil where there is none.
  func feed(_ gateway: String) -> Feed? {
    FileManager.default.contents(atPath: file(gateway, "json")).flatMap {
      try? JSONDecoder().decode(Feed.self, from: $0)
    }
  }

  private func sessions(_ gateway: String, _ devices: [String]) throws -> [DeviceSession] {
    guard let feed = feed(gateway) else {
      throw LedgerError(.unavailable, "\(file(gateway, "json")) cannot be read.")
    }
    let names = FeedDevices(seed: feed.seed, gateway: gateway, prefix: feed.prefix)
    let start = names.name(0).dropLast()
    return try devices.map { urn in
      guard urn.hasPrefix(start), let device = Int(urn.dropFirst(start.count)), device >= 0 else {
        throw LedgerError(
          .notFound, "'\(urn)' is no device of '\(gateway)'; they are called \(start)0, \(start)1 and so on.")
      }
      var left = device
      for fleet in feed.fleets {
        if left < fleet.count, let model = DeviceModel(rawValue: fleet.model) {
          return try names.session(device, model: model)
        }
        left -= fleet.count
      }
      throw LedgerError(.notFound, "The gateway '\(gateway)' has no device \(names.name(device)).")
    }
  }
}
