import FiveG
import Testing

@Suite("The stream of packets")
struct GeneratorTests {
  @Test("one seed gives these packets on every machine")
  func golden() throws {
    let (digest, statistics) = Scenes.digest(try Simulation(Scenes.everything()))
    print("golden: \(digest.count) packets, \(digest.packets), losses \(digest.losses)")
    #expect(digest.count == 56_074)
    #expect(digest.packets == 8_775_700_261_343_193_193)
    #expect(digest.losses == 4_883_700_043_014_781_773)
    #expect(statistics.delivered + statistics.copies == UInt64(digest.count))
  }

  @Test("another seed gives other packets")
  func seeds() throws {
    let one = Scenes.digest(try Simulation(Scenes.everything(seed: 1, seconds: 5))).0
    let two = Scenes.digest(try Simulation(Scenes.everything(seed: 2, seconds: 5))).0
    #expect(one.packets != two.packets)
    #expect(one.losses != two.losses)
  }

  @Test("the size of batches changes nothing", arguments: [1, 7, 333, 100_000])
  func batches(_ capacity: Int) throws {
    let simulation = try Simulation(Scenes.everything(seconds: 15))
    let (expected, statistics) = Scenes.digest(simulation)
    let (digest, others) = Scenes.digest(simulation, capacity: capacity)
    #expect(digest == expected)
    #expect(others == statistics)
  }

  @Test("packets come in order of arrival, after they were sent, each device's numbers in order of events")
  func order() throws {
    let simulation = try Simulation(Scenes.everything(seconds: 20))
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch(capacity: 1000)
    var last: Int64 = 0
    var lastLoss: Int64 = 0
    while generator.next(&batch) {
      #expect(batch.count <= 1000)
      for row in 0..<batch.count {
        #expect(batch.arrivals[row] >= last)
        last = batch.arrivals[row]
        #expect(batch.sendTimes[row] < batch.arrivals[row])
        #expect(batch.trueTimes[row] <= batch.sendTimes[row])
        #expect(Int(batch.fleets[row]) == simulation.fleet(ofDevice: Int(batch.devices[row])))
        #expect(batch.models[row] == simulation.scenario.fleets[Int(batch.fleets[row])].model)
      }
      for loss in batch.losses {
        #expect(loss.time >= lastLoss)
        lastLoss = loss.time
      }
    }
    #expect(last > 20_000_000)
    let more = generator.next(&batch)
    #expect(!more)
    #expect(batch.isEmpty)
  }

  /// One packet with its place in the order.
  struct Row {
    var arrival: Int64
    var device: UInt32
    var batch: Int
    var row: Int
  }

  @Test("ranges of devices generated in parallel and merged give the same stream", arguments: [2, 5])
  func parallel(_ parts: Int) async throws {
    let simulation = try Simulation(Scenes.everything(seconds: 15))
    let (expected, statistics) = Scenes.digest(simulation)
    let pieces = await withTaskGroup(of: (Int, PacketBatch, Statistics).self) { group in
      for part in 0..<parts {
        group.addTask {
          var generator = PacketGenerator(simulation, devices: simulation.part(part, of: parts))
          var batch = PacketBatch(capacity: 10_000_000)
          _ = generator.next(&batch)
          return (part, batch, generator.statistics)
        }
      }
      var all: [(Int, PacketBatch, Statistics)] = []
      for await piece in group { all.append(piece) }
      return all.sorted { $0.0 < $1.0 }
    }
    var rows: [Row] = []
    for (index, piece) in pieces.enumerated() {
      for row in 0..<piece.1.count {
        rows.append(Row(arrival: piece.1.arrivals[row], device: piece.1.devices[row], batch: index, row: row))
      }
    }
    // Within a part rows are in order already, so a row's number breaks ties of one device.
    rows.sort { ($0.arrival, $0.device, $0.row) < ($1.arrival, $1.device, $1.row) }
    var digest = StreamDigest()
    for row in rows {
      digest.add(pieces[row.batch].1, rows: row.row..<(row.row + 1), losses: false)
    }
    #expect(digest.packets == expected.packets)
    #expect(digest.count == expected.count)
    var sum = pieces[0].2
    for piece in pieces.dropFirst() { sum.add(piece.2) }
    #expect(sum == statistics)
  }

