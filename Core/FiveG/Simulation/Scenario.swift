/// A group of like devices.
public struct Fleet: Sendable, Equatable {
  /// What the fleet is called.
  public var name: String
  /// What its devices are.
  public var model: DeviceModel
  /// How many there are.
  public var count: Int
  /// The slice of its reports; must be among the scenario's slices.
  public var slice: SNSSAI
  /// The 5QI of its reports.
  public var fiveQI: UInt8
  /// When it reports.
  public var arrivals: ArrivalProcess
  /// The size of its reports on the air.
  public var payload: PayloadSize
  /// The slice of its alarms (what it sends in a burst).
  public var alarmSlice: SNSSAI
  /// The 5QI of its alarms.
  public var alarmFiveQI: UInt8
  /// Where its devices are; nil for anywhere on the map.
  public var area: Area?
  /// How they move.
  public var mobility: Mobility
  /// How much of its data is spoilt.
  public var dirt: DirtRates
  /// Whether the devices are on the ledger; a fleet that is not is one of sybils.
  public var enrolled: Bool

  /// A fleet with all the defaults of its model; alarms go over MIoT with 5QI 69.
  public init(_ name: String, _ model: DeviceModel, count: Int) {
    self.name = name
    self.model = model
    self.count = count
    slice = model.defaultSlice
    fiveQI = model.defaultFiveQI
    arrivals = model.defaultArrivals
    payload = model.defaultPayload
    alarmSlice = SNSSAI(.miot)
    alarmFiveQI = 69
    area = nil
    mobility = model.defaultMobility
    dirt = .clean
    enrolled = true
  }
}

/// Everything that a simulation follows from.
public struct Scenario: Sendable, Equatable {
  /// What the scenario is called.
  public var name: String
  /// The seed: with the other fields it determines every bit of the output.
  public var seed: UInt64
  /// The simulated time in microseconds, from midnight on; events at or after it do not happen.
  public var duration: Int64
  /// Midnight of the first simulated day, in Unix seconds.
  public var start: Int64
  /// The cells.
  public var map: CellMap
  /// Where the map lies.
  public var geography: Geography
  /// The slices, each at most once.
  public var slices: [SliceProfile]
  /// The fleets; device indices run through them in order.
  public var fleets: [Fleet]
  /// The bursts.
  public var bursts: [Burst]
  /// The attacks.
  public var attacks: Attacks
  /// The carrier of each cell, for the report.
  public var carrier: Carrier
  /// The longest interruption by a handover in microseconds; 0 is the requirement of ITU-R M.2410.
  public var handoverInterruption: Int64

  /// The most devices of a scenario.
  public static let maximumDevices = 50_000_000
  /// The most fleets: a fleet number is 8 bits wide.
  public static let maximumFleets = 255
  /// The most bursts of which one fleet may be part: a device counts them in 3 bits.
  public static let maximumBursts = 7
  /// The longest simulated time: 366 days.
  public static let maximumDuration: Int64 = 366 * 86_400_000_000

  /// A scenario of one square kilometre with sites 500 m apart, the slices eMBB, URLLC, MIoT, V2X and HMTC, and nothing
  /// else; it starts on 1 January 2027.
  public init(name: String, seed: UInt64, duration: Int64, fleets: [Fleet], bursts: [Burst] = []) {
    self.name = name
    self.seed = seed
    self.duration = duration
    start = 1_798_761_600
    map = CellMap(area: Area(origin: Point(x: 0, y: 0), width: 100_000, height: 100_000), siteDistance: 50_000)
    geography = Geography(latitudeE7: 0, longitudeE7: 0)
    slices = [SNSSAI.Standard.eMBB, .urllc, .miot, .v2x, .hmtc].map { .standard(SNSSAI($0)) }
    self.fleets = fleets
    self.bursts = bursts
    attacks = Attacks()
    carrier = Carrier()
    handoverInterruption = 0
  }

  /// The number of devices of all fleets.
  public var devices: Int { fleets.reduce(0) { $0 + $1.count } }
}

/// Why a scenario cannot be simulated.
public struct ScenarioError: Error, Equatable, CustomStringConvertible {
  /// The part of the scenario, such as `fleets[2].5qi`.
  public let place: String
  /// What is wrong with it, with the limit where there is one.
  public let reason: String

  /// An error of a place and a reason.
  public init(_ place: String, _ reason: String) {
    self.place = place
    self.reason = reason
  }

  /// `place: reason`.
  public var description: String { "\(place): \(reason)" }
}

