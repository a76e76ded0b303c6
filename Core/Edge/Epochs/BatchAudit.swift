internal import Primitives

/// What anyone can check who has a batch's body beside its header.
extension EdgeStore {
  /// How long a reading may wait to be taken in, with room for a slow machine, in microseconds.
  package static let longestWaitUs: Int64 = 5_000_000

  /// The leaves of a batch that claim to have arrived when it cannot have been open; throws `damaged` unless the body has
  /// the header's root.
  package func backdatedRows(_ number: UInt64) throws(EdgeError) -> [RowID] {
    guard let statement = try statement(number) else { throw EdgeError(.notFound, "There is no batch \(number).") }
    let header = try BatchHeader.unchecked(statement: statement)
    guard let body = try body(header) else { throw EdgeError(.notFound, "The body of batch \(number) was erased.") }
    guard BatchTree.root(body.leaves) == header.root else {
      throw EdgeError(.damaged, "The stored body of batch \(number) does not have its header's root.")
    }
    let closed = Int64(clamping: header.closed)
    let earliest = try opening(header) - EdgeStore.longestWaitUs
    return (0..<body.count).filter {
      body.kinds[$0] != BatchBody.erased
        && (body.arrivals[$0] > closed || body.arrivals[$0] < earliest)
    }.map { RowID(batch: number, index: $0) }
  }

  /// When a batch can have been opened first: when the one before it was closed, whatever its own header says.
  ///
  /// A late and a closing batch are closed together with the ordinary one before them. The first batch has none before it, and is
  /// taken to have been open as long as the second.
  private func opening(_ header: BatchHeader) throws(EdgeError) -> Int64 {
    var header = header
    while header.number > 1, let statement = try statement(header.number - 1) {
      let before = try BatchHeader.unchecked(statement: statement)
      if header.kind == .ordinary { return Int64(clamping: before.closed) }
      header = before
    }
    let closed = Int64(clamping: header.closed)
    // Of an only batch nobody can say.
    guard let statement = try statement(header.number + 1) else { return 0 }
    return min(closed, 2 * closed - Int64(clamping: try BatchHeader.unchecked(statement: statement).closed))
  }

  /// Calls `use` with each stored message of the batches in order, readings and epochs; erased ones are passed over.
  func eachMessage(_ use: (RowID, AssuranceTier, [UInt8]) throws -> Void) throws {
    for number in 1...max(1, try lastNumber()) {
      guard let statement = try statement(number),
        let body = try body(try BatchHeader.unchecked(statement: statement))
      else { continue }
      for index in 0..<body.count {
        guard let kind = AssuranceTier(rawValue: body.kinds[index]) else { continue }
        try use(RowID(batch: number, index: index), kind, body.message(index))
      }
    }
  }

  /// Calls `use` with each stored reading of the batches in order: its place, its parts and its payload.
  package func eachReading(_ use: (RowID, ReadingForm, [UInt8]) -> Void) throws(EdgeError) {
    do {
      try eachMessage { row, kind, message in
        guard kind != .epoch, let range = EdgeCore.payload(of: message, kind: kind.rawValue),
          let reading = ReadingForm(decoding: message[range])
        else { return }
        use(row, reading, Array(message[range]))
      }
    } catch { throw EdgeStore.explain(error, path) }
  }
}

extension EdgeStore {
  /// What stands at a place, with what proves it; nil where there is no such place or its content was erased.
  ///
  /// Reads the batch and hashes its leaves.
  package func leaf(_ row: RowID) throws(EdgeError) -> LeafPart? {
    guard let statement = try statement(row.batch),
      let body = try body(try BatchHeader.unchecked(statement: statement)),
      row.index < body.count, body.kinds[row.index] != BatchBody.erased
    else { return nil }
    return LeafPart.make(body, body.leaves, row.index)
  }

  /// The quality flags of a batch's leaves.
  package func flags(_ number: UInt64) throws(EdgeError) -> [UInt64] {
    guard let statement = try statement(number),
      let body = try body(try BatchHeader.unchecked(statement: statement))
    else { throw EdgeError(.notFound, "There is no batch \(number).") }
    return body.flags
  }
}
