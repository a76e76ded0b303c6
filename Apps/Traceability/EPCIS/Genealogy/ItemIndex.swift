/// The history of one item, arranged for walking.
struct ItemIndex {
  /// That the item was an input or output of a transformation.
  struct Use {
    let moment: Moment
    let event: TracedEvent
  }

  /// That another item was packed in, or a device bound, from an ADD to its DELETE.
  struct Window {
    /// The child in a parent's window, the parent in a child's.
    let other: String
    let added: UInt64
    let start: Moment
    var end = Moment.last

    var range: ClosedRange<Moment> { start...end }
  }

  /// One child packed by one event.
  struct PackingKey: Hashable {
    let child: String
    let added: UInt64
  }

  let id: String
  /// The moments of all events that name the item, rising.
  let moments: [Moment]
  /// What the item was made in, rising.
  private(set) var outputs: [Use] = []
  /// What the item went into, rising.
  private(set) var inputs: [Use] = []
  /// What was packed into the item, by rising start.
  private(set) var contents: [Window] = []
  /// The devices that were bound to the item, by rising start.
  private(set) var devices: [Window] = []
  /// What the item was packed into, as far as its own events tell: one that took out all without naming it is not here.
  private(set) var packedIn: [Window] = []
  private var contentPositions: [PackingKey: Int] = [:]

  /// Takes the events that name the item by rising moment, and the places of those that link nothing.
  init(id: String, events: [TracedEvent], void: Set<UInt64>) {
    self.id = id
    moments = events.map { Moment($0) }
    var openContents = OpenWindows()
    var openDevices = OpenWindows()
    var openParents = OpenWindows()
    for traced in events where !void.contains(traced.place) {
      let event = traced.event
      let moment = Moment(traced)
      switch event.type {
      case .transformation:
        if event.items.contains(where: { $0.role == .output && $0.id == id }) {
          outputs.append(Use(moment: moment, event: traced))
        }
        if event.items.contains(where: { $0.role == .input && $0.id == id }) {
          inputs.append(Use(moment: moment, event: traced))
        }
      case .aggregation, .association:
        guard let parent = event.items.first(where: { $0.role == .parent })?.id else { continue }
        let children = Self.children(of: event)
        if parent == id {
          if event.type == .association {
            openDevices.apply(event.action, children, moment, &devices)
          } else {
            let before = contents.count
            openContents.apply(event.action, children, moment, &contents)
            for position in before..<contents.count {
              contentPositions[PackingKey(child: contents[position].other, added: moment.place)] = position
            }
          }
        }
        if event.type == .aggregation, children.contains(id) {
          openParents.apply(event.action, [parent], moment, &packedIn)
        }
      case .object, .transaction, .custom: continue
      }
    }
  }

  /// The window of a child that one event packed.
  func content(_ child: String, added: UInt64) -> Window? {
    contentPositions[PackingKey(child: child, added: added)].map { contents[$0] }
  }

  /// The children that an event names, each once, in its order.
  private static func children(of event: Event) -> [String] {
    var seen: Set<String> = []
    return event.items.filter { $0.role == .child && seen.insert($0.id).inserted }.map(\.id)
  }
}

/// The windows that no DELETE has closed yet.
private struct OpenWindows {
  private var positions: [String: [Int]] = [:]

  mutating func apply(_ action: String?, _ others: [String], _ moment: Moment, _ windows: inout [ItemIndex.Window]) {
    switch action {
    case "ADD":
      for other in others {
        positions[other, default: []].append(windows.count)
        windows.append(ItemIndex.Window(other: other, added: moment.place, start: moment))
      }
    case "DELETE":
      guard !others.isEmpty else {
        for position in positions.values.joined() { windows[position].end = moment }
        positions.removeAll()
        return
      }
      for other in others {
        for position in positions.removeValue(forKey: other) ?? [] { windows[position].end = moment }
      }
    default: return
    }
  }
}
