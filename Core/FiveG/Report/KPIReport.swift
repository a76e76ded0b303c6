/// The requirements of IMT-2020 beside what a simulation delivered, and apart from both, what this machine took.
///
/// Requirements are those of ITU-R M.2410 that a 5G white paper's table of key capabilities lists: peak and user rates, 1 ms
/// one way over the air, 10^6 devices per square kilometre, traffic density, 500 km/h. Every simulated figure comes from
/// ``Statistics`` or the scenario and says how; ``processing`` holds what the caller measured with a real clock and is
/// never mixed with the others.
public struct KPIReport: Sendable, Equatable {
  /// One capability.
  public struct Row: Sendable, Equatable {
    /// A stable name for programs.
    public var key: String
    /// The name for people.
    public var name: String
    /// The requirement; nil for a figure that has none.
    public var requirement: Double?
    /// Whether the requirement is an upper bound (delays) instead of a lower one.
    public var isUpperBound: Bool
    /// What the simulation gave; nil when the scenario had nothing to show it with.
    public var simulated: Double?
    /// The unit of both.
    public var unit: String
    /// How the simulated figure came about.
    public var basis: String

    /// Whether the figure meets the requirement; nil when one of them is absent.
    public var isMet: Bool? {
      guard let requirement, let simulated else { return nil }
      return isUpperBound ? simulated <= requirement : simulated >= requirement
    }
  }

  /// One slice's delays and losses.
  public struct SliceRow: Sendable, Equatable {
    /// The slice.
    public var slice: String
    /// Packets sent.
    public var sent: UInt64
    /// Packets delivered.
    public var delivered: UInt64
    /// The share of sent packets lost, those included that a delay-critical flow loses by being late.
    public var lossRate: Double
    /// Delivered after the budget.
    public var overBudget: UInt64
    /// Retransmissions per sent packet.
    public var retransmissionRate: Double
    /// Cell changes.
    public var handovers: UInt64
    /// One way over the air at 50, 99 and 99.9 % in microseconds.
    public var airUs: [Int64]
    /// From sending to arrival at 50, 99 and 99.9 % in microseconds.
    public var totalUs: [Int64]
  }

  /// A figure that the caller measured on this machine.
  public struct Measured: Sendable, Equatable {
    /// What was measured.
    public var name: String
    /// The figure.
    public var value: Double
    /// Its unit.
    public var unit: String

    /// A figure with its name and unit.
    public init(name: String, value: Double, unit: String) {
      self.name = name
      self.value = value
      self.unit = unit
    }
  }

  /// The scenario's name.
  public var scenario: String
  /// The requirements and what the simulation gave.
  public var rows: [Row]
  /// The slices that sent anything.
  public var slices: [SliceRow]
  /// Own processing, by a real clock; empty until the caller fills it.
  public var processing: [Measured] = []

  /// The report of a finished simulation.
  public init(_ simulation: Simulation, _ statistics: Statistics) {
    scenario = simulation.scenario.name
    rows = Self.rows(simulation, statistics)
    slices = statistics.slices.filter { $0.offered > 0 }.map { slice in
      SliceRow(
        slice: slice.slice.description, sent: slice.sent, delivered: slice.delivered, lossRate: slice.lossRate,
        overBudget: slice.overBudget,
        retransmissionRate: slice.sent == 0 ? 0 : Double(slice.retransmissions) / Double(slice.sent),
        handovers: slice.handovers, airUs: [0.5, 0.99, 0.999].map { slice.air.quantile($0) },
        totalUs: [0.5, 0.99, 0.999].map { slice.total.quantile($0) })
    }
  }
}
