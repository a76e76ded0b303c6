/// The stream of packets of a range of devices, in order of arrival at the gateway.
///
///     let simulation = try Simulation(scenario)
///     var generator = PacketGenerator(simulation)
///     var batch = PacketBatch(capacity: 4096)
///     while generator.next(&batch) { ... }
///     let report = KPIReport(simulation, generator.statistics)
///
/// Time is cut into windows of 4.096 ms. In each, the devices that are due send; what has arrived by its end is sorted and
/// handed out, since later sending cannot arrive earlier. Nothing a packet holds depends on the size of batches or on which
/// other devices are in the range: ranges can be generated in parallel and merged by (arrival, device, sequence).
public struct PacketGenerator: ~Copyable, Sendable {
  /// Microseconds of a window are 2 to this power.
  static let windowBits: Int64 = 12

  /// The simulation.
  public let simulation: Simulation
  /// The devices that this generator simulates.
  public let range: Range<Int>
  /// What has been offered, delivered and lost so far; complete when ``next(_:)`` has returned false.
  public internal(set) var statistics: Statistics

  var states: [DeviceState] = []
  var senders = TimingWheel()
  var arrivals = TimingWheel()
  var pending: [PendingPacket] = []
  var freePending: [UInt32] = []
  private var ready: [UInt32] = []
  private var readyPosition = 0
  private var sorter = WindowSorter()
  private var due: [UInt32] = []
  private let lastWindow: Int64

  /// A generator at the start of the simulation.
  ///
  /// - Parameter devices: the range; nil for all. Parts outside the scenario's devices are left out.
  public init(_ simulation: Simulation, devices: Range<Int>? = nil) {
    self.simulation = simulation
    range = (devices ?? 0..<simulation.devices).clamped(to: 0..<simulation.devices)
    statistics = Statistics(simulation)
    lastWindow = (simulation.scenario.duration - 1) >> Self.windowBits
    makeStates()
  }

  private mutating func makeStates() {
    states.reserveCapacity(range.count)
    let scenario = simulation.scenario
    for device in range {
      let fleet = simulation.fleet(ofDevice: device)
      let id = UInt32(device)
      let plan = simulation.plans[fleet]
      let place = plan.course(seed: scenario.seed, device: id).position(at: 0, in: plan.area)
      var random = CounterRandom(seed: scenario.seed, device: id, lane: .device, counter: 5)
      let report: UInt8 = random.happens(plan.links.report.startsInBurst) ? 1 : 0
      let alarm: UInt8 = random.happens(plan.links.alarm.startsInBurst) ? 2 : 0
      let state = DeviceState(
        next: plan.arrivals.first(seed: scenario.seed, device: id), event: 0,
        cell: UInt16(truncatingIfNeeded: scenario.map.cell(at: place)), fleet: UInt8(fleet), flags: report | alarm)
      states.append(state)
      schedule(UInt32(states.count - 1), min(state.next, burstTime(state, id)))
    }
  }

  /// Fills a batch with the next packets, after emptying it.
  ///
  /// - Returns: false when the simulation has ended and nothing is left; the batch is then empty.
  /// - Complexity: O(1) per packet, and nothing is allocated once the buffers have grown.
  public mutating func next(_ batch: inout PacketBatch) -> Bool {
    batch.removeAll()
    while batch.count < batch.capacity {
      if readyPosition < ready.count {
        emit(into: &batch)
      } else if !advance() {
        break
      }
    }
    return batch.count > 0 || !batch.losses.isEmpty
  }

  /// Hands out packets of the current window until it or the batch ends.
  private mutating func emit(into batch: inout PacketBatch) {
    let room = batch.capacity - batch.count
    var rows = 0
    while readyPosition < ready.count && rows < room {
      let slot = ready[readyPosition]
      readyPosition += 1
      let packet = pending[Int(slot)]
      freePending.append(slot)
      if let cause = packet.loss {
        batch.losses.append(
          PacketBatch.Loss(time: packet.arrival, device: packet.device, sequence: packet.sequence, cause: cause))
      } else {
        simulation.append(packet, to: &batch)
        rows += 1
      }
    }
  }

  /// Works through windows until one has packets to hand out; false at the end.
  private mutating func advance() -> Bool {
    ready.removeAll(keepingCapacity: true)
    readyPosition = 0
    while senders.count > 0 || arrivals.count > 0 {
      let window = senders.now
      if senders.isDue {
        due.removeAll(keepingCapacity: true)
        senders.takeDue(&due)
        for device in due { fire(Int(device), through: window) }
      }
      if arrivals.isDue {
        arrivals.takeDue(&ready)
        sorter.sort(&ready, pending, start: window << Self.windowBits)
      }
      stepWindow()
      if !ready.isEmpty { return true }
    }
    return false
  }

  private mutating func stepWindow() {
    if senders.advance() {
      due.removeAll(keepingCapacity: true)
      senders.takeLap(&due)
      for device in due {
        let state = states[Int(device)]
        schedule(device, min(state.next, burstTime(state, UInt32(range.lowerBound) + device)))
      }
    }
    if arrivals.advance() {
      due.removeAll(keepingCapacity: true)
      arrivals.takeLap(&due)
      for slot in due { arrivals.insert(slot, at: pending[Int(slot)].arrival >> Self.windowBits) }
    }
  }

  @inline(__always)
  private mutating func schedule(_ device: UInt32, _ time: Int64) {
    if time < simulation.scenario.duration { senders.insert(device, at: time >> Self.windowBits) }
  }

  /// The time of the next burst's event of a device.
  @inline(__always)
  private func burstTime(_ state: DeviceState, _ device: UInt32) -> Int64 {
    let done = state.burstsDone
    if done >= simulation.plans[Int(state.fleet)].burstCount { return ArrivalProcess.never }
    return simulation.burstTime(fleet: Int(state.fleet), device: device, number: done)
  }

  /// Sends all of a device's packets that fall into the current window, and schedules its next one.
  @inline(__always)
  private mutating func fire(_ local: Int, through window: Int64) {
    var state = states[local]
    let device = UInt32(range.lowerBound + local)
    let seed = simulation.scenario.seed
    let end = min((window + 1) << Self.windowBits, simulation.scenario.duration)
    while true {
      let burst = burstTime(state, device)
      let time = min(state.next, burst)
      if time >= end {
        schedule(UInt32(local), time)
        break
      }
      let isAlarm = burst <= state.next
      let own = state.event &- UInt32(state.burstsDone)
      let arrivals = simulation.plans[Int(state.fleet)].arrivals
      let sample = isAlarm ? time : arrivals.jittered(time, seed: seed, device: device, counter: own)
      send(&state, device, at: sample, kind: isAlarm ? .alarm : .report)
      state.event &+= 1
      if isAlarm {
        state.burstsDone += 1
      } else {
        state.next = arrivals.next(after: time, seed: seed, device: device, counter: own)
      }
    }
    states[local] = state
  }
}

extension Simulation {
  /// The time of a device's event in the `number`-th burst of its fleet, in the order of the bursts' starts.
  func burstTime(fleet: Int, device: UInt32, number: UInt8) -> Int64 {
    let index = fleetBursts[fleet][Int(number)]
    return scenario.bursts[index].time(seed: scenario.seed, device: device, index: UInt8(truncatingIfNeeded: index))
  }
}
