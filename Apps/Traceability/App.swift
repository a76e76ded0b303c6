import ArgumentParser
import Ledger
import LedgerServer
import Primitives

/// Farm-to-consumer traceability: EPCIS 2.0 on a consortium ledger.
@main
struct TraceabilityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traceability",
    abstract: "Farm-to-consumer traceability on a consortium ledger: every answer comes with a proof.",
    subcommands: [
      InitCommand<TraceabilityApp>.self, CaptureCommand.self, TraceCommand.self, EventsCommand.self, DemoCommand.self,
      ServeCommand<TraceabilityApp>.self, FollowCommand<TraceabilityApp>.self, PolicyCommand<TraceabilityApp>.self,
      VerifyCommand<TraceabilityApp>.self, AuditCommand<TraceabilityApp>.self, ReceiptCommand<TraceabilityApp>.self,
      MemberCommand<TraceabilityApp>.self, JoinCommand<TraceabilityApp>.self, KeyCommand.self,
      TokenCommand<TraceabilityApp>.self, BenchCommand<TraceabilityApp>.self,
    ])

  static func main() async { await TraceabilityApp.main(Self.self) }
}

/// The application as the shared command line knows it.
enum TraceabilityApp: LedgerApp {
  static let name = "traceability"
  static let suite = ContractSuite(TraceabilityContract.self)
  static let port = 8101
  static let chinese = Catalogue.traceability
  static let pages = PageSet(product: "Traceability", program: name)

  static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    guard bundle.question.first == Tracing.verb else { return nil }
    return TraceText.claims(try Tracing.retrace(bundle))
  }
}
