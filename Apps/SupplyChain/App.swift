import ArgumentParser
import FinanceRules
import Invoices
package import Ledger
import LedgerServer
package import Primitives

/// Supply-chain finance for a consortium: undertakings to pay that are accepted, split, passed on, financed and settled.
@main
struct SupplyChainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supplychain",
    abstract: "Supply-chain finance on a consortium ledger: every figure comes with a proof.",
    subcommands: [
      InitCommand<SupplyChainApp>.self, RosterCommand.self, RulesCommand.self, PersonCommand.self, SealingCommand.self,
      LotKeyCommand.self,
      SensorsCommand.self,
      ImportCommand.self, ExportCommand.self, RegistryCommand.self, InvoiceCommand.self, NoteCommand.self,
      LineCommand.self, PledgeCommand.self, ExceptionsCommand.self,
      HoldingsCommand.self, HolderCommand.self, ChainCommand.self, CreditCommand.self, ReportCommand.self,
      DemoCommand.self,
      ServeCommand<SupplyChainApp>.self, FollowCommand<SupplyChainApp>.self, PolicyCommand<SupplyChainApp>.self,
      VerifyCommand<SupplyChainApp>.self, AuditCommand<SupplyChainApp>.self, ReceiptCommand<SupplyChainApp>.self,
      MemberCommand<SupplyChainApp>.self, JoinCommand<SupplyChainApp>.self, KeyCommand.self,
      TokenCommand<SupplyChainApp>.self, FinanceBenchCommand.self,
    ])

  static func main() async { await SupplyChainApp.main(Self.self) }
}

/// The application as the shared command line knows it.
package enum SupplyChainApp: LedgerApp {
  package static let name = "supplychain"
  package static let suite = ContractSuite(SupplyChainContract.self)
  package static let port = 8102
  package typealias Serving = FinanceServing
  package static let chinese = Catalogue.supplyChain.merging(.invoices)

  /// The invariants of the specification, computed anew from records and accounts.
  package static func faults(in view: LedgerView) throws -> [Message] {
    let pairs = try Invariants.families.flatMap { try view.list($0.prefix()) }
    do { try Invariants(pairs).check() } catch let violation as Invariants.Violation {
      return [violation.message]
    }
    return []
  }

  /// Answers the question again, from the proof alone.
  package static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    guard let question = FinanceQuestion(words: bundle.question) else { return nil }
    return try question.answer(at: bundle.seal.time, lists(bundle))
  }

  /// The lists of a proof, each complete.
  static func lists(_ bundle: VerifiedBundle) -> Lists {
    { prefix throws(LedgerError) in
      guard let list = bundle.list(prefix) else {
        throw LedgerError(.notProved, "The proof leaves out a list that answers the question.")
      }
      var pairs: [(key: StateKey, value: [UInt8])] = []
      for (key, value) in list {
        guard let value else { throw LedgerError(.notProved, "A value of the list is withheld.") }
        pairs.append((key, value))
      }
      return pairs
    }
  }
}
