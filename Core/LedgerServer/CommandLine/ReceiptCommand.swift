public import ArgumentParser
import Ledger
import Primitives

/// `receipt`: the RFC 9942 receipt of one statement.
public struct ReceiptCommand<App: LedgerApp>: AsyncParsableCommand {
  /// Name and help.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "receipt",
      abstract: "Writes the COSE receipt of one statement (RFC 9942), or the transparent statement.")
  }

  @Argument(help: "The statement's id, 64 hexadecimal digits, or its place in the log.") var id: String
  @OptionGroup var data: DataOption
  @Option(help: "Where to write it.") var out: String
  @Flag(help: "The statement itself with a receipt of every member here (RFC 9943).") var transparent = false

  /// For the parser.
  public init() {}

  /// Writes it.
  public func run() async throws {
    try await Console.run {
      let open = try await Consortium(path: data.path).open(suite: App.suite, clock: SystemClock())
      do {
        try await open.settle()
        let view = open.sequencer.head
        let index: UInt64?
        if let digest = Digest(hex: id) { index = try view.index(of: digest) } else { index = UInt64(id) }
        guard let index, let entry = try view.entry(index) else {
          throw LedgerError(.notFound, "There is no statement '\(id)' on this ledger.")
        }
        let bytes =
          transparent
          ? try Receipt.transparent(entry, receipts: try open.nodes.map { try $0.receipt(index) })
          : try open.sequencer.receipt(index)
        try Console.write(bytes, to: out)
        Console.answer(
          "The \(transparent ? "transparent statement" : "receipt" as Message) of entry \(index), \(bytes.count) bytes, is in \(out)."
        )
      } catch {
        await open.close()
        throw error
      }
      await open.close()
    }
  }
}
