/// The answer to where an item came from or where it went.
///
/// The order of every list follows from the events only.
public struct Trace: Sendable {
  /// Which way to look.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// To what it was made of.
    case back
    /// To what was made of it.
    case forward
    /// To both.
    case both
  }

  /// What an item is to the asked one; earlier cases say more.
  public enum Relation: String, Sendable, Hashable, CaseIterable {
    /// The asked item itself.
    case asked
    /// What it was made of or what was packed into it.
    case ancestor
    /// What was made of it.
    case descendant
    /// What it or a descendant was packed into.
    case carrier
    /// A device on one of them.
    case device

    /// Whether the item is of the same material: asked, ancestor or descendant.
    public var isMaterial: Bool { self != .carrier && self != .device }
  }

  /// How items are linked.
  public enum How: String, Sendable, Hashable, CaseIterable {
    /// Inputs became outputs.
    case transformation
    /// Children were packed into a parent.
    case packing
    /// Devices were bound to an item.
    case association
  }

  /// An item of the trace.
  public struct Item: Sendable, Hashable {
    /// The canonical identifier.
    public let id: String
    /// One thing, or a class or lot.
    public let kind: EPCIdentifier.Kind
    /// All that it is to the asked item, the strongest first; never empty.
    public let relations: [Relation]
    /// The fewest links between it and the asked item.
    public let steps: Int
    /// The positions in `Trace.links` of the links that lead to it: what it was made of, what was packed into it.
    public let sources: [Int]
    /// The positions in `Trace.links` of the links that lead on from it.
    public let uses: [Int]

    /// The strongest relation.
    public var relation: Relation { relations[0] }
  }

  /// That an event is on the path of an item.
  public struct Membership: Sendable, Hashable {
    /// The canonical identifier.
    public let item: String
    /// As what the item is on the path at that moment.
    public let relation: Relation
  }

  /// An event of the trace.
  public struct PathEvent: Sendable {
    /// The event and its place.
    public let traced: TracedEvent
    /// The items to whose path it belongs; empty only for other events of a transformation on the path.
    public let memberships: [Membership]
    /// Whether it is itself the declaration that an earlier event was wrong.
    public let isErrorDeclaration: Bool
    /// The places of the declarations that it was wrong.
    public let declaredInErrorBy: [UInt64]
    /// The ids of the events that stand in the place of one that was wrong, as the declarations say.
    public let correctiveEventIDs: [String]

    /// Whether it was declared in error.
    public var isDeclaredInError: Bool { !declaredInErrorBy.isEmpty }
    /// Whether it belongs to the path of the material, not only to that of a carrier or device.
    public var isMaterial: Bool { memberships.isEmpty || memberships.contains { $0.relation.isMaterial } }
  }

  /// How much of an item went into a link, as one event says.
  public struct Amount: Sendable, Hashable {
    /// The canonical identifier.
    public let item: String
    /// The quantity as written, if one is given.
    public let quantity: String?
    /// The unit (UN/CEFACT code), if one is given.
    public let uom: String?
    /// The event that says so.
    public let place: UInt64
  }

  /// A transformation, packing or association with the items of the trace that it links.
  ///
  /// It links each item in `from` with each in `to`. One link stands for all these pairs, so that the size of a trace
  /// is linear where a hundred inputs become a thousand outputs.
  public struct Link: Sendable, Hashable {
    /// How.
    public let how: How
    /// The transformationID, if there is one.
    public let transformationID: String?
    /// Inputs, children or devices.
    public let from: [Amount]
    /// Outputs, or the parent.
    public let to: [Amount]
    /// The events that say so, in the order of `Trace.events`.
    public let places: [UInt64]
  }

  /// One pair of a link.
  public struct Edge: Sendable, Hashable {
    /// The input, child or device.
    public let from: String
    /// The output or the parent.
    public let to: String
    /// How.
    public let how: How
    /// The position in `Trace.links`.
    public let link: Int
  }

  /// A place with the events of the trace.
  public struct Location: Sendable, Hashable {
    /// The canonical identifier.
    public let id: String
    /// The events that were read there (readPoint), as places in the log.
    public var read: [UInt64]
    /// The events after which the things were there (bizLocation), as places in the log.
    public var located: [UInt64]
  }

  /// The asked item: canonical.
  public let item: String
  /// The way that was looked.
  public let direction: Direction
  /// The items by relation, steps and identifier; the asked one first.
  public let items: [Item]
  /// The events by eventTime, then place.
  public let events: [PathEvent]
  /// The links by their first event.
  public let links: [Link]
  /// The places in the order in which they were reached.
  public let locations: [Location]
  /// The items whose histories were asked, in that order: what must be proved complete.
  public let askedItems: [String]
  /// The transformationIDs that were asked, in that order: what must be proved complete.
  public let askedTransformations: [String]
}

extension Trace {
  /// Every pair of every link.
  ///
  /// As many as inputs times outputs: for drawing small traces; use `links` for large ones.
  public var edges: [Edge] {
    links.enumerated().flatMap { index, link in
      Self.distinct(link.from.map(\.item)).flatMap { from in
        Self.distinct(link.to.map(\.item)).map { Edge(from: from, to: $0, how: link.how, link: index) }
      }
    }
  }

  /// The identifiers of the items of one relation, in the order of `items`; an item of several counts in each.
  public func ids(_ relation: Relation) -> [String] { items.filter { $0.relations.contains(relation) }.map(\.id) }

  /// The events on the path of one item, in order.
  public func events(of item: String) -> [PathEvent] {
    events.filter { $0.memberships.contains { $0.item == item } }
  }

  /// Where the things were afterwards (bizLocation), in the order in which they were reached.
  ///
  /// Takes the relations whose events count. With `descendant` and `carrier` of a forward trace these are the shops
  /// that a recall must reach, among the other places on the way. Events declared in error do not count.
  public func businessLocations(_ relations: Set<Relation> = Set(Relation.allCases)) -> [String] {
    Self.distinct(
      events.compactMap { event in
        guard !event.isErrorDeclaration, !event.isDeclaredInError,
          event.memberships.contains(where: { relations.contains($0.relation) })
        else { return nil }
        return event.traced.event.bizLocation
      })
  }

  /// The places (readPoint) where the material begins: fields, ponds, mines.
  ///
  /// These are the read points of the ObjectEvents ADD that name the asked item or an ancestor of which the trace knows
  /// no source. Events declared in error do not count. Meant for traces back.
  public var origins: [String] {
    let roots = Set(
      items.filter { ($0.relation == .asked || $0.relations.contains(.ancestor)) && $0.sources.isEmpty }.map(\.id))
    return Self.distinct(
      events.compactMap { event in
        guard event.traced.event.type == .object, event.traced.event.action == "ADD", !event.isErrorDeclaration,
          !event.isDeclaredInError,
          event.memberships.contains(where: {
            ($0.relation == .asked || $0.relation == .ancestor) && roots.contains($0.item)
          })
        else { return nil }
        return event.traced.event.readPoint
      })
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
