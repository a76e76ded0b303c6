import ArgumentParser
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// Supply-chain finance for a consortium: undertakings to pay that are accepted, split, passed on, financed and settled.
@main
struct SupplyChainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supplychain",
    abstract: "Supply-chain finance on a consortium ledger: every figure comes with a proof.",
    subcommands: [
      InitCommand<SupplyChainApp>.self, RosterCommand.self, RulesCommand.self, PersonCommand.self, SealingCommand.self,
      InvoiceCommand.self, NoteCommand.self, LineCommand.self, PledgeCommand.self, ExceptionsCommand.self,
      HoldingsCommand.self, HolderCommand.self, ChainCommand.self, ReportCommand.self, DemoCommand.self,
      ServeCommand<SupplyChainApp>.self, FollowCommand<SupplyChainApp>.self, PolicyCommand<SupplyChainApp>.self,
      VerifyCommand<SupplyChainApp>.self, AuditCommand<SupplyChainApp>.self, ReceiptCommand<SupplyChainApp>.self,
      MemberCommand<SupplyChainApp>.self, JoinCommand<SupplyChainApp>.self, KeyCommand.self,
      TokenCommand<SupplyChainApp>.self, FinanceBenchCommand.self,
    ])

  static func main() async { await SupplyChainApp.main(Self.self) }
}

/// The application as the shared command line knows it.
enum SupplyChainApp: LedgerApp {
  static let name = "supplychain"
  static let suite = ContractSuite(SupplyChainContract.self)
  static let port = 8102
  static let chinese = Catalogue.supplyChain
  static let pages = PageSet(product: "Supply-chain finance", program: name)

  /// Answers the question again, from the proof alone.
  static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    guard let question = FinanceQuestion(words: bundle.question) else { return nil }
    return try question.answer(at: bundle.seal.time) { prefix throws(LedgerError) in
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
