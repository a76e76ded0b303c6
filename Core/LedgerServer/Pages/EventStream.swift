internal import FoundationEssentials
public import Hummingbird
internal import NIOCore
internal import Primitives
internal import ServiceLifecycle

/// What a page is told by a server-sent event: texts to put into it, and parts of it to load again.
public struct PageChange: Sendable, Equatable, Encodable {
  /// New texts by the `data-key` of the elements that show them.
  public var text: [String: String] = [:]
  /// Addresses of fragments by the id of the element that holds each.
  public var html: [String: String] = [:]

  /// A change of nothing yet.
  public init() {}

  /// A change of texts and fragments.
  public init(text: [String: String], html: [String: String] = [:]) {
    self.text = text
    self.html = html
  }
}

/// Server-sent events (WHATWG HTML, section 9.2) for a page.
public enum EventStream {
  /// Seconds after which a silent stream says that it is alive.
  private static let heartbeat = 15

  /// An answer that looks every `milliseconds` and sends what has changed, until the reader goes away or the server is
  /// told to stop.
  ///
  /// A slow reader gets fewer events and none twice: each look happens after the last event has been taken.
  public static func response(
    every milliseconds: Int = 500, _ look: @escaping @Sendable () async throws -> PageChange
  ) -> Response {
    let words = Catalogue.current
    let body = ResponseBody { writer in
      var last: PageChange?
      var silent = ContinuousClock.now
      try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      while !Task.isCancelled, !Task.isShuttingDownGracefully {
        let now = try await Catalogue.$current.withValue(words) { try await look() }
        if now != last {
          try await writer.write(ByteBuffer(bytes: Array("data: ".utf8) + encoder.encode(now) + Array("\n\n".utf8)))
          last = now
          silent = .now
        } else if silent.duration(to: .now) > .seconds(heartbeat) {
          try await writer.write(ByteBuffer(string: ":\n\n"))
          silent = .now
        }
        try await Task.sleep(for: .milliseconds(milliseconds))
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: Reply.Caching.never.rawValue], body: body
    )
  }
}