  @Test("a device sends on its schedule whichever others are simulated")
  func alone() throws {
    let simulation = try Simulation(Scenes.everything(seconds: 10))
    var all = PacketGenerator(simulation)
    var one = PacketGenerator(simulation, devices: 300..<301)
    var batch = PacketBatch(capacity: 1_000_000)
    _ = all.next(&batch)
    let expected = (0..<batch.count).filter { batch.devices[$0] == 300 }.map { batch.arrivals[$0] }
    _ = one.next(&batch)
    #expect(!expected.isEmpty)
    #expect(batch.arrivals == expected)
  }

  @Test("sparse devices over days keep their periods and are all there")
  func days() throws {
    let scenario = Scenario(
      name: "days", seed: 3, duration: 3 * 86_400_000_000, fleets: [Fleet("bins", .bin, count: 400)])
    var generator = PacketGenerator(try Simulation(scenario))
    var batch = PacketBatch()
    var times: [UInt32: [Int64]] = [:]
    var losses = 0
    while generator.next(&batch) {
      for row in 0..<batch.count { times[batch.devices[row], default: []].append(batch.trueTimes[row]) }
      losses += batch.losses.count
    }
    #expect(times.count == 400)
    let periods = Set(ArrivalProcess.reportPeriods.map(\.period))
    if losses == 0 {
      for (_, list) in times { #expect(Set(zip(list, list.dropFirst()).map { $1 - $0 }).isSubset(of: periods)) }
    }
    let perDay = Double(times.values.reduce(0) { $0 + $1.count }) / 400 / 3
    let expected = (0..<400 as Range<UInt32>)
      .reduce(0.0) { $0 + 86.4e9 / Double(ArrivalProcess.reportPeriod(seed: 3, device: $1)) / 400 }
    print("TR 45.820 over three days: \(perDay) reports a device and day, \(expected) by the devices' periods")
    #expect(abs(perDay - expected) < 0.1)
    #expect(abs(perDay - 11.2) < 2.3)
  }

  @Test("values are within what a healthy sensor reports, and registers never fall")
  func values() throws {
    let fleets = DeviceModel.allCases.map { model in
      var fleet = Fleet(model.name, model, count: 10)
      fleet.arrivals = .periodic(period: 60_000_000, jitter: 0)
      return fleet
    }
    let simulation = try Simulation(Scenario(name: "v", seed: 5, duration: 86_400_000_000, fleets: fleets))
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch()
    var registers: [UInt32: Int64] = [:]
    var distinct = [Set<Int64>](repeating: [], count: DeviceModel.allCases.count)
    while generator.next(&batch) {
      for row in 0..<batch.count {
        let model = batch.models[row]
        distinct[Int(model.rawValue)].insert(batch.value(row, 0))
        for (index, channel) in model.channels.enumerated() where channel.kind != .digest {
          let value = batch.value(row, index)
          #expect(value >= channel.lowest && value <= channel.highest, "\(model.name)/\(channel.name) \(value)")
        }
        for index in model.channels.count..<DeviceModel.maximumChannels { #expect(batch.value(row, index) == 0) }
        if [.electricityMeter, .waterMeter, .gasMeter].contains(model) {
          #expect(batch.value(row, 0) >= registers[batch.devices[row]] ?? 0)
          registers[batch.devices[row]] = batch.value(row, 0)
        }
      }
    }
    for model in DeviceModel.allCases { #expect(distinct[Int(model.rawValue)].count >= 2, "\(model.name)") }
  }

  @Test("names and units of channels are those of SenML")
  func channels() {
    let units: Set<String> = [
      "", "Wh", "W", "V", "m3", "m3/s", "ug/m3", "Cel", "%RH", "dB", "m", "ppm", "rad", "lx", "/", "%EL", "lat", "lon",
      "m/s", "S/m", "Pa", "kg", "count",
    ]
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:./_")
    for model in DeviceModel.allCases {
      #expect(DeviceModel(name: model.name) == model)
      #expect((1...DeviceModel.maximumChannels).contains(model.channels.count))
      #expect(Set(model.channels.map(\.name)).count == model.channels.count)
      for channel in model.channels {
        #expect(units.contains(channel.unit), "\(channel.unit)")
        #expect(channel.name.allSatisfy { allowed.contains($0) })
      }
    }
  }
}
