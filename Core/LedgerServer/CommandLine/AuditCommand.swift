public import ArgumentParser
import Ledger
import Primitives

/// `audit`: recomputes everything from the log up.
public struct AuditCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "audit",
      abstract: "Recomputes everything from the log up, for each member here; names the first fault.")
  }

  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "Audits this member's copy only.") var member: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  /// For the parser.
  public init() {}

  /// Audits; exit code 1 when something is wrong.
  public func run() async throws {
    try await Console.run {
      let consortium = try Consortium(path: data.path)
      let names = member.map { [$0] } ?? consortium.names
      var reports: [(name: String, report: AuditReport)] = []
      for name in names {
        guard consortium.names.contains(name) else {
          throw LedgerError(
            .notFound, "There is no member '\(name)'; there are \(consortium.names.joined(separator: ", ")).")
        }
        let lock = try FolderLock(consortium.folder(name), note: "an audit")
        let progress = Progress("audit of \(name)")
        reports.append(
          (name, try await consortium.folder(name).audit(suite: App.suite) { progress.show($0, of: $1) }))
        lock.release()
      }
      var faults = reports.flatMap { name, report in
        report.faults.map { Answer.Fault(what: $0.what, where: "\(name): \($0.place)") }
      }
      for (name, report) in reports where report.isSound {
        let node = try await consortium.folder(name).open(suite: App.suite, clock: SystemClock())
        let found = try App.faults(in: node.head)
        await node.close()
        faults += found.map { Answer.Fault(what: $0, where: "\(name): the state of \(report.size) entries") }
      }
      let first = reports[0].report
      if json {
        try Console.answer(
          json: Answer(
            ok: faults.isEmpty, size: first.size, root: Base64.encode(first.root.bytes), stateRoot: first.stateRoot.hex,
            faults: faults))
      } else {
        for (name, report) in reports where report.isSound {
          Console.answer(
            "\(name): sound. \(report.size) entries in \(report.blocks) blocks, every signature and outcome checked; root "
              + "\(Base64.encode(report.root.bytes)), state \(report.stateRoot.hex).")
        }
        for fault in faults { Console.answer("FAULT at \(fault.where): \(fault.what)") }
      }
      if !faults.isEmpty { throw ExitCode(1) }
    }
  }

  struct Answer: Encodable {
    struct Fault: Encodable {
      let what: Message
      let `where`: Message
    }
    let ok: Bool
    let size: UInt64
    let root: String
    let stateRoot: String
    let faults: [Fault]
  }
}
