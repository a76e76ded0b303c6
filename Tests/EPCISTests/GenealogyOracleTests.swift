import EPCIS
import Primitives
import Testing

/// The rules of a trace once more, by sets of ranks and repetition until nothing changes.
private struct Oracle {
  struct Fact {
    let traced: TracedEvent
    /// The wrong event or its declaration.
    let isVoid: Bool
  }

  let facts: [Fact]
  var presence: [String: [Trace.Relation: Set<Int>]] = [:]
  var runEvents: Set<Int> = []
  private let end: Int

  init(_ facts: [Fact], _ asked: String, _ direction: Trace.Direction) {
    self.facts = facts.sorted {
      ($0.traced.event.eventTimeMs, $0.traced.place) < ($1.traced.event.eventTimeMs, $1.traced.place)
    }
    end = facts.count
    if direction != .forward {
      back(asked)
      up(asked, forward: false)
    }
    if direction != .back { up(asked, forward: true) }
    devices(asked)
    presence[asked] = [.asked: Set(-1...end)]
  }

  private func ids(_ rank: Int, _ role: Event.ItemReference.Role) -> Set<String> {
    Set(facts[rank].traced.event.items.filter { $0.role == role }.map(\.id))
  }

  private func valid(_ type: Event.EventType) -> [Int] {
    facts.indices.filter { !facts[$0].isVoid && facts[$0].traced.event.type == type }
  }

  private var runs: [[Int]] {
    Dictionary(grouping: valid(.transformation)) {
      facts[$0].traced.event.transformationID ?? "place \(facts[$0].traced.place)"
    }.values.map { $0.sorted() }
  }

  private func windows(_ type: Event.EventType) -> [(parent: String, child: String, ranks: Set<Int>)] {
    let all = valid(type)
    return all.filter { facts[$0].traced.event.action == "ADD" }.flatMap { rank in
      ids(rank, .parent).flatMap { parent in
        ids(rank, .child).map { child in
          let last = all.first {
            $0 > rank && facts[$0].traced.event.action == "DELETE" && ids($0, .parent) == [parent]
              && (ids($0, .child).isEmpty || ids($0, .child).contains(child))
          }
          return (parent, child, Set(rank...(last ?? end)))
        }
      }
    }
  }

  private mutating func back(_ asked: String) {
    var until = [asked: end]
    var before: [String: Int] = [:]
    while before != until {
      before = until
      for run in runs {
        for output in run where ids(output, .output).contains(where: { (until[$0] ?? -1) >= output }) {
          runEvents.formUnion(run)
          for input in run { for id in ids(input, .input) { until[id] = max(until[id] ?? -1, input) } }
        }
      }
      for window in windows(.aggregation) {
        guard let start = window.ranks.min(), (until[window.parent] ?? -1) >= start else { continue }
        until[window.child] = max(until[window.child] ?? -1, start)
      }
    }
    for (id, last) in until { presence[id, default: [:]][.ancestor] = Set(-1...last) }
  }

  private mutating func up(_ asked: String, forward: Bool) {
    var made: [String: Set<Int>] = [asked: Set(-1...end)]
    var carried: [String: Set<Int>] = [:]
    var changed = true
    func counts(_ id: String) -> Set<Int> { (made[id] ?? []).union(carried[id] ?? []) }
    while changed {
      let before = (made, carried)
      for run in forward ? runs : [] {
        for input in run where ids(input, .input).contains(where: { counts($0).contains(input) }) {
          runEvents.formUnion(run)
          for output in run { for id in ids(output, .output) { made[id, default: []].formUnion(output...end) } }
        }
      }
      for window in windows(.aggregation) {
        let inside = window.ranks.intersection(counts(window.child))
        if !inside.isEmpty { carried[window.parent, default: []].formUnion(inside) }
      }
      changed = before.0 != made || before.1 != carried
    }
    if forward { for (id, ranks) in made { presence[id, default: [:]][.descendant] = ranks } }
    for (id, ranks) in carried { presence[id, default: [:]][.carrier, default: []].formUnion(ranks) }
  }

  private mutating func devices(_ asked: String) {
    var found: [String: Set<Int>] = [:]
    for window in windows(.association) {
      let hosts = presence[window.parent].map { Set($0.values.joined()) } ?? []
      let host = window.parent == asked ? Set(-1...end) : hosts
      let inside = window.ranks.intersection(host)
      if !inside.isEmpty { found[window.child, default: []].formUnion(inside) }
    }
    for (id, ranks) in found { presence[id, default: [:]][.device] = ranks }
  }

  /// The lines of all items and events.
  var lines: [String] {
    var lines = presence.map { id, relations in
      "\(id): " + Trace.Relation.allCases.filter { relations[$0] != nil }.map(\.rawValue).joined(separator: " ")
    }
    for rank in facts.indices {
      let traced = facts[rank].traced
      let members = Set(traced.event.items.map(\.id)).sorted().flatMap { id in
        Trace.Relation.allCases.filter { presence[id]?[$0]?.contains(rank) == true }.map { "\(id) \($0)" }
      }
      if !members.isEmpty || runEvents.contains(rank) { lines.append("event \(traced.place) \(members)") }
    }
    return lines.sorted()
  }
}

