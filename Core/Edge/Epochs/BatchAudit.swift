internal import Primitives

/// What anyone can check who has a batch's body beside its header.
extension EdgeStore {
  /// The longest that an ordinary batch is open, with room for a slow machine, in microseconds.
  package static let longestBatchUs: Int64 = 5_000_000

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
    return (0..<body.count).filter {
      body.kinds[$0] != BatchBody.erased
        && (body.arrivals[$0] > closed || closed - body.arrivals[$0] > EdgeStore.longestBatchUs)
    }.map { RowID(batch: number, index: $0) }
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
  /// The quality flags of a batch's leaves.
  package func flags(_ number: UInt64) throws(EdgeError) -> [UInt64] {
    guard let statement = try statement(number),
      let body = try body(try BatchHeader.unchecked(statement: statement))
    else { throw EdgeError(.notFound, "There is no batch \(number).") }
    return body.flags
  }
}
