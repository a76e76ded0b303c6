/// Tracing through EPCIS events: EPCIS has event filters only, so the walk is ours.
///
/// Material edges are transformations, joined over transformationID, from inputs to outputs, and packing, from contents to
/// container. Containers are followed upwards as carriers, for as long as an item is in them. An ancestor's events count
/// until it went into the next item, a descendant's from when it was made. Events that are declared in error are shown and
/// join nothing. Costs one history for each item reached; the result depends on the events only.
public enum Genealogy {
  /// Which way to go.
  public enum Direction: String, Sendable, CaseIterable {
    /// To origins.
    case back
    /// To destinations.
    case forward
    /// Both ways.
    case both
  }

  /// A trace that reaches more items than its limit.
  public struct TooManyItems: Error, CustomStringConvertible {
    /// The limit.
    public let limit: Int
    /// A sentence.
    public var description: String { "The trace reaches more than \(limit) items. Ask about a smaller lot." }
  }

  /// Traces `item`, a canonical id.
  public static func trace(
    _ item: String, _ direction: Direction, in histories: inout some ItemHistories, limit: Int = 100_000
  ) throws -> Trace {
    var walk = Walk(item: item, direction: direction, limit: limit)
    if direction != .forward { try walk.material(.back, in: &histories) }
    if direction != .back { try walk.material(.forward, in: &histories) }
    try walk.carriers(in: &histories)
    return try walk.result(in: &histories)
  }
}

/// A moment in the order of events: time first, then place.
struct Moment: Comparable, Hashable {
  let time: Int64
  let place: UInt64

  init(_ event: TracedEvent) {
    time = event.event.eventTimeMs
    place = event.place
  }

  private init(time: Int64, place: UInt64) {
    self.time = time
    self.place = place
  }

  static let first = Moment(time: .min, place: 0)
  static let last = Moment(time: .max, place: .max)

  static func < (a: Moment, b: Moment) -> Bool { (a.time, a.place) < (b.time, b.place) }
}

/// A stretch of time, both ends included.
struct Window: Hashable {
  var start = Moment.first
  var end = Moment.last

  func contains(_ moment: Moment) -> Bool { start <= moment && moment <= end }

  func intersection(_ other: Window) -> Window? {
    let both = Window(start: max(start, other.start), end: min(end, other.end))
    return both.start <= both.end ? both : nil
  }
}

/// A trace under way.
private struct Walk {
  let item: String
  let direction: Genealogy.Direction
  let limit: Int
  private var histories: [String: [TracedEvent]] = [:]
  private var transformations: [String: [TracedEvent]] = [:]
  private var askedItems: [String] = []
  private var askedTransformations: [String] = []
  private var relations: [String: Trace.Relation] = [:]
  /// The stretches of time in which an item's events count.
  private var windows: [String: Set<Window>] = [:]
  private var edges: Set<Trace.Edge> = []

  init(item: String, direction: Genealogy.Direction, limit: Int) {
    self.item = item
    self.direction = direction
    self.limit = limit
    relations[item] = .asked
    windows[item] = [Window()]
  }

  // MARK: Reading

  private mutating func history(_ item: String, _ source: inout some ItemHistories) throws -> [TracedEvent] {
    if let known = histories[item] { return known }
    guard histories.count < limit else { throw Genealogy.TooManyItems(limit: limit) }
    askedItems.append(item)
    let events = try source.history(of: item).sorted { Moment($0) < Moment($1) }
    histories[item] = events
    return events
  }

  /// The events of an item that join items: not declarations of error, nor what they declare.
  private mutating func joining(_ item: String, _ source: inout some ItemHistories) throws -> [TracedEvent] {
    let events = try history(item, &source)
    let void = Set(events.filter { $0.event.errorDeclaration != nil }.map(\.hash))
    return events.filter { !void.contains($0.hash) }
  }

  /// The events that are one transformation with this one.
  private mutating func joined(_ event: TracedEvent, _ source: inout some ItemHistories) throws -> [TracedEvent] {
    guard let id = event.event.transformationID else { return [event] }
    if let known = transformations[id] { return known }
    askedTransformations.append(id)
    let all = try source.transformation(id)
    let void = Set(all.filter { $0.event.errorDeclaration != nil }.map(\.hash))
    let events = all.filter { !void.contains($0.hash) }
    transformations[id] = events
    return events
  }

