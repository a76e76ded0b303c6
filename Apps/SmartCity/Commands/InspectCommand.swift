import ArgumentParser
import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `inspect`: what gateways' files, devices' signatures and neighbours say about each other.
struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract:
      "Goes through the gateways' files here: headers, bodies, devices' epochs, journeys, echoes and neighbours.",
    discussion: "Ends with the exit code 1 where something was found. With --as the findings go onto the ledger as "
      + "incidents, with what shows them.")
  @OptionGroup var data: DataOption
  @Option(help: "Only this gateway; may be repeated.") var gateway: [String] = []
  @Option(help: "Readings sampled from (RFC 3339); all unless given.") var from: String?
  @Option(help: "Readings sampled before (RFC 3339).") var to: String?
  @Option(name: .customLong("as"), help: "The member that states what was found as incidents.") var member: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    struct Finding: Encodable {
      let kind: String
      let subject: String
      let number: UInt64
      let time: String
      let text: String
    }
    let batches: UInt64
    let readings: Int
    let devices: Int
    let wholeEpochs: Int
    let partialEpochs: Int
    let missing: Int
    let findings: [Finding]
  }

  func run() async throws {
    try await Console.run {
      let folder = EdgeFolder(data: data.path)
      let names = gateway.isEmpty ? folder.gateways : gateway
      let start = try from.map(TimeOption.milliseconds) ?? 0
      let end = try to.map(TimeOption.milliseconds) ?? 1 << 50
      guard start < end, end <= 1 << 50 else { throw ValidationError("--from is before --to.") }
      let inspection = try await Consortium(path: data.path).with(SmartCityApp.suite, SystemClock()) { open in
        try Self.inspect(names, folder, Int64(start) * 1000..<Int64(end) * 1000, open.sequencer.head)
      }
      let findings = inspection.findings
      if json { try Console.answer(json: answer(inspection)) } else { say(inspection, names.count) }
      if let member { try await record(findings, by: member) }
      if !findings.isEmpty { throw ExitCode(1) }
    }
  }

  private static func inspect(
    _ names: [String], _ folder: EdgeFolder, _ span: Range<Int64>, _ head: LedgerView
  ) throws -> Inspection {
    guard !names.isEmpty else {
      throw LedgerError(.notFound, "There is no gateway's file in \(folder.path).")
    }
    let sources = try names.map { name in
      guard FileManager.default.fileExists(atPath: folder.file(name, "sqlite")) else {
        throw LedgerError(
          .notFound,
          "There is no gateway '\(name)' in \(folder.path); there are \(folder.gateways.joined(separator: ", ")).")
      }
      guard let value = try head.value(EdgeRules.gateways.key(.sha256(name))) else {
        throw LedgerError(.notFound, "The ledger has no gateway '\(name)'.")
      }
      return Inspection.Source(
        name: name, key: try GatewayEntry(decoding: value).registration.key, path: folder.file(name, "sqlite"))
    }
    let certificates = try head.list(EdgeRules.devices.prefix()).map { try DeviceCertificate(decoding: $0.value) }
    return try Inspection(
      sources, span: span, certificates: Dictionary(certificates.map { ($0.request.urn, $0) }) { $1 },
      anchored: { name, number in
        guard let value = try head.value(EdgeRules.batches.key(.sha256(name), order: number)) else { return nil }
        let place = try BatchEntry(decoding: value).entry
        return try head.entries(from: place, to: place + 1).first
      })
  }

  private func say(_ inspection: Inspection, _ gateways: Int) {
    let figures = inspection.figures
    Console.answer(
      "Inspected \(figures.batches) batches of \(gateways) gateways, and \(figures.readings) readings of "
        + "\(figures.devices) certified devices.")
    Console.answer(
      "Of the devices' signed epochs \(figures.wholeEpochs) are whole; \(figures.partialEpochs) lack \(figures.missing) "
        + "readings, which were lost on the way or left out.")
    for finding in inspection.findings {
      Console.answer("\(IncidentsPage.kind(finding.kind)): \(finding.subject): \(finding.text)")
    }
    if inspection.findings.isEmpty { Console.answer("Nothing speaks against gateways or devices.") }
  }

  private func answer(_ inspection: Inspection) -> Answer {
    let figures = inspection.figures
    return Answer(
      batches: figures.batches, readings: figures.readings, devices: figures.devices,
      wholeEpochs: figures.wholeEpochs, partialEpochs: figures.partialEpochs, missing: figures.missing,
      findings: inspection.findings.map {
        Answer.Finding(
          kind: $0.kind.rawValue, subject: $0.subject, number: $0.number,
          time: Timestamp.text(UInt64(max(0, $0.timeUs)) / 1000), text: $0.text.english)
      })
  }

  private func record(_ findings: [InspectionFinding], by member: String) async throws {
    let desk = try CityDesk(path: data.path)
    for finding in findings {
      let report = IncidentReport(
        finding.kind, subject: finding.subject, number: finding.number, time: desk.clock.now() * 1000,
        evidence: IncidentReport.fitting(finding.evidence))
      do {
        let place = try await desk.state(report, about: finding.subject, by: [member])[0]
        Console.say("Stated as entry \(place).")
      } catch let error as LedgerError {
        // What is on record already, or what the rules do not take, keeps nothing else from being stated.
        guard error.kind == .refused else { throw error }
        Console.say("Not stated: \(error.message)")
      }
    }
  }
}
