extension PacketGenerator {
  /// Simulates one event of a device: its faults, its way over the air, and what attackers make of it.
  ///
  /// - Parameters:
  ///   - state: the device's; its cell and loss bursts move on.
  ///   - sample: the true time of the event.
  @inline(__always)
  mutating func send(_ state: inout DeviceState, _ device: UInt32, at sample: Int64, kind: PacketBatch.Kind) {
    let seed = simulation.scenario.seed
    let event = state.event
    let fleet = Int(state.fleet)
    let link =
      kind == .alarm ? simulation.plans[fleet].links.alarm : simulation.plans[fleet].links.report
    let sequence = simulation.attacks.sequence(seed: seed, device: device, event: event)
    var packet = PendingPacket(
      arrival: sample, sample: sample, send: sample, device: device, event: event, sequence: sequence.number,
      bytes: simulation.sizer.bytes(simulation.plans[fleet].payload, seed: seed, device: device, counter: event),
      truth: sequence.repeated ? .rollback : [], airUs: 0, cell: state.cell, fleet: state.fleet, copy: 0,
      retransmissions: 0, kind: kind, loss: nil)
    if !simulation.plans[fleet].enrolled { packet.truth.insert(.sybil) }

    var duplicated = false
    if simulation.plans[fleet].dirt.perPacket {
      let fate = simulation.plans[fleet].dirt.fate(seed: seed, device: device, event: event, time: sample)
      packet.truth.formUnion(fate.truth)
      packet.send += fate.hold
      duplicated = fate.duplicated
      if fate.missing {
        packet.loss = .neverSent
        statistics.count(packet, link)
        insert(packet)
        return
      }
    }

    var random = CounterRandom(seed: seed, device: device, lane: .link, counter: UInt64(event))
    var handoverUs: Int64 = 0
    if simulation.plans[fleet].moves {
      handoverUs = handOver(&state, &packet, &random)
      packet.cell = state.cell
    }
    let bit: UInt8 = kind == .alarm ? 2 : 1
    var inBurst = state.flags & bit != 0
    let radio = link.transmit(&random, inBurst: &inBurst)
    state.flags = inBurst ? state.flags | bit : state.flags & ~bit
    let queue = simulation.load.wait(&random, slice: link.slice, cell: packet.cell, time: packet.send)
    // Notes 10 and 11 of the 5QI table let the budget be relaxed for a device that comes from idle: access is left out.
    let counted = radio.airUs + queue + link.coreUs + handoverUs
    packet.arrival = packet.send + counted + radio.accessUs
    packet.airUs = UInt32(truncatingIfNeeded: radio.airUs)
    packet.retransmissions = radio.retransmissions
    packet.loss = radio.loss
    if counted > link.budgetUs && packet.loss == nil {
      if link.delayCritical && Int(packet.bytes) <= link.burstBytes {
        packet.loss = .late
      } else {
        packet.truth.insert(.overBudget)
      }
    }
    statistics.count(packet, link)
    guard packet.loss == nil else {
      insert(packet)
      return
    }
    packet.truth.formUnion(
      simulation.attacks.misdeeds(
        gateway: simulation.scenario.map.gateway(ofCell: Int(packet.cell)), seed: seed, device: device, event: event))
    insert(packet)
    if duplicated { insertDuplicate(of: packet) }
    if simulation.attacks.outside { insertForgeries(of: packet) }
  }

  /// Puts a packet on its way.
  @inline(__always)
  mutating func insert(_ packet: PendingPacket) {
    let slot: UInt32
    if let free = freePending.popLast() {
      slot = free
      pending[Int(free)] = packet
    } else {
      slot = UInt32(pending.count)
      pending.append(packet)
    }
    arrivals.insert(slot, at: packet.arrival >> Self.windowBits)
  }

  /// The cell at the time of sending, and the interruption if it is a new one.
  ///
  /// The device crossed the border at some moment since its last packet; one that is sent before the interruption has
  /// ended waits for the rest of it.
  private func handOver(
    _ state: inout DeviceState, _ packet: inout PendingPacket, _ random: inout CounterRandom
  ) -> Int64 {
    let plan = simulation.plans[Int(packet.fleet)]
    let place = plan.course(seed: simulation.scenario.seed, device: packet.device)
      .position(at: packet.send, in: plan.area)
    let cell = UInt16(truncatingIfNeeded: simulation.scenario.map.cell(at: place))
    guard cell != state.cell else { return 0 }
    state.cell = cell
    packet.truth.insert(.handover)
    let since = Int64(random.below(UInt64(max(1, plan.meanGap))))
    return max(0, simulation.scenario.handoverInterruption - since)
  }

