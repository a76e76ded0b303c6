import FiveG

/// Folds packets and losses into two numbers, column by column and row by row.
struct StreamDigest: Equatable {
  private(set) var packets: UInt64 = 1
  private(set) var losses: UInt64 = 1
  private(set) var count = 0

  mutating func add(_ batch: PacketBatch, rows: Range<Int>? = nil, losses withLosses: Bool = true) {
    for row in rows ?? 0..<batch.count {
      fold(UInt64(bitPattern: batch.arrivals[row]))
      fold(UInt64(bitPattern: batch.sendTimes[row]))
      fold(UInt64(bitPattern: batch.sampleTimes[row]))
      fold(UInt64(bitPattern: batch.trueTimes[row]))
      fold(UInt64(batch.devices[row]) << 32 | UInt64(batch.sequences[row]))
      fold(UInt64(batch.payloadBytes[row]) << 32 | UInt64(batch.cells[row]))
      fold(UInt64(batch.fiveQIs[row]) << 24 | UInt64(batch.slices[row]) << 16 | UInt64(batch.fleets[row]))
      fold(UInt64(batch.models[row].rawValue) << 8 | UInt64(batch.kinds[row].rawValue))
      for channel in 0..<DeviceModel.maximumChannels { fold(UInt64(bitPattern: batch.value(row, channel))) }
      fold(UInt64(batch.truth[row].rawValue) << 32 | UInt64(UInt32(bitPattern: batch.tampering[row])))
      fold(UInt64(batch.airTimes[row]) << 8 | UInt64(batch.retransmissions[row]))
      count += 1
    }
    guard withLosses else { return }
    for loss in batch.losses {
      losses = CounterRandom.mix(losses ^ UInt64(bitPattern: loss.time)) &+ UInt64(loss.device)
      losses = CounterRandom.mix(losses ^ UInt64(loss.sequence) << 8 ^ UInt64(loss.cause.rawValue))
    }
  }

  private mutating func fold(_ value: UInt64) {
    packets = CounterRandom.mix(packets ^ value) &+ 0x9e37_79b9_7f4a_7c15
  }
}

/// Scenarios that several tests share.
enum Scenes {
  /// All models, bursts, dirt and attacks on a small scale.
  static func everything(seed: UInt64 = 7, seconds: Int64 = 40) -> Scenario {
    var fleets = DeviceModel.allCases.map { model in
      var fleet = Fleet(model.name, model, count: 30)
      if fleet.arrivals.meanRate < 0.2 { fleet.arrivals = .poisson(meanGap: 3_000_000) }
      fleet.dirt = .light
      fleet.dirt.missing = 10_000
      fleet.dirt.late = 5000
      fleet.dirt.lateMaximum = 120_000_000
      fleet.dirt.skewed = 100_000
      fleet.dirt.drifting = 100_000
      return fleet
    }
    var sybils = Fleet("sybils", .noise, count: 10)
    sybils.arrivals = .periodic(period: 2_000_000, jitter: 1000)
    sybils.enrolled = false
    fleets.append(sybils)
    var scenario = Scenario(
      name: "everything", seed: seed, duration: seconds * 1_000_000, fleets: fleets,
      bursts: [.beta10(start: 5_000_000, fleets: [0, 6]), .uniform60(start: 20_000_000, fleets: [6, 3])])
    scenario.bursts.removeAll { $0.start >= scenario.duration }
    scenario.attacks.replayed = 2000
    scenario.attacks.replayMaximum = 100_000_000
    scenario.attacks.cloned = 50_000
    scenario.attacks.rolledBack = 100_000
    scenario.attacks.gateways = [
      .init(gateway: 0, misdeed: .altering, ppm: 5000), .init(gateway: 1, misdeed: .dropping, ppm: 5000),
      .init(gateway: 5, misdeed: .backdating, ppm: 5000), .init(gateway: 5, misdeed: .equivocating, ppm: 5000),
    ]
    return scenario
  }

  static func digest(_ simulation: Simulation, capacity: Int = 4096) -> (StreamDigest, Statistics) {
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch(capacity: capacity)
    var digest = StreamDigest()
    while generator.next(&batch) { digest.add(batch) }
    return (digest, generator.statistics)
  }
}
