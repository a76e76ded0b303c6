internal import AsyncHTTPClient
public import Ledger
internal import NIOCore
internal import NIOHTTP1
internal import Primitives

/// Posts bodies to one address, as a stream of readings does.
public struct ReadingPoster: Sendable {
  /// What a server said.
  public struct Answer: Sendable, Equatable {
    /// The HTTP status.
    public let status: Int
    /// Seconds of `Retry-After`, if the server named some.
    public let retryAfter: Int?
    /// The beginning of the body, printable characters only.
    public let text: String
  }

  /// Bytes of an answer that are read; more close the connection.
  private static let answerBytes = 1 << 20

  /// The address.
  public let url: String
  private let token: String?
  private let seconds: Int64

  /// A poster to an address such as `http://127.0.0.1:8104/edge/readings`; throws `.malformed` for what is none.
  ///
  /// - Parameters:
  ///   - token: a bearer token; nil for none.
  ///   - seconds: how long one request may take.
  public init(url: String, token: String? = nil, seconds: Int64 = 30) throws(LedgerError) {
    guard url.hasPrefix("http://") || url.hasPrefix("https://"), url.utf8.count <= 2048,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), !url.contains("#")
    else {
      throw LedgerError(.malformed, "'\(url)' is no address to post to, such as http://127.0.0.1:8104/edge/readings.")
    }
    if let token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
      throw LedgerError(.malformed, "The access token has characters that no token has.")
    }
    self.url = url
    self.token = token
    self.seconds = seconds
  }

  /// Posts a body; throws `.unavailable` where nobody answers. Whatever status comes is an answer.
  public func post(_ body: [UInt8], mediaType: String) async throws -> Answer {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "user-agent", value: "tallystick")
    request.headers.add(name: "content-type", value: mediaType)
    request.headers.add(name: "accept", value: "application/json")
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    request.body = .bytes(ByteBuffer(bytes: body))
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(seconds))
      let answer = try await response.body.collect(upTo: ReadingPoster.answerBytes)
      let text = String(decoding: answer.readableBytesView.prefix(500), as: UTF8.self)
      return Answer(
        status: Int(response.status.code), retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) },
        text: String(text.filter { !$0.isNewline && ($0.asciiValue ?? 0x20) >= 0x20 }))
    } catch let error as CancellationError {
      throw error
    } catch {
      throw LedgerError(
        .unavailable, "The server at \(url) does not answer (\(error)). Start it, or check the address.")
    }
  }
}
