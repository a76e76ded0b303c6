import ArgumentParser
import EPCIS
import Ledger
import LedgerServer
import Primitives

/// `events`: lists of events.
struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Lists events by item, business step and time.")

  @OptionGroup var data: DataOption
  @Option(help: "Only events that name this item, as EPC URN or Digital Link; may be repeated.") var epc: [String] = []
  @Option(help: "Only this business step, for example shipping; may be repeated.") var bizStep: [String] = []
  @Option(help: "Only events at or after this time (RFC 3339).") var from: String?
  @Option(help: "Only events before this time (RFC 3339).") var to: String?
  @Option(help: "At most so many events.") var limit = 1000
  @Flag(help: "One JSON document on standard output: the events as captured.") var json = false

  func run() async throws {
    try await Console.run {
      var query = EventQuery()
      query.anyEPCs = Set(epc.map(EPCIdentifier.canonical))
      query.bizSteps = Set(bizStep)
      query.from = try from.map(EventsCommand.time)
      query.before = try to.map(EventsCommand.time)
      let consortium = try Consortium(path: data.path)
      let open = try await consortium.open(suite: TraceabilityApp.suite, clock: SystemClock())
      let found: [ListedEvent]
      do { found = try open.sequencer.head.events(query, limit: limit) } catch {
        await open.close()
        throw error
      }
      await open.close()
      if json {
        let list = found.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: ",")
        Console.answer("[\(list)]")
        return
      }
      for item in found {
        let event = item.event.event
        let what = event.items.prefix(3).map(\.id).joined(separator: " ") + (event.items.count > 3 ? " …" : "")
        Console.answer(
          "\(item.event.place)  \(event.eventTime)  \(item.issuer)  \(event.type.name)  \(event.bizStep?.word ?? "-")  \(what)"
        )
      }
      Console.say("\(found.count) events.")
    }
  }

  private static func time(_ text: String) throws -> Int64 {
    guard let time = EventTime.milliseconds(text) else {
      throw ValidationError("'\(text)' is no RFC 3339 time, for example 2026-09-01T00:00:00Z.")
    }
    return time
  }
}
