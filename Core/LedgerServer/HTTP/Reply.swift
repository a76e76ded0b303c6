internal import Primitives
internal import FoundationEssentials
public import HTTPTypes
public import Hummingbird
internal import NIOCore

/// Answers as routes make them.
public enum Reply {
  /// How long an answer may be kept.
  public enum Caching: String, Sendable {
    /// Not at all: it depends on who asks, or changes with each block.
    case never = "no-store"
    /// To be asked for again each time.
    case check = "no-cache"
    /// For good: full and partial tiles never change.
    case immutable = "public, max-age=31536000, immutable"
    /// For good, by the asker alone.
    case immutablePrivate = "private, max-age=31536000, immutable"
  }

  /// Bytes of a media type.
  public static func bytes(
    _ bytes: [UInt8], type: String, status: HTTPResponse.Status = .ok, caching: Caching = .never
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: caching.rawValue],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// Plain text in UTF-8.
  public static func text(
    _ text: String, type: String = "text/plain; charset=utf-8", status: HTTPResponse.Status = .ok,
    caching: Caching = .never
  ) -> Response { bytes(Array(text.utf8), type: type, status: status, caching: caching) }

  /// A value as JSON with its keys in order.
  public static func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok, caching: Caching = .never
  ) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return bytes(Array(try encoder.encode(value)), type: "application/json", status: status, caching: caching)
  }
}

extension Request {
  /// The whole body, at most `limit` bytes; beyond that a 413.
  public func bytes(upTo limit: Int) async throws -> [UInt8] {
    if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw Problem.bodyLimit(limit) }
    do { return Array(buffer: try await body.collect(upTo: limit)) } catch is NIOTooManyBytesError {
      throw Problem.bodyLimit(limit)
    }
  }

  /// Of the media types on offer the one that `Accept` likes best; a 406 where it takes none of them.
  public func negotiated(of offers: [String]) throws(Problem) -> String {
    if let accept = headers[.accept], !accept.isEmpty, !offers.contains(where: { Request.quality(of: $0, accept) > 0 })
    {
      throw Problem(
        .notAcceptable, code: "not-acceptable", "This path answers in \(offers.joined(separator: " or ")). Ask for one."
      )
    }
    return preferred(of: offers)
  }

  /// Of the media types on offer the one that `Accept` likes best; the first where it does not say.
  public func preferred(of offers: [String]) -> String {
    guard let accept = headers[.accept], let first = offers.first else { return offers.first ?? "" }
    var best = (type: first, quality: 0.0)
    for offer in offers {
      let quality = Request.quality(of: offer, accept)
      if quality > best.quality { best = (offer, quality) }
    }
    return best.type
  }

  private static func quality(of offer: String, _ accept: String) -> Double {
    var found = (specificity: -1, quality: 0.0)
    for range in accept.split(separator: ",").prefix(32) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
      guard let type = parts.first else { continue }
      let specificity: Int
      if type == offer {
        specificity = 2
      } else if type.hasSuffix("/*"), offer.hasPrefix(type.dropLast()) {
        specificity = 1
      } else if type == "*/*" {
        specificity = 0
      } else {
        continue
      }
      let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
      if specificity > found.specificity { found = (specificity, min(1, max(0, quality))) }
    }
    return found.quality
  }

  /// The media type of the body without parameters, in lower case.
  public var mediaType: String {
    (headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
  }
}

extension Problem {
  static func bodyLimit(_ limit: Int) -> Problem {
    // What has not been read of the body is not waited for: the connection ends with this answer.
    Problem(
      .contentTooLarge, code: "limit", "The request's body is larger than the \(limit) bytes that this route takes.",
      headers: [.connection: "close"])
  }
}
