import ArgumentParser
import COSE
import Edge
import EdgeFeed
import FiveG
import FiveGScenario
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `attest`: a scenario's devices send to a gateway, whose batches go onto the ledger.
struct AttestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract: "Attests what the devices of a scenario send: through a gateway, onto the ledger.")
  @Option(help: "The scenario (YAML), for example Samples/scenarios/warehouse.yaml.") var scenario: String
  @OptionGroup var data: DataOption
  @Option(help: "The gateway's name; it is registered if the ledger does not know it.") var gateway = "gw-1"
  @Option(name: .customLong("as"), help: "The member that owns the gateway.") var member: String
  @Option(help: "Seconds of the scenario, 1 to 90; they end now.") var seconds: Int64 = 60
  @Option(help: "Scaled to about so many devices.") var devices: Int?
  @Option(help: "Another seed than the scenario's.") var seed: UInt64?

  func run() async throws {
    try await Console.run {
      guard (1...90).contains(seconds) else { throw ValidationError("--seconds is 1 to 90.") }
      guard (1...1_000_000).contains(devices ?? 1) else { throw ValidationError("--devices is 1 to 1,000,000.") }
      var scenario = try read()
      let desk = try CityDesk(path: data.path)
      let edge = EdgeFolder(data: data.path)
      let names = FeedDevices(seed: scenario.seed, gateway: gateway)
      let known = edge.feed(gateway)
      let boot = known.map { $0.boot + 1 } ?? 0
      if let known, known.seed != scenario.seed || known.fleets != EdgeFolder.fleets(of: scenario) {
        throw LedgerError(
          .unavailable, "The gateway '\(gateway)' has attested another scenario here. Choose another name.")
      }
      try edge.prepare(names, key: .derive(seed: scenario.seed, label: gateway), scenario, boot: boot)
      let clock = desk.clock
      let station = try await Consortium(path: data.path).with(SmartCityApp.suite, clock) { open in
        let head = try open.sequencer.head.value(EdgeRules.batchHeads.key(.sha256(gateway)))
          .map { try BatchHead(decoding: $0) }
        if let head {
          // Batches follow on each other in time as well.
          scenario.start = max(scenario.start, Int64(head.closed / 1_000_000) + 1)
          guard scenario.start + seconds <= Int64(clock.now() / 1000) + 100 else {
            throw LedgerError(
              .unavailable,
              "The gateway has attested up to \(Timestamp.text(head.closed / 1000)) already. Try again in a minute.")
          }
        }
        let simulation = try Simulation(scenario)
        let station = try Station(
          simulation, range: 0..<simulation.devices, signing: [], devices: names, boot: boot,
          path: edge.file(gateway, "sqlite"), anchored: head?.number ?? 0)
        try await register(station, open, desk)
        let progress = Progress("attesting")
        var second: Int64 = 0
        while await !station.isEnded, second < seconds {
          second += 1
          let made = try await station.run(until: second * 1_000_000)
          for outcome in try await open.sequencer.submit(made.headers) { _ = try outcome.place() }
          progress.show(UInt64(second), of: UInt64(seconds))
        }
        for outcome in try await open.sequencer.submit(try await station.close()) { _ = try outcome.place() }
        try await open.settle()
        return station
      }
      let figures = await station.figures
      let last = await station.gateway.durable
      try await station.gateway.close()
      Console.answer(
        "\(gateway) attested \(figures.accepted) readings of \(scenario.devices) devices, \(figures.late) late, "
          + "\(figures.duplicates) repeated, \(figures.rejected) refused; its last batch is \(last), boot \(boot).")
      Console.answer(
        "Ask for one with: smartcity reading \(gateway)/\(max(1, last - 1))/0 --data \(data.path); for a device with: "
          + "smartcity series \(names.name(0)) --gateway \(gateway) --boot \(boot) --data \(data.path)")
    }
  }

  private func read() throws -> Scenario {
    var scenario: Scenario
    do {
      scenario = try ScenarioFile.parse(bytes: try Console.read(self.scenario, limit: ScenarioFile.maximumBytes))
    } catch let error as ScenarioFileError {
      throw LedgerError(.malformed, "\(self.scenario): \("\(error)")")
    }
    if let devices { scenario = scenario.scaled(toDevices: devices) }
    if let seed { scenario.seed = seed }
    scenario.duration = seconds * 1_000_000
    // The scenario ends now: the ledger takes batches that were closed within two minutes of its time.
    scenario.start = Int64(SystemClock().now() / 1000) - seconds - 1
    return scenario
  }

  private func register(_ station: Station, _ open: OpenConsortium, _ desk: CityDesk) async throws {
    let view = open.sequencer.head
    guard try view.value(EdgeRules.gateways.key(.sha256(gateway))) == nil else { return }
    let statement = try GatewayRegistration(name: gateway, owner: member, key: station.key).statement(
      issuer: member, subject: gateway, time: desk.clock.now(), claimID: .random(), key: try desk.key(member))
    _ = try await open.sequencer.submit([statement.entry])[0].place()
  }
}