extension Scenario {
  /// Refuses what cannot be simulated, naming the part and the limit.
  public func validate() throws(ScenarioError) {
    guard duration > 0, duration <= Self.maximumDuration else {
      throw ScenarioError("duration", "must be above 0 and at most 366 days, is \(duration) us")
    }
    guard map.area.width <= 1_000_000_000, map.area.height <= 1_000_000_000 else {
      throw ScenarioError("map", "at most 10,000 km on a side")
    }
    guard !fleets.isEmpty, fleets.count <= Self.maximumFleets else {
      throw ScenarioError("fleets", "1 to \(Self.maximumFleets) fleets, are \(fleets.count)")
    }
    guard slices.count <= 32, Set(slices.map(\.slice)).count == slices.count else {
      throw ScenarioError("slices", "at most 32, each once")
    }
    var devices = 0
    for (index, fleet) in fleets.enumerated() {
      try fleet.validate("fleets[\(index)]", slices: slices, map: map)
      devices += fleet.count
      guard devices <= Self.maximumDevices else {
        throw ScenarioError("fleets[\(index)].count", "more than \(Self.maximumDevices) devices in all")
      }
    }
    try validateBursts()
    for (index, corrupt) in attacks.gateways.enumerated() {
      guard corrupt.gateway >= 0, corrupt.gateway < map.gateways else {
        throw ScenarioError(
          "attacks.gateways[\(index)].gateway", "must be below \(map.gateways), is \(corrupt.gateway)")
      }
    }
    guard attacks.replayMaximum <= 86_400_000_000, (0...60_000_000).contains(handoverInterruption) else {
      throw ScenarioError("attacks", "a replay comes within a day, and a handover interrupts for at most a minute")
    }
  }

  private func validateBursts() throws(ScenarioError) {
    for (index, burst) in bursts.enumerated() {
      let place = "bursts[\(index)]"
      guard burst.start >= 0, burst.start < duration, burst.window > 0, burst.window <= 3_600_000_000 else {
        throw ScenarioError(place, "must start within the simulation and last above 0 and at most an hour")
      }
      guard burst.fleets.allSatisfy({ $0 >= 0 && $0 < fleets.count }) else {
        throw ScenarioError(place + ".fleets", "names a fleet that is not there")
      }
    }
    for fleet in fleets.indices {
      let own = bursts.filter { $0.fleets.contains(fleet) }.sorted { $0.start < $1.start }
      guard own.count <= Self.maximumBursts else {
        throw ScenarioError("bursts", "at most \(Self.maximumBursts) for one fleet")
      }
      guard zip(own, own.dropFirst()).allSatisfy({ $0.start + $0.window <= $1.start }) else {
        throw ScenarioError("bursts", "two bursts of fleet \(fleets[fleet].name) overlap")
      }
    }
  }
}

extension Fleet {
  fileprivate func validate(_ place: String, slices: [SliceProfile], map: CellMap) throws(ScenarioError) {
    guard count >= 1, count <= Scenario.maximumDevices else {
      throw ScenarioError(place + ".count", "must be 1 to \(Scenario.maximumDevices), is \(count)")
    }
    for (key, value) in [("5qi", fiveQI), ("alarm-5qi", alarmFiveQI)] where FiveQI.standard(value) == nil {
      throw ScenarioError(place + "." + key, "\(value) is not a standardised 5QI")
    }
    for (key, value) in [("slice", slice), ("alarm-slice", alarmSlice)]
    where !slices.contains(where: { $0.slice == value }) {
      throw ScenarioError(place + "." + key, "\(value) is not among the scenario's slices")
    }
    if let area {
      guard area.origin.x >= 0, area.origin.y >= 0, area.width <= map.area.width - area.origin.x,
        area.height <= map.area.height - area.origin.y
      else { throw ScenarioError(place + ".area", "reaches beyond the map") }
    }
    switch arrivals {
    case .silent, .reports: break
    case .poisson(let gap):
      guard gap >= 1000, gap <= Scenario.maximumDuration else {
        throw ScenarioError(place + ".arrivals", "a mean gap must be 1 ms to 366 days")
      }
    case .periodic(let period, let jitter):
      guard period >= 1000, period <= Scenario.maximumDuration, jitter >= 0, jitter < period else {
        throw ScenarioError(place + ".arrivals", "a period must be 1 ms to 366 days and longer than its jitter")
      }
    case .frames(let perSecond):
      guard perSecond >= 1, perSecond <= 1000 else {
        throw ScenarioError(place + ".arrivals", "1 to 1000 frames a second")
      }
    }
    switch payload {
    case .fixed(let bytes), .video(let bytes):
      guard bytes >= 1, bytes <= 10_000_000 else { throw ScenarioError(place + ".payload", "1 to 10,000,000 bytes") }
    case .pareto: break
    }
    guard dirt.lateMinimum >= 0, dirt.lateMaximum >= dirt.lateMinimum, dirt.lateMaximum <= 86_400_000_000,
      dirt.skewMaximum >= 0, dirt.skewMaximum <= 31_536_000_000_000, (0...1_000_000).contains(dirt.driftPercentPerHour)
    else { throw ScenarioError(place + ".dirt", "late at most a day, skew at most a year, drift at most 1,000,000 %") }
  }
}
