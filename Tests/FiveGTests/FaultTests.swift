import FiveG
import Testing

@Suite("Dirty data and attacks")
struct FaultTests {
  struct Packet: Equatable {
    var arrival: Int64
    var sample: Int64
    var trueTime: Int64
    var send: Int64
    var device: UInt32
    var sequence: UInt32
    var cell: UInt16
    var values: [Int64]
    var truth: Truth
    var tampering: Int32
  }

  /// 200 air quality stations that send each second.
  static func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
    var fleet = Fleet("air", .airQuality, count: 200)
    fleet.arrivals = .periodic(period: 1_000_000, jitter: 0)
    var scenario = Scenario(name: "faults", seed: 99, duration: 300_000_000, fleets: [fleet])
    change(&scenario)
    return scenario
  }

  static func run(_ scenario: Scenario) throws -> ([Packet], [PacketBatch.Loss]) {
    var generator = PacketGenerator(try Simulation(scenario))
    var batch = PacketBatch()
    var packets: [Packet] = []
    var losses: [PacketBatch.Loss] = []
    while generator.next(&batch) {
      for row in 0..<batch.count {
        packets.append(
          Packet(
            arrival: batch.arrivals[row], sample: batch.sampleTimes[row], trueTime: batch.trueTimes[row],
            send: batch.sendTimes[row], device: batch.devices[row], sequence: batch.sequences[row],
            cell: batch.cells[row], values: (0..<4).map { batch.value(row, $0) }, truth: batch.truth[row],
            tampering: batch.tampering[row]))
      }
      losses += batch.losses
    }
    return (packets, losses)
  }

  static let total = 60_000

  @Test("clean data has no fault of any kind")
  func clean() throws {
    let (packets, losses) = try Self.run(Self.scenario())
    #expect(packets.count + losses.count == Self.total)
    #expect(losses.allSatisfy { $0.cause != .neverSent })
    #expect(packets.allSatisfy { $0.truth.isDisjoint(with: Truth.dirt.union(.attacks)) && $0.tampering == 0 })
    #expect(packets.allSatisfy { $0.sample == $0.trueTime && $0.send == $0.trueTime })
    #expect(Set(packets.map { UInt64($0.device) << 32 | UInt64($0.sequence) }).count == packets.count)
  }

  /// Whether a count is within 4.5 sigma of `share` of `total`.
  static func near(_ count: Int, _ share: Double, of total: Int) -> Bool {
    let expected = Double(total) * share
    return abs(Double(count) - expected) < 4.5 * (expected * (1 - share)).squareRoot() + 1
  }

  @Test("missing readings are never sent, at the rate asked for, and nothing else happens")
  func missing() throws {
    let (clean, _) = try Self.run(Self.scenario())
    let (packets, losses) = try Self.run(Self.scenario { $0.fleets[0].dirt.missing = 20_000 })
    let missing = losses.filter { $0.cause == .neverSent }
    #expect(Self.near(missing.count, 0.02, of: Self.total))
    #expect(packets.count + losses.count == Self.total)
    #expect(packets.allSatisfy { $0.truth.isDisjoint(with: Truth.dirt) })
    // All that is left is as without the fault.
    let names = Set(packets.map { UInt64($0.device) << 32 | UInt64($0.sequence) })
    #expect(clean.filter { names.contains(UInt64($0.device) << 32 | UInt64($0.sequence)) }.count >= packets.count - 20)
  }

  @Test("late readings come 5 s to 5 min later, disordered ones after their successor")
  func lateAndDisordered() throws {
    let (packets, _) = try Self.run(
      Self.scenario {
        $0.fleets[0].dirt.late = 10_000
        $0.fleets[0].dirt.disordered = 20_000
      })
    let late = packets.filter { $0.truth.contains(.late) }
    let disordered = packets.filter { $0.truth.contains(.disordered) }
    #expect(Self.near(late.count, 0.01, of: Self.total))
    #expect(Self.near(disordered.count, 0.02 * 0.99, of: Self.total))
    #expect(late.allSatisfy { (5_000_000...300_000_000).contains($0.send - $0.trueTime) })
    var highest: [UInt32: UInt32] = [:]
    var overtaken = 0
    var notOvertaken = 0
    for packet in packets {
      let before = highest[packet.device]
      let behind = before.map { $0 > packet.sequence } ?? false
      if behind { #expect(!packet.truth.isDisjoint(with: [.late, .disordered])) }
      if packet.truth.contains(.disordered), packet.sequence < 299 {
        if behind { overtaken += 1 } else { notOvertaken += 1 }
      }
      highest[packet.device] = max(before ?? 0, packet.sequence)
    }
    // Where the successor itself is held back or lost, nothing overtakes: 3 %.
    #expect(overtaken > 1000 && notOvertaken < overtaken / 15)
  }

  @Test("a duplicate is the same packet again, within 2 s")
  func duplicates() throws {
    let (packets, _) = try Self.run(Self.scenario { $0.fleets[0].dirt.duplicated = 15_000 })
    let copies = packets.filter { $0.truth.contains(.duplicate) }
    #expect(Self.near(copies.count, 0.015, of: Self.total))
    var first: [UInt64: Packet] = [:]
    for packet in packets {
      let name = UInt64(packet.device) << 32 | UInt64(packet.sequence)
      guard packet.truth.contains(.duplicate) else {
        #expect(first[name] == nil)
        first[name] = packet
        continue
      }
      let original = first[name]
      #expect(original?.values == packet.values && original?.sample == packet.sample)
      #expect(packet.arrival - (original?.arrival ?? 0) <= 2_000_000)
    }
  }

  @Test("stuck, drifting, spiking sensors and wrong clocks differ from clean ones exactly where they say so")
  func sensors() throws {
    let (clean, _) = try Self.run(Self.scenario())
    let (packets, _) = try Self.run(
      Self.scenario {
        $0.fleets[0].dirt.stuck = 30_000
        $0.fleets[0].dirt.drifting = 100_000
        $0.fleets[0].dirt.driftPercentPerHour = 2000
        $0.fleets[0].dirt.spiking = 5000
        $0.fleets[0].dirt.skewed = 200_000
      })
    #expect(clean.count == packets.count)
    var stuckDevices: [UInt64: Set<[Int64]>] = [:]
    for (before, after) in zip(clean, packets) {
      #expect(before.device == after.device && before.sequence == after.sequence)
      let sensor: Truth = [.stuck, .drifting, .spike]
      if after.truth.isDisjoint(with: sensor) { #expect(before.values == after.values) }
      if !after.truth.isDisjoint(with: [.spike, .drifting]) && !after.truth.contains(.stuck) {
        #expect(before.values[0] != after.values[0] && before.values[1...] == after.values[1...])
      }
      #expect((before.sample == after.sample) == !after.truth.contains(.skewedClock))
      #expect(before.trueTime == after.trueTime)
      if after.truth.contains(.stuck) && after.truth.isDisjoint(with: [.spike]) {
        stuckDevices[UInt64(after.device) << 32 | UInt64(after.trueTime / 16_000_000), default: []].insert(after.values)
      }
    }
    #expect(!stuckDevices.isEmpty)
    #expect(stuckDevices.values.allSatisfy { $0.count == 1 })
    let spikes = packets.filter { $0.truth.contains(.spike) }
    #expect(Self.near(spikes.count, 0.005, of: Self.total))
    let drifting = Set(packets.filter { $0.truth.contains(.drifting) }.map(\.device))
    let skewed = Set(packets.filter { $0.truth.contains(.skewedClock) }.map(\.device))
    #expect(Self.near(drifting.count, 0.1, of: 200))
    #expect(Self.near(skewed.count, 0.2, of: 200))
  }

  @Test("a replay is a delivered packet again, later; a clone's has the same number, another body and another cell")
  func replaysAndClones() throws {
    let (packets, _) = try Self.run(
      Self.scenario {
        $0.attacks.replayed = 10_000
        $0.attacks.cloned = 100_000
      })
    var first: [UInt64: Packet] = [:]
    var clones: Set<UInt32> = []
    var replays = 0
    for packet in packets {
      let name = UInt64(packet.device) << 32 | UInt64(packet.sequence)
      if packet.truth.contains(.replay) {
        replays += 1
        let original = first[name]
        #expect(original?.values == packet.values && original?.sample == packet.sample)
        #expect(packet.arrival - (original?.arrival ?? .max) >= 5_000_000)
      } else if packet.truth.contains(.clone) {
        clones.insert(packet.device)
        let original = first[name]
        #expect(original != nil && original?.values != packet.values && original?.cell != packet.cell)
      } else {
        #expect(first[name] == nil && packet.truth.isDisjoint(with: .attacks))
        first[name] = packet
      }
    }
    #expect(Self.near(replays, 0.01, of: Self.total))
    #expect(Self.near(clones.count, 0.1, of: 200))
  }

  @Test("a device that is rolled back uses its last numbers again, and only those are marked")
  func rollback() throws {
    let (packets, _) = try Self.run(Self.scenario { $0.attacks.rolledBack = 200_000 })
    var seen: [UInt64: [Int64]] = [:]
    var devices: Set<UInt32> = []
    for packet in packets {
      let name = UInt64(packet.device) << 32 | UInt64(packet.sequence)
      let before = seen[name]
      #expect((before != nil) == packet.truth.contains(.rollback))
      if let before {
        #expect(before != packet.values)
        devices.insert(packet.device)
      }
      seen[name] = packet.values
    }
    #expect(Self.near(devices.count, 0.2, of: 200))
  }

  @Test("corrupt gateways do what they are told to packets of their cells only, and what they changed can be undone")
  func gateways() throws {
    let (clean, _) = try Self.run(Self.scenario())
    let scenario = Self.scenario {
      $0.map = CellMap(area: $0.map.area, siteDistance: 50_000, cellsPerGateway: 3)
      $0.attacks.gateways = [
        .init(gateway: 1, misdeed: .altering, ppm: 20_000), .init(gateway: 1, misdeed: .dropping, ppm: 1_000_000),
        .init(gateway: 2, misdeed: .backdating, ppm: 20_000), .init(gateway: 3, misdeed: .equivocating, ppm: 20_000),
      ]
    }
    let (packets, _) = try Self.run(scenario)
    #expect(clean.count == packets.count)
    var counts: [UInt32: Int] = [:]
    for (before, after) in zip(clean, packets) {
      let gateway = scenario.map.gateway(ofCell: Int(after.cell))
      for flag in [Truth.altered, .dropped, .backdated, .equivocated] where after.truth.contains(flag) {
        counts[flag.rawValue, default: 0] += 1
      }
      #expect(after.truth.contains(.dropped) == (gateway == 1))
      if gateway != 1 { #expect(!after.truth.contains(.altered)) }
      if gateway != 2 { #expect(!after.truth.contains(.backdated)) }
      if gateway != 3 { #expect(!after.truth.contains(.equivocated)) }
      if after.truth.contains(.altered) {
        #expect(after.tampering != 0 && after.values[0] - Int64(after.tampering) == before.values[0])
        #expect(after.values[1...] == before.values[1...])
      } else {
        #expect(after.values == before.values)
      }
      if after.truth.contains(.backdated) { #expect(after.tampering >= 300) }
    }
    #expect(counts.count == 4)
  }

  @Test("packets of a fleet that is not enrolled are sybils, and no others")
  func sybils() throws {
    let (packets, _) = try Self.run(
      Self.scenario {
        var fleet = $0.fleets[0]
        fleet.count = 5
        fleet.enrolled = false
        $0.fleets.append(fleet)
      })
    for packet in packets { #expect(packet.truth.contains(.sybil) == (packet.device >= 200)) }
    #expect(packets.contains { $0.device >= 200 })
  }

  @Test("each flag has a name")
  func names() {
    let all = Truth.names.reduce(into: Truth()) { $0.formUnion($1.flag) }
    #expect(all.isSuperset(of: Truth.dirt.union(.attacks)))
    #expect(Set(Truth.names.map(\.name)).count == Truth.names.count)
  }
}
