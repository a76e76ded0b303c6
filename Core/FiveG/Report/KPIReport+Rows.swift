extension KPIReport {
  static func rows(_ simulation: Simulation, _ statistics: Statistics) -> [Row] {
    rates(simulation, statistics) + latency(statistics) + density(simulation, statistics)
      + mobility(simulation, statistics)
  }

  private static func rates(_ simulation: Simulation, _ statistics: Statistics) -> [Row] {
    let scenario = simulation.scenario
    let seconds = Double(scenario.duration) / 1e6
    let fastest =
      zip(scenario.fleets, statistics.fleets)
      .map { fleet, figures in Double(figures.bytes) * 8 / seconds / Double(fleet.count) }.max() ?? 0
    let metres = scenario.map.area.squareKilometres * 1e6
    return [
      Row(
        key: "peak-rate", name: "Peak data rate, uplink", requirement: 10, isUpperBound: false,
        simulated: scenario.carrier.bitsPerSecond / 1e9, unit: "Gbit/s",
        basis: "what the configured carrier could carry by TS 38.306; not delivered"),
      Row(
        key: "delivered-peak", name: "Delivered peak, whole map", requirement: nil, isUpperBound: false,
        simulated: statistics.peakBitsPerSecond / 1e9, unit: "Gbit/s", basis: "payload in the busiest step"),
      Row(
        key: "user-rate", name: "User experienced rate, uplink", requirement: 50, isUpperBound: false,
        simulated: fastest / 1e6, unit: "Mbit/s",
        basis: "mean per device of the fastest fleet; sensors do not offer more"),
      Row(
        key: "traffic-density", name: "Traffic density", requirement: 10, isUpperBound: false,
        simulated: statistics.peakBitsPerSecond / 1e6 / metres, unit: "Mbit/s/m2",
        basis: "payload in the busiest step over the map; sensors do not offer more"),
    ]
  }

  private static func latency(_ statistics: Statistics) -> [Row] {
    let urllc = statistics.slices.first { $0.slice.sst == SNSSAI.Standard.urllc.rawValue && $0.delivered > 0 }
    let eMBB = statistics.slices.first { $0.slice.sst == SNSSAI.Standard.eMBB.rawValue && $0.delivered > 0 }
    return [
      Row(
        key: "air-latency-urllc", name: "One way over the air, URLLC, 99 %", requirement: 1, isUpperBound: true,
        simulated: urllc.map { Double($0.air.quantile(0.99)) / 1000 }, unit: "ms",
        basis: "simulated air time only: no core, no queue, no processing"),
      Row(
        key: "air-within-1ms-urllc", name: "Delivered within 1 ms over the air, URLLC", requirement: 0.99999,
        isUpperBound: false, simulated: urllc.map { Double($0.airWithin1ms) / Double($0.sent) }, unit: "share",
        basis: "of all packets sent, losses included"),
      Row(
        key: "air-latency-embb", name: "One way over the air, eMBB, median", requirement: 4, isUpperBound: true,
        simulated: eMBB.map { Double($0.air.quantile(0.5)) / 1000 }, unit: "ms",
        basis: "simulated air time only: no core, no queue, no processing"),
    ]
  }

  private static func density(_ simulation: Simulation, _ statistics: Statistics) -> [Row] {
    let miot = statistics.slices.first { $0.slice.sst == SNSSAI.Standard.miot.rawValue && $0.sent > 0 }
    return [
      Row(
        key: "density", name: "Connection density", requirement: 1_000_000, isUpperBound: false,
        simulated: Double(simulation.devices) / simulation.scenario.map.area.squareKilometres, unit: "devices/km2",
        basis: "devices of the scenario over the map"),
      Row(
        key: "density-delivery", name: "Delivered within 10 s, MIoT", requirement: 0.99, isUpperBound: false,
        simulated: miot.map { Double($0.within10s) / Double($0.sent) }, unit: "share",
        basis: "of all packets sent"),
      Row(
        key: "peak-arrivals", name: "Busiest step", requirement: nil, isUpperBound: false,
        simulated: statistics.peakSentPerSecond, unit: "packets/s", basis: "packets sent in the busiest step"),
    ]
  }

  private static func mobility(_ simulation: Simulation, _ statistics: Statistics) -> [Row] {
    let scenario = simulation.scenario
    let moving = zip(scenario.fleets, statistics.fleets).filter { $0.0.mobility != .still && $0.1.delivered > 0 }
    let fastest = moving.map { fleet, _ in
      switch fleet.mobility {
      case .still: 0.0
      case .streets(_, let high), .free(_, let high): Double(high)
      }
    }.max()
    return [
      Row(
        key: "mobility", name: "Mobility", requirement: 500, isUpperBound: false, simulated: fastest, unit: "km/h",
        basis: "upper speed of the fastest fleet that delivered"),
      Row(
        key: "interruption", name: "Mobility interruption", requirement: 0, isUpperBound: true,
        simulated: moving.isEmpty ? nil : Double(scenario.handoverInterruption) / 1000, unit: "ms",
        basis: "as the scenario sets it"),
    ]
  }
}
