package import Ledger
internal import Primitives

/// Everything that decides whose a work was and who might use it at a time: pure, so that a verifier reckons the same.
package struct RightsHistory: Sendable {
  /// The chain of title, in the order of the log.
  package var titles: [(entry: UInt64, event: TitleEvent)] = []
  /// The licences, in the order of the log.
  package var licences: [(entry: UInt64, record: LicenceRecord)] = []
  /// The disputes, in the order of the log.
  package var disputes: [(entry: UInt64, record: DisputeRecord)] = []

  /// A history with nothing in it.
  package init() {}

  /// A history from the three complete lists of a work; nil where a value cannot be read.
  package init?(
    titles: [(key: StateKey, value: [UInt8])], licences: [(key: StateKey, value: [UInt8])],
    disputes: [(key: StateKey, value: [UInt8])]
  ) {
    for (key, value) in titles {
      guard let event = TitleEvent(reading: value) else { return nil }
      self.titles.append((key.order, event))
    }
    for (key, value) in licences {
      guard let record = LicenceRecord(reading: value) else { return nil }
      self.licences.append((key.order, record))
    }
    for (key, value) in disputes {
      guard let record = DisputeRecord(reading: value) else { return nil }
      self.disputes.append((key.order, record))
    }
  }

  /// The prefixes that together are a work's whole history.
  package static func prefixes(of work: String) -> [StatePrefix] {
    let digest = Digest.sha256(work)
    return [
      CopyrightContract.titles.prefix(digest), CopyrightContract.licences.prefix(digest),
      CopyrightContract.disputes.prefix(digest),
    ]
  }

  /// What there was of it before an entry of the log.
  package func before(_ entry: UInt64) -> RightsHistory {
    var history = RightsHistory()
    history.titles = titles.filter { $0.entry < entry }
    history.licences = licences.filter { $0.entry < entry }
    history.disputes = disputes.filter { $0.entry < entry }
    return history
  }

  /// Whose the work was; nil before it was registered.
  package func shares(at time: UInt64) -> Shares? { titles.last { $0.event.time <= time }?.event.shares }

  /// The licences that were in force.
  package func licences(at time: UInt64) -> [(entry: UInt64, record: LicenceRecord)] {
    licences.filter { isInForce($0.record, at: time) }
  }

  /// Whether a licence was in force, and every licence that it was granted under.
  package func isInForce(_ record: LicenceRecord, at time: UInt64) -> Bool {
    var record = record
    for _ in 0...CopyrightContract.sublicences {
      guard record.isInForce(at: time) else { return false }
      guard let parent = record.terms.parent else { return true }
      guard let above = licences.first(where: { $0.entry == parent })?.record else { return false }
      record = above
    }
    return false
  }

  /// What a use was, as of the time of use, and by which licence; nil before the work was registered.
  package func judge(
    user: String, use: Use, country: String, at time: UInt64, isSufficient: Bool
  ) -> (verdict: Verdict, licence: UInt64?)? {
    guard let owners = shares(at: time), let place = Territory([country]) else { return nil }
    if owners[user] > 0 { return (.licensed, nil) }
    let licence = licences(at: time).first { _, record in
      record.terms.licensee == user && record.terms.uses.contains(Uses([use])) && record.terms.territory.contains(place)
    }
    if let licence { return (.licensed, licence.entry) }
    guard isSufficient else { return (.insufficientQuality, nil) }
    return (disputes.contains { $0.record.isOpen(at: time) } ? .disputed : .infringing, nil)
  }
}
