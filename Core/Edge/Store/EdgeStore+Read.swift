internal import GRDB
internal import Primitives

extension EdgeStore {
  /// The statement of a batch's header, or nil.
  package func statement(_ number: UInt64) throws(EdgeError) -> [UInt8]? {
    try read { db in
      let rows = try EdgeSQL(db, "SELECT statement FROM batch WHERE number = ?").bind(.number(number))
      defer { rows.reset() }
      return try rows.next() ? rows.bytes(0) : nil
    }
  }

  /// The number of the last batch, 0 for none.
  package func lastNumber() throws(EdgeError) -> UInt64 {
    try read { db in
      let rows = try EdgeSQL(db, "SELECT coalesce(max(number), 0) FROM batch").bind()
      defer { rows.reset() }
      return try rows.next() ? rows.number(0) : 0
    }
  }

  /// Statements that no anchor has taken yet, in order, at most `limit`.
  func unanchored(limit: Int) throws(EdgeError) -> [(number: UInt64, statement: [UInt8])] {
    try read { db in
      let rows = try EdgeSQL(
        db, "SELECT number, statement FROM batch WHERE anchored = 0 ORDER BY number LIMIT ?"
      ).bind(.number(UInt64(limit)))
      var found: [(UInt64, [UInt8])] = []
      while try rows.next() { found.append((rows.number(0), rows.bytes(1))) }
      return found
    }
  }

  /// The body of a batch, or nil where it was erased or never was.
  func body(_ header: BatchHeader) throws(EdgeError) -> BatchBody? {
    let bytes = try read { db -> [UInt8]? in
      let rows = try EdgeSQL(db, "SELECT bytes FROM body WHERE number = ?").bind(.number(header.number))
      defer { rows.reset() }
      return try rows.next() ? rows.bytes(0) : nil
    }
    guard let bytes else { return nil }
    return try BatchBody(number: header.number, decoding: bytes, rejectCount: header.rejectCount)
  }

  /// One row without the rest of its batch.
  func row(_ row: RowID) throws(EdgeError) -> StoredRow? {
    try read { db in
      guard let blob = try? EdgeBlob(db, row: row.batch) else { return nil }
      var head = ByteReader(try blob.bytes(at: 0, count: BatchBody.headBytes))
      guard head.u8() == BatchBody.version, let mode = head.u8(), let count = head.u32(), row.index < Int(count) else {
        return nil
      }
      let table = BatchBody.headBytes + (mode == 0 ? 32 : Int(count) * 16)
      let text = table + Int(count) * BatchBody.rowBytes
      let first = max(0, row.index - 1)
      var reader = ByteReader(
        try blob.bytes(
          at: table + first * BatchBody.rowBytes, count: (row.index - first + 1) * BatchBody.rowBytes))
      var start = 0
      if row.index > 0 {
        _ = reader.take(24)
        start = Int(reader.u32() ?? 0)
        _ = reader.u8()
      }
      guard let arrival = reader.u64(), let flags = reader.u64(), let previous = reader.u64(), let end = reader.u32(),
        let kind = reader.u8(), Int(end) >= start, Int(end) - start <= EdgeLimits.messageBytes
      else { return nil }
      return StoredRow(
        kind: kind, arrival: Int64(bitPattern: arrival), flags: flags, previous: previous & ~StoredRow.forwardBit,
        isForward: previous & StoredRow.forwardBit != 0,
        message: try blob.bytes(at: text + start, count: Int(end) - start))
    }
  }
}

// MARK: - Snapshots

extension EdgeStore {
  /// Devices to a row of the snapshot.
  private static let part = 4096

  /// Replaces the snapshot by one of the devices as they are after batch `number`.
  func saveSnapshot(_ devices: DeviceTable, after number: UInt64) throws(EdgeError) {
    try write { db in
      try db.execute(sql: "DELETE FROM snapshot")
      let insert = try EdgeSQL(db, "INSERT INTO snapshot VALUES (?, ?)")
      var start = 0
      var part: UInt64 = 1
      while start < devices.count {
        let end = min(start + EdgeStore.part, devices.count)
        try insert.bind(.number(part), .bytes(devices.snapshot(start..<end))).run()
        start = end
        part += 1
      }
      var value: [UInt8] = []
      value.append(u64: number)
      try EdgeSQL(db, "INSERT OR REPLACE INTO meta VALUES ('snapshot', ?)").bind(.bytes(value)).run()
    }
  }

  /// Fills `devices` from the snapshot and gives the number of the batch after which it was taken, 0 for none.
  func loadSnapshot(_ devices: DeviceTable) throws(EdgeError) -> UInt64 {
    let number = try read { db -> UInt64 in
      let rows = try EdgeSQL(db, "SELECT value FROM meta WHERE name = 'snapshot'").bind()
      defer { rows.reset() }
      guard try rows.next() else { return 0 }
      var reader = ByteReader(rows.bytes(0))
      guard let number = reader.u64(), reader.isAtEnd else {
        throw EdgeError(.damaged, "The snapshot's number in \(path) is damaged.")
      }
      return number
    }
    try read { db in
      let rows = try EdgeSQL(db, "SELECT bytes FROM snapshot ORDER BY part").bind()
      defer { rows.reset() }
      while try rows.next() { try devices.restore(rows.bytes(0)) }
    }
    return number
  }

  // MARK: - Erasing

  /// Puts another body in a batch's place.
  func replace(_ body: BatchBody) throws(EdgeError) {
    try write { db in
      try EdgeSQL(db, "UPDATE body SET bytes = ? WHERE number = ?").bind(
        .bytes(body.encoded()), .number(body.number)
      ).run()
    }
    try forget()
  }

  /// Takes a batch's body out.
  func eraseBody(_ number: UInt64) throws(EdgeError) {
    try write { db in try EdgeSQL(db, "DELETE FROM body WHERE number = ?").bind(.number(number)).run() }
    try forget()
  }

  /// What was overwritten stands in the write-ahead log until that is written back.
  private func forget() throws(EdgeError) {
    do {
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    } catch { throw EdgeStore.explain(error, path) }
  }
}

/// Opening: the devices and the open batch as they were after the last durable batch.
extension EdgeStore {
  /// Brings a new core to where the file stops; its sessions should have been enrolled.
  ///
  /// Costs a scan and three hashes a reading of the batches after the snapshot. Gives how many batches were gone through.
  @discardableResult
  package func recover(_ core: EdgeCore) throws(EdgeError) -> Int {
    let snapshot = try loadSnapshot(core.devices)
    let last = try lastNumber()
    core.history = { [self] row in (try? self.row(row)) ?? nil }
    guard last > 0 else { return 0 }
    var number = snapshot + 1
    while number <= last {
      guard let statement = try statement(number) else {
        throw EdgeError(.damaged, "Batch \(number) of \(last) is missing in \(path).")
      }
      let header = try BatchHeader.unchecked(statement: statement)
      if let body = try body(header) { try core.replay(body, header) }
      number += 1
    }
    guard let statement = try statement(last) else { return 0 }
    core.resume(after: try BatchHeader.unchecked(statement: statement))
    return Int(last - snapshot)
  }
}
