internal import COSE
internal import Ledger
internal import Primitives

/// Reads what a verified bundle proves; what it does not carry is not proved.
extension VerifiedBundle {
  /// The value under a key; throws where the bundle says nothing about it, or withholds it.
  func proved(_ key: StateKey) throws(LedgerError) -> [UInt8]? {
    if let found = present.first(where: { $0.key == key }) {
      guard let value = found.value else { throw LedgerError(.notProved, "A value that the answer needs is withheld.") }
      return value
    }
    if absent.contains(key) { return nil }
    throw LedgerError(.notProved, "The proof leaves out a value that the answer needs.")
  }

  /// A complete list; throws where the bundle leaves it out, or withholds a value of it.
  func provedList(_ prefix: StatePrefix) throws(LedgerError) -> [(key: StateKey, value: [UInt8])] {
    guard let pairs = list(prefix) else {
      throw LedgerError(.notProved, "The proof leaves out a list that the answer needs.")
    }
    var values: [(key: StateKey, value: [UInt8])] = []
    for (key, value) in pairs {
      guard let value else { throw LedgerError(.notProved, "A value that the answer needs is withheld.") }
      values.append((key, value))
    }
    return values
  }

  /// A work's whole history.
  func provedHistory(of work: String) throws(LedgerError) -> RightsHistory {
    let prefixes = RightsHistory.prefixes(of: work)
    let (titles, licences) = (try provedList(prefixes[0]), try provedList(prefixes[1]))
    guard let history = RightsHistory(titles: titles, licences: licences, disputes: try provedList(prefixes[2])) else {
      throw LedgerError(.notProved, "A value of the work's history cannot be read.")
    }
    return history
  }

  /// The document of a statement that the bundle shows to be in the log.
  func provedDocument<D: RightsDocument>(_ type: D.Type, at entry: UInt64) throws(LedgerError) -> (D, issuer: String) {
    guard let content = statement(entry), content.header.contentType == D.contentType,
      let document = try? D(decoding: content.payload[...]), content.header.subject == document.subject
    else { throw LedgerError(.notProved, "The proof leaves out entry \(entry), which the answer needs.") }
    return (document, content.header.issuer)
  }
}