  // MARK: Material

  /// Follows transformations and contents from the item asked about.
  ///
  /// An item is taken up again when its stretch of time has grown; it can grow once for each event of it, so this ends.
  mutating func material(_ way: Genealogy.Direction, in source: inout some ItemHistories) throws {
    var reach: [String: Window] = [item: Window()]
    var open = [item]
    var next = 0
    while next < open.count {
      let current = open[next]
      next += 1
      guard let window = reach[current] else { continue }
      for (other, moment, edge) in try neighbours(current, window, way, &source) {
        edges.insert(edge)
        var grown = way == .back ? Window(end: moment) : Window(start: moment)
        if let known = reach[other] {
          grown = Window(start: min(known.start, grown.start), end: max(known.end, grown.end))
          if grown == known { continue }
        }
        reach[other] = grown
        open.append(other)
      }
    }
    for (other, window) in reach where other != item {
      relations[other] = relations[other] ?? (way == .back ? .ancestor : .descendant)
      windows[other, default: []].insert(window)
    }
  }

  /// The items one material step away, with the moment of the step.
  private mutating func neighbours(
    _ current: String, _ window: Window, _ way: Genealogy.Direction, _ source: inout some ItemHistories
  ) throws -> [(String, Moment, Trace.Edge)] {
    var found: [(String, Moment, Trace.Edge)] = []
    for traced in try joining(current, &source) where window.contains(Moment(traced)) {
      let event = traced.event
      switch event.type {
      case .transformation:
        guard event.has(current, as: way == .back ? .output : .input) else { continue }
        for other in try joined(traced, &source) {
          for item in other.event.items where item.role == (way == .back ? .input : .output) && item.id != current {
            let edge =
              way == .back
              ? Trace.Edge(from: item.id, to: current, kind: .transformation, place: other.place)
              : Trace.Edge(from: current, to: item.id, kind: .transformation, place: other.place)
            found.append((item.id, Moment(other), edge))
          }
        }
      case .aggregation:
        // Contents are material of their container; forward, of the container asked about, and single things only: a
        // lot of which some is inside is mostly elsewhere.
        guard event.action == "ADD", event.has(current, as: .parent), way == .back || current == item else { continue }
        for child in event.items where child.role == .child && (way == .back || child.kind == .instance) {
          let edge = Trace.Edge(from: child.id, to: current, kind: .packing, place: traced.place)
          found.append((child.id, Moment(traced), edge))
        }
      default: continue
      }
    }
    return found
  }

  // MARK: Carriers

  /// Follows containers upwards from every material item, and what is associated with items and carriers.
  mutating func carriers(in source: inout some ItemHistories) throws {
    var open = windows.keys.sorted(by: utf8Order).flatMap { id in
      windows[id, default: []].sorted { $0.start < $1.start }.map { (id, $0) }
    }
    var seen: Set<Stay> = []
    var next = 0
    while next < open.count {
      let (current, window) = open[next]
      next += 1
      for stay in try stays(current, &source) {
        guard let inside = stay.window.intersection(window),
          seen.insert(
            Stay(item: current, other: stay.other, isParent: stay.isParent, window: inside, place: stay.place)
          ).inserted
        else { continue }
        // Another material item, reached upwards, has its own stretch of time already.
        let known = relations[stay.other]
        if known == .asked || known == .ancestor || known == .descendant { continue }
        if stay.isParent {
          edges.insert(Trace.Edge(from: current, to: stay.other, kind: .packing, place: stay.place))
          relations[stay.other] = .carrier
          windows[stay.other, default: []].insert(inside)
          open.append((stay.other, inside))
        } else {
          edges.insert(Trace.Edge(from: stay.other, to: current, kind: .association, place: stay.place))
          relations[stay.other] = known ?? .device
          windows[stay.other, default: []].insert(inside)
          _ = try history(stay.other, &source)
        }
      }
    }
  }

