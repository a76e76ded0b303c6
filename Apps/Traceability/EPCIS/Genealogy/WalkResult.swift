extension Walk {
  /// What was found.
  func trace(_ start: Int, _ direction: Trace.Direction) -> Trace {
    var memberships: [UInt64: [Trace.Membership]] = [:]
    for (position, node) in nodes.enumerated() {
      for relation in relations(position, start) {
        let member = Trace.Membership(item: node.index.id, relation: relation)
        for range in node.presence[relation]?.intervals ?? [] {
          var event = node.index.moments.position { $0 >= range.lowerBound }
          while event < node.index.moments.count, node.index.moments[event] <= range.upperBound {
            memberships[node.index.moments[event].place, default: []].append(member)
            event += 1
          }
        }
      }
    }
    for link in links {
      guard case .run(let run) = link.key else { continue }
      for traced in runs[run].events where memberships[traced.place] == nil { memberships[traced.place] = [] }
    }
    let sorted = memberships.keys.compactMap { known[$0] }.sorted { Moment($0) < Moment($1) }
    let events = sorted.map { traced in
      let found = declarations[traced.place] ?? []
      return Trace.PathEvent(
        traced: traced, memberships: memberships[traced.place] ?? [],
        isErrorDeclaration: traced.event.errorDeclaration != nil, declaredInErrorBy: found.map(\.place),
        correctiveEventIDs: found.flatMap { $0.event.errorDeclaration?.correctiveEventIDs ?? [] })
    }
    let links = tracedLinks()
    return Trace(
      item: nodes[start].index.id, direction: direction, items: items(start, links), events: events, links: links,
      locations: locations(sorted), askedItems: nodes.map(\.index.id), askedTransformations: askedTransformations)
  }

  /// The asked item is nothing else beside.
  private func relations(_ node: Int, _ start: Int) -> [Trace.Relation] {
    node == start ? [.asked] : Trace.Relation.allCases.filter { nodes[node].presence[$0] != nil }
  }

  private func tracedLinks() -> [Trace.Link] {
    let all = links.compactMap { link -> (Moment, Trace.Link)? in
      let how: Trace.How
      let parts: [TracedEvent]
      switch link.key {
      case .run(let run): (how, parts) = (.transformation, runs[run].events)
      case .packing(let place): (how, parts) = (.packing, known[place].map { [$0] } ?? [])
      case .association(let place): (how, parts) = (.association, known[place].map { [$0] } ?? [])
      }
      guard let first = parts.first, !link.from.isEmpty, !link.to.isEmpty else { return nil }
      func amounts(_ ids: Set<String>, _ role: Event.ItemReference.Role) -> [Trace.Amount] {
        parts.flatMap { traced in
          traced.event.items.filter { $0.role == role && ids.contains($0.id) }
            .map { Trace.Amount(item: $0.id, quantity: $0.quantity, uom: $0.uom, place: traced.place) }
        }
      }
      let isRun = how == .transformation
      return (
        Moment(first),
        Trace.Link(
          how: how, transformationID: first.event.transformationID, from: amounts(link.from, isRun ? .input : .child),
          to: amounts(link.to, isRun ? .output : .parent), places: parts.map(\.place))
      )
    }
    return all.sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func items(_ start: Int, _ links: [Trace.Link]) -> [Trace.Item] {
    var sources: [String: [Int]] = [:]
    var uses: [String: [Int]] = [:]
    for (position, link) in links.enumerated() {
      for id in Set(link.from.map(\.item)) { uses[id, default: []].append(position) }
      for id in Set(link.to.map(\.item)) { sources[id, default: []].append(position) }
    }
    // The fewest links: by breadth, each link once.
    let asked = nodes[start].index.id
    var steps = [asked: 0]
    var queue = [asked]
    var seen: Set<Int> = []
    var next = 0
    while next < queue.count {
      let id = queue[next]
      next += 1
      let distance = (steps[id] ?? 0) + 1
      for link in (sources[id] ?? []) + (uses[id] ?? []) where seen.insert(link).inserted {
        for amount in links[link].from + links[link].to where steps[amount.item] == nil {
          steps[amount.item] = distance
          queue.append(amount.item)
        }
      }
    }
    let found = nodes.indices.compactMap { position -> (Int, Trace.Item)? in
      let id = nodes[position].index.id
      let relations = relations(position, start)
      guard let strongest = relations.first, let rank = Trace.Relation.allCases.firstIndex(of: strongest) else {
        return nil
      }
      return (
        rank,
        Trace.Item(
          id: id, kind: EPCIdentifier.kind(ofCanonical: id), relations: relations, steps: steps[id] ?? 0,
          sources: sources[id] ?? [], uses: uses[id] ?? [])
      )
    }
    return found.sorted { ($0.0, $0.1.steps, $0.1.id) < ($1.0, $1.1.steps, $1.1.id) }.map(\.1)
  }

  private func locations(_ events: [TracedEvent]) -> [Trace.Location] {
    var locations: [Trace.Location] = []
    var positions: [String: Int] = [:]
    func position(_ id: String) -> Int {
      if let found = positions[id] { return found }
      positions[id] = locations.count
      locations.append(Trace.Location(id: id, read: [], located: []))
      return locations.count - 1
    }
    for traced in events {
      if let id = traced.event.readPoint { locations[position(id)].read.append(traced.place) }
      if let id = traced.event.bizLocation { locations[position(id)].located.append(traced.place) }
    }
    return locations
  }
}
