import FiveG
import Testing

@Suite("Cells and mobility")
struct CellTests {
  @Test("a point belongs to the nearest site", arguments: [50_000, 173_200, 333] as [Int64])
  func nearest(_ distance: Int64) {
    let area = Area(origin: Point(x: 0, y: 0), width: distance * 7 + 123, height: distance * 5 + 7)
    let map = CellMap(area: area, siteDistance: distance)
    var random = CounterRandom(seed: 1, device: 1, lane: .device, counter: UInt64(distance))
    for _ in 0..<2000 {
      let point = Point(x: Int64(random.below(UInt64(area.width))), y: Int64(random.below(UInt64(area.height))))
      func square(_ cell: Int) -> Int64 {
        let site = map.site(cell)
        return (site.x - point.x) * (site.x - point.x) + (site.y - point.y) * (site.y - point.y)
      }
      let best = (0..<map.count).map(square).min()
      #expect(square(map.cell(at: point)) == best, "\(point)")
    }
  }

  @Test("density is that of the scenario, spread evenly over the area")
  func density() throws {
    let simulation = try Simulation(
      Scenario(name: "d", seed: 1, duration: 1, fleets: [Fleet("n", .noise, count: 100_000)]))
    #expect(simulation.devicesPerCell.reduce(0, +) == 100_000)
    var squares = [Int](repeating: 0, count: 100)
    for device in 0..<100_000 {
      let place = simulation.position(ofDevice: device, at: 0)
      squares[Int(place.x / 10_000) * 10 + Int(place.y / 10_000)] += 1
    }
    #expect(Distributions.chiSquare(squares, Array(repeating: 1000, count: 100)) < 1)
  }

  @Test("devices move at their speed, stay in their area, and are handed over where the nearest site changes")
  func mobility() throws {
    for mobility in [Mobility.streets(minimumKmh: 500, maximumKmh: 500), .free(minimumKmh: 50, maximumKmh: 120)] {
      var fleet = Fleet("m", .vehicle, count: 40)
      fleet.mobility = mobility
      fleet.area = Area(origin: Point(x: 100_000, y: 50_000), width: 800_000, height: 700_000)
      var scenario = Scenario(name: "m", seed: 4, duration: 60_000_000, fleets: [fleet])
      scenario.map = CellMap(
        area: Area(origin: Point(x: 0, y: 0), width: 1_000_000, height: 1_000_000), siteDistance: 50_000)
      let simulation = try Simulation(scenario)
      var last: [UInt32: Int] = [:]
      for device in 0..<40 {
        last[UInt32(device)] = simulation.scenario.map.cell(at: simulation.position(ofDevice: device, at: 0))
        for second in 0..<60 as Range<Int64> {
          let a = simulation.position(ofDevice: device, at: second * 1_000_000)
          let b = simulation.position(ofDevice: device, at: (second + 1) * 1_000_000)
          #expect(a.x >= 100_000 && a.x < 900_000 && a.y >= 50_000 && a.y < 750_000)
          let way = Double((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
          if case .streets = mobility { #expect(way <= 13_889) } else { #expect(way <= 3334) }
        }
      }
      var generator = PacketGenerator(simulation)
      var batch = PacketBatch()
      var handovers = 0
      var moves = 0
      while generator.next(&batch) {
        for row in 0..<batch.count where batch.truth[row].isDisjoint(with: .attacks) {
          let place = simulation.position(ofDevice: Int(batch.devices[row]), at: batch.sendTimes[row])
          #expect(Int(batch.cells[row]) == scenario.map.cell(at: place))
          if batch.truth[row].contains(.handover) { handovers += 1 }
          if last[batch.devices[row]] != Int(batch.cells[row]) { moves += 1 }
          last[batch.devices[row]] = Int(batch.cells[row])
        }
      }
      print("\(mobility): \(handovers) handovers seen, \(moves) changes of cell")
      #expect(handovers > 0 && abs(handovers - moves) <= 3)
      #expect(generator.statistics.slices[3].handovers >= UInt64(handovers))
    }
  }

  @Test("a long interruption by handover delays the packets right after it")
  func interruption() throws {
    var fleet = Fleet("m", .vehicle, count: 200)
    fleet.mobility = .streets(minimumKmh: 500, maximumKmh: 500)
    fleet.fiveQI = 79
    var scenario = Scenario(name: "m", seed: 4, duration: 20_000_000, fleets: [fleet])
    scenario.handoverInterruption = 90_000
    var generator = PacketGenerator(try Simulation(scenario))
    var batch = PacketBatch()
    var after: Int64 = 0
    var other: Int64 = 0
    while generator.next(&batch) {
      for row in 0..<batch.count {
        let delay = batch.arrivals[row] - batch.sendTimes[row]
        if batch.truth[row].contains(.handover) { after = max(after, delay) } else { other = max(other, delay) }
      }
    }
    #expect(after > 80_000 && after < 120_000)
    #expect(other < 40_000)
  }
}
