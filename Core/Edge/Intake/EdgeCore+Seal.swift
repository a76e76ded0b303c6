internal import Ledger
internal import Primitives

extension EdgeCore {
  /// Closes the open batch, and one of late readings where there are some; with `closing` a third one, whose high water is
  /// over all devices.
  ///
  /// The device states are then those that these batches tell. Costs a hash of each leaf, two of each pair of salts, one
  /// of each node and a signature.
  package func seal(now: Int64, closing: Bool = false) throws(EdgeError) -> [SealedBatch] {
    var sealed: [SealedBatch] = []
    if open.count > 0 || open.rejectCount > 0 { sealed.append(try close(.ordinary, now, [])) }
    if !late.isEmpty {
      let waiting = late
      late = []
      var outcomes: [(ticket: UInt64, outcome: IntakeOutcome)] = []
      for reading in waiting { outcomes.append((reading.ticket, placeLate(reading))) }
      sealed.append(try close(.late, now, outcomes))
    }
    if closing { sealed.append(try close(.closing, now, [])) }
    return sealed
  }

  private func placeLate(_ reading: LateReading) -> IntakeOutcome {
    opened = min(opened, reading.arrival)
    latestArrival = max(latestArrival, reading.arrival)
    return reading.message.withUnsafeBytes { message in
      let isSigned = message.first == 0xd2
      let form = MacForm(message)
      guard let payload = isSigned ? DeviceSignature.payload(reading.message) : form?.payload,
        scan.read(message, payload)
      else { return .rejected(.malformed) }
      let urn = String(decoding: message[scan.device], as: UTF8.self)
      guard let kid = form?.kid ?? directory?.device(named: urn)?.kid, let number = devices.find(kid) else {
        return reject(.unknownDevice, message, reading.arrival)
      }
      let epochs = devices.record(number).pointee.state.contains(.signsEpochs)
      return place(message, payload, number, isSigned ? .signed : epochs ? .macAndEpochs : .mac, reading.arrival)
    }
  }

  private func close(
    _ kind: BatchHeader.Kind, _ now: Int64, _ outcomes: [(ticket: UInt64, outcome: IntakeOutcome)]
  ) throws(EdgeError) -> SealedBatch {
    let leaves = UnsafeMutableBufferPointer(rebasing: row[..<open.count])
    open.hashLeaves(into: leaves)
    let root = BatchTree.root(leaves)
    let marks = kind == .closing ? allDevices : touched
    let begun = min(opened, now)
    let header = BatchHeader(
      gateway: gateway, number: open.number, previous: previousHeader, root: root, count: UInt64(open.count),
      earliest: earliestSample == .max ? 0 : UInt64(max(0, earliestSample)), latest: UInt64(max(0, latestSample)),
      opened: UInt64(max(0, begun)), closed: UInt64(max(0, begun, now, latestArrival)),
      highWaterRoot: highWaterRoot(marks), highWaterCount: UInt64(marks.count), kind: kind,
      rejectCount: open.rejectCount, rejectRoot: open.rejectRoot, quality: (0..<5).map { qualityCounts[$0] },
      rules: rules)
    let statement = try header.statement(key: key)
    let sealed = SealedBatch(header: header, statement: statement, body: open, late: outcomes)
    remember(open)
    previousHeader = header.digest
    begin(open.number + 1)
    return sealed
  }

  func remember(_ body: BatchBody) {
    recent.append(body)
    if recent.count > EdgeCore.recentBatches { recent.removeFirst() }
  }

  private var allDevices: [UInt32] {
    (0..<UInt32(devices.count)).filter { devices.record($0).pointee.state.contains(.heard) }
  }

  /// The marks of these devices in the order of their digests.
  func highWaterMarks(_ numbers: [UInt32]) -> [HighWater] {
    sorted(numbers).map { number in
      let device = devices.record(number).pointee
      return HighWater(device: device.digest, boot: device.boot, lastSeq: device.lastSeq, chain: device.chain)
    }
  }

  /// All devices' marks as a closing batch has them.
  var closingMarks: [HighWater] { highWaterMarks(allDevices) }

  private func sorted(_ numbers: [UInt32]) -> [UInt32] {
    // Sorted by the first eight bytes beside the numbers: comparing digests would fetch two records each time.
    var keys = numbers.map { (key: devices.record($0).pointee.digest.prefix64, number: $0) }
    keys.sort { a, b in
      a.key != b.key
        ? a.key < b.key : devices.record(a.number).pointee.digest < devices.record(b.number).pointee.digest
    }
    return keys.map(\.number)
  }

  private func highWaterRoot(_ numbers: [UInt32]) -> Digest {
    var leaves = [Digest](unsafeUninitializedCapacity: numbers.count) { row, filled in
      for number in sorted(numbers) {
        let device = devices.record(number)
        (row.baseAddress.map { $0 + filled })?.initialize(
          to: HighWater(
            device: device.pointee.digest, boot: device.pointee.boot, lastSeq: device.pointee.lastSeq,
            chain: device.pointee.chain
          ).leaf)
        filled += 1
      }
    }
    return leaves.withUnsafeMutableBufferPointer { BatchTree.root($0) }
  }
}

extension EdgeCore {
  /// Goes through a stored batch again, so that the devices are as they were when it was closed.
  ///
  /// Throws `damaged` unless the body has the root that the header signs.
  func replay(_ body: BatchBody, _ header: BatchHeader) throws(EdgeError) {
    guard body.count == Int(header.count), BatchTree.root(body.leaves) == header.root else {
      throw EdgeError(.damaged, "The stored body of batch \(header.number) does not have its header's root.")
    }
    for index in 0..<body.count {
      let row = RowID(batch: body.number, index: index)
      body.messages.withUnsafeBytes { all in
        replay(
          UnsafeRawBufferPointer(rebasing: all[body.range(index)]), body.kinds[index], row, body.arrivals[index])
      }
    }
    remember(body)
  }

  private func replay(_ message: UnsafeRawBufferPointer, _ kind: UInt8, _ row: RowID, _ arrival: Int64) {
    switch AssuranceTier(rawValue: kind) {
    case .mac, .macAndEpochs:
      guard let form = MacForm(message), scan.read(message, form.payload) else { return }
      replay(message, form.payload, form.kid, row, arrival)
    case .signed:
      guard let payload = DeviceSignature.payload(Array(message)), scan.read(message, payload),
        let kid = directory?.device(named: String(decoding: message[scan.device], as: UTF8.self))?.kid
      else { return }
      replay(message, payload, kid, row, arrival)
    case .epoch:
      let bytes = Array(message)
      guard let payload = DeviceSignature.payload(bytes), let epoch = try? DeviceEpoch(decoding: bytes[payload]),
        let kid = directory?.device(named: epoch.device)?.kid
      else { return }
      let device = devices.record(devices.insert(kid))
      EdgeCore.note(epoch, device)
      device.pointee.lastRow = row.raw
    case nil: return
    }
  }

  private func replay(
    _ message: UnsafeRawBufferPointer, _ payload: Range<Int>, _ kid: UInt64, _ row: RowID, _ arrival: Int64
  ) {
    let device = devices.record(devices.insert(kid))
    if !device.pointee.state.contains(.enrolled) {
      device.pointee.digest = Digest.sha256(UnsafeRawBufferPointer(rebasing: message[scan.device]))
    }
    note(message, payload, device, arrival)
    device.pointee.lastRow = row.raw
  }

  /// Goes on after this header.
  func resume(after header: BatchHeader) {
    previousHeader = header.digest
    begin(header.number + 1)
  }
}
