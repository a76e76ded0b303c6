import GRDB
import Primitives

/// The rows of the table `meta`, read without believing them.
struct StoredMeta {
  /// The height up to which the state table goes; nil when nothing has been folded.
  private(set) var foldHeight: UInt64?
  /// Whether there is a list of subtrees.
  private(set) var hasSubtrees = false
  /// For each activated epoch the size of its co-signed checkpoint.
  private(set) var links: [UInt64: UInt64] = [:]
  /// Rows that cannot be right whatever the log says.
  private(set) var faults: [AuditReport.Fault] = []

  init(_ db: Database) throws {
    let rows = try SQL(db, "SELECT name, value FROM meta").bind()
    while try rows.next() {
      let name = rows.text(0)
      let bytes = rows.bytes(1)
      if name == Store.subtreesName {
        hasSubtrees = true
        continue
      }
      var reader = ByteReader(bytes)
      guard let number = reader.u64(), reader.isAtEnd else {
        faults.append(StoredMeta.fault(name, "The row is not a number."))
        continue
      }
      if name == Store.foldHeightName {
        foldHeight = number
      } else if name.hasPrefix("link-"), let epoch = UInt64(name.dropFirst(5)), name == "link-\(epoch)" {
        links[epoch] = number
      } else {
        faults.append(StoredMeta.fault(name, "No ledger has a row of this name."))
      }
    }
    if foldHeight == 0 {
      faults.append(StoredMeta.fault(Store.foldHeightName, "No state is folded at height 0."))
    }
    if hasSubtrees != (foldHeight != nil) {
      let missing = hasSubtrees ? Store.foldHeightName : Store.subtreesName
      faults.append(StoredMeta.fault(missing, "The row is missing."))
    }
  }

  static func fault(_ name: String, _ what: Message) -> AuditReport.Fault {
    AuditReport.Fault(what: "The ledger's note '\(name)' is damaged. \(what)", place: "meta \(name)")
  }
}
