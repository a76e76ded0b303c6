import EPCIS
import Ledger
import Primitives

/// Tracing an item through the ledger, with the proof, and checking such a proof.
enum Tracing {
  /// The first word of the bundle's question.
  static let verb = "trace"

  /// The trace as of a view.
  static func trace(_ item: String, _ direction: Genealogy.Direction, in view: LedgerView) throws -> Trace {
    var histories = LedgerHistories(view)
    return try Genealogy.trace(EPCIdentifier.canonical(item), direction, in: &histories)
  }

  /// The trace as of the newest final state, with the bundle that proves it.
  ///
  /// The bundle shows, for every item and transformation on the way, the complete list of its events, and every event.
  static func prove(
    _ item: String, _ direction: Genealogy.Direction, by node: Node
  ) throws -> (trace: Trace, bundle: ProofBundle) {
    let id = EPCIdentifier.canonical(item)
    var result: Trace?
    let bundle = try node.prove { view throws(LedgerError) in
      do {
        var histories = LedgerHistories(view)
        result = try Genealogy.trace(id, direction, in: &histories)
        var request = ProofRequest(question: [verb, id, direction.rawValue])
        request.prefixes = histories.prefixes
        request.statements = histories.store.entries
        request.keys = histories.store.contextKeys.sorted()
        return request
      } catch let error as LedgerError { throw error } catch {
        throw LedgerError(.damaged, "The trace cannot be made: \(error)")
      }
    }
    guard let result else { throw LedgerError(.unavailable, "The trace was not made.") }
    return (result, bundle)
  }

  /// Walks the trace again on what a verified bundle proves, and nothing else.
  static func retrace(_ bundle: VerifiedBundle) throws(LedgerError) -> Trace {
    guard bundle.question.count == 3, bundle.question[0] == verb,
      let direction = Genealogy.Direction(rawValue: bundle.question[2])
    else { throw LedgerError(.notProved, "The proof answers no trace.") }
    do {
      var histories = LedgerHistories(BundleSource(bundle: bundle))
      return try Genealogy.trace(bundle.question[1], direction, in: &histories)
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.notProved, "The proved events do not make up the trace: \(error)")
    }
  }
}
