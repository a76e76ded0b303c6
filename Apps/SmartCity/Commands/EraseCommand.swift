import ArgumentParser
import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `erase`: the content of readings goes, what is signed stays.
struct EraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: "Erases a reading, or a whole batch, from the gateway's file here; every other proof still holds.",
    discussion:
      "A reading's leaf and a batch's header stay, so counts and series still add up: they name what was erased as a gap. "
      + "A gateway that is served has to be stopped first. Copies elsewhere are their holders' to erase.")
  @Argument(help: "The reading, GATEWAY/BATCH/INDEX; or a batch, GATEWAY/BATCH.") var id: String
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member that owns the gateway; the erasure is stated as its operation.")
  var member: String
  @Option(help: "Why.") var reason: String

  func run() async throws {
    try await Console.run {
      let parts = id.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      let row: RowID?
      let batch: UInt64
      if case .reading(_, let found) = ReadingQuestion(id: id) {
        (row, batch) = (found, found.batch)
      } else if parts.count == 2, let number = UInt64(parts[1]), (1..<1 << 43).contains(number) {
        (row, batch) = (nil, number)
      } else {
        throw ValidationError("'\(id)' is no GATEWAY/BATCH/INDEX or GATEWAY/BATCH, for example gw-1/17/4095.")
      }
      let desk = try CityDesk(path: data.path)
      try await owns(parts[0])
      let (gateway, _) = try EdgeFolder(data: data.path).open(parts[0])
      do {
        // What is not there, or was erased before, is nothing to state.
        if let row { _ = try await gateway.proof(row) } else { _ = try await gateway.statement(batch) }
        // Before the content goes: an erasure that nobody knows of would be worse than one that is stated twice.
        let operation = Edge.Operation(
          .action, actor: member, object: id, action: ["erase", reason].joined(separator: ": "), time: desk.clock.now())
        let place = try await desk.state(operation, about: id, by: [member])[0]
        if let row { try await gateway.redact(row) } else { try await gateway.erase(batch: batch) }
        try await gateway.close()
        Console.answer("\(id) is erased; entry \(place) says by whom and why.")
      } catch {
        try? await gateway.close()
        throw error
      }
    }
  }

  private func owns(_ name: String) async throws {
    let owner = try await Consortium(path: data.path).with(SmartCityApp.suite, SystemClock()) { open in
      try open.sequencer.head.value(EdgeRules.gateways.key(.sha256(name)))
        .map { try GatewayEntry(decoding: $0).registration.owner }
    }
    guard let owner else { throw LedgerError(.notFound, "The ledger has no gateway '\(name)'.") }
    guard owner == member else {
      throw LedgerError(.refused, "The gateway '\(name)' is \(owner)'s, who alone erases its readings.")
    }
  }
}
