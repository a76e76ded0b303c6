import LedgerTestKit
import COSE
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import Primitives
import Testing

/// A reader of C2SP tlog-tiles written from the specification alone: nothing of this project but SHA-256, base64 and
/// Ed25519 takes part.
private struct TilesClient {
  let client: any TestClientProtocol
  let prefix = "/log"

  struct Head {
    let origin: String
    let size: UInt64
    let root: Digest
    let body: String
    let signatures: [(name: String, bytes: [UInt8])]
  }

  private func fetch(_ path: String, _ type: String, _ caching: (String) -> Bool) async throws -> [UInt8] {
    let answer = try await client.get(prefix + path)
    guard answer.status == .ok else { throw RunningProgramError(words: "\(path): \(answer.status)") }
    #expect(answer.headers[.contentType]?.hasPrefix(type) == true, "\(path)")
    #expect(caching(answer.headers[.cacheControl] ?? ""), "\(path)")
    return answer.bytes
  }

  func head() async throws -> Head {
    let text = String(
      decoding: try await fetch("/checkpoint", "text/plain") { !$0.contains("immutable") }, as: UTF8.self)
    let parts = text.components(separatedBy: "\n\n")
    let lines = parts[0].components(separatedBy: "\n")
    guard parts.count == 2, lines.count == 3, let size = UInt64(lines[1]),
      let root = Data(base64Encoded: lines[2]).flatMap({ Digest(Array($0)) })
    else { throw RunningProgramError(words: text) }
    let signatures = parts[1].split(separator: "\n").compactMap { line -> (name: String, bytes: [UInt8])? in
      let words = line.split(separator: " ")
      guard words.count == 3, words[0] == "—", let bytes = Data(base64Encoded: String(words[2])) else { return nil }
      return (String(words[1]), Array(bytes))
    }
    return Head(origin: lines[0], size: size, root: root, body: parts[0] + "\n", signatures: signatures)
  }

  /// `x001/x234/067` for 1234067.
  private func number(_ n: UInt64) -> String {
    var groups = [String(format: "%03d", Int(n % 1000))]
    var rest = n / 1000
    while rest > 0 {
      groups.insert(String(format: "x%03d", Int(rest % 1000)), at: 0)
      rest /= 1000
    }
    return groups.joined(separator: "/")
  }

  private func path(_ kind: String, _ n: UInt64, width: Int) -> String {
    "/tile/\(kind)/\(number(n))" + (width == 256 ? "" : ".p/\(width)")
  }

  /// All tiles of a level, at the widths that a log of this size has.
  func level(_ level: Int, size: UInt64) async throws -> [Digest] {
    var hashes: [Digest] = []
    let count = size >> UInt64(8 * level)
    for n in 0..<(count + 255) / 256 {
      let width = Int(min(256, count - n * 256))
      let bytes = try await fetch(path("\(level)", n, width: width), "application/octet-stream") {
        $0.contains("immutable") && $0.contains("public")
      }
      guard bytes.count == 32 * width else { throw RunningProgramError(words: "tile \(level)/\(n)") }
      hashes += stride(from: 0, to: bytes.count, by: 32).compactMap { Digest(Array(bytes[$0..<$0 + 32])) }
    }
    return hashes
  }

  func entries(size: UInt64) async throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    for n in 0..<(size + 255) / 256 {
      let width = Int(min(256, size - n * 256))
      let bytes = try await fetch(path("entries", n, width: width), "application/octet-stream") {
        $0.contains("immutable")
      }
      var place = 0
      for _ in 0..<width {
        guard place + 2 <= bytes.count else { throw RunningProgramError(words: "bundle \(n)") }
        let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
        guard place + 2 + length <= bytes.count else { throw RunningProgramError(words: "bundle \(n)") }
        entries.append(Array(bytes[place + 2..<place + 2 + length]))
        place += 2 + length
      }
      guard place == bytes.count else { throw RunningProgramError(words: "bundle \(n)") }
    }
    return entries
  }

  /// RFC 9162 §2.1.1, as it is written there.
  static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    if leaves.isEmpty { return .sha256([UInt8]()) }
    if leaves.count == 1 { return leaves[leaves.startIndex] }
    var half = 1
    while half * 2 < leaves.count { half *= 2 }
    let middle = leaves.startIndex + half
    return .sha256([0x01] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
  }

  static func leaf(_ entry: [UInt8]) -> Digest { .sha256([0x00] + entry) }
}

@Suite("C2SP tlog-tiles")
struct TilesClientTests {
  @Test("a client written from the specification follows the log", arguments: [2, 254, 255, 700])
  func follow(_ count: Int) async throws {
    let kit = try await ServerKit(members: 3)
    try await kit.fill(count)
    try await kit.open.settle()
    try await kit.application().application().test(.router) { http in
      let client = TilesClient(client: http)
      let head = try await client.head()
      #expect(head.origin == kit.node.genesis.origin && head.size == UInt64(count) + 2)
      let leaves = try await client.level(0, size: head.size)
      #expect(TilesClient.root(leaves[...]) == head.root)
      let entries = try await client.entries(size: head.size)
      #expect(entries.map(TilesClient.leaf) == leaves)
      // A hash of level 1 stands for 256 of level 0; incomplete ones are not there.
      let upper = try await client.level(1, size: head.size)
      #expect(upper == (0..<leaves.count / 256).map { TilesClient.root(leaves[$0 * 256..<$0 * 256 + 256]) })

      // The log's signature (type 01) and the members' co-signatures (type 04), by the specification's words.
      let log = try #require(head.signatures.first { $0.name == head.origin })
      let key = kit.keys[0].log.publicKey
      #expect(
        Array(log.bytes[..<4])
          == Array(Digest.sha256(Array("\(head.origin)\n".utf8) + [0x01] + key.rawRepresentation).bytes[..<4]))
      #expect(key.isValidSignature(log.bytes[4...], for: Array(head.body.utf8)))
      var cosigned = 0
      for member in kit.keys {
        let name = "\(head.origin)/\(member.name)"
        let line = try #require(head.signatures.first { $0.name == name })
        let cosigner = member.cosignature.publicKey
        #expect(
          Array(line.bytes[..<4])
            == Array(Digest.sha256(Array("\(name)\n".utf8) + [0x04] + cosigner.rawRepresentation).bytes[..<4]))
        let time = line.bytes[4..<12].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let message = "cosignature/v1\ntime \(time)\n" + head.body
        if cosigner.isValidSignature(line.bytes[12...], for: Array(message.utf8)) { cosigned += 1 }
      }
      #expect(cosigned == 3)
      // Any narrower width of a partial tile may be asked for, none that is wider, and no empty one.
      let width = Int(head.size % 256)
      if width > 1 {
        let n = head.size / 256
        let narrow = try await http.get("/log/tile/0/\(String(format: "%03d", Int(n))).p/1")
        #expect(narrow.bytes == leaves[Int(n) * 256].bytes)
      }
      for path in ["/log/tile/0/\(String(format: "%03d", Int(head.size / 256))).p/\(width + 1)", "/log/tile/5/000.p/1"]
      {
        let status = try await http.get(path).status.code
        #expect(status == 404 || width == 255, "\(path)")
      }
    }
    await kit.close()
  }
}
