/// A trace in the making.
///
/// Items and transformations are numbered in the order in which they were asked for. Everything is worked off through
/// lists in a fixed order: no recursion, and nothing depends on the order of a set or dictionary.
struct Walk {
  /// What a link stands for.
  enum LinkKey: Hashable {
    case run(Int)
    case packing(UInt64)
    case association(UInt64)
  }

  /// The items that a link joins.
  struct Joined {
    let key: LinkKey
    var from: Set<String> = []
    var to: Set<String> = []
  }

  /// An item with what is known of when it counts.
  struct Node {
    let index: ItemIndex
    var presence: [Trace.Relation: Presence] = [:]
    var outputsDone = 0
    var contentsDone = 0
  }

  let limit: Int
  var nodes: [Node] = []
  var runs: [Run] = []
  var askedTransformations: [String] = []
  var known: [UInt64: TracedEvent] = [:]
  var declarations: [UInt64: [TracedEvent]] = [:]
  var links: [Joined] = []
  private var nodePositions: [String: Int] = [:]
  private var runPositions: [Run.Key: Int] = [:]
  private var linkPositions: [LinkKey: Int] = [:]

  init(limit: Int) { self.limit = limit }

  /// The number of the asked item, which counts at all times.
  mutating func start(_ item: String, _ histories: inout some ItemHistories) throws -> Int {
    let start = try node(item, &histories)
    add(start, .asked, Moment.first...Moment.last)
    return start
  }

  // MARK: Back

  /// Walks from outputs to inputs and from parents to contents, then up to the carriers of the asked item.
  mutating func back(_ start: Int, _ histories: inout some ItemHistories) throws {
    var queue = [(node: start, until: Moment.last)]
    var done: Set<Int> = []
    var next = 0
    while next < queue.count {
      let (current, until) = queue[next]
      next += 1
      let id = nodes[current].index.id
      while nodes[current].outputsDone < nodes[current].index.outputs.count {
        let use = nodes[current].index.outputs[nodes[current].outputsDone]
        guard use.moment <= until else { break }
        nodes[current].outputsDone += 1
        let run = try run(use.event, &histories)
        join(.run(run), to: id)
        guard done.insert(run).inserted else { continue }
        for input in runs[run].inputs {
          join(.run(run), from: input.id)
          let source = try node(input.id, &histories)
          if source != start, add(source, .ancestor, Moment.first...input.moment) {
            queue.append((source, input.moment))
          }
        }
      }
      while nodes[current].contentsDone < nodes[current].index.contents.count {
        let window = nodes[current].index.contents[nodes[current].contentsDone]
        guard window.start <= until else { break }
        nodes[current].contentsDone += 1
        join(.packing(window.added), from: window.other, to: id)
        let child = try node(window.other, &histories)
        if child != start, add(child, .ancestor, Moment.first...window.start) { queue.append((child, window.start)) }
      }
    }
    try walkUp(start, followsUses: false, &histories)
  }

  // MARK: Forward and up

  /// Walks from inputs to outputs, and from each to its carriers.
  mutating func forward(_ start: Int, _ histories: inout some ItemHistories) throws {
    try walkUp(start, followsUses: true, &histories)
  }

  private mutating func walkUp(_ start: Int, followsUses: Bool, _ histories: inout some ItemHistories) throws {
    var queue = [(node: start, range: Moment.first...Moment.last)]
    var done: Set<Int> = []
    var carried: [Int: Presence] = [:]
    var next = 0
    while next < queue.count {
      let (current, range) = queue[next]
      next += 1
      let index = nodes[current].index
      if followsUses {
        var position = index.inputs.position { $0.moment >= range.lowerBound }
        while position < index.inputs.count, index.inputs[position].moment <= range.upperBound {
          let run = try run(index.inputs[position].event, &histories)
          position += 1
          join(.run(run), from: index.id)
          guard done.insert(run).inserted else { continue }
          for output in runs[run].outputs {
            join(.run(run), to: output.id)
            let made = try node(output.id, &histories)
            let since = output.moment...Moment.last
            if made != start, add(made, .descendant, since) { queue.append((made, since)) }
          }
        }
      }
      for window in index.packedIn where window.range.overlaps(range) {
        let parent = try node(window.other, &histories)
        // Only the parent's own history knows of the event that took out everything.
        guard let whole = nodes[parent].index.content(index.id, added: window.added),
          let inside = overlap(whole.range, range)
        else { continue }
        join(.packing(window.added), from: index.id, to: window.other)
        add(parent, .carrier, inside)
        if carried[parent, default: Presence()].insert(inside) { queue.append((parent, inside)) }
      }
    }
  }

  // MARK: Devices

  /// Adds the devices that were bound to what has been found, while that counts.
  mutating func devices(_ histories: inout some ItemHistories) throws {
    for host in 0..<nodes.count {
      let index = nodes[host].index
      guard !index.devices.isEmpty else { continue }
      let ranges = Trace.Relation.allCases.flatMap { nodes[host].presence[$0]?.intervals ?? [] }
      for window in index.devices {
        for range in ranges {
          guard let inside = overlap(window.range, range) else { continue }
          join(.association(window.added), from: window.other, to: index.id)
          add(try node(window.other, &histories), .device, inside)
        }
      }
    }
  }

  // MARK: Parts

  @discardableResult
  private mutating func add(_ node: Int, _ relation: Trace.Relation, _ range: ClosedRange<Moment>) -> Bool {
    nodes[node].presence[relation, default: Presence()].insert(range)
  }

  private mutating func join(_ key: LinkKey, from: String? = nil, to: String? = nil) {
    let position: Int
    if let found = linkPositions[key] {
      position = found
    } else {
      position = links.count
      linkPositions[key] = position
      links.append(Joined(key: key))
    }
    if let from { links[position].from.insert(from) }
    if let to { links[position].to.insert(to) }
  }

  private mutating func node(_ id: String, _ histories: inout some ItemHistories) throws -> Int {
    if let found = nodePositions[id] { return found }
    guard nodes.count < limit else { throw GenealogyError.tooManyItems(limit: limit) }
    let events = try histories.history(of: id).filter { $0.event.items.contains { $0.id == id } }
    let (sorted, marks) = learn(events)
    nodePositions[id] = nodes.count
    nodes.append(Node(index: ItemIndex(id: id, events: sorted, void: marks.void)))
    return nodes.count - 1
  }

  private mutating func run(_ traced: TracedEvent, _ histories: inout some ItemHistories) throws -> Int {
    let key = Run.Key(traced)
    if let found = runPositions[key] { return found }
    var events = [traced]
    if let id = traced.event.transformationID {
      askedTransformations.append(id)
      let (sorted, marks) = learn(
        try histories.transformation(id).filter {
          $0.event.type == .transformation && $0.event.transformationID == id
        })
      events = sorted.filter { !marks.void.contains($0.place) }
    }
    runPositions[key] = runs.count
    runs.append(Run(events))
    return runs.count - 1
  }

  /// Keeps the events and what is wrong with them; gives them by rising moment, each once.
  private mutating func learn(_ events: [TracedEvent]) -> ([TracedEvent], ErrorMarks) {
    var seen: Set<UInt64> = []
    let sorted = events.filter { seen.insert($0.place).inserted }.sorted { Moment($0) < Moment($1) }
    for traced in sorted { known[traced.place] = traced }
    let marks = ErrorMarks(sorted)
    declarations.merge(marks.declarations) { old, _ in old }
    return (sorted, marks)
  }
}

extension Array {
  /// The first position at which the condition holds, where it holds from some position on; else the count.
  func position(_ holds: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
