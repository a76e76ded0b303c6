/// An event with its place in the order of capture.
public struct TracedEvent: Sendable {
  /// The order of capture: in the ledger, the log index.
  public let place: UInt64
  /// The canonical event hash.
  public let hash: String
  /// The event.
  public let event: Event

  /// An event at a place.
  public init(place: UInt64, hash: String, event: Event) {
    self.place = place
    self.hash = hash
    self.event = event
  }
}

/// Where a trace reads events from.
///
/// What it throws ends the trace: in a proof, a history that is not proved complete.
public protocol ItemHistories {
  /// All events that name the item with this canonical id, in rising place.
  mutating func history(of item: String) throws -> [TracedEvent]
  /// All events with this transformationID, in rising place.
  mutating func transformation(_ id: String) throws -> [TracedEvent]
}

/// Where an item came from and where it went.
public struct Trace: Sendable {
  /// How an item belongs to the trace.
  public enum Relation: String, Sendable, CaseIterable {
    /// The item that was asked about.
    case asked
    /// What it was made from, or what was packed into it.
    case ancestor
    /// What was made from it.
    case descendant
    /// What it, an ancestor or a descendant was packed into, for the time that it was in there.
    case carrier
    /// What was associated with an item or carrier, for instance a logger.
    case device
  }

  /// An item on the way.
  public struct Item: Sendable {
    /// The canonical id.
    public let id: String
    /// How it belongs to the trace; the first of `Relation` where several hold.
    public let relation: Relation
  }

  /// A step from one item to the next.
  public struct Edge: Sendable, Hashable {
    /// How the items are joined.
    public enum Kind: String, Sendable {
      /// Made from.
      case transformation
      /// Packed into.
      case packing
      /// Associated with.
      case association
    }
    /// The input, the content or the device.
    public let from: String
    /// The output, the container or what is watched.
    public let to: String
    /// How they are joined.
    public let kind: Kind
    /// The place of the event that joins them.
    public let place: UInt64
  }

  /// An event on the way.
  public struct Step: Sendable {
    /// The event.
    public let event: TracedEvent
    /// The items of the trace for which it counts.
    public let items: [String]
    /// Whether another event declares it in error.
    public let isDeclaredInError: Bool
  }

  /// The canonical id that was asked about.
  public let item: String
  /// The direction.
  public let direction: Genealogy.Direction
  /// The items: the one asked about first, then by relation and id.
  public let items: [Item]
  /// The events by time, then place.
  public let events: [Step]
  /// The steps between items, by place, then ids.
  public let edges: [Edge]
  /// The items whose histories were read, in that order: what a proof must show complete.
  public let askedItems: [String]
  /// The transformations that were read, in that order: what a proof must show complete.
  public let askedTransformations: [String]
}
