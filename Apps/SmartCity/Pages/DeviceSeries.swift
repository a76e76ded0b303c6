import Edge
import Ledger
import LedgerServer
import Primitives

/// A device's readings as its gateway has them, checked against the headers that the ledger has.
struct DeviceSeries: Sendable {
  let gateway: String
  let boot: UInt32
  let question: ReadingQuestion
  let batches: [UInt64]
  let series: SeriesProof
  let finding: SeriesProof.Finding

  /// A reading with its place at the gateway.
  struct Row {
    let place: RowID
    let reading: ReadingForm
    let leaf: LeafPart
  }

  /// The readings, rising.
  var rows: [Row] {
    series.rows.compactMap { row in
      guard let reading = row.leaf.reading, batches.indices.contains(row.header),
        (1..<1 << 43).contains(batches[row.header]), row.leaf.index < 1 << 20
      else { return nil }
      return Row(place: RowID(batch: batches[row.header], index: Int(row.leaf.index)), reading: reading, leaf: row.leaf)
    }
  }
}

extension LeafPart {
  /// The flag of the record at a place.
  func flag(_ record: Int) -> QualityFlag? {
    guard (0..<8).contains(record) else { return nil }
    return QualityFlag(rawValue: UInt8(truncatingIfNeeded: flags >> UInt64(56 - 8 * record)))
  }
}

extension CityServer {
  /// Which readings of a device are asked for.
  struct SeriesWish {
    var gateway: String?
    var boot: UInt32?
    var from: ReadingAnswer.Bound?
    var to: ReadingAnswer.Bound?
    /// How many of the newest are taken where `from` is not given; all where nil.
    var newest: UInt64?
  }

  /// Numbers that one answer over HTTP spans.
  static let seriesLimit: UInt64 = 20_000

  /// The readings of a device; nil where no gateway here has any.
  func series(_ urn: String, _ wish: SeriesWish) async throws -> DeviceSeries? {
    guard let shelf else { return nil }
    let candidates = try await shelf.candidates(urn).filter { wish.gateway == nil || wish.gateway == $0.gateway }
    let head = server.node.head
    for (name, session) in candidates {
      let anchored = try head.value(EdgeRules.batchHeads.key(.sha256(name))).map { try BatchHead(decoding: $0).number }
      let gateway = try await shelf.gateway(name, batches: anchored ?? 0)
      guard let row = try? await gateway.rows(kid: session.kid, limit: 1).first,
        let newest = try await gateway.proof(row).leaf.reading
      else { continue }
      let first = wish.newest.map { newest.seq >= $0 ? newest.seq - $0 + 1 : 0 } ?? 0
      let found = try await ReadingAnswer.series(
        gateway, session, boot: wish.boot ?? newest.boot, from: wish.from ?? .number(first), to: wish.to,
        limit: Self.seriesLimit)
      let headers = try found.batches.map { number -> BatchHeader in
        guard let value = try head.value(EdgeRules.batches.key(.sha256(name), order: number)) else {
          throw LedgerError(.notFound, "The ledger has no batch \(number) of '\(name)'.")
        }
        return try BatchHeader(decoding: BatchEntry(decoding: value).header[...])
      }
      return DeviceSeries(
        gateway: name, boot: found.series.boot, question: found.question, batches: found.batches, series: found.series,
        finding: try found.series.verify(headers: headers))
    }
    return nil
  }
}
