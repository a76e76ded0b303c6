internal import FiveG

/// The keys of a fleet.
enum FleetReader {
  static func read(_ section: Section) throws(ScenarioFileError) -> Fleet {
    let keys = try section.mapping([
      "name", "model", "count", "slice", "5qi", "arrivals", "payload", "alarm-slice", "alarm-5qi", "area", "mobility",
      "dirt", "enrolled",
    ])
    let modelSection = try keys.required("model")
    let modelName = try modelSection.text()
    guard let model = DeviceModel(name: modelName) else {
      throw modelSection.fault(
        "'\(modelName)' is no model; models are \(DeviceModel.allCases.map(\.name).joined(separator: ", "))")
    }
    var fleet = Fleet(
      try keys.required("name").text(), model,
      count: Int(try keys.required("count").integer(1...Int64(Scenario.maximumDevices))))
    if let value = keys["slice"] { fleet.slice = try slice(value) }
    if let value = keys["5qi"] { fleet.fiveQI = UInt8(try value.integer(1...255)) }
    if let value = keys["alarm-slice"] { fleet.alarmSlice = try slice(value) }
    if let value = keys["alarm-5qi"] { fleet.alarmFiveQI = UInt8(try value.integer(1...255)) }
    if let value = keys["arrivals"] { fleet.arrivals = try arrivals(value) }
    if let value = keys["payload"] { fleet.payload = try payload(value) }
    if let value = keys["area"] { fleet.area = try area(value) }
    if let value = keys["mobility"] { fleet.mobility = try mobility(value) }
    if let value = keys["dirt"] { fleet.dirt = try dirt(value) }
    if let value = keys["enrolled"] { fleet.enrolled = try value.boolean() }
    return fleet
  }

  /// A slice: a name such as MIoT or a number, then optionally `/` and six hexadecimal digits.
  static func slice(_ section: Section) throws(ScenarioFileError) -> SNSSAI {
    let text = try section.text()
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let standard = SNSSAI.Standard.allCases.first { $0.name == parts[0] }
    guard let sst = standard?.rawValue ?? UInt8(parts[0]), parts.count <= 2 else {
      let names = SNSSAI.Standard.allCases.map(\.name).joined(separator: ", ")
      throw section.fault(
        "'\(text)' is no slice; slices are \(names), or 0 to 255, with /6 hexadecimal digits if need be")
    }
    guard parts.count == 2 else { return SNSSAI(sst: sst) }
    guard parts[1].utf8.count == 6, let sd = UInt32(parts[1], radix: 16) else {
      throw section.fault("the differentiator '\(parts[1])' is not 6 hexadecimal digits")
    }
    return SNSSAI(sst: sst, sd: sd)
  }

  private static func arrivals(_ section: Section) throws(ScenarioFileError) -> ArrivalProcess {
    let year = Scenario.maximumDuration
    if section.isScalar {
      switch try section.text() {
      case "silent": return .silent
      case "reports": return .reports
      case let other:
        throw section.fault(
          "'\(other)' is neither silent nor reports; others are written {poisson: 2 h}, {every: 1 min, jitter: 1 s} or {frames: 25}"
        )
      }
    }
    let keys = try section.mapping(["poisson", "every", "jitter", "frames"])
    let main = ["poisson", "every", "frames"].filter { keys[$0] != nil }
    guard main.count == 1, keys["jitter"] == nil || main[0] == "every" else {
      throw section.fault("needs one of poisson, every, frames; jitter goes with every")
    }
    if let gap = keys["poisson"] { return .poisson(meanGap: try gap.time(1000...year)) }
    if let rate = keys["frames"] { return .frames(perSecond: UInt16(try rate.integer(1...1000))) }
    return .periodic(
      period: try keys.required("every").time(1000...year), jitter: try keys["jitter"]?.time(0...year) ?? 0)
  }

  private static func payload(_ section: Section) throws(ScenarioFileError) -> PayloadSize {
    let units: [(name: String, factor: Int64)] = [("B", 1), ("kB", 1000), ("MB", 1_000_000)]
    if section.isScalar {
      if try section.text() == "pareto" { return .pareto }
      return .fixed(UInt32(try section.quantity(units, 1...10_000_000)))
    }
    let keys = try section.mapping(["video"])
    return .video(mean: UInt32(try keys.required("video").quantity(units, 1...10_000_000)))
  }

