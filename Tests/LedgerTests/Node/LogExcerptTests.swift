import COSE
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite("Log excerpts")
struct LogExcerptTests {
  static let suite = ContractSuite(CounterContract.self)

  @Test("an excerpt holds for its policy, and no changed byte of it says anything else")
  func mutation() async throws {
    let ledger = try TestLedger(members: 4)
    let open = try await ledger.consortium.open(suite: Self.suite, clock: ledger.clock)
    var places: [UInt64] = []
    for number in 0..<37 as Range<UInt64> {
      let statement = try ledger.statement(Int(number % 4), number: number)
      places.append(try await open.sequencer.submit([statement.entry])[0].place())
    }
    try await open.settle()
    let policy = try ledger.policy
    for place in places {
      let excerpt = try open.sequencer.excerpt(place, evidence: [1, 2, 3])
      let bytes = try excerpt.encoded()
      #expect(LogExcerpt.begins(bytes))
      let read = try LogExcerpt(decoding: bytes)
      #expect(read == excerpt)
      let finding = try read.verify(policy: policy)
      #expect(finding.signers.count == 3 && finding.needed == 3 && finding.size == open.sequencer.head.size)
      #expect(finding.statement.header.subject == "subject")
    }
    let bytes = try open.sequencer.excerpt(places[11], evidence: [1, 2, 3]).encoded()
    let truth = try LogExcerpt(decoding: bytes)
    for place in bytes.indices {
      for bit in [0x01, 0x80] as [UInt8] {
        var changed = bytes
        changed[place] ^= bit
        guard let excerpt = try? LogExcerpt(decoding: changed), (try? excerpt.verify(policy: policy)) != nil else {
          continue
        }
        // What is not covered is the evidence, which the application checks against the statement.
        #expect(excerpt.entry == truth.entry && excerpt.index == truth.index, "byte \(place)")
        #expect(excerpt.evidence != truth.evidence, "byte \(place)")
      }
    }
    for count in 0..<bytes.count {
      #expect(throws: LedgerError.self) { _ = try LogExcerpt(decoding: Array(bytes[..<count])) }
    }
    #expect(throws: LedgerError.self) { _ = try LogExcerpt(decoding: bytes + [0]) }
    #expect(throws: LedgerError.self) { _ = try open.sequencer.excerpt(open.sequencer.head.size) }
    // Another consortium's policy believes none of it.
    let other = try TestLedger(members: 4, seed: 9)
    #expect(throws: LedgerError.self) { _ = try truth.verify(policy: try other.policy) }
    await open.close()
  }
}
