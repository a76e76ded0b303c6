internal import Primitives

extension EdgeCore {
  /// Takes in one message: authenticates, places, flags, chains and appends it. No allocation of its own.
  ///
  /// The caller has seen to it that the core is not full.
  package func accept(_ message: UnsafeRawBufferPointer, arrival: Int64) -> IntakeOutcome {
    opened = min(opened, arrival)
    latestArrival = max(latestArrival, arrival)
    guard let form = MacForm(message) else { return acceptSigned(message, arrival) }
    guard let number = devices.find(form.kid) else {
      return reject(.unknownDevice, message, arrival, incident: .sybil, kid: form.kid)
    }
    let device = devices.record(number)
    guard device.pointee.state.contains(.enrolled) else {
      return reject(.unknownDevice, message, arrival, incident: .sybil, kid: form.kid)
    }
    guard SessionKey.isAuthentic(message, form, device.pointee.key, scratch: scratch) else {
      return reject(.notAuthentic, message, arrival, incident: .forgery, kid: form.kid)
    }
    if let cause = validity(device, arrival) {
      return reject(cause, message, arrival, incident: .revokedKey, kid: form.kid)
    }
    guard scan.read(message, form.payload) else { return reject(.notCanonical, message, arrival) }
    let tier: AssuranceTier = device.pointee.state.contains(.signsEpochs) ? .macAndEpochs : .mac
    return judge(message, form.payload, number, tier, arrival)
  }

  @inline(__always)
  func validity(_ device: UnsafeMutablePointer<DeviceRecord>, _ arrival: Int64) -> RejectCause? {
    if device.pointee.state.contains(.revoked) { return .revoked }
    let second = arrival / 1_000_000
    if second < Int64(device.pointee.validFrom) { return .notYetValid }
    return second > Int64(device.pointee.validTo) ? .expired : nil
  }

  /// An authentic reading that `scan` holds: whose name, which time, which number.
  @inline(__always)
  func judge(
    _ message: UnsafeRawBufferPointer, _ payload: Range<Int>, _ number: UInt32, _ tier: AssuranceTier, _ arrival: Int64
  ) -> IntakeOutcome {
    let device = devices.record(number)
    guard DeviceTable.mark(UnsafeRawBufferPointer(rebasing: message[scan.device])) == device.pointee.nameMark else {
      return reject(.otherDevice, message, arrival, incident: .impersonation, kid: device.pointee.kid)
    }
    let age = arrival - scan.timeUs
    if age > limits.latenessUs {
      guard age <= limits.oldestUs else { return reject(.tooOld, message, arrival) }
      lateTicket += 1
      counters.late += 1
      late.append(LateReading(message: Array(message), arrival: arrival, ticket: lateTicket))
      return .late
    }
    guard age >= -limits.aheadUs else {
      return reject(.ahead, message, arrival, incident: .clock, kid: device.pointee.kid)
    }
    return place(message, payload, number, tier, arrival)
  }

  /// Gives a reading its row unless its number speaks against it.
  @inline(__always)
  func place(
    _ message: UnsafeRawBufferPointer, _ payload: Range<Int>, _ number: UInt32, _ tier: AssuranceTier, _ arrival: Int64
  ) -> IntakeOutcome {
    let device = devices.record(number)
    let place = device.pointee.place(boot: scan.boot, seq: scan.seq)
    if place != .fresh, let outcome = resolve(message, payload, device, place, arrival) { return outcome }
    let newest = isNewest(device)
    let flags = note(message, payload, device, arrival)
    count(flags)
    earliestSample = min(earliestSample, scan.timeUs)
    latestSample = max(latestSample, scan.timeUs)
    counters.accepted += 1
    return .accepted(append(message, number, tier, arrival, flags, isForward: newest))
  }

  /// Whether the reading in `scan` is its device's newest by number.
  @inline(__always)
  private func isNewest(_ device: UnsafeMutablePointer<DeviceRecord>) -> Bool {
    !device.pointee.state.contains(.heard) || scan.boot > device.pointee.boot
      || scan.boot == device.pointee.boot && scan.seq > device.pointee.lastSeq
  }

  /// What a reading changes about its device: flags, window, chain; the same when it is read again from a stored body.
  @inline(__always)
  @discardableResult
  func note(
    _ message: UnsafeRawBufferPointer, _ payload: Range<Int>, _ device: UnsafeMutablePointer<DeviceRecord>,
    _ arrival: Int64
  ) -> UInt64 {
    let flags = quality.flags(
      device, scan, message, devices.signals, arrival: arrival, isForward: isNewest(device))
    let scratch = scratch
    device.pointee.take(boot: scan.boot, seq: scan.seq) { before in
      scratch.storeBytes(of: 2, as: UInt8.self)
      before.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: scratch[1..<33]).copyMemory(from: $0) }
      UnsafeMutableRawBufferPointer(rebasing: scratch[33...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: message[payload]))
      return Digest.sha256(UnsafeRawBufferPointer(rebasing: scratch[..<(33 + payload.count)]))
    }
    device.pointee.lastTime = max(device.pointee.lastTime, scan.timeUs)
    return flags
  }

  @inline(__always)
  func append(
    _ message: UnsafeRawBufferPointer, _ number: UInt32, _ tier: AssuranceTier, _ arrival: Int64, _ flags: UInt64,
    isForward: Bool = false
  ) -> RowID {
    let device = devices.record(number)
    let row = RowID(batch: open.number, index: open.count)
    let previous = device.pointee.lastRow
    if previous >> 20 != open.number { touched.append(number) }
    device.pointee.lastRow = row.raw
    open.append(
      message, arrival: arrival, kind: tier.rawValue, flags: flags,
      previous: isForward ? previous | StoredRow.forwardBit : previous)
    return row
  }

  @inline(__always)
  private func count(_ flags: UInt64) {
    var rest = flags
    while rest != 0 {
      switch rest >> 56 {
      case 1: qualityCounts[0] += 1
      case 2: qualityCounts[1] += 1
      case 3: qualityCounts[2] += 1
      case 4: qualityCounts[3] += 1
      default: qualityCounts[4] += 1
      }
      rest <<= 8
    }
  }

  /// Counts a refused message, keeps its record, and reports an incident where one is named.
  @inline(never)
  func reject(
    _ cause: RejectCause, _ message: UnsafeRawBufferPointer, _ arrival: Int64, incident: Incident.Kind? = nil,
    kid: UInt64 = 0, number: UInt64 = 0, other: [UInt8]? = nil
  ) -> IntakeOutcome {
    counters.rejected[Int(cause.rawValue)] += 1
    open.reject(cause, arrival: arrival, message: message)
    if let incident { report(incident, kid: kid, number: number, arrival, message, other) }
    return .rejected(cause)
  }

  func report(
    _ kind: Incident.Kind, kid: UInt64, number: UInt64, _ arrival: Int64, _ message: UnsafeRawBufferPointer,
    _ other: [UInt8]?
  ) {
    let evidence = [Array(message.prefix(EdgeLimits.messageBytes))] + (other.map { [$0] } ?? [])
    incidents.report(
      Incident(kind: kind, gateway: gateway, kid: kid, number: number, timeUs: arrival, evidence: evidence))
  }
}
