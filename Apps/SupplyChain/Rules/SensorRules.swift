internal import COSE
internal import Ledger
internal import Primitives

/// Sensors on pledged goods: authentic readings, thresholds with dwell and hysteresis, and the exceptions they open.
extension SupplyChainContract {
  func register(_ registration: DeviceRegistration, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(actor.has([.warehouseKeeper, .carrier, .deviceOwner]), .roleMissing)
    try require(state[Family.devices.key(.sha256(registration.device))] == nil, .deviceKnown)
    _ = try goods(registration.goods, &state)
    do { _ = try PublicKey(coseKey: registration.key) } catch {
      throw Refusal("document-malformed", "The device's key cannot be read: \(error).")
    }
    state.put(
      Family.devices.key(.sha256(registration.device)),
      Device {
        ($0.registration, $0.owner) = (registration, actor.party)
        ($0.registeredAt, $0.lastSeen) = (actor.time, actor.time)
      })
    state.mark(Family.goodsDevices.key(registration.goods, .sha256(registration.device)))
  }

  func take(_ reading: SensorReading, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var device = try device(reading.device, &state)
    guard let key = try? PublicKey(coseKey: device.registration.key) else { throw Guard.deviceUnknown.refusal }
    try require(key.isValidSignature(reading.signature[...], for: reading.signedBytes), .readingForged)
    try require(reading.counter > device.counter, .readingReplayed)
    try require(
      reading.time <= actor.time + Limits.clockSkewMs && reading.time >= device.registeredAt, .readingTime)
    device.counter = reading.counter
    device.lastSeen = max(device.lastSeen, reading.time)
    let place = Family.sensors.key(.sha256(reading.device), .sha256(reading.reading))
    var sensor: SensorState = try state.record(place) ?? SensorState()
    (sensor.value, sensor.time) = (reading.value, reading.time)
    let policy = try policy(&state)
    if let rule = policy.sensors.first(where: { $0.reading == reading.reading }) {
      let isBreach = rule.isBreach(reading, first: sensor.first, sensor.history)
      sensor.first = sensor.first ?? reading.value
      sensor.history = (sensor.history << 1 | (isBreach ? 1 : 0)) & rule.mask
      sensor.since = isBreach ? (sensor.since == 0 ? reading.time : sensor.since) : 0
      let dwell = sensor.since == 0 ? 0 : reading.time - min(sensor.since, reading.time)
      if sensor.exception == 0, sensor.history.nonzeroBitCount >= rule.breaches, dwell >= rule.dwellMinutes * 60_000 {
        sensor.exception = actor.index
        open(
          ExceptionRecord {
            ($0.goods, $0.device, $0.reading) = (device.registration.goods, reading.device, reading.reading)
            ($0.value, $0.openedAt, $0.changedAt) = (reading.value, actor.time, actor.time)
            ($0.haircut, $0.blocks) = (rule.haircut, rule.blocks)
          }, actor, &state)
      } else if rule.disagreement > 0 {
        try compare(reading, device, rule, policy, actor, &state)
      }
    }
    state.put(place, sensor)
    state.put(Family.devices.key(.sha256(reading.device)), device)
  }

  /// What is behind a kind of reading in an exception of two devices that differ.
  static let differs = "/differs"

  /// Opens an exception where another device on the same goods says something else at about the same time: one of them is
  /// wrong, and which is not known, so the goods count as if their device were silent.
  private func compare(
    _ reading: SensorReading, _ device: Device, _ rule: SensorRule, _ policy: Policy, _ actor: Actor,
    _ state: inout State
  ) throws(Refusal) {
    let own = Digest.sha256(reading.device)
    let kind = reading.reading + Self.differs
    let place = Family.sensors.key(own, .sha256(kind))
    var known: SensorState = try state.record(place) ?? SensorState()
    guard known.exception == 0 else { return }
    for (key, _) in state.list(Family.goodsDevices.prefix(device.registration.goods)) {
      guard let other = Digest(key.bytes.suffix(Digest.byteCount)), other != own,
        let last: SensorState = try state.record(Family.sensors.key(other, .sha256(reading.reading))), last.time > 0
      else { continue }
      let apart = max(reading.time, last.time) - min(reading.time, last.time)
      let distance = (Int128(reading.value) - Int128(last.value)).magnitude
      guard apart <= rule.togetherMinutes * 60_000, distance > rule.disagreement.magnitude else { continue }
      known.exception = actor.index
      state.put(place, known)
      open(
        ExceptionRecord {
          ($0.goods, $0.device, $0.reading) = (device.registration.goods, reading.device, kind)
          ($0.value, $0.openedAt, $0.changedAt) = (reading.value, actor.time, actor.time)
          ($0.haircut, $0.blocks) = (policy.silenceHaircut, rule.blocks)
        }, actor, &state)
      return
    }
  }

  private func open(_ exception: ExceptionRecord, _ actor: Actor, _ state: inout State) {
    state.put(Family.exceptions.key(order: actor.index), exception)
    state.mark(Family.openExceptions.key(exception.goods, order: actor.index))
  }

