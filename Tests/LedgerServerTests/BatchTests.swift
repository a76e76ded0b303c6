import CBOR
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import NIOCore
import Primitives
import Testing

@Suite("Batches of statements over HTTP")
struct BatchTests {
  private static let type: HTTPFields = [.contentType: "application/cbor-seq", .accept: "application/json"]

  @Test("each statement of a batch has its outcome, in the order sent")
  func outcomes() async throws {
    let kit = try await ServerKit(members: 1)
    let statements = try (0..<4).map { try kit.statement(0, "subject", "payload", number: UInt64(900 + $0)) }
    var spoiled = statements[2].entry
    spoiled[spoiled.count - 1] ^= 1
    let entries = [statements[0].entry, statements[1].entry, spoiled, statements[0].entry, statements[3].entry]
    try await kit.application().application().test(.router) { client in
      let answer = try await client.execute(
        uri: "/entries/batch", method: .post, headers: Self.type, body: ByteBuffer(bytes: entries.flatMap { $0 }))
      #expect(answer.status == .ok)
      #expect(answer.headers[.contentType] == "application/cbor-seq")
      var reader = CBORReader(Array(buffer: answer.body))
      var words: [String] = []
      while !reader.isAtEnd {
        var item = CBORReader(try reader.skip())
        _ = try item.array()
        words.append(try item.text())
      }
      #expect(words == ["accepted", "accepted", "rejected", "duplicate", "accepted"])
    }
    await kit.close()
  }

  @Test("what is no batch is refused whole, and nothing of it is stored")
  func malformed() async throws {
    let kit = try await ServerKit(members: 1)
    let entry = try kit.statement(0, "subject", "payload", number: 1).entry
    let size = kit.node.head.size
    try await kit.application().application().test(.router) { client in
      for (headers, body, status) in [
        ([.contentType: "application/cose", .accept: "application/json"] as HTTPFields, entry, 415),
        (Self.type, [], 400),
        (Self.type, entry + [0xff], 400), (Self.type, entry.dropLast(3), 400),
        (Self.type, [UInt8](repeating: 0, count: Limits.batchStatements + 1), 413),
        (Self.type, [UInt8](repeating: 0, count: Limits.batchBytes + 1), 413),
      ] {
        let answer = try await client.execute(
          uri: "/entries/batch", method: .post, headers: headers, body: ByteBuffer(bytes: body))
        #expect(answer.status.code == status, "\(body.count) bytes: \(String(buffer: answer.body))")
        #expect(answer.headers[.contentType] == "application/problem+json")
      }
    }
    #expect(kit.node.head.size == size)
    await kit.close()
  }
}
