/// A scenario made ready: places, links, queues and thresholds that all generators of it share.
///
/// Making it visits each device once (about 50 ns each). It is immutable, so generators of different device ranges can run
/// on it in parallel.
public struct Simulation: Sendable {
  /// The scenario.
  public let scenario: Scenario
  /// The index of each fleet's first device, then the number of all devices.
  public let fleetStarts: [Int]
  /// Devices by `fleet * cells + cell`, mobile ones where they start.
  let population: [UInt32]
  let plans: [FleetPlan]
  package let load: LoadTable
  let attacks: AttackPlan
  let sizer = PayloadSizer()
  /// By model and channel, with the stride of ``DeviceModel/maximumChannels``.
  let signals: [Signal]
  /// The bursts of each fleet in the order of their starts.
  let fleetBursts: [[Int]]

  /// Checks a scenario and makes it ready.
  public init(_ scenario: Scenario) throws(ScenarioError) {
    try scenario.validate()
    self.scenario = scenario
    var starts = [0]
    for fleet in scenario.fleets { starts.append(starts[starts.count - 1] + fleet.count) }
    fleetStarts = starts
    let plans = scenario.fleets.indices.map { FleetPlan(scenario, fleet: $0) }
    self.plans = plans
    let cells = scenario.map.count
    var population = [UInt32](repeating: 0, count: cells * plans.count)
    for fleet in plans.indices {
      for device in starts[fleet]..<starts[fleet + 1] {
        let course = plans[fleet].course(seed: scenario.seed, device: UInt32(device))
        population[fleet * cells + scenario.map.cell(at: course.position(at: 0, in: plans[fleet].area))] += 1
      }
    }
    self.population = population
    load = LoadTable(scenario, links: plans.map(\.links), cells: cells, population: population)
    fleetBursts = scenario.fleets.indices.map { fleet in
      scenario.bursts.indices.filter { scenario.bursts[$0].fleets.contains(fleet) }
        .sorted { scenario.bursts[$0].start < scenario.bursts[$1].start }
    }
    attacks = AttackPlan(scenario.attacks, gateways: scenario.map.gateways)
    signals = DeviceModel.allCases.flatMap { model in
      let own = model.channels.map(\.signal)
      return own + Array(repeating: Signal.digest(word: 0), count: DeviceModel.maximumChannels - own.count)
    }
  }

  /// The number of devices.
  public var devices: Int { fleetStarts[fleetStarts.count - 1] }

  /// The fleet of a device.
  public func fleet(ofDevice device: Int) -> Int {
    var low = 0
    var high = plans.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if fleetStarts[middle] <= device { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Where a device is at a time in microseconds from the start.
  public func position(ofDevice device: Int, at time: Int64) -> Point {
    let plan = plans[fleet(ofDevice: device)]
    return plan.course(seed: scenario.seed, device: UInt32(device)).position(at: time, in: plan.area)
  }

  /// Devices that start in each cell.
  public var devicesPerCell: [Int] {
    let cells = scenario.map.count
    return (0..<cells).map { cell in plans.indices.reduce(0) { $0 + Int(population[$1 * cells + cell]) } }
  }

  /// The range of devices of part `index` of `parts` nearly equal ones, for generators that run in parallel.
  public func part(_ index: Int, of parts: Int) -> Range<Int> {
    (devices * index / parts)..<(devices * (index + 1) / parts)
  }
}

/// A fleet made ready.
struct FleetPlan: Sendable {
  let model: DeviceModel
  let channels: Int
  let arrivals: ArrivalProcess
  let payload: PayloadSize
  let links: FleetLinks
  let area: Area
  let mobility: Mobility
  let moves: Bool
  let enrolled: Bool
  let dirt: DirtPlan
  let burstCount: UInt8
  let meanGap: Int64

  init(_ scenario: Scenario, fleet index: Int) {
    let fleet = scenario.fleets[index]
    model = fleet.model
    channels = fleet.model.channels.count
    arrivals = fleet.arrivals
    payload = fleet.payload
    links = FleetLinks(
      report: Self.link(scenario, fleet.slice, fleet.fiveQI),
      alarm: Self.link(scenario, fleet.alarmSlice, fleet.alarmFiveQI))
    area = fleet.area ?? scenario.map.area
    mobility = fleet.mobility
    moves = fleet.mobility != .still
    enrolled = fleet.enrolled
    dirt = DirtPlan(fleet.dirt, model: fleet.model, arrivals: fleet.arrivals, duration: scenario.duration)
    burstCount = UInt8(scenario.bursts.filter { $0.fleets.contains(index) }.count)
    let rate = fleet.arrivals.meanRate
    meanGap = rate > 0 ? Int64(1e6 / rate) : Scenario.maximumDuration
  }

  /// The link of a validated slice and 5QI.
  private static func link(_ scenario: Scenario, _ slice: SNSSAI, _ value: UInt8) -> RadioLink {
    let index = scenario.slices.firstIndex { $0.slice == slice } ?? 0
    let row = FiveQI.standard(value) ?? FiveQI.table[0]
    return RadioLink(row, scenario.slices[index], slice: index)
  }

  @inline(__always)
  func course(seed: UInt64, device: UInt32) -> Course {
    Course(seed: seed, device: device, area: area, mobility: mobility)
  }
}
