internal import CBOR
internal import COSE
internal import Ledger
internal import Primitives

/// Registering works, and the documents beside the log.
extension CopyrightContract {
  func register(
    _ new: Registration, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let digest = Digest.sha256(new.work)
    guard state[Self.works.key(digest)] == nil else {
      throw Refusal("work-known", "The work '\(new.work)' is registered already.")
    }
    for share in new.owners.list { try expectParty(share.party, context) }
    guard new.owners.represented(by: statement.issuer) > 0 else {
      throw Refusal("not-an-owner", "A member registers works of which its own parties hold a share.")
    }
    guard let instance = ISCCText.instance(of: new.iscc) else {
      throw Refusal("iscc-malformed", "'\(new.iscc)' is no ISCC-CODE with a Data-Code and an Instance-Code.")
    }
    guard new.instance.bytes.starts(with: instance) else {
      throw Refusal("iscc-mismatch", "The ISCC is another file's than the Instance-Code.")
    }
    if let createdAt = new.createdAt, createdAt > context.time + Self.toleranceMs {
      throw Refusal("created-later", "A work is registered after it was made.")
    }
    for known in [state[Self.files.key(new.file)], state[Self.instances.key(new.instance)]] {
      guard let known else { continue }
      throw Refusal("identical-file", "This very file is registered as '\(String(decoding: known, as: UTF8.self))'.")
    }
    for base in new.bases { try expectBase(base, of: new, context, &state) }
    try expectNew(new, &state)

    let record = WorkRecord(new, registrant: statement.issuer, entry: context.index, time: context.time)
    state.set(Self.works.key(digest), record.encoded())
    state.set(
      Self.codes.key(digest), CodeRecord(work: new.work, entry: context.index, codes: new.codes).encoded())
    state.set(Self.files.key(new.file), Array(new.work.utf8))
    state.set(Self.instances.key(new.instance), Array(new.work.utf8))
    set(new.owners, of: new.work, .registration, context, &state)
  }

  /// Refuses a work that looks like an earlier one of other owners, unless it says so and may.
  private func expectNew(_ new: Registration, _ state: inout State) throws(Refusal) {
    // A mirrored or turned copy has other codes than the work: it is told by what it looks like turned back. Sound that
    // was cut elsewhere has other codes too; its probes lie at every place, and shares are reckoned over them alone.
    let replaced = Set(new.probes.map(\.algorithm)).filter { $0.parts != nil }
    let probes = (new.codes.filter { !replaced.contains($0.algorithm) } + new.probes)
      .filter { $0.quality >= Matching.quality }
    for match in index.matches(probes) {
      if new.bases.contains(match.work) { continue }
      // To quote is allowed; a work that is mostly there is that work, and what is mostly of it is a piece of it.
      let isPart = match.algorithm.parts != nil
      if isPart, max(match.percent, match.askedPercent) < Matching.partsPercent { continue }
      let earlier = try work(match.work, &state)
      let owners = try shares(match.work, &state)
      // Another version of one's own work: the same parties hold the same of both.
      if owners == new.owners { continue }
      guard !isPart else {
        throw Refusal(
          "near-duplicate",
          "\(match.askedPercent) of 100 parts of it (\(match.algorithm.name)) are in the earlier work '\(match.work)', "
            + "'\(earlier.title)', registered by \(earlier.registrant) in entry \(earlier.entry), and \(match.percent) of "
            + "100 parts of that work are in it.")
      }
      throw Refusal(
        "near-duplicate",
        "It is within \(match.distance) of 256 bits (\(match.algorithm.name), at most \(Matching.radius)) of the earlier "
          + "work '\(match.work)', '\(earlier.title)', registered by \(earlier.registrant) in entry \(earlier.entry).")
    }
  }

  /// Refuses a derived work unless its base's owners made it, or allowed it to one of its owners.
  private func expectBase(
    _ base: String, of new: Registration, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    guard state[Self.works.key(.sha256(base))] != nil else {
      throw Refusal("base-unknown", "The work is said to be made out of '\(base)', which is not registered.")
    }
    let history = history(base, &state)
    if history.shares(at: context.time) == new.owners { return }
    let allowed = history.licences(at: context.time).contains { _, licence in
      licence.terms.uses.contains(Uses([.adaptation])) && new.owners[licence.terms.licensee] > 0
    }
    guard allowed else {
      throw Refusal("derivative-not-licensed", "None of its owners has a licence to adapt '\(base)'.")
    }
  }

  /// A document beside the log: the registrant's copy of a work, or what someone captured.
  func deposit(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    if !statement.subject.utf8.starts(with: "sha-256:".utf8) {
      let record = try work(statement.subject, &state)
      guard record.registrant == statement.issuer else {
        throw Refusal("not-the-registrant", "\(record.registrant) has registered the work, and deposits it.")
      }
    }
    var writer = CBORWriter()
    writer.bytes(statement.payload)
    state.set(Self.deposits.key(.sha256(statement.subject), order: context.index), writer.bytes)
  }
}
