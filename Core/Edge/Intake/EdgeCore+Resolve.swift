internal import Primitives

/// Numbers that have been used, or may have been: rare, so what it takes is looked up.
extension EdgeCore {
  private enum Found {
    case row(RowID, StoredRow)
    case absent
    case unknown
  }

  /// What becomes of a reading whose number is not plainly new; nil where it is new after all.
  @inline(never)
  func resolve(
    _ message: UnsafeRawBufferPointer, _ payload: Range<Int>, _ device: UnsafeMutablePointer<DeviceRecord>,
    _ place: DeviceRecord.Place, _ arrival: Int64
  ) -> IntakeOutcome? {
    let kid = device.pointee.kid
    switch lookUp(device, boot: scan.boot, seq: scan.seq) {
    case .row(let row, let stored):
      if isSame(stored, message[payload]) {
        counters.duplicates += 1
        if arrival - stored.arrival > limits.replayAfterUs {
          report(.replay, kid: kid, number: scan.seq, arrival, message, stored.message)
        }
        return .duplicate(row)
      }
      let kind: Incident.Kind = scan.timeUs > device.pointee.lastTime ? .rollback : .clone
      return reject(
        .reusedNumber, message, arrival, incident: kind, kid: kid, number: scan.seq, other: stored.message)
    case .absent:
      switch place {
      case .oldBoot:
        return reject(.rolledBack, message, arrival, incident: .rollback, kid: kid, number: scan.seq)
      case .seen: return reject(.unresolved, message, arrival)
      case .beyondWindow, .fresh: return nil
      }
    case .unknown: return reject(.unresolved, message, arrival)
    }
  }

  private func isSame(_ stored: StoredRow, _ payload: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard let range = EdgeCore.payload(of: stored.message, kind: stored.kind) else { return false }
    return stored.message[range].elementsEqual(payload)
  }

  /// Where the payload stands in a stored message.
  static func payload(of message: [UInt8], kind: UInt8) -> Range<Int>? {
    switch AssuranceTier(rawValue: kind) {
    case .mac, .macAndEpochs: message.withUnsafeBytes { MacForm($0)?.payload }
    case .signed, .epoch: DeviceSignature.payload(message)
    case nil: nil
    }
  }

  /// Walks back through the device's rows.
  ///
  /// A row that was its device's newest by number when it came, and whose number is smaller, ends the walk: the number
  /// looked for cannot have been taken before it. So the walk is about as long as the reading is behind.
  private func lookUp(_ device: UnsafeMutablePointer<DeviceRecord>, boot: UInt32, seq: UInt64) -> Found {
    var row = device.pointee.lastRow
    var isWhole = true
    var own = ReadingScan()
    for _ in 0..<limits.historyRows {
      if row == 0 { return isWhole ? .absent : .unknown }
      guard let stored = fetch(RowID(raw: row)) else { return .unknown }
      if stored.kind == BatchBody.erased { isWhole = false }
      if stored.kind != AssuranceTier.epoch.rawValue,
        let payload = EdgeCore.payload(of: stored.message, kind: stored.kind),
        stored.message.withUnsafeBytes({ own.read($0, payload) }), own.boot == boot, own.seq == seq
      {
        return .row(RowID(raw: row), stored)
      }
      if isWhole, stored.isForward, stored.kind != AssuranceTier.epoch.rawValue,
        own.boot < boot || own.boot == boot && own.seq < seq
      {
        return .absent
      }
      row = stored.previous
    }
    return .unknown
  }

  /// A row of the open batch, of a recent one, or of the store as often as the limit lets.
  func fetch(_ row: RowID) -> StoredRow? {
    if row.batch == open.number { return EdgeCore.row(open, row.index) }
    if let body = recent.last(where: { $0.number == row.batch }) { return EdgeCore.row(body, row.index) }
    lookups += 1
    return lookups <= limits.historyLookups ? history(row) : nil
  }

  static func row(_ body: BatchBody, _ index: Int) -> StoredRow? {
    guard index < body.count else { return nil }
    return StoredRow(
      kind: body.kinds[index], arrival: body.arrivals[index], flags: body.flags[index],
      previous: body.previous[index] & ~StoredRow.forwardBit,
      isForward: body.previous[index] & StoredRow.forwardBit != 0, message: body.message(index))
  }
}
