import CBOR
import COSE
import Ledger
import LedgerTestKit
import Primitives
import Testing

@Suite struct FuzzCOSETests {
  static func key(_ name: String, _ algorithm: Algorithm) throws -> PrivateKey {
    try PrivateKey(seed: Digest.sha256(name).bytes, algorithm: algorithm)
  }

  /// A statement under ES256 with a fixed signature: signing anew would make other inputs in each run.
  static func es256() throws -> [UInt8] {
    let header = StatementHeader(
      key: try key("p", .es256).publicKey, issuer: "org-1", subject: "s", issuedAt: 1_772_000_000,
      claimID: ClaimID(high: 1, low: 2), contentType: "text/plain")
    var writer = CBORWriter()
    writer.tag(18)
    writer.array(4)
    writer.bytes(try header.encoded())
    writer.map(0)
    writer.bytes(Array("payload".utf8))
    writer.bytes(Hex.decode(signature) ?? [])
    return writer.bytes
  }

  static let signature =
    "a032bacc768ccf671e06116b975491b1f62c85d836e6d454f481ff72283ee1c3"
    + "5e5f98e8960e4870e4f4b50f39d596641ee06f81c8fce522d1cfa83d82da611c"

  @Test("the fixed signature holds") func fixedSignature() throws {
    let message = try Sign1(try Self.es256())
    let made = try Self.key("p", .es256).sign(
      Sign1.signatureStructure(protected: message.protected, payload: message.payload))
    #expect(message.verify(with: try Self.key("p", .es256).publicKey) != nil, "use \(Hex.encode(made))")
  }

  @Test("statements, headers, keys, PEM, receipts and transparent statements") func readers() async throws {
    let ledger = try await FuzzLedger()
    let device = try Self.key("device", .edDSA)
    let carrying = try Statement.sign(
      payload: [1, 2, 3], contentType: "application/cbor", issuer: "device", subject: "d", time: TestLedger.start,
      claimID: ClaimID(high: 3, low: 4), key: device, carryingKey: true)
    let statements = ledger.entries.filter { (try? Sign1($0)) != nil }.prefix(4) + [carrying.entry, try Self.es256()]
    var keys = ledger.keys
    let p256 = try Self.key("p", .es256).publicKey
    keys[p256.id] = p256
    let ids = Set(
      try statements.map { try Sign1($0).statementID } + ledger.entries.compactMap { try? Sign1($0).statementID })
    let transparent = try Receipt.transparent(ledger.receipts[0].entry, receipts: ledger.receipts.map(\.receipt))
    let mutator = Mutator(
      statements.map { .init("statement", .cbor, $0) } + ledger.receipts.map { .init("receipt", .cbor, $0.receipt) }
        + [
          .init("transparent", .cbor, transparent), .init("key", .cbor, device.publicKey.coseKey),
          .init("key", .cbor, p256.coseKey), .init("pem", .text, Array(device.pem.utf8)),
          .init("pem", .text, Array(try Self.key("p", .es256).pem.utf8)),
          .init("pem", .text, Array(try Self.key("s", .sm2).pem.utf8)),
          .init("key", .cbor, try Self.key("s", .sm2).publicKey.coseKey),
          .init("header", .cbor, Array(try Sign1(carrying.entry).protected)),
        ])

    func read(_ kind: String, _ bytes: [UInt8]) throws -> FuzzRun.Verdict {
      switch kind {
      case "header":
        let header = try StatementHeader(protected: bytes[...])
        _ = try? header.confirmationKey()
        return try header.encoded() == bytes ? .read() : .wrong("the header is written otherwise")
      case "key":
        let key = try PublicKey(coseKey: bytes)
        return try PublicKey(coseKey: key.coseKey) == key ? .read() : .wrong("the key is written as another one")
      case "pem":
        let key = try PrivateKey(pem: String(decoding: bytes, as: UTF8.self))
        return try PrivateKey(pem: key.pem).publicKey == key.publicKey ? .read() : .wrong("PEM of another key")
      case "receipt":
        for made in ledger.receipts {
          guard let found = try? Receipt.verify(bytes, entry: made.entry, logKey: made.logKey) else { continue }
          return found.index == made.index && found.root == made.root
            ? .read("verified") : .wrong("a receipt for entry \(found.index), root \(found.root)")
        }
        _ = try Sign1(transparent: bytes)
        return .read("not verified")
      case "transparent":
        let bare = try Sign1(transparent: bytes).withoutUnprotected()
        // Whatever was changed beside the statement is gone; what is left is judged like any entry.
        if case .authentic(let statement) = Statement.verify(bare, keys: keys) {
          return ids.contains(statement.id) ? .read("authentic") : .wrong("another statement is authentic")
        }
        return .read("not authentic")
      default:
        let verification = Statement.verify(bytes, keys: keys)
        if case .authentic(let statement) = verification {
          return ids.contains(statement.id) ? .read("authentic") : .wrong("another statement is authentic")
        }
        let message = try Sign1(bytes)
        _ = try? Receipt.transparent(bytes, receipts: [[1]])
        let header = try StatementHeader(message)
        guard try header.encoded() == Array(message.protected) else { return .wrong("the header is written otherwise") }
        return .read("not authentic")
      }
    }
    let run = await FuzzRun.aside {
      FuzzRun("COSE", usual: 8000, mutator) { item, bytes in
        do { return try read(item.kind, bytes) } catch { return .refused }
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }
}