  private struct Stay: Hashable {
    let item: String
    let other: String
    /// Whether the other is the container, and not a device.
    let isParent: Bool
    let window: Window
    let place: UInt64
  }

  /// When an item was in which container, and when which device was associated with it.
  private mutating func stays(_ current: String, _ source: inout some ItemHistories) throws -> [Stay] {
    var found: [Stay] = []
    let events = try joining(current, &source)
    for (position, traced) in events.enumerated() where traced.event.action == "ADD" || traced.event.action == "OBSERVE"
    {
      let event = traced.event
      guard event.type == .aggregation || event.type == .association else { continue }
      if event.has(current, as: .child), let parent = event.parent {
        // An association's parent is the thing that a device watches, no container of the device.
        if event.type == .association { continue }
        if event.action == "OBSERVE",
          found.contains(where: { $0.other == parent && $0.window.contains(Moment(traced)) })
        {
          continue
        }
        let end = try end(of: current, in: parent, after: traced, &source)
        found.append(
          Stay(
            item: current, other: parent, isParent: true, window: Window(start: Moment(traced), end: end),
            place: traced.place))
      }
      if event.type == .association, event.action == "ADD", event.parent == current {
        for child in event.items where child.role == .child {
          let end = events[(position + 1)...].first { later in
            later.event.type == .association && later.event.action == "DELETE" && later.event.parent == current
              && (later.event.has(child.id, as: .child) || !later.event.items.contains { $0.role == .child })
          }
          found.append(
            Stay(
              item: current, other: child.id, isParent: false,
              window: Window(start: Moment(traced), end: end.map { Moment($0) } ?? .last), place: traced.place))
        }
      }
    }
    return found
  }

  /// When a container is emptied of an item: a DELETE that names it, or names no children and so means all.
  private mutating func end(
    of child: String, in parent: String, after start: TracedEvent, _ source: inout some ItemHistories
  ) throws -> Moment {
    let from = Moment(start)
    for later in try joining(parent, &source) where Moment(later) > from {
      let event = later.event
      guard event.type == .aggregation, event.action == "DELETE", event.parent == parent else { continue }
      if event.has(child, as: .child) || !event.items.contains(where: { $0.role == .child }) { return Moment(later) }
    }
    return .last
  }

  // MARK: Result

  mutating func result(in source: inout some ItemHistories) throws -> Trace {
    var steps: [UInt64: (event: TracedEvent, items: [String])] = [:]
    var void: Set<String> = []
    for id in relations.keys.sorted(by: utf8Order) {
      let stretches = windows[id, default: []]
      for event in try history(id, &source) {
        if event.event.errorDeclaration != nil { void.insert(event.hash) }
        guard stretches.contains(where: { $0.contains(Moment(event)) }) else { continue }
        steps[event.place, default: (event, [])].items.append(id)
      }
    }
    let rank = Dictionary(uniqueKeysWithValues: Trace.Relation.allCases.enumerated().map { ($1, $0) })
    let items = relations.map { Trace.Item(id: $0, relation: $1) }.sorted { a, b in
      let (left, right) = (rank[a.relation, default: 0], rank[b.relation, default: 0])
      return left == right ? utf8Order(a.id, b.id) : left < right
    }
    return Trace(
      item: item, direction: direction, items: items,
      events: steps.values.sorted { Moment($0.event) < Moment($1.event) }.map {
        Trace.Step(
          event: $0.event, items: $0.items,
          isDeclaredInError: $0.event.event.errorDeclaration == nil && void.contains($0.event.hash))
      },
      edges: edges.sorted { a, b in
        if a.place != b.place { return a.place < b.place }
        return a.from == b.from ? utf8Order(a.to, b.to) : utf8Order(a.from, b.from)
      },
      askedItems: askedItems, askedTransformations: askedTransformations)
  }
}

/// The order of UTF-8 bytes: `String <` is that of Unicode's canonical equivalence.
private func utf8Order(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

extension Event {
  fileprivate func has(_ id: String, as role: ItemReference.Role) -> Bool {
    items.contains { $0.role == role && $0.id == id }
  }

  fileprivate var parent: String? { items.first { $0.role == .parent }?.id }
}