  private static func area(_ section: Section) throws(ScenarioFileError) -> Area {
    let keys = try section.mapping(["x", "y", "width", "height"])
    return Area(
      origin: Point(x: try keys.required("x").length(), y: try keys.required("y").length()),
      width: try keys.required("width").length(), height: try keys.required("height").length())
  }

  private static func mobility(_ section: Section) throws(ScenarioFileError) -> Mobility {
    if section.isScalar {
      let text = try section.text()
      guard text == "still" else {
        throw section.fault("'\(text)' is not still; others are written {streets: [5, 60]} or {free: [10, 70]} in km/h")
      }
      return .still
    }
    let keys = try section.mapping(["streets", "free"])
    guard let speeds = keys["streets"] ?? keys["free"], keys.fields.count == 1 else {
      throw section.fault("needs one of streets, free")
    }
    let bounds = try speeds.list(most: 2)
    guard bounds.count == 2 else { throw speeds.fault("must be the lowest and the highest speed in km/h") }
    let low = try bounds[0].integer(0...1000)
    let high = try bounds[1].integer(low...1000)
    return keys["streets"] != nil
      ? .streets(minimumKmh: UInt16(low), maximumKmh: UInt16(high))
      : .free(minimumKmh: UInt16(low), maximumKmh: UInt16(high))
  }

  private static func dirt(_ section: Section) throws(ScenarioFileError) -> DirtRates {
    if section.isScalar {
      switch try section.text() {
      case "clean": return .clean
      case "light": return .light
      case let other: throw section.fault("'\(other)' is neither clean nor light; or give rates")
      }
    }
    let keys = try section.mapping([
      "missing", "late", "disordered", "duplicated", "stuck", "drifting", "spiking", "skewed", "late-minimum",
      "late-maximum", "drift-per-hour", "skew-maximum",
    ])
    var rates = DirtRates()
    rates.missing = try keys["missing"]?.share() ?? 0
    rates.late = try keys["late"]?.share() ?? 0
    rates.disordered = try keys["disordered"]?.share() ?? 0
    rates.duplicated = try keys["duplicated"]?.share() ?? 0
    rates.stuck = try keys["stuck"]?.share() ?? 0
    rates.drifting = try keys["drifting"]?.share() ?? 0
    rates.spiking = try keys["spiking"]?.share() ?? 0
    rates.skewed = try keys["skewed"]?.share() ?? 0
    if let value = keys["late-minimum"] { rates.lateMinimum = try value.time(0...86_400_000_000) }
    if let value = keys["late-maximum"] { rates.lateMaximum = try value.time(0...86_400_000_000) }
    if let value = keys["drift-per-hour"] { rates.driftPercentPerHour = try value.quantity([("%", 1)], 0...1_000_000) }
    if let value = keys["skew-maximum"] { rates.skewMaximum = try value.time(0...31_536_000_000_000) }
    return rates
  }
}

/// The keys of the attacks.
enum AttackReader {
  private static let misdeeds: [(name: String, misdeed: Attacks.Misdeed)] = [
    ("altering", .altering), ("dropping", .dropping), ("backdating", .backdating), ("equivocating", .equivocating),
  ]

  static func read(_ section: Section) throws(ScenarioFileError) -> Attacks {
    let keys = try section.mapping(["replayed", "replay-maximum", "cloned", "rolled-back", "gateways"])
    var attacks = Attacks()
    attacks.replayed = try keys["replayed"]?.share() ?? 0
    attacks.cloned = try keys["cloned"]?.share() ?? 0
    attacks.rolledBack = try keys["rolled-back"]?.share() ?? 0
    if let value = keys["replay-maximum"] { attacks.replayMaximum = try value.time(5_000_000...86_400_000_000) }
    guard let gateways = keys["gateways"] else { return attacks }
    for element in try gateways.list(most: 1000) {
      let gateway = try element.mapping(["gateway", "does", "share"])
      let does = try gateway.required("does")
      let name = try does.text()
      guard let misdeed = misdeeds.first(where: { $0.name == name })?.misdeed else {
        throw does.fault("'\(name)' is none of \(misdeeds.map(\.name).joined(separator: ", "))")
      }
      attacks.gateways.append(
        Attacks.Gateway(
          gateway: Int(try gateway.required("gateway").integer(0...60_000)), misdeed: misdeed,
          ppm: try gateway.required("share").share()))
    }
    return attacks
  }
}
