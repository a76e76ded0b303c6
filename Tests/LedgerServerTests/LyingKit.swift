import CBOR
import COSE
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import Merkle
import NIOCore
import Primitives
import Testing

/// Stands between a client and an honest server and changes what comes back.
struct Liar: Sendable {
  /// Path with query, and the honest answer; gives what is sent instead.
  typealias Lie = @Sendable (_ path: String, _ body: [UInt8]) -> [UInt8]

  private let lie = Shared<Lie>({ _, body in body })

  func tell(_ new: @escaping Lie) { lie.withLock { $0 = new } }

  func stop() { tell { _, body in body } }

  /// Runs `body` with the address of the liar and a client of it; the server of `kit` is behind.
  func serve(
    _ kit: ServerKit, _ server: LedgerApplication? = nil,
    _ body: @escaping @Sendable (_ url: String, _ client: any TestClientProtocol) async throws -> Void
  ) async throws {
    let honest = (server ?? kit.application()).application()
    try await honest.test(.live) { inner in
      let router = Router()
      router.get("**") { request, _ in
        let answer = try await inner.execute(uri: request.uri.string, method: .get, headers: kept(request.headers))
        let told = lie.withLock { $0 }(request.uri.string, answer.bytes)
        if answer.status != .ok, told == answer.bytes {
          return Response(status: answer.status, body: .init(byteBuffer: answer.body))
        }
        return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: told)))
      }
      router.post("**") { request, _ in
        let bytes = try await request.body.collect(upTo: 1 << 20)
        let answer = try await inner.execute(
          uri: request.uri.string, method: .post, headers: kept(request.headers), body: bytes)
        return Response(status: answer.status, body: .init(byteBuffer: answer.body))
      }
      try await Application(router: router).test(.live) { outer in
        guard let port = outer.port else { throw LedgerError(.unavailable, "no port") }
        try await body("http://localhost:\(port)", outer)
      }
    }
  }
}

/// What an honest server needs of a request's headers.
private func kept(_ headers: HTTPFields) -> HTTPFields {
  var kept: HTTPFields = [:]
  for name in [HTTPField.Name.accept, .authorization, .contentType] { kept[name] = headers[name] }
  return kept
}

/// A log in parts, put together again after a change and signed with the sequencing member's own key: what a lying
/// sequencing node can do.
struct ForgedLog: Sendable {
  var entries: [[UInt8]]
  let origin: String
  let key: PrivateKey

  init(_ kit: ServerKit) throws {
    entries = try kit.node.head.entries(from: 0, to: kit.node.head.size)
    origin = kit.node.genesis.origin
    key = kit.keys[0].log
  }

  var root: Digest {
    var tree = TileTree()
    for entry in entries { tree.append(TreeHash.leaf(entry)) { _ in } }
    return tree.root
  }

  func note(size: UInt64? = nil, root: Digest? = nil, origin: String? = nil, key: PrivateKey? = nil) throws -> [UInt8] {
    let checkpoint = Checkpoint(
      origin: origin ?? self.origin, size: size ?? UInt64(entries.count), root: root ?? self.root)
    return try #require(checkpoint).signed(with: TestNoteKey(key: key ?? self.key)).encoded
  }

  /// What the paths of a log answer for this log, where it has the entries asked for.
  func lie() throws -> Liar.Lie {
    let note = try note()
    let entries = entries
    return { path, body in
      if path.hasPrefix("/log/candidate") { return note }
      guard path.hasPrefix("/log/tile/entries/"), let tile = TileID(entriesPath: path.dropFirst("/log/".count)) else {
        return body
      }
      return ForgedLog.bundle(entries.dropFirst(Int(tile.index) * 256).prefix(tile.width))
    }
  }

  static func bundle(_ entries: some Sequence<[UInt8]>) -> [UInt8] {
    entries.reduce(into: []) { bytes, entry in
      bytes.append(u16: UInt16(entry.count))
      bytes.append(contentsOf: entry)
    }
  }

  static func entries(of bundle: [UInt8]) -> [[UInt8]] {
    var reader = ByteReader(bundle)
    var entries: [[UInt8]] = []
    while let count = reader.u16(), let entry = reader.take(Int(count)) { entries.append(Array(entry)) }
    return entries
  }

  /// The last seal with one field of its CBOR map changed.
  func withSeal(_ field: CBORValue, _ value: (CBORValue) -> CBORValue) throws -> ForgedLog {
    var copy = self
    guard case .tag(let tag, .map(var pairs)) = try CBORValue(decoding: entries[entries.count - 1]),
      let place = pairs.firstIndex(where: { $0.key == field })
    else { throw LedgerError(.malformed, "no seal") }
    pairs[place].value = value(pairs[place].value)
    copy.entries[entries.count - 1] = try CBORValue.tag(tag, .map(pairs)).encoded()
    return copy
  }
}
