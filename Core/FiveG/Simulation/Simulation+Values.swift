extension Simulation {
  /// Writes a packet into the next row of a batch, with its values worked out.
  @inline(__always)
  func append(_ packet: PendingPacket, to batch: inout PacketBatch) {
    let seed = scenario.seed
    let fleet = Int(packet.fleet)
    let link = packet.kind == .alarm ? plans[fleet].links.alarm : plans[fleet].links.report
    let skew =
      packet.truth.contains(.skewedClock) ? plans[fleet].dirt.skew(seed: seed, device: packet.device) : 0
    let tampering = attacks.tampering(packet.truth, seed: seed, device: packet.device, event: packet.event)
    batch.arrivals.append(packet.arrival)
    batch.sendTimes.append(packet.send)
    batch.sampleTimes.append(packet.sample &+ skew)
    batch.trueTimes.append(packet.sample)
    batch.devices.append(packet.device)
    batch.sequences.append(packet.sequence)
    batch.fleets.append(packet.fleet)
    batch.models.append(plans[fleet].model)
    batch.kinds.append(packet.kind)
    batch.slices.append(link.slice)
    batch.fiveQIs.append(link.fiveQI)
    batch.cells.append(packet.cell)
    batch.payloadBytes.append(packet.bytes)
    batch.truth.append(packet.truth)
    batch.tampering.append(tampering)
    batch.retransmissions.append(packet.retransmissions)
    batch.airTimes.append(packet.airUs)
    appendValues(packet, tampering, to: &batch)
  }

  @inline(__always)
  private func appendValues(_ packet: PendingPacket, _ tampering: Int32, to batch: inout PacketBatch) {
    let fleet = Int(packet.fleet)
    var context = SignalContext(
      seed: scenario.seed, device: packet.device, key: UInt64(packet.event), time: packet.sample,
      course: plans[fleet].course(seed: scenario.seed, device: packet.device), area: plans[fleet].area,
      geography: scenario.geography)
    let isStuck = packet.truth.contains(.stuck)
    if isStuck {
      let length = plans[fleet].dirt.stuckLength
      let stretch = packet.sample / length
      context.time = stretch * length
      context.key = UInt64(bitPattern: stretch) | 1 << 40
    }
    if packet.truth.contains(.clone) { context.key |= 1 << 41 }
    let base = Int(plans[fleet].model.rawValue) * DeviceModel.maximumChannels
    let channels = plans[fleet].channels
    for channel in 0..<DeviceModel.maximumChannels {
      var value: Int64 = 0
      if channel < channels {
        value = signals[base + channel].value(context, channel: UInt64(channel))
        // A clone's body always differs, also where its signal has no noise.
        if channel == 0 && packet.truth.contains(.clone) { value ^= 1 }
        if channel == plans[fleet].dirt.channel && !packet.truth.isDisjoint(with: [.spike, .drifting]) {
          value &+= fault(packet, fleet, stretchStart: isStuck ? context.time : packet.sample)
        }
      }
      batch.values.append(value)
    }
    if packet.truth.contains(.altered) {
      batch.values[batch.values.count - DeviceModel.maximumChannels] &+= Int64(tampering)
    }
  }

  /// What spike and drift add; a stuck sensor repeats its drifted value and has no spikes of its own.
  private func fault(_ packet: PendingPacket, _ fleet: Int, stretchStart: Int64) -> Int64 {
    let dirt = plans[fleet].dirt
    var sum: Int64 = 0
    if packet.truth.contains(.drifting) {
      sum += dirt.drift(seed: scenario.seed, device: packet.device, time: stretchStart)
    }
    if packet.truth.contains(.spike) {
      sum += dirt.spike(seed: scenario.seed, device: packet.device, event: packet.event)
    }
    return sum
  }
}
