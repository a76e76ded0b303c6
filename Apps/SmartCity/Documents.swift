import COSE
import Edge
import Ledger
import LedgerServer
import Primitives

/// Signs documents with members' keys and puts them on the ledger of a data folder.
struct CityDesk {
  let consortium: Consortium
  let clock = SystemClock()

  init(path: String) throws(LedgerError) { consortium = try Consortium(path: path) }

  /// The statement key of a member whose folder is here.
  func key(_ member: String) throws -> PrivateKey {
    guard consortium.names.contains(member) else {
      throw LedgerError(
        .notFound, "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
    }
    return try consortium.folder(member).keys().statement
  }

  /// Submits one document of each member named, in order, and lets the members here co-sign; gives the entries.
  @discardableResult
  func state(_ document: some EdgeDocument, about subject: String, by members: [String]) async throws -> [UInt64] {
    var statements: [Statement] = []
    for member in members {
      statements.append(
        try document.statement(
          issuer: member, subject: subject, time: clock.now(), claimID: .random(), key: try key(member)))
    }
    return try await consortium.with(SmartCityApp.suite, clock) { open in
      var places: [UInt64] = []
      for statement in statements {
        let outcome = try await open.sequencer.submit([statement.entry])[0]
        try await open.settle()
        places.append(try outcome.place())
      }
      return places
    }
  }
}
