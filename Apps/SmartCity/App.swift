import ArgumentParser
package import Ledger
import LedgerServer
package import Primitives

/// Smart-city sensors on a consortium ledger: devices, gateways, alarms, incidents and grants, each answer with a proof.
@main
struct SmartCityCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "smartcity",
    abstract: "Smart-city sensors on a consortium ledger: every answer comes with a proof.",
    subcommands: [
      InitCommand<SmartCityApp>.self, DemoCommand.self, AttestCommand.self, ReadingCommand.self, SeriesCommand.self,
      CaptureReportCommand.self, ExportCommand.self, RoleCommand.self, DeviceCommand.self, DevicesCommand.self,
      GatewayCommand.self,
      AlarmsCommand.self, IncidentsCommand.self, InspectCommand.self, AcknowledgedCommand.self,
      EraseCommand.self, GrantCommand.self, CameraCommand.self,
      OperationCommand.self,
      OperationsCommand.self, StreamCommand.self,
      ServeCommand<SmartCityApp>.self, FollowCommand<SmartCityApp>.self, PolicyCommand<SmartCityApp>.self,
      VerifyCommand<SmartCityApp>.self, AuditCommand<SmartCityApp>.self, ReceiptCommand<SmartCityApp>.self,
      MemberCommand<SmartCityApp>.self, JoinCommand<SmartCityApp>.self, KeyCommand.self,
      TokenCommand<SmartCityApp>.self, CityBenchCommand.self,
    ])

  static func main() async { await SmartCityApp.main(Self.self) }
}

/// The application as the shared command line knows it.
package enum SmartCityApp: LedgerApp {
  package static let name = "smartcity"
  package static let suite = ContractSuite(SmartCityContract.self)
  package static let port = 8104
  package static let chinese = Catalogue.smartCity

  package static func claims(_ excerpt: LogExcerpt, _ finding: LogExcerpt.Finding) throws(LedgerError) -> [Message]? {
    try ReadingQuestion.claims(excerpt, finding)
  }

  package static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    if let question = ReadingQuestion(words: bundle.question) { return try question.claims(bundle) }
    guard let question = CityQuestion(words: bundle.question) else { return nil }
    return try question.answer(until: bundle.seal.time) { prefix throws(LedgerError) in
      guard let list = bundle.list(prefix) else {
        throw LedgerError(.notProved, "The proof leaves out the list that answers the question.")
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
