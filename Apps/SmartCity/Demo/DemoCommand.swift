import ArgumentParser
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `demo`: a square kilometre of a 5G city, end to end, ending in verified proofs.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Simulates a square kilometre of a 5G city and attests every reading; ends in verified proofs.")

  @Option(
    name: .customLong("data"), help: "Where the ledger is made; a temporary folder, removed at the end, unless given.")
  var path: String?
  @Option(help: "Everything that is random follows from this number; one seed, one log root.") var seed: UInt64 = 2026
  @Option(help: "Devices on the square kilometre; everything else keeps its size.") var devices = 1_000_000
  @Flag(help: "Goes on serving the finished ledger over HTTP until Ctrl-C.") var serve = false

  func run() async throws {
    try await Console.run {
      guard (1000...1_000_000).contains(devices) else { throw ValidationError("--devices is 1,000 to 1,000,000.") }
      let folder =
        path ?? FileManager.default.temporaryDirectory.path + "/tallystick-city-\(UUID().uuidString.prefix(8))"
      guard !FileManager.default.fileExists(atPath: folder + "/consortium.json") else {
        throw LedgerError(.unavailable, "There is a ledger in \(folder). Choose another folder, or remove this one.")
      }
      defer { if path == nil { try? FileManager.default.removeItem(atPath: folder) } }
      try await CityDemo(folder: folder, seed: seed, devices: devices).play()
      guard serve else { return }
      let command = try ServeCommand<SmartCityApp>.parse(["--data", folder, "--all", "--open-readings"])
      try await command.run()
    }
  }
}
