import GRDB
import Merkle
import Primitives

/// The folded tables of a store against those of a recomputed one, row by row in the order of their keys.
enum StateComparison {
  static func run(stored: Store, recomputed: Store, height: UInt64) throws -> [AuditReport.Fault] {
    try stored.pool.read { a in
      try recomputed.pool.read { b in
        var faults = try rows(a, b)
        if !faults.isEmpty, try fits(a, besides: height) {
          return [StoredMeta.fault(Store.foldHeightName, "The state table is that of another height.")]
        }
        if try Store.meta(a, Store.subtreesName) != Store.meta(b, Store.subtreesName) {
          faults.append(StoredMeta.fault(Store.subtreesName, "It is not the list of the state's subtrees."))
        }
        return faults
      }
    }
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

  private static func rows(_ a: Database, _ b: Database) throws -> [AuditReport.Fault] {
    let sql = "SELECT key, blind, value FROM state ORDER BY key"
    let left = try SQL(a, sql).bind()
    let right = try SQL(b, sql).bind()
    defer {
      left.reset()
      right.reset()
    }
    var faults: [AuditReport.Fault] = []
    var hasLeft = try left.next()
    var hasRight = try right.next()
    while (hasLeft || hasRight) && faults.count < Auditor.faultLimit {
      let leftKey = hasLeft ? left.bytes(0) : nil
      let rightKey = hasRight ? right.bytes(0) : nil
      if let leftKey, let rightKey, leftKey == rightKey {
        if left.bytes(1) != right.bytes(1) || left.bytes(2) != right.bytes(2) {
          faults.append(fault("The value is not what the statements wrote.", leftKey))
        }
        hasLeft = try left.next()
        hasRight = try right.next()
      } else if let leftKey, rightKey.map({ leftKey.lexicographicallyPrecedes($0) }) ?? true {
        faults.append(fault("The state table has a key that no statement wrote.", leftKey))
        hasLeft = try left.next()
      } else if let rightKey {
        faults.append(fault("The state table lacks a key that a statement wrote.", rightKey))
        hasRight = try right.next()
      }
    }
    return faults
  }

  private static func fault(_ what: String, _ key: [UInt8]) -> AuditReport.Fault {
    AuditReport.Fault(what: what, place: "state \(Hex.encode(key))")
  }
}
