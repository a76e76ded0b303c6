public import Primitives

/// An event with its place in the log.
public struct TracedEvent: Sendable {
  /// What tells events apart and orders those of one moment: the index in the log.
  public let place: UInt64
  /// The canonical hash (`EventHash`), by which a declaration of error finds its event.
  public let hash: String
  /// The event.
  public let event: Event

  /// An event at a place of the log under its canonical hash.
  public init(place: UInt64, hash: String, event: Event) {
    self.place = place
    self.hash = hash
    self.event = event
  }
}

/// Where a trace reads what is known of items: a ledger's state, or a bundle in which each answer is proved complete.
public protocol ItemHistories {
  /// All events that name the item, in rising place; empty when none does.
  ///
  /// Takes a canonical identifier. Throws when the history is not known or, in a bundle, not proved complete.
  mutating func history(of item: String) throws -> [TracedEvent]

  /// All events that carry the transformationID, in rising place.
  ///
  /// Takes a canonical identifier. Throws when they are not known or, in a bundle, not proved complete.
  mutating func transformation(_ id: String) throws -> [TracedEvent]
}

/// Why a trace was given up.
public enum GenealogyError: Error, Sendable, Hashable, Explained {
  /// The network holds more items than were allowed.
  case tooManyItems(limit: Int)

  /// One sentence.
  public var explanation: Message {
    switch self {
    case .tooManyItems(let limit): "The trace reaches more than \(limit) items; ask about a smaller lot."
    }
  }
}

/// Where things came from and where they went.
///
/// The rules, with time meaning eventTime and, among events of one time, the place in the log:
///
/// - *Material*: the outputs of a transformation come from its inputs, where events with one transformationID are one
///   transformation; a parent holds the children that an AggregationEvent ADD packed into it, also those that were
///   taken out again before the parent went on.
/// - *Ancestors* count up to the last moment at which they went into an item of the trace. *Descendants* count from
///   the first moment at which they were made of one.
/// - *Carriers* are what the asked item, and forward also its descendants, was packed into: upwards through all levels
///   and only from ADD to DELETE, where a DELETE without children takes out all. Other contents of a carrier are not
///   reached. A carrier that goes into a transformation takes what it carries with it.
/// - *Devices* are bound by an AssociationEvent to an item of the trace while that counts.
/// - An event that was declared in error, and the declaration itself, are shown and marked but link nothing. A
///   declaration is for the events of its hash whose eventID is the same or absent on either side.
/// - Items that are merely listed in one event are not linked.
public enum Genealogy {
  /// Which way to look.
  public typealias Direction = Trace.Direction

  /// Traces one item.
  ///
  /// Takes the item in any spelling. Asks each history and each transformation once at most, in an order that
  /// follows from the answers only, so that the same question on the same facts asks for the same; what was asked is
  /// in the result. Throws `GenealogyError` beyond `limit` items and whatever the histories throw. An item that nothing
  /// names gives a trace of itself without events. The cost is linear in the events read, apart from sorting.
  public static func trace(
    _ item: String, _ direction: Trace.Direction, in histories: inout some ItemHistories, limit: Int = 100_000
  ) throws -> Trace {
    var walk = Walk(limit: limit)
    let start = try walk.start(EPCIdentifier.canonical(item), &histories)
    if direction != .forward { try walk.back(start, &histories) }
    if direction != .back { try walk.forward(start, &histories) }
    try walk.devices(&histories)
    return walk.trace(start, direction)
  }
}
