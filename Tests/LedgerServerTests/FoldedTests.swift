import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import Testing

@Suite("Large states")
struct FoldedTests {
  @Test("a state that has been moved out of memory is proved after opening again", .timeLimit(.minutes(3)))
  func folded() async throws {
    let kit = try await ServerKit(members: 1)
    for round in 0..<14 {
      let entries = try (0..<4000).map { number in
        try kit.statement(0, "s\(number % 7)", "yes", number: UInt64(round * 4000 + number)).entry
      }
      _ = try await kit.node.submit(entries)
    }
    try await kit.open.settle()
    let policy = try kit.node.head.configuration.policy(origin: kit.node.genesis.origin)
    await kit.open.close()
    let node = try await kit.consortium.folder("org-1").open(suite: ServerKit.suite, clock: kit.clock)
    let server = LedgerApplication(node: node, suite: ServerKit.suite)
    try await server.application().test(.router) { client in
      for number in [UInt64(1), 20_000, 40_000, 55_000] {
        let key = CounterContract.records.key(.sha256("org-1"), order: number)
        let answer = try await client.get("/state/\(Hex.encode(key.bytes))")
        #expect(answer.status == .ok)
        let proved = try ProofBundle(decoding: answer.bytes).verify(policy: policy)
        #expect(proved.present.map(\.key) == [key])
        let list = try await client.get("/state/\(Hex.encode(Array(key.bytes.dropLast())))?prefix=1")
        #expect(try ProofBundle(decoding: list.bytes).verify(policy: policy).lists.first?.pairs.isEmpty == false)
      }
      let all = try await client.get("/state/\(Hex.encode(CounterContract.records.prefix().bytes))?prefix=1")
      #expect(all.problem == "limit")
    }
    await node.close()
    await kit.close()
  }
}
