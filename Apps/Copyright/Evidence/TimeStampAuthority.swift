import AsyncHTTPClient
import Foundation
import Ledger
import NIOCore
import NIOHTTP1
import Primitives
import TimeStamp

/// A time-stamp authority over HTTP: RFC 3161 §3.4.
struct TimeStampAuthority {
  /// The environment variable that configures one for every command and for the server.
  static let variable = "TALLYSTICK_TSA"
  private static let patience = 30

  /// Its address.
  let url: String

  /// The authority at an address; nil where none is configured.
  ///
  /// - Parameter url: the address as given; the environment's where nothing is.
  static func configured(_ url: String? = nil) throws(LedgerError) -> TimeStampAuthority? {
    guard let url = url ?? ProcessInfo.processInfo.environment[variable], !url.isEmpty else { return nil }
    guard url.hasPrefix("http://") || url.hasPrefix("https://"), url.utf8.count <= 2048,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { throw LedgerError(.malformed, "'\(url)' is no address of a time-stamp authority.") }
    return TimeStampAuthority(url: url)
  }

  /// Has bytes stamped.
  ///
  /// - Returns: the authority's response with the token in it, over these very bytes. Its signature is checked by whoever
  ///   trusts the authority, see `TimeStampToken.check`.
  func stamp(_ data: [UInt8]) async throws -> [UInt8] {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "user-agent", value: "tallystick")
    request.headers.add(name: "content-type", value: "application/timestamp-query")
    request.headers.add(name: "accept", value: "application/timestamp-reply")
    request.body = .bytes(ByteBuffer(bytes: TimeStampToken.query(over: data)))
    let answer: (status: Int, body: [UInt8])
    do {
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(Int64(Self.patience)))
      let body = try await response.body.collect(upTo: TimeStampToken.limit)
      answer = (Int(response.status.code), Array(body.readableBytesView))
    } catch {
      throw LedgerError(
        .unavailable,
        "The time-stamp authority at \(url) does not answer (\(Message(said: "\(error)"))). Try again, or leave it out."
      )
    }
    guard answer.status == 200 else {
      throw LedgerError(
        .unavailable, "The time-stamp authority at \(url) answered with status \(answer.status) and no time stamp.")
    }
    guard let token = try? TimeStampToken(decoding: answer.body), token.imprint == .sha256(data) else {
      throw LedgerError(
        .unavailable, "The time-stamp authority at \(url) gave no time stamp over the proof that it was sent.")
    }
    return answer.body
  }
}
