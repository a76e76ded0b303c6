import GRDB
import Merkle
import Primitives

/// The folded state table of a store against the recomputed map, row by row in the order of their keys.
enum StateComparison {
  /// - Parameter map: the map as of `height`, up to which the table goes.
  static func run(_ db: Database, map: PatriciaMap, height: UInt64) throws -> [AuditReport.Fault] {
    var faults = try rows(db, map)
    if !faults.isEmpty, try fits(db, besides: height) {
      return [StoredMeta.fault(Store.foldHeightName, "The state table is that of another height.")]
    }
    if try Store.meta(db, Store.subtreesName) != SubtreeList.encode(map.summarize(maxLeaves: Store.subtreeLeaves)) {
      faults.append(StoredMeta.fault(Store.subtreesName, "It is not the list of the state's subtrees."))
    }
    return faults
  }

  /// Whether the table as it stands is the state of a block other than `height`'s; asked only when it is not that one's.
  private static func fits(_ db: Database, besides height: UInt64) throws -> Bool {
    var map = PatriciaMap()
    var changes: [(key: [UInt8], value: Digest?)] = []
    let rows = try SQL(db, "SELECT key, blind, value FROM state ORDER BY key").bind()
    while try rows.next() {
      guard let blind = Blind(rows.bytes(1)) else { return false }
      changes.append((rows.bytes(0), StateValue.commitment(blind: blind, value: rows.bytes(2))))
    }
    do { try map.apply(changes) } catch { return false }
    let blocks = try SQL(db, "SELECT size FROM block WHERE height > 0 AND height <> ?").bind(.number(height))
    while try blocks.next() {
      let size = blocks.number(0)
      guard size > 0, let entry = try? Store.entry(db, size - 1), let seal = try? Seal(decoding: entry[...]) else {
        continue
      }
      if seal.stateRoot == map.root {
        blocks.reset()
        return true
      }
    }
    return false
  }

  private static func rows(_ db: Database, _ map: PatriciaMap) throws -> [AuditReport.Fault] {
    var table = try TableCursor(db)
    defer { table.close() }
    var failure: (any Error)?
    // No key is a prefix of another, so the map's order is that of the bytes.
    try map.forEach { key, commitment in
      guard failure == nil, table.faults.count < Auditor.faultLimit else { return }
      do { try table.meet(key, commitment) } catch { failure = error }
    }
    if let failure { throw failure }
    try table.finish()
    return table.faults
  }

  /// Walks the table beside the map.
  private struct TableCursor {
    private let rows: SQL
    private var hasRow: Bool
    var faults: [AuditReport.Fault] = []

    init(_ db: Database) throws {
      rows = try SQL(db, "SELECT key, blind, value FROM state ORDER BY key").bind()
      hasRow = try rows.next()
    }

    func close() { rows.reset() }

    mutating func meet(_ key: [UInt8], _ commitment: Digest) throws {
      while hasRow {
        if rows.withBytes(0, { $0.elementsEqual(key) }) {
          if try rows.commitment() != commitment {
            faults.append(StateComparison.fault("The value is not what the statements wrote.", key))
          }
          hasRow = try rows.next()
          return
        }
        let row = rows.bytes(0)
        guard row.lexicographicallyPrecedes(key) else { break }
        faults.append(StateComparison.fault("The state table has a key that no statement wrote.", row))
        hasRow = try rows.next()
      }
      faults.append(StateComparison.fault("The state table lacks a key that a statement wrote.", key))
    }

    mutating func finish() throws {
      while hasRow && faults.count < Auditor.faultLimit {
        faults.append(StateComparison.fault("The state table has a key that no statement wrote.", rows.bytes(0)))
        hasRow = try rows.next()
      }
    }
  }

  private static func fault(_ what: Message, _ key: [UInt8]) -> AuditReport.Fault {
    AuditReport.Fault(what: what, place: "state \(Hex.encode(key))")
  }
}

extension SQL {
  /// The commitment of a row of key, blind and value; nil when the blind has not 16 bytes.
  fileprivate func commitment() throws -> Digest? {
    withBytes(1) { blind in
      guard blind.count == StateValue.blindBytes else { return nil }
      return withBytes(2) { StateValue.commitment(blind: Blind(raw: blind), value: $0) }
    }
  }
}
