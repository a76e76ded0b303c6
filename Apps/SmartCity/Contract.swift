import COSE
import Edge
import Ledger
import Primitives

/// The rules of the smart-city ledger: those of the edge, and nothing else.
struct SmartCityContract: Contract {
  static let id = "smartcity"
  static let versions: ClosedRange<UInt64> = 1...1
  static let namespaces = EdgeRules.namespaces

  private let rules = EdgeRules()

  init(version: UInt64) {}

  func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool { rules.recognizes(key, &state) }

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard try rules.apply(statement, context, &state) else {
      throw Refusal(
        "content-type-unknown", "This ledger takes statements of the edge, not '\(statement.contentType)'.")
    }
  }
}
