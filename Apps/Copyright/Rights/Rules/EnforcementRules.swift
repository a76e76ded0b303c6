internal import COSE
internal import Ledger
internal import Primitives

/// Uses are seen and judged, works are disputed.
extension CopyrightContract {
  func sight(_ sighting: Sighting, _ context: Context, _ state: inout State) throws(Refusal) {
    guard sighting.seenAt <= context.time else {
      throw Refusal("sighting-time", "The file is said to have been seen in the future.")
    }
    let known = Self.sightings.key(
      .sha256("\(sighting.file.hex)/\(sighting.place)/\(sighting.user)/\(sighting.seenAt)"))
    guard state[known] == nil else {
      throw Refusal("sighting-known", "This use has been stated before.")
    }
    let (match, basis) = try found(sighting, &state)
    let ruling = history(match.work, &state).judge(
      user: sighting.user, use: sighting.use, country: sighting.country, at: sighting.seenAt,
      isSufficient: basis == .sameFile || match.isSufficient)
    guard let ruling else {
      throw Refusal(
        "use-before-title", "The file was seen before '\(match.work)' was registered: the ledger cannot judge that.")
    }
    let incident = Incident(
      sighting, entry: context.index, match: match, basis: basis, verdict: ruling.verdict, licence: ruling.licence)
    state.set(known, Array("\(context.index)".utf8))
    save(incident, &state)
  }

  /// The registered work that a sighting shows: the same file, else what is alike, else what may be.
  private func found(
    _ sighting: Sighting, _ state: inout State
  ) throws(Refusal) -> (match: Match, basis: Incident.Basis) {
    if let same = state[Self.files.key(sighting.file)] ?? state[Self.instances.key(sighting.instance)] {
      let record = try work(String(decoding: same, as: UTF8.self), &state)
      let code = sighting.codes[0]
      return (
        Match(
          work: record.work, entry: record.entry, algorithm: code.algorithm, distance: 0, variant: 0,
          probe: code.variant, quality: code.quality, percent: 100, askedPercent: 100), .sameFile
      )
    }
    guard let match = index.matches(sighting.codes).first else {
      throw Refusal("no-match", "The file is like no registered work.")
    }
    return (match, .alike)
  }

  private func save(_ incident: Incident, _ state: inout State) {
    let value = incident.encoded()
    state.set(Self.incidents.key(order: incident.entry), value)
    state.set(Self.workIncidents.key(.sha256(incident.work), order: incident.entry), value)
  }

  func step(
    _ step: IncidentStep, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    guard var incident = Incident(reading: state[Self.incidents.key(order: step.incident)]) else {
      throw Refusal("incident-unknown", "There is no incident \(step.incident).")
    }
    guard !incident.isOver else { throw Refusal("incident-over", "The incident has ended.") }
    let isNoticed = incident.steps.contains { $0.step == .notice }
    let owners = try shares(incident.work, &state)
    switch step.step {
    case .notice:
      guard incident.verdict == .infringing || incident.verdict == .disputed else {
        throw Refusal("notice-not-due", "The use is \(incident.verdict.name): there is nothing to ask for.")
      }
      guard !isNoticed else { throw Refusal("step-out-of-order", "Notice has been given.") }
    case .counterNotice, .removed, .settled, .withdrawn, .upheld, .rejected:
      guard isNoticed else { throw Refusal("step-out-of-order", "No notice has been given.") }
    }
    switch step.step {
    case .notice, .settled, .withdrawn:
      guard owners.represented(by: statement.issuer) > 0 else {
        throw Refusal("not-an-owner", "Only those who hold a share of the work state this.")
      }
    case .counterNotice, .removed:
      guard
        Party.isRepresented(incident.user, by: statement.issuer) || incident.platform == statement.issuer
      else { throw Refusal("not-the-user", "Only the user, or the member that runs the place, states this.") }
      guard step.step == .removed || !incident.steps.contains(where: { $0.step == .counterNotice }) else {
        throw Refusal("step-out-of-order", "The notice has been answered.")
      }
    case .upheld, .rejected: try expectRegulator(statement, step.document, context)
    }
    incident.steps.append(Incident.Step(step: step.step, time: context.time, entry: context.index))
    save(incident, &state)
  }

  // MARK: Disputes

  func dispute(_ dispute: Dispute, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    _ = try work(dispute.work, &state)
    guard Party.isRepresented(dispute.claimant, by: statement.issuer) else {
      throw Refusal("not-the-claimant", "A dispute is stated by its claimant, or the member that speaks for it.")
    }
    let prefix = Self.disputes.prefix(.sha256(dispute.work))
    let isKnown = state.list(prefix).contains { _, value in
      DisputeRecord(reading: value).map { $0.claimant == dispute.claimant && $0.endedAt == nil } ?? false
    }
    guard !isKnown else { throw Refusal("dispute-known", "\(dispute.claimant) disputes the work already.") }
    state.set(
      Self.disputes.key(.sha256(dispute.work), order: context.index),
      DisputeRecord(dispute, time: context.time).encoded())
  }

  func end(_ end: DisputeEnd, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let key = Self.disputes.key(.sha256(end.work), order: end.dispute)
    guard var record = DisputeRecord(reading: state[key]) else {
      throw Refusal("dispute-unknown", "The work has no dispute of this number.")
    }
    guard record.endedAt == nil else { throw Refusal("dispute-over", "The dispute has ended.") }
    if end.outcome == .withdrawn {
      guard Party.isRepresented(record.claimant, by: statement.issuer) else {
        throw Refusal("not-the-claimant", "A dispute is withdrawn by its claimant.")
      }
    } else {
      try expectRegulator(statement, end.document, context)
    }
    record.endedAt = context.time
    record.outcome = end.outcome.rawValue
    state.set(key, record.encoded())
    if end.outcome == .assigned, let whole = Shares([Share(record.claimant, Shares.whole)]) {
      set(whole, of: end.work, .judgment, context, &state)
    }
  }
}
