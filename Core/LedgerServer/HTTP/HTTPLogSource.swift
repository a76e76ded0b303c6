internal import AsyncHTTPClient
internal import FoundationEssentials
public import Ledger
public import Merkle
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Primitives

/// Another member's node over HTTP, as a source of its log.
///
/// Everything that comes back is bounded and checked for its form only: the follower executes and compares.
public struct HTTPLogSource: LogSource {
  /// The server's address without a slash at the end.
  public let url: String
  private let token: String?
  private let seconds: Int64
  private let tls: ClientTLS?

  /// Bytes of the bundles that one call of `entries` gathers before it gives what it has.
  private static let groupBytes = 16 << 20

  /// A source at an address such as `http://127.0.0.1:8101`.
  ///
  /// - Parameters:
  ///   - token: the access token that the other member made for this one, where the ledger is not public.
  ///   - seconds: how long one request may take.
  ///   - tls: whom to believe behind https; nil for the authorities that this system knows.
  public init(
    url: String, token: String? = nil, seconds: Int64 = 30, tls: ClientTLS? = nil
  ) throws(LedgerError) {
    var url = url
    while url.hasSuffix("/") { url.removeLast() }
    guard url.hasPrefix("http://") || url.hasPrefix("https://"), url.utf8.count <= 2048,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !url.contains("?"), !url.contains("#")
    else {
      throw LedgerError(
        .malformed, "'\(url)' is no address of a server. Give one such as http://127.0.0.1:8101.")
    }
    if let token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
      throw LedgerError(.malformed, "The access token has characters that no token has.")
    }
    self.url = url
    self.token = token
    self.seconds = seconds
    self.tls = tls
  }

  /// The checkpoint that waits for co-signatures.
  public func candidate() async throws -> [UInt8] {
    try await get(
      "/log/candidate", limit: Limits.noteBytes, missing: "There is no checkpoint yet: nothing has been sealed.")
  }

  /// Entries out of C2SP bundles; as many whole bundles as fit 16 MiB, at least one.
  public func entries(from: UInt64, to: UInt64) async throws -> [[UInt8]] {
    let width = UInt64(TileID.fullWidth)
    var found: [[UInt8]] = []
    var bytes = 0
    var next = from
    while next < to, bytes < HTTPLogSource.groupBytes {
      let start = next / width * width
      let count = Int(min(width, to - start))
      guard let tile = TileID(level: 0, index: next / width, width: count) else { break }
      let bundle = try await get(
        "/log/" + tile.entriesPath, limit: count * (Limits.entryBytes + 2),
        missing: "The server at \(url) does not have the entries up to \(start + UInt64(count)) yet.")
      let entries = try HTTPLogSource.entries(of: bundle, count: count, url)
      found.append(contentsOf: entries.dropFirst(Int(next - start)))
      bytes += bundle.count
      next = start + UInt64(count)
    }
    return found
  }

  /// The proof that the log of `from` entries is the beginning of that of `to`.
  public func consistency(from: UInt64, to: UInt64) async throws -> ConsistencyProof {
    let body = try await get("/log/consistency?from=\(from)&to=\(to)", limit: 64 << 10, missing: nil)
    guard let answer = try? JSONDecoder().decode(ConsistencyAnswer.self, from: Data(body)),
      answer.path.count <= ConsistencyProof.maximumPath
    else { throw malformed("no consistency proof") }
    let path = answer.path.compactMap { Base64.decode($0).flatMap { Digest($0) } }
    guard path.count == answer.path.count else { throw malformed("no consistency proof") }
    return ConsistencyProof(from: answer.from, to: answer.to, path: path)
  }

  /// Hands a co-signed checkpoint in.
  public func add(_ request: AddCheckpointRequest) async throws {
    var post = message("/log/add-checkpoint")
    post.method = .POST
    post.headers.add(name: "content-type", value: "text/plain; charset=utf-8")
    post.body = .bytes(ByteBuffer(bytes: request.encoded))
    let (status, body) = try await send(post, limit: 64 << 10)
    switch status {
    case 200: return
    case 409:
      let last = String(decoding: body.prefix(20).prefix { $0 > 0x20 && $0 < 0x7f }, as: UTF8.self)
      throw LedgerError(
        .unavailable,
        "The server at \(url) has moved on to a checkpoint of size \(last). This member signs that one next.")
    default: throw refusal(status, body)
    }
  }

  // MARK: Membership

  /// The genesis of the log that the server has.
  public func genesis() async throws -> Genesis {
    let body = try await get("/genesis", limit: Limits.valueBytes * 2, missing: nil)
    return try Genesis(decoding: body[...])
  }

  /// What became of a statement that was registered.
  public struct Registered: Sendable, Hashable, Decodable {
    /// Where it stands in the log.
    public let index: UInt64
    /// `accepted`, `duplicate` or `refused`.
    public let status: String
    /// Why it was refused.
    public let code: String?
    /// Why it was refused, for people.
    public let message: String?
  }

  /// Registers a signed statement; throws `.refused` where the server does not take it into the log.
  public func register(_ entry: [UInt8]) async throws -> Registered {
    var post = message("/entries")
    post.method = .POST
    post.headers.add(name: "content-type", value: "application/cose")
    post.headers.add(name: "accept", value: "application/json")
    post.body = .bytes(ByteBuffer(bytes: entry))
    let (status, body) = try await send(post, limit: 64 << 10)
    guard status == 201 else { throw refusal(status, body) }
    guard let answer = try? JSONDecoder().decode(Registered.self, from: Data(body)) else {
      throw malformed("no answer to a registration")
    }
    return answer
  }

  // MARK: Requests

  private func message(_ path: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: url + path)
    request.headers.add(name: "user-agent", value: "tallystick")
    request.tlsConfiguration = tls?.configuration
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    return request
  }

  private func get(_ path: String, limit: Int, missing: Message?) async throws -> [UInt8] {
    let (status, body) = try await send(message(path), limit: limit)
    if status == 200 { return body }
    if status == 404, let missing { throw LedgerError(.unavailable, missing) }
    throw refusal(status, body)
  }

  private func send(_ request: HTTPClientRequest, limit: Int) async throws -> (status: Int, body: [UInt8]) {
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(seconds))
      let body = try await response.body.collect(upTo: response.status.code < 300 ? limit : 64 << 10)
      return (Int(response.status.code), Array(buffer: body))
    } catch is NIOTooManyBytesError {
      throw LedgerError(.limit, "The server at \(url) sends more than \(limit) bytes where no answer has so many.")
    } catch let error as CancellationError {
      throw error
    } catch {
      throw LedgerError(
        .unavailable, "The server at \(url) does not answer (\(error)). Start it, or check the address.")
    }
  }

  private struct ProblemBody: Decodable {
    let detail: String?
  }

  private func refusal(_ status: Int, _ body: [UInt8]) -> LedgerError {
    let detail = (try? JSONDecoder().decode(ProblemBody.self, from: Data(body)))?.detail
    let words = detail ?? String(decoding: body.prefix(200), as: UTF8.self)
    // Nothing from outside reaches a terminal with control characters in it.
    let plain = Message(said: String(words.prefix(500).filter { !$0.isNewline && ($0.asciiValue ?? 0x20) >= 0x20 }))
    switch status {
    case 401, 403:
      return LedgerError(
        .notAuthentic, "The server at \(url) does not accept this member's token (\(status)): \(plain)")
    case 500...: return LedgerError(.unavailable, "The server at \(url) cannot answer now (\(status)): \(plain)")
    default: return LedgerError(.refused, "The server at \(url) refuses the request (\(status)): \(plain)")
    }
  }

  private func malformed(_ what: Message) -> LedgerError {
    LedgerError(.malformed, "The server at \(url) sends \(what). Check that it is a node of this ledger.")
  }

  /// Takes a bundle apart: exactly `count` entries and nothing behind them.
  static func entries(of bundle: [UInt8], count: Int, _ url: String) throws(LedgerError) -> [[UInt8]] {
    var reader = ByteReader(bundle)
    var entries: [[UInt8]] = []
    while let length = reader.u16(), let entry = reader.take(Int(length)) {
      entries.append(Array(entry))
      if entries.count == count { break }
    }
    guard entries.count == count, reader.isAtEnd else {
      throw LedgerError(
        .malformed, "The server at \(url) sends no bundle of \(count) entries. Check that it is a node of this ledger.")
    }
    return entries
  }
}
