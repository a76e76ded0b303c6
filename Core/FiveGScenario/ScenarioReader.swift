internal import FiveG

/// From the file's sections to a scenario; the keys of the top.
enum ScenarioReader {
  static func read(_ section: Section) throws(ScenarioFileError) -> Scenario {
    let top = try section.mapping([
      "name", "seed", "duration", "start", "map", "carrier", "slices", "fleets", "bursts", "attacks",
      "handover-interruption",
    ])
    var scenario = Scenario(
      name: try top.required("name").text(), seed: UInt64(try top["seed"]?.integer(0 ... .max) ?? 1),
      duration: try top.required("duration").time(1...Scenario.maximumDuration), fleets: [])
    guard scenario.name.count <= 120 else { throw try top.required("name").fault("at most 120 characters") }
    if let start = top["start"] { scenario.start = try day(start) }
    if let map = top["map"] { (scenario.map, scenario.geography) = try readMap(map) }
    if let carrier = top["carrier"] { scenario.carrier = try readCarrier(carrier) }
    if let slices = top["slices"] { try readSlices(slices, &scenario) }
    for fleet in try top.required("fleets").list(most: Scenario.maximumFleets) {
      scenario.fleets.append(try FleetReader.read(fleet))
    }
    if let bursts = top["bursts"] {
      for burst in try bursts.list(most: 64) { scenario.bursts.append(try readBurst(burst, scenario.fleets)) }
    }
    if let attacks = top["attacks"] { scenario.attacks = try AttackReader.read(attacks) }
    if let interruption = top["handover-interruption"] {
      scenario.handoverInterruption = try interruption.time(0...60_000_000)
    }
    do {
      try scenario.validate()
    } catch {
      throw ScenarioFileError(line: section.line(of: error.place), key: error.place, reason: error.reason)
    }
    return scenario
  }

  /// A date as Unix seconds of its midnight in UTC.
  private static func day(_ section: Section) throws(ScenarioFileError) -> Int64 {
    let parts = try section.text().split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { throw section.fault("must be a date such as 2027-01-01") }
    // Days from the civil date, counting years from March (Hinnant).
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return (era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468) * 86_400
  }

  private static func readMap(_ section: Section) throws(ScenarioFileError) -> (CellMap, Geography) {
    let map = try section.mapping(["width", "height", "site-distance", "cells-per-gateway", "latitude", "longitude"])
    let width = try map.required("width").length()
    let height = try map.required("height").length()
    let distance = try map["site-distance"]?.length() ?? 50_000
    guard width >= 100, height >= 100, distance >= 100 else {
      throw section.fault("width, height and site-distance must be at least 1 m")
    }
    let area = Area(origin: Point(x: 0, y: 0), width: width, height: height)
    let cells = CellMap(
      area: area, siteDistance: distance, cellsPerGateway: Int(try map["cells-per-gateway"]?.integer(1...60_000) ?? 1))
    guard cells.siteDistance == distance else {
      throw section.fault("more than \(CellMap.maximumCells) cells; choose a larger site-distance")
    }
    return (
      cells,
      Geography(
        latitudeE7: try map["latitude"]?.degrees(85) ?? 0, longitudeE7: try map["longitude"]?.degrees(180) ?? 0)
    )
  }

  private static func readCarrier(_ section: Section) throws(ScenarioFileError) -> Carrier {
    let keys = try section.mapping([
      "layers", "modulation-bits", "resource-blocks", "numerology", "overhead", "carriers",
    ])
    var carrier = Carrier()
    if let layers = keys["layers"] { carrier.layers = Int(try layers.integer(1...16)) }
    if let bits = keys["modulation-bits"] { carrier.modulationBits = Int(try bits.integer(1...10)) }
    if let blocks = keys["resource-blocks"] { carrier.resourceBlocks = Int(try blocks.integer(1...275)) }
    if let numerology = keys["numerology"] { carrier.numerology = Int(try numerology.integer(0...4)) }
    if let overhead = keys["overhead"] { carrier.overheadPercent = Int(try overhead.share() / 10_000) }
    if let carriers = keys["carriers"] { carrier.carriers = Int(try carriers.integer(1...32)) }
    return carrier
  }

  /// Slices of the file replace or follow the standard ones.
  private static func readSlices(_ section: Section, _ scenario: inout Scenario) throws(ScenarioFileError) {
    for element in try section.list(most: 32) {
      let keys = try element.mapping([
        "slice", "numerology", "scheduling-slots", "first-failure", "random-access", "cell-packets-per-second",
      ])
      let slice = try FleetReader.slice(try keys.required("slice"))
      var profile = SliceProfile.standard(slice)
      if let value = keys["numerology"] { profile.numerology = UInt8(try value.integer(0...4)) }
      if let value = keys["scheduling-slots"] { profile.schedulingSlots = UInt8(try value.integer(0...100)) }
      if let value = keys["first-failure"] { profile.firstFailurePpm = try value.share() }
      if let value = keys["random-access"] { profile.randomAccess = try value.boolean() }
      if let value = keys["cell-packets-per-second"] {
        profile.cellPacketsPerSecond = UInt32(try value.integer(1...1_000_000_000))
      }
      if let index = scenario.slices.firstIndex(where: { $0.slice == slice }) {
        scenario.slices[index] = profile
      } else {
        scenario.slices.append(profile)
      }
    }
  }

  private static func readBurst(_ section: Section, _ fleets: [Fleet]) throws(ScenarioFileError) -> Burst {
    let keys = try section.mapping(["name", "shape", "start", "window", "fleets"])
    let shapeSection = try keys.required("shape")
    let shape: Burst.Shape
    switch try shapeSection.text() {
    case "beta": shape = .beta
    case "uniform": shape = .uniform
    case let other: throw shapeSection.fault("'\(other)' is neither beta nor uniform")
    }
    var members: [Int] = []
    for name in try keys.required("fleets").list(most: Scenario.maximumFleets) {
      let text = try name.text()
      guard let index = fleets.firstIndex(where: { $0.name == text }) else {
        throw name.fault("no fleet is called '\(text)'")
      }
      guard !members.contains(index) else { throw name.fault("'\(text)' is named twice") }
      members.append(index)
    }
    return Burst(
      name: try keys["name"]?.text() ?? "burst", shape: shape,
      start: try keys.required("start").time(0...Scenario.maximumDuration),
      window: try keys["window"]?.time(1...3_600_000_000) ?? (shape == .beta ? 10_000_000 : 60_000_000),
      fleets: members)
  }
}
