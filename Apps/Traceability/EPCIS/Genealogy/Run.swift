/// A transformation: one event, or all that carry one transformationID.
struct Run {
  /// What makes it one.
  enum Key: Hashable {
    case event(UInt64)
    case id(String)

    init(_ traced: TracedEvent) {
      self = traced.event.transformationID.map { .id($0) } ?? .event(traced.place)
    }
  }

  /// The events that count, by rising moment.
  let events: [TracedEvent]
  /// The inputs in the order of the events, each with the last moment at which some of it went in.
  private(set) var inputs: [(id: String, moment: Moment)] = []
  /// The outputs in the order of the events, each with the first moment at which some of it came out.
  private(set) var outputs: [(id: String, moment: Moment)] = []

  init(_ events: [TracedEvent]) {
    self.events = events
    var inputPositions: [String: Int] = [:]
    var seen: Set<String> = []
    for traced in events {
      let moment = Moment(traced)
      for item in traced.event.items {
        if item.role == .input {
          if let position = inputPositions[item.id] {
            inputs[position].moment = moment
          } else {
            inputPositions[item.id] = inputs.count
            inputs.append((item.id, moment))
          }
        } else if item.role == .output, seen.insert(item.id).inserted {
          outputs.append((item.id, moment))
        }
      }
    }
  }
}

/// Which events of a history were declared in error.
struct ErrorMarks {
  /// The declarations of each event that was wrong.
  private(set) var declarations: [UInt64: [TracedEvent]] = [:]
  /// The places of all events that link nothing: the wrong ones and the declarations.
  private(set) var void: Set<UInt64> = []

  init(_ events: [TracedEvent]) {
    var byHash: [String: [TracedEvent]] = [:]
    for traced in events where traced.event.errorDeclaration != nil {
      byHash[traced.hash, default: []].append(traced)
      void.insert(traced.place)
    }
    guard !byHash.isEmpty else { return }
    for traced in events where traced.event.errorDeclaration == nil {
      let found = (byHash[traced.hash] ?? []).filter { declaration in
        guard let declared = declaration.event.eventID, let own = traced.event.eventID else { return true }
        return declared == own
      }
      if !found.isEmpty {
        declarations[traced.place] = found
        void.insert(traced.place)
      }
    }
  }
}