  /// Acknowledged, escalated, resolved with a reason; never deleted.
  func act(_ action: ExceptionAction, _ actor: Actor, _ state: inout State) throws(Refusal) {
    if action.step == .reportSilence { return try reportSilence(action.device, actor, &state) }
    let place = Family.exceptions.key(order: action.exception)
    guard var exception: ExceptionRecord = try state.record(place) else { throw Guard.exceptionUnknown.refusal }
    let goods = try goods(exception.goods, &state)
    let facility: Facility? = if let id = goods.facility { try facility(id, &state) } else { nil }
    let lender = facility?.proposal.financier
    switch action.step {
    case .acknowledge:
      try require([goods.keeper, goods.receipt.owner, lender].contains(actor.party), .notAParty)
      try require(exception.status == .open, .exceptionStep)
      exception.status = .acknowledged
    case .escalate:
      try require([goods.keeper, lender].contains(actor.party), .notAParty)
      try require([.open, .acknowledged].contains(exception.status), .exceptionStep)
      exception.status = .escalated
    default:
      try require(actor.party == lender ?? goods.keeper, .notAParty)
      try require([.acknowledged, .escalated].contains(exception.status), .exceptionStep)
      try require(!action.reason.isEmpty, .exceptionReason)
      (exception.status, exception.reason) = (.resolved, action.reason)
      state.set(Family.openExceptions.key(exception.goods, order: action.exception), nil)
      try clear(action.exception, exception, &state)
    }
    (exception.changedAt, exception.changedBy) = (actor.time, actor.party)
    state.put(place, exception)
  }

  private func reportSilence(_ name: String, _ actor: Actor, _ state: inout State) throws(Refusal) {
    var device = try device(name, &state)
    let policy = try policy(&state)
    let silence = UInt64(policy.silenceMinutes) * 60_000
    try require(
      silence > 0 && actor.time > device.lastSeen + silence && device.silence == 0, .notSilent)
    device.silence = actor.index
    open(
      ExceptionRecord {
        ($0.goods, $0.device, $0.reading) = (device.registration.goods, name, "silence")
        ($0.openedAt, $0.changedAt, $0.haircut) = (actor.time, actor.time, policy.silenceHaircut)
      }, actor, &state)
    state.put(Family.devices.key(.sha256(name)), device)
  }

  /// The next breach opens a new exception.
  private func clear(_ entry: UInt64, _ exception: ExceptionRecord, _ state: inout State) throws(Refusal) {
    if exception.reading == "silence" {
      var device = try device(exception.device, &state)
      device.silence = 0
      state.put(Family.devices.key(.sha256(exception.device)), device)
    } else {
      let place = Family.sensors.key(.sha256(exception.device), .sha256(exception.reading))
      guard var sensor: SensorState = try state.record(place), sensor.exception == entry else { return }
      (sensor.exception, sensor.history, sensor.since) = (0, 0, 0)
      state.put(place, sensor)
    }
  }

  /// The exceptions of goods that are not resolved.
  func openExceptions(of goods: Digest, _ state: inout State) throws(Refusal) -> [ExceptionRecord] {
    var found: [ExceptionRecord] = []
    for (key, _) in state.list(Family.openExceptions.prefix(goods)) {
      if let exception: ExceptionRecord = try state.record(Family.exceptions.key(order: key.order)) {
        found.append(exception)
      }
    }
    return found
  }

  private func device(_ name: String, _ state: inout State) throws(Refusal) -> Device {
    guard let device: Device = try state.record(Family.devices.key(.sha256(name))) else {
      throw Guard.deviceUnknown.refusal
    }
    return device
  }
}

extension SensorRule {
  /// The bits of the window.
  var mask: UInt64 { (1 << window) - 1 }

  /// Outside the limits; or, after a breach, not yet back inside them by the hysteresis.
  func isBreach(_ reading: SensorReading, first: Int64?, _ history: UInt64) -> Bool {
    let margin = history & 1 == 1 ? hysteresis : 0
    switch shape {
    case .limits:
      // Limits that are open on one side stay open: nothing is added to the ends of the range.
      return (low != .min && reading.value < low + min(margin, .max / 4))
        || (high != .max && reading.value > high - min(margin, .max / 4))
    case .loss:
      guard let first, first > 0 else { return false }
      let lost = (Int128(first) - Int128(reading.value)) * 1_000_000 / Int128(first)
      return lost > Int128(high) - Int128(margin)
    case .fence:
      let limit = max(0, Int128(high) - Int128(margin))
      return squareMetres(reading) > limit * limit
    }
  }

  /// The square of the distance to the middle of the fence, in square metres, by whole numbers alone.
  ///
  /// On a plane that touches the globe at the middle: a degree has 111,195 metres, and along a parallel so much less as
  /// the cosine says. Within 50 km of the middle the error stays under one in a hundred below 60 degrees of latitude.
  func squareMetres(_ reading: SensorReading) -> Int128 {
    let north = (Int128(reading.value) - Int128(latitude)) * 111_195 / 1_000_000
    var degrees = Int128(reading.second) - Int128(longitude)
    if degrees > 180_000_000 { degrees -= 360_000_000 }
    if degrees < -180_000_000 { degrees += 360_000_000 }
    let east = degrees * 111_195 / 1_000_000 * Int128(cosine) / 1_000_000
    return north * north + east * east
  }
}