struct GenealogyOracleTests {
  private func network(_ random: inout SeededGenerator) throws -> [Oracle.Fact] {
    let count = Int.random(in: 3...12, using: &random)
    func some(_ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
      (0..<Int.random(in: range, using: &random)).map { _ in #""i\#(Int.random(in: 0..<count, using: &random))""# }
        .joined(separator: ",")
    }
    var facts: [Oracle.Fact] = []
    let total = Int.random(in: 1...30, using: &random)
    var places = (0..<UInt64(2 * total)).shuffled(using: &random)
    for number in 0..<total {
      let kind = Int.random(in: 0..<10, using: &random)
      let action = ["ADD", "ADD", "ADD", "DELETE", "OBSERVE"].randomElement(using: &random) ?? "ADD"
      let parent = #""parentID":"i\#(Int.random(in: 0..<count, using: &random))""#
      let members: String
      switch kind {
      case 0...3:
        let id = Int.random(in: 0..<6, using: &random)
        members =
          #""type":"TransformationEvent","inputEPCList":[\#(some(0...2, &random))],"outputEPCList":[\#(some(0...2, &random))]"#
          + (id < 3 ? #","transformationID":"t\#(id)""# : "")
      case 4...6:
        members = #""type":"AggregationEvent","action":"\#(action)",\#(parent),"childEPCs":[\#(some(0...3, &random))]"#
      case 7:
        members = #""type":"AssociationEvent","action":"\#(action)",\#(parent),"childEPCs":[\#(some(0...2, &random))]"#
      default: members = #""type":"ObjectEvent","action":"OBSERVE","epcList":[\#(some(0...3, &random))]"#
      }
      let id = Bool.random(using: &random) ? #","eventID":"urn:uuid:\#(number)""# : ""
      let minute = 10 + Int.random(in: 0..<12, using: &random)
      // The business step makes the content, and so the hash, unique.
      let text =
        #"{\#(members),"eventTime":"2026-01-01T00:\#(minute):00Z","eventTimeZoneOffset":"+00:00","bizStep":"https://example.com/\#(number)"\#(id)"#
      let isWrong = Int.random(in: 0..<8, using: &random) == 0
      facts.append(Oracle.Fact(traced: try traced(places.removeLast(), text + "}"), isVoid: isWrong))
      if isWrong {
        let declaration = text + #","errorDeclaration":{"declarationTime":"2026-01-02T00:00:00Z"}}"#
        facts.append(Oracle.Fact(traced: try traced(places.removeLast(), declaration), isVoid: true))
      }
    }
    return facts
  }

  private func lines(_ trace: Trace) -> [String] {
    let items = trace.items.map { "\($0.id): " + $0.relations.map(\.rawValue).joined(separator: " ") }
    let events = trace.events.map { event in
      let members = event.memberships.map { member in
        (member.item, Trace.Relation.allCases.firstIndex(of: member.relation) ?? 0, "\(member.item) \(member.relation)")
      }
      return "event \(event.traced.place) \(members.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2))"
    }
    return (items + events).sorted()
  }

  @Test(arguments: 0..<UInt64(40)) func `random networks agree with the rules`(_ group: UInt64) throws {
    for round in 0..<UInt64(8) {
      let seed = group * 8 + round
      var random = SeededGenerator(seed: seed)
      let facts = try network(&random)
      let store = GenealogyStore(facts.map(\.traced))
      for direction in Trace.Direction.allCases {
        let asked = "i\(Int.random(in: 0..<3, using: &random))"
        var own = store
        let trace = try Genealogy.trace(asked, direction, in: &own)
        #expect(lines(trace) == Oracle(facts, asked, direction).lines, "seed \(seed), \(asked) \(direction)")
        #expect(Set(own.asked).count == own.asked.count, "seed \(seed): asked twice")
        var bundle = store
        bundle.knownItems = Set(trace.askedItems)
        bundle.knownTransformations = Set(trace.askedTransformations)
        // What else the histories hold, and their order, changes nothing.
        for id in bundle.items.keys.sorted() {
          if trace.askedItems.contains(id) { bundle.items[id]?.reverse() } else { bundle.items[id] = [] }
        }
        #expect(try Genealogy.trace(asked, direction, in: &bundle).text == trace.text, "seed \(seed)")
        for link in trace.links {
          let linked = Set((link.from + link.to).map(\.item))
          #expect(linked.isSubset(of: trace.items.map(\.id)) && !link.from.isEmpty && !link.to.isEmpty, "seed \(seed)")
        }
        #expect(trace.items.allSatisfy { $0.steps > 0 || $0.id == asked }, "seed \(seed)")
      }
    }
  }
}
