/// Where signed headers go: a ledger's node, or a test.
public protocol Anchor: Sendable {
  /// Takes headers of one gateway in the order of their numbers; each is durable at the gateway already.
  ///
  /// Returns when they are on the ledger; throws when some may not be, and then gets them again. A header that is on the
  /// ledger already must be taken as done: after a restart a gateway may send one twice.
  func anchor(_ headers: [[UInt8]]) async throws
}

/// An anchor that is a closure.
public struct ClosureAnchor: Anchor {
  private let body: @Sendable ([[UInt8]]) async throws -> Void

  /// An anchor that calls `body`.
  public init(_ body: @escaping @Sendable ([[UInt8]]) async throws -> Void) { self.body = body }

  /// Calls the closure.
  public func anchor(_ headers: [[UInt8]]) async throws { try await body(headers) }
}
