import ArgumentParser
import Edge
import EdgeIntake
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `acknowledged`: whether a gateway has kept its word about what was sent to it.
struct AcknowledgedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "acknowledged",
    abstract: "Checks that a gateway has kept what it acknowledged: a body as it was sent, and the answer to it.",
    discussion: "Ends with the exit code 1 where a reading is missing. With --as that goes onto the ledger as an "
      + "incident, with the gateway's own signatures, which prove it.")
  @Argument(help: "The body that was sent: one message, or a CBOR sequence of them.") var body: String
  @Argument(help: "The JSON answer of POST /edge/readings.") var answer: String
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member that states a missing reading as an incident.") var member: String?

  private struct Answer: Decodable {
    let gateway: String
    let outcomes: [[String: String]]
    let acknowledgement: String?
  }

  func run() async throws {
    try await Console.run {
      let (gateway, message, readings) = try read()
      let folder = EdgeFolder(data: data.path)
      let (kept, broken) = try await Consortium(path: data.path).with(SmartCityApp.suite, SystemClock()) { open in
        try await open.settle()
        return try Self.look(gateway, message, readings, folder, open.sequencer.head)
      }
      Console.answer("\(gateway) acknowledged \(readings.count) readings; \(kept) are where it said.")
      let unseen = readings.count - kept - broken.count
      if unseen > 0 {
        Console.answer("\(unseen) cannot be looked at: not stated yet, erased, or the gateway's file is not here.")
      }
      for proof in broken { Console.answer("\(gateway) has not kept \(gateway)/\(proof.reading.row.description).") }
      if let member { try await state(broken, gateway, by: member) }
      if !broken.isEmpty { throw ExitCode(1) }
    }
  }

  /// The gateway, its signed word, and what it is about.
  private func read() throws -> (String, [UInt8], [AcknowledgedReading]) {
    let sent = try Console.read(body, limit: IntakeMedia.cose.bodyBytes)
    guard let ends = COSESequence.ends(sent) else {
      throw LedgerError(.limit, "A sequence has at most \(COSESequence.messages) messages.")
    }
    guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(try Console.read(answer, limit: 4 << 20))),
      answer.outcomes.count == ends.count
    else {
      throw LedgerError(.malformed, "\(self.answer) is not the JSON answer to this body.")
    }
    guard let word = answer.acknowledgement.flatMap({ Base64URL.decode($0) }) else {
      throw LedgerError(.notFound, "The answer has no acknowledgement: nothing of the body was taken.")
    }
    let outcomes = answer.outcomes.map { outcome -> IntakeOutcome in
      let id = outcome["accepted"] ?? outcome["duplicate"] ?? ""
      guard case .reading(_, let row) = ReadingQuestion(id: id) else { return .rejected(.malformed) }
      return .accepted(row)
    }
    let readings = AcknowledgedReading.of(MessageBatch(sent, ends: ends, arrival: 0), outcomes)
    return (answer.gateway, word, readings)
  }

  /// How many are where the gateway said, and the proofs about those that are not.
  private static func look(
    _ gateway: String, _ message: [UInt8], _ readings: [AcknowledgedReading], _ folder: EdgeFolder, _ head: LedgerView
  ) throws -> (kept: Int, broken: [OmissionProof]) {
    guard let entry = try head.value(EdgeRules.gateways.key(.sha256(gateway))).map({ try GatewayEntry(decoding: $0) })
    else { throw LedgerError(.notFound, "The ledger has no gateway '\(gateway)'.") }
    let key = entry.registration.key
    let word = try Acknowledgement.verify(message, key: key)
    guard word == Acknowledgement(gateway: gateway, timeUs: word.timeUs, readings) else {
      throw LedgerError(.notProved, "The gateway signed another answer than this one, or for another body.")
    }
    let path = folder.file(gateway, "sqlite")
    let store = FileManager.default.fileExists(atPath: path) ? try EdgeStore(path: path, gateway: gateway) : nil
    defer { store?.close() }
    var (kept, broken): (Int, [OmissionProof]) = (0, [])
    for index in readings.indices {
      let row = readings[index].row
      let header = try head.value(EdgeRules.batches.key(.sha256(gateway), order: row.batch))
        .map { try BatchHeader(decoding: try BatchEntry(decoding: $0).header[...]) }
      let leaf = try store?.leaf(row)
      if let leaf, let header, leaf.index == UInt64(row.index), leaf.isIn(header),
        AcknowledgedReading.payload(leaf.message) == readings[index].payload
      {
        kept += 1
        continue
      }
      let proof = OmissionProof(acknowledgement: message, readings, index: index, leaf: leaf)
      do {
        try proof.verify(gateway: gateway, key: key, header: header, now: head.seal.time)
        broken.append(proof)
      } catch { continue }
    }
    return (kept, broken)
  }

  private func state(_ broken: [OmissionProof], _ gateway: String, by member: String) async throws {
    let desk = try CityDesk(path: data.path)
    for (batch, proofs) in Dictionary(grouping: broken, by: \.reading.row.batch).sorted(by: { $0.key < $1.key }) {
      let report = IncidentReport(
        .omission, subject: gateway, number: batch, time: desk.clock.now() * 1000, evidence: proofs[0].evidence)
      let place = try await desk.state(report, about: gateway, by: [member])[0]
      Console.answer("Stated as entry \(place).")
    }
  }
}
