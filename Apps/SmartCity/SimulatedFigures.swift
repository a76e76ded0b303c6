import FiveG
import Foundation
import Ledger
import Primitives

/// What a demo keeps of its simulation, for the page of the network's figures: `edge/kpi.json`.
///
/// What was simulated and what this machine took are apart, as in `KPIReport`.
struct SimulatedFigures: Codable, Sendable {
  /// One slice.
  struct Slice: Codable, Sendable {
    let name: String
    let sent: UInt64
    let delivered: UInt64
    let lossRate: Double
    let overBudget: UInt64
    /// One way over the air at the shares, microseconds.
    let airUs: [Int64]
    /// From sending to arrival at the shares, microseconds.
    let totalUs: [Int64]
  }

  /// A capability of IMT-2020 with what is required and what the simulation gave.
  struct Capability: Codable, Sendable {
    let name: String
    let requirement: Double?
    let isUpperBound: Bool
    let simulated: Double?
    let unit: String
    let basis: String
  }

  /// What the machine that ran the demo took.
  struct Measured: Codable, Sendable {
    let name: String
    let value: Double
    let unit: String
  }

  /// The shares of the percentiles.
  static let shares = [0.5, 0.9, 0.99, 0.999, 0.9999]

  let scenario: String
  let seed: UInt64
  let devices: Int
  /// How long the scenario is, seconds.
  let seconds: Int
  let shares: [Double]
  let slices: [Slice]
  /// Packets that arrived in each second; those after `seconds` were late.
  let arrivals: [Int]
  let capabilities: [Capability]
  let measured: [Measured]

  init(_ simulation: Simulation, _ statistics: Statistics, _ report: KPIReport, arrivals: [Int]) {
    scenario = report.scenario
    seed = simulation.scenario.seed
    devices = simulation.devices
    seconds = Int(simulation.scenario.duration / 1_000_000)
    shares = Self.shares
    slices = statistics.slices.filter { $0.delivered > 0 }.map { slice in
      Slice(
        name: slice.slice.description, sent: slice.sent, delivered: slice.delivered, lossRate: slice.lossRate,
        overBudget: slice.overBudget, airUs: Self.shares.map { slice.air.quantile($0) },
        totalUs: Self.shares.map { slice.total.quantile($0) })
    }
    self.arrivals = arrivals
    capabilities = report.rows.map { row in
      Capability(
        name: row.name, requirement: row.requirement, isUpperBound: row.isUpperBound, simulated: row.simulated,
        unit: row.unit, basis: row.basis)
    }
    measured = report.processing.map { Measured(name: $0.name, value: $0.value, unit: $0.unit) }
  }
}

extension EdgeFolder {
  private var figuresPath: String { path + "/kpi.json" }

  /// Keeps the figures of a simulation beside its gateways.
  func keep(_ figures: SimulatedFigures) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do { try encoder.encode(figures).write(to: URL(filePath: figuresPath), options: .atomic) } catch {
      throw LedgerError(.unavailable, "The folder \(path) cannot be written: \("\(error)").")
    }
  }

  /// The figures that a demo has kept; nil where none was played.
  var figures: SimulatedFigures? {
    FileManager.default.contents(atPath: figuresPath).flatMap {
      try? JSONDecoder().decode(SimulatedFigures.self, from: $0)
    }
  }
}
