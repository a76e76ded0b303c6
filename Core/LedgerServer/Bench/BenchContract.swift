import COSE
package import Ledger
import Primitives

/// What the measurements run: each statement writes two keys, a record under its issuer and the latest of its subject.
package struct BenchContract: Contract {
  package static let id = "bench"
  package static let versions: ClosedRange<UInt64> = 1...1
  static let records = Namespace(0x10, "records by issuer", identifiers: 1, ordered: true)
  static let latest = Namespace(0x11, "latest by subject", identifiers: 1)
  package static let namespaces = [records, latest]

  package init(version: UInt64) {}

  package func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let value = Array(statement.payload.prefix(32))
    state.set(Self.records.key(.sha256(statement.header.issuerBytes), order: context.index), value)
    state.set(Self.latest.key(.sha256(statement.header.subjectBytes)), value)
  }
}