  private mutating func insertDuplicate(of packet: PendingPacket) {
    var random = CounterRandom(
      seed: simulation.scenario.seed, device: packet.device, lane: .dirt, counter: UInt64(packet.event) << 1 | 1)
    var copy = packet
    copy.copy = 1
    copy.truth.insert(.duplicate)
    copy.arrival += random.between(1000, 2_000_000)
    statistics.copies += 1
    insert(copy)
  }

  /// A clone's packet beside this one, and a replay of it.
  private mutating func insertForgeries(of packet: PendingPacket) {
    let seed = simulation.scenario.seed
    var random = CounterRandom(
      seed: seed, device: packet.device, lane: .attack, counter: UInt64(packet.event) << 1)
    let replayed = random.happens(simulation.attacks.replayed)
    let cloning = random.next() & 1 == 0
    if cloning && simulation.attacks.isCloned(seed: seed, device: packet.device) {
      var clone = packet
      clone.copy = 2
      clone.truth.insert(.clone)
      // Half the map's cells away, so that one device seems to be in two places.
      let cells = simulation.scenario.map.count
      clone.cell = UInt16(truncatingIfNeeded: (Int(packet.cell) + cells / 2) % cells)
      clone.arrival += random.between(1000, 1_000_000)
      statistics.copies += 1
      insert(clone)
    }
    if replayed {
      var replay = packet
      replay.copy = 3
      replay.truth.insert(.replay)
      replay.arrival += random.between(5_000_000, simulation.attacks.replayMaximum)
      statistics.copies += 1
      insert(replay)
    }
  }
}

extension DirtPlan {
  /// What the faults of a fleet do to one event.
  struct Fate {
    var truth: Truth = []
    var missing = false
    var duplicated = false
    /// How long the device holds the reading back.
    var hold: Int64 = 0
  }

  /// Five draws in a fixed order, so that asking for one fault does not move another.
  func fate(seed: UInt64, device: UInt32, event: UInt32, time: Int64) -> Fate {
    var random = CounterRandom(seed: seed, device: device, lane: .dirt, counter: UInt64(event) << 1)
    var fate = Fate()
    fate.missing = random.happens(missing)
    let isLate = random.happens(late)
    let isDisordered = random.happens(disordered)
    fate.duplicated = random.happens(duplicated)
    if random.happens(spiking) { fate.truth.insert(.spike) }
    if isLate {
      fate.truth.insert(.late)
      fate.hold = random.between(rates.lateMinimum, rates.lateMaximum)
    } else if isDisordered {
      fate.truth.insert(.disordered)
      // A little more than a gap at least, so that the next reading's way over the air cannot be the longer one.
      fate.hold = meanGap + meanGap / 16 + 50_000 + Int64(random.below(UInt64(meanGap)))
    }
    if isStuck(seed: seed, device: device, time: time) { fate.truth.insert(.stuck) }
    if drift(seed: seed, device: device, time: time) != 0 { fate.truth.insert(.drifting) }
    if skew(seed: seed, device: device) != 0 { fate.truth.insert(.skewedClock) }
    return fate
  }

  func isStuck(seed: UInt64, device: UInt32, time: Int64) -> Bool {
    if stuck == .never { return false }
    var random = CounterRandom(
      seed: seed, device: device, lane: .wander, counter: UInt64(bitPattern: time / stuckLength) << 3 | 7)
    return random.happens(stuck)
  }

  /// The drift of the first continuous value at a time, in raw units.
  func drift(seed: UInt64, device: UInt32, time: Int64) -> Int64 {
    if drifting == .never { return 0 }
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 6)
    guard random.happens(drifting) else { return 0 }
    let onset = Int64(random.below(UInt64(duration / 2 + 1)))
    guard time > onset else { return 0 }
    return variation * rates.driftPercentPerHour * ((time - onset) / 1_000_000) / 360_000
  }

  /// The error of a device's clock in microseconds.
  func skew(seed: UInt64, device: UInt32) -> Int64 {
    if skewed == .never { return 0 }
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 7)
    guard random.happens(skewed) else { return 0 }
    return random.between(-rates.skewMaximum, rates.skewMaximum)
  }

  /// The deviation of a spike in raw units.
  func spike(seed: UInt64, device: UInt32, event: UInt32) -> Int64 {
    var random = CounterRandom(seed: seed, device: device, lane: .payload, counter: UInt64(event) << 2 | 1 << 50)
    return random.next() & 1 == 0 ? 8 * variation : -8 * variation
  }
}
