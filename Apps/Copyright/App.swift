import ArgumentParser
import Hummingbird
package import Ledger
import LedgerServer
import MediaDecode
package import Primitives
import Rights

/// Copyright on a consortium ledger: registration, licences, monitoring, and evidence that a clerk verifies offline.
@main
struct CopyrightCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "copyright",
    abstract: "Copyright on a consortium ledger: establish the right, use it, enforce it; every answer has a proof.",
    subcommands: [
      InitCommand<CopyrightApp>.self, RegisterCommand.self, MatchCommand.self, TitleCommand.self, LicenseCommand.self,
      LicenseEndCommand.self,
      TransferCommand.self, InheritCommand.self, RoyaltyCommand.self, PresaleCommand.self, DisputeCommand.self,
      WatchCommand.self, StreamCommand.self, IncidentsCommand.self, StepCommand.self, EvidenceCommand.self,
      CheckCommand.self,
      ExportCommand.self, EraseCommand.self,
      DemoCommand.self, ServeCommand<CopyrightApp>.self, FollowCommand<CopyrightApp>.self,
      PolicyCommand<CopyrightApp>.self, AuditCommand<CopyrightApp>.self, ReceiptCommand<CopyrightApp>.self,
      MemberCommand<CopyrightApp>.self, JoinCommand<CopyrightApp>.self, KeyCommand.self,
      TokenCommand<CopyrightApp>.self,
      CopyrightBenchCommand.self,
    ])

  static func main() async {
    // Before anything else: this may be the confined process that takes files apart.
    DecodeWorker.runIfAsked()
    await CopyrightApp.main(Self.self)
  }
}

/// The application as the shared command line knows it.
package enum CopyrightApp: LedgerApp {
  package static let name = "copyright"
  static let version = "copyright 1"
  package static let suite = ContractSuite(CopyrightContract.self)
  package static let port = 8103
  package static let chinese = Catalogue.copyright.merging(.rights).merging(.mediaDecode)

  package static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    if let claims = try TitleQuestion.claims(bundle) { return claims }
    return try IncidentQuestion.claims(bundle)
  }
}
