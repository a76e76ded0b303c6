import Foundation
import Ledger
import LedgerTestKit
import Testing

/// What docs/formats.md shows is what the code makes; `TALLYSTICK_WRITE_FORMATS=1` rewrites the page's blocks.
@Suite("The worked examples of docs/formats.md")
struct FormatExamplesTests {
  @Test("every block of the page is what the code makes")
  func page() async throws {
    let ledger = try await ExampleLedger()
    var examples = try ExamplesOfParts.all.map { try $0() }
    examples += try ExamplesOfLedger(ledger: ledger).all()
    examples += try [
      Self.bundle("bundle-parts", ledger.parts, ledger), Self.bundle("bundle-trace", ledger.trace, ledger),
      Self.bundle("bundle-chain", ledger.chained, ledger),
    ]
    var page = try FormatPage()
    #expect(Set(page.names) == Set(examples.map(\.name)))
    #expect(page.names.count == examples.count)
    for example in examples {
      if FormatPage.isWriting {
        page.replace(example.name, with: example.lines)
      } else {
        #expect(page.block(example.name) == example.lines, "the block \(example.name) is not what the code makes")
      }
    }
    if FormatPage.isWriting { try page.save() }
  }

  @Test("the chain leads from the first policy, and is needed")
  func chain() async throws {
    let ledger = try await ExampleLedger()
    #expect(try ledger.chained.verify(policy: ledger.policy).seal.epoch == 1)
    var cut = ledger.chained
    cut.chain = []
    #expect(throws: LedgerError.self) { try cut.verify(policy: ledger.policy) }
  }

  @Test("a salt of another length does not move the border between salt and document")
  func salt() async throws {
    let ledger = try await ExampleLedger()
    _ = try ledger.parts.verify(policy: ledger.policy)
    for shift in [-1, 1, 32] {
      var moved = ledger.parts
      let all = moved.documents[0].salt + moved.documents[0].bytes
      guard 32 + shift <= all.count else { continue }
      moved.documents[0].salt = Array(all[..<(32 + shift)])
      moved.documents[0].bytes = Array(all[(32 + shift)...])
      #expect(throws: LedgerError.self) { try moved.verify(policy: ledger.policy) }
    }
  }

  /// A bundle with what the program says about it.
  private static func bundle(_ name: String, _ bundle: ProofBundle, _ ledger: ExampleLedger) throws -> Example {
    let folder = Program.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bytes = bundle.encoded()
    #expect(try ProofBundle(decoding: bytes) == bundle)
    try Data(bytes).write(to: URL(filePath: folder + "/proof"))
    try Data(ledger.policyText).write(to: URL(filePath: folder + "/policy.txt"))
    let result = try Program.run("traceability", ["verify", folder + "/proof", "--policy", folder + "/policy.txt"])
    #expect(result.code == 0, "\(result.error)")
    var example = Example(name)
    example.hex("bundle", bytes)
    example.verbatim("claims", result.output.trimmingCharacters(in: .whitespacesAndNewlines))
    return example
  }
}
