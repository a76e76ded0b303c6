/// How long packets wait for the radio: one M/D/1 queue per cell and slice, by the load that the scenario offers.
///
/// The load is worked out beforehand from rates and places of all devices, so a packet's wait depends on its own random
/// stream and not on which other packets happened to be simulated with it; that is what lets ranges of devices run apart.
/// In the steady state the wait is drawn exactly, by Pollaczek and Khinchine: a geometric number of parts (ratio rho),
/// each uniform over a service time. During a burst a fluid model in steps of 100 ms adds the backlog that the cell has
/// not served yet. Utilisation of the random part is capped at 95 %; backlogs of overlapping bursts do not add up.
package struct LoadTable: Sendable {
  /// Length of a step of the fluid model in microseconds.
  static let step: Int64 = 100_000
  static let highestUtilisation = 0.95
  /// Steps after which a backlog is no longer followed: ten minutes.
  static let longestBacklog = 6000

  struct Moment: Sendable {
    var backlogUs: Int64
    var utilisation: Probability
  }

  /// The course of one burst in one cell and slice.
  struct Course: Sendable {
    var first = 0
    var count = 0
  }

  struct BurstLoad: Sendable {
    var start: Int64
    var end: Int64
    var courses: [Course]
    var moments: [Moment] = []
  }

  let cells: Int
  let serviceNs: [UInt64]
  let steady: [Probability]
  let bursts: [BurstLoad]
  /// The highest steady utilisation of any cell and slice, uncapped, for reports.
  package let highest: Double

  /// - Parameter population: devices by `fleet * cells + cell`.
  init(_ scenario: Scenario, links: [FleetLinks], cells: Int, population: [UInt32]) {
    self.cells = cells
    let capacities = scenario.slices.map { Double(max(1, $0.cellPacketsPerSecond)) }
    serviceNs = scenario.slices.map { 1_000_000_000 / UInt64(max(1, $0.cellPacketsPerSecond)) }
    var rates = [Double](repeating: 0, count: capacities.count * cells)
    for (index, fleet) in scenario.fleets.enumerated() {
      let base = Int(links[index].report.slice) * cells
      for cell in 0..<cells where population[index * cells + cell] > 0 {
        rates[base + cell] += Double(population[index * cells + cell]) * fleet.arrivals.meanRate
      }
    }
    var top = 0.0
    steady = rates.indices.map { place in
      let load = rates[place] / capacities[place / cells]
      top = max(top, load)
      return Probability(min(load, Self.highestUtilisation))
    }
    highest = top
    bursts = scenario.bursts.map { burst in
      Self.burst(burst, links, cells, population, rates: rates, capacities: capacities)
    }
  }

  private static func burst(
    _ burst: Burst, _ links: [FleetLinks], _ cells: Int, _ population: [UInt32], rates: [Double], capacities: [Double]
  ) -> BurstLoad {
    var devices = [Double](repeating: 0, count: rates.count)
    for fleet in burst.fleets where fleet < links.count {
      let base = Int(links[fleet].alarm.slice) * cells
      for cell in 0..<cells { devices[base + cell] += Double(population[fleet * cells + cell]) }
    }
    var load = BurstLoad(start: burst.start, end: burst.start, courses: Array(repeating: Course(), count: rates.count))
    let steps = Int((max(1, burst.window) + step - 1) / step)
    let seconds = Double(step) / 1e6
    for place in rates.indices where devices[place] > 0 {
      let capacity = capacities[place / cells]
      load.courses[place].first = load.moments.count
      var backlog = 0.0
      var number = 0
      while number < steps || (backlog > 0 && number < steps + longestBacklog) {
        let from = Double(Int64(number) * step) / Double(max(1, burst.window))
        let to = Double(Int64(number + 1) * step) / Double(max(1, burst.window))
        let arriving = rates[place] * seconds + devices[place] * (burst.cumulative(to) - burst.cumulative(from))
        load.moments.append(
          Moment(
            backlogUs: Int64(backlog / capacity * 1e6),
            utilisation: Probability(min(arriving / (capacity * seconds), highestUtilisation))))
        backlog = max(0, backlog + arriving - capacity * seconds)
        number += 1
      }
      load.courses[place].count = number
      load.end = max(load.end, burst.start + Int64(number) * step)
    }
    return load
  }

  /// The wait of one packet in microseconds.
  @inline(__always)
  package func wait(_ random: inout CounterRandom, slice: UInt8, cell: UInt16, time: Int64) -> Int64 {
    let place = Int(slice) * cells + Int(cell)
    var utilisation = steady[place]
    var backlog: Int64 = 0
    for burst in bursts.indices where time >= bursts[burst].start && time < bursts[burst].end {
      let course = bursts[burst].courses[place]
      let number = Int((time - bursts[burst].start) / Self.step)
      guard number < course.count else { continue }
      let moment = bursts[burst].moments[course.first + number]
      utilisation = moment.utilisation
      backlog = max(backlog, moment.backlogUs)
    }
    var ns: UInt64 = 0
    let service = serviceNs[Int(slice)]
    while random.happens(utilisation) { ns += random.below(service) }
    return backlog + Int64(ns / 1000)
  }
}

/// The two flows of a fleet.
struct FleetLinks: Sendable {
  var report: RadioLink
  var alarm: RadioLink
}
