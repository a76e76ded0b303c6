public import ArgumentParser
public import Ledger

/// What an application runs beside its server: from before the first request until after the last one is answered.
public protocol ServedBeside: Sendable {
  /// Called once, before the server listens: begins what runs by itself.
  ///
  /// Throws what keeps the server from serving; `end` is then called.
  func begin() async throws

  /// Called when no request is in flight any more and the node still takes statements: ends it all in order.
  ///
  /// May be called again after it has thrown.
  func end() async throws
}

/// An application's own options of `serve`, and what they let run beside the server.
public protocol ServeOptions: ParsableArguments {
  /// Opens what runs beside the server of a node, before that listens; nil where nothing does.
  ///
  /// - Parameters:
  ///   - node: the member's node, open; it sequences where the member is the one that does.
  ///   - data: the data folder.
  func open(beside node: Node, data: String) async throws -> (any ServedBeside)?
}

/// Nothing beside the server, and no options.
public struct NothingBeside: ServeOptions {
  /// For the parser.
  public init() {}

  /// Nothing.
  public func open(beside node: Node, data: String) async throws -> (any ServedBeside)? { nil }
}
