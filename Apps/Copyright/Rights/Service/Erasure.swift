package import Ledger
internal import Primitives

extension RightsDesk {
  /// Erases this node's copies of the documents that were deposited about a work, with their salts; gives how many there were.
  ///
  /// The ledger keeps the salted digests and the codes: title, licences and every proof stay as they are, copies of the work are still
  /// found, and what was erased can be neither shown nor guessed. Other nodes and whoever downloaded a document have theirs.
  ///
  /// Throws `notFound` where no such work is registered or nothing of it is kept here, and `refused` unless the member registered it.
  package func erase(work: String) throws(LedgerError) -> Int {
    guard let record = WorkRecord(reading: try node.head.value(CopyrightContract.works.key(.sha256(work)))) else {
      throw LedgerError(.notFound, "There is no work '\(work)'.")
    }
    guard record.registrant == member else {
      throw LedgerError(.refused, "\(record.registrant) has registered the work, and erases what was deposited of it.")
    }
    var count = 0
    for (_, value) in try node.head.list(CopyrightContract.deposits.prefix(.sha256(work))) {
      if let salted = Digest(value.suffix(32)), try node.erase(document: salted) { count += 1 }
    }
    guard count > 0 else {
      throw LedgerError(.notFound, "Nothing of '\(work)' is kept here: it was erased, or never deposited.")
    }
    return count
  }
}
