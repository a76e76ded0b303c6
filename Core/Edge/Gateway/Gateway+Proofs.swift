internal import COSE
internal import Primitives

extension Gateway {
  /// The signed header of a batch; throws `notFound`.
  public func statement(_ batch: UInt64) throws(EdgeError) -> [UInt8] {
    guard let statement = try store.statement(batch) else {
      throw EdgeError(.notFound, "There is no durable batch \(batch).")
    }
    return statement
  }

  /// The proof of one reading; reads its batch, hashes its leaves. Throws `notFound` where there is none or it was erased.
  public func proof(_ row: RowID) throws(EdgeError) -> ReadingProof {
    let (statement, body) = try load(row.batch)
    guard row.index < body.count, body.kinds[row.index] != BatchBody.erased else {
      throw EdgeError(.notFound, "There is no reading \(row), or it was erased.")
    }
    return ReadingProof(statement: statement, leaf: LeafPart.make(body, body.leaves, row.index))
  }

  private func load(_ number: UInt64) throws(EdgeError) -> ([UInt8], BatchBody) {
    let statement = try statement(number)
    guard let body = try store.body(try BatchHeader.unchecked(statement: statement)) else {
      throw EdgeError(.notFound, "The body of batch \(number) was erased.")
    }
    return (statement, body)
  }

  /// The rows of a device's readings, the newest first, as far as the disk has them; at most `limit`.
  public func rows(kid: UInt64, limit: Int) throws(EdgeError) -> [RowID] {
    guard let number = core.devices.find(kid) else { throw EdgeError(.notFound, "There is no session \(kid).") }
    var rows: [RowID] = []
    var raw = core.devices.record(number).pointee.lastRow
    while raw != 0, rows.count < limit {
      let row = RowID(raw: raw)
      guard let stored = row.batch > durable ? core.fetch(row) : try store.row(row) else { break }
      if row.batch <= durable, stored.kind != AssuranceTier.epoch.rawValue { rows.append(row) }
      raw = stored.previous
    }
    return rows
  }

  /// The numbers of a device's durable readings within a boot, rising, each with its sample time; walks the device's rows.
  public func numbers(_ session: DeviceSession, boot: UInt32) throws(EdgeError) -> [(number: UInt64, timeUs: Int64)] {
    guard let number = core.devices.find(session.kid) else {
      throw EdgeError(.notFound, "There is no session \(session.kid).")
    }
    var found: [(number: UInt64, timeUs: Int64)] = []
    var raw = core.devices.record(number).pointee.lastRow
    while raw != 0 {
      let row = RowID(raw: raw)
      guard let stored = row.batch > durable ? core.fetch(row) : try store.row(row) else { break }
      if row.batch <= durable, let reading = reading(stored), reading.boot == boot {
        found.append((reading.seq, reading.timeUs))
      }
      raw = stored.previous
    }
    return found.sorted { $0.number < $1.number }
  }

  /// The proof of a device's readings within a boot from one number to another.
  ///
  /// - Parameters:
  ///   - numbers: the last is cut to the last number heard.
  ///   - closing: the number of a closing batch that shows the end; must be the last batch of all.
  ///
  /// Walks the device's own rows back to the first number; reads each batch that has one of them once.
  public func series(
    _ session: DeviceSession, boot: UInt32, numbers: ClosedRange<UInt64>, closing: UInt64? = nil
  ) throws(EdgeError) -> SeriesProof {
    guard numbers.upperBound - numbers.lowerBound < SeriesProof.maximumNumbers else {
      throw EdgeError(.limit, "A series spans at most \(SeriesProof.maximumNumbers) numbers.")
    }
    var (found, erased) = try readings(session.kid, boot, numbers)
    let wanted = Set(found.values.map(\.batch)).union(closing.map { [$0] } ?? []).sorted()
    var statements: [[UInt8]] = []
    var leaves: [UInt64: LeafPart] = [:]
    var places: [UInt64: Int] = [:]
    for (place, batch) in wanted.enumerated() {
      let (statement, body) = try load(batch)
      statements.append(statement)
      let hashes = body.leaves
      for (seq, row) in found where row.batch == batch {
        leaves[seq] = LeafPart.make(body, hashes, row.index)
        places[seq] = place
      }
    }
    found = [:]
    var (rows, gaps): ([SeriesProof.Row], [SeriesProof.Gap]) = ([], [])
    var next = numbers.lowerBound
    for seq in leaves.keys.sorted() {
      if seq > next {
        gaps.append(SeriesProof.Gap(numbers: next...seq - 1, cause: erased.contains(seq) ? .erased : .notReceived))
      }
      if let leaf = leaves[seq], let place = places[seq] { rows.append(SeriesProof.Row(header: place, leaf: leaf)) }
      next = seq + 1
    }
    if next <= numbers.upperBound {
      gaps.append(
        SeriesProof.Gap(
          numbers: next...numbers.upperBound, cause: erased.contains(.max) ? .erased : .notReceived))
    }
    return SeriesProof(
      device: session.device, boot: boot, numbers: numbers, statements: statements, rows: rows, gaps: gaps,
      end: try closing.map { (batch) throws(EdgeError) in try end(session, batch, wanted) })
  }

