import GRDB
import Primitives

/// The folded tables of a store against those of a recomputed one, row by row in the order of their keys.
enum StateComparison {
  static func run(stored: Store, recomputed: Store) throws -> [AuditReport.Fault] {
    try stored.pool.read { a in
      try recomputed.pool.read { b in
        var faults = try rows(a, b)
        if try Store.meta(a, Store.subtreesName) != Store.meta(b, Store.subtreesName) {
          faults.append(
            AuditReport.Fault(
              what: "The list of the state's subtrees is not that of the state.", place: "meta subtrees"))
        }
        return faults
      }
    }
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

  private static func fault(_ what: Message, _ key: [UInt8]) -> AuditReport.Fault {
    AuditReport.Fault(what: what, place: "state \(Hex.encode(key))")
  }
}
