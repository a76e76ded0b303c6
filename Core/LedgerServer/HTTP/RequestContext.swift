public import Hummingbird

/// What belongs to one request: Hummingbird's own part, and who asks.
public struct LedgerRequestContext: RequestContext {
  /// Hummingbird's part: parameters of the path, logger.
  public var coreContext: CoreRequestContextStorage
  /// Who asks, as the token says; nil without one.
  public var caller: Caller?

  /// A context for a request that has just come in.
  public init(source: Source) { coreContext = .init(source: source) }
}