  /// The rows of these numbers; and the numbers right after which, going back, content was erased: the device's next row
  /// has none, or its batch's body is gone. `UInt64.max` stands for the end.
  private func readings(
    _ kid: UInt64, _ boot: UInt32, _ numbers: ClosedRange<UInt64>
  ) throws(EdgeError) -> (found: [UInt64: RowID], erased: Set<UInt64>) {
    guard let number = core.devices.find(kid) else { throw EdgeError(.notFound, "There is no session \(kid).") }
    var found: [UInt64: RowID] = [:]
    var erased: Set<UInt64> = []
    var after = UInt64.max
    var raw = core.devices.record(number).pointee.lastRow
    while raw != 0, UInt64(found.count) < UInt64(numbers.count) {
      let row = RowID(raw: raw)
      guard let stored = row.batch > durable ? core.fetch(row) : try store.row(row) else {
        // What stood before in this device's row of readings cannot be found any more.
        erased.insert(after)
        break
      }
      if stored.kind == BatchBody.erased { erased.insert(after) }
      if let reading = reading(stored) {
        if reading.boot == boot, numbers.contains(reading.seq) { after = min(after, reading.seq) }
        if reading.boot == boot, numbers.contains(reading.seq), row.batch <= durable { found[reading.seq] = row }
        // Late readings stand a little out of order, and never by more than this.
        if reading.boot < boot || reading.boot == boot && reading.seq + 4096 < numbers.lowerBound { break }
      }
      raw = stored.previous
    }
    return (found, erased)
  }

  private func reading(_ stored: StoredRow) -> ReadingForm? {
    guard stored.kind != AssuranceTier.epoch.rawValue,
      let range = EdgeCore.payload(of: stored.message, kind: stored.kind)
    else { return nil }
    return ReadingForm(decoding: stored.message[range])
  }

  private func end(
    _ session: DeviceSession, _ batch: UInt64, _ wanted: [UInt64]
  ) throws(EdgeError) -> SeriesProof.End {
    let marks = core.closingMarks
    let leaves = marks.map(\.leaf)
    let header = try BatchHeader.unchecked(statement: try statement(batch))
    guard header.kind == .closing, BatchTree.root(leaves) == header.highWaterRoot,
      let index = marks.firstIndex(where: { $0.device == session.digest }),
      let place = wanted.firstIndex(of: batch)
    else { throw EdgeError(.notFound, "Batch \(batch) is no closing batch, or readings came after it.") }
    return SeriesProof.End(
      header: place, mark: marks[index], index: UInt64(index), path: BatchTree.path(leaves, index: index))
  }

  // MARK: - Erasing

  /// Takes one reading's content out; its leaf's hash stays, and so does every other proof.
  ///
  /// Waits until everything is durable first, and keeps a snapshot of the devices where the batch would be needed to
  /// recover them.
  public func redact(_ row: RowID) async throws {
    while core.hasContent || !isSettled { try await flush() }
    try redactNow(row)
  }

  @inline(never)
  private func redactNow(_ row: RowID) throws(EdgeError) {
    try snapshotForErasing()
    var (_, body) = try load(row.batch)
    guard row.index < body.count else { throw EdgeError(.notFound, "There is no reading \(row).") }
    body.erase(row.index)
    try store.replace(body)
  }

  /// Takes a batch's body out; its header and the proofs of all other batches stay.
  public func erase(batch number: UInt64) async throws {
    while core.hasContent || !isSettled { try await flush() }
    try eraseNow(number)
  }

  @inline(never)
  private func eraseNow(_ number: UInt64) throws(EdgeError) {
    try snapshotForErasing()
    _ = try statement(number)
    try store.eraseBody(number)
  }

  @inline(never)
  private func snapshotForErasing() throws(EdgeError) {
    try store.saveSnapshot(core.devices, after: durable)
    core.recent = []
  }
}
