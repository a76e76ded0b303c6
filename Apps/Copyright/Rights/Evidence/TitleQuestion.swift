package import Ledger
package import Primitives

/// Whose a work was at a time, and who might use it: `["title", work, time]`, the time RFC 3339 or empty for now.
package struct TitleQuestion: Sendable {
  /// The first word of the bundle's question.
  package static let verb = "title"
  /// The work.
  package let work: String
  /// The time, milliseconds since 1970; nil for now.
  package let time: UInt64?

  /// The question about a work.
  package init(work: String, time: UInt64?) { (self.work, self.time) = (work, time) }

  /// Everything that the answer stands on: the work's whole history, and every statement that made it.
  package func request(in view: LedgerView) throws(LedgerError) -> ProofRequest {
    let key = CopyrightContract.works.key(.sha256(work))
    guard let record = WorkRecord(reading: try view.value(key)) else {
      throw LedgerError(.notFound, "No work '\(work)' is registered on this ledger.")
    }
    var request = ProofRequest(question: [Self.verb, work, time.map { Timestamp.text($0) } ?? ""])
    request.keys = [key]
    request.prefixes = RightsHistory.prefixes(of: work)
    request.statements = [record.entry]
    for prefix in request.prefixes { for (key, _) in try view.list(prefix) { request.statements.insert(key.order) } }
    return request
  }

  /// The answer as far as a view goes.
  package func answer(in view: LedgerView) throws(LedgerError) -> [Message] {
    guard let record = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(work)))) else {
      throw LedgerError(.notFound, "No work '\(work)' is registered on this ledger.")
    }
    let prefixes = RightsHistory.prefixes(of: work)
    let history = RightsHistory(
      titles: try view.list(prefixes[0]), licences: try view.list(prefixes[1]), disputes: try view.list(prefixes[2]))
    return Self.lines(record, history ?? RightsHistory(), at: time ?? view.seal.time)
  }

  /// What a verified bundle says; nil for another question.
  package static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message]? {
    guard bundle.question.count == 3, bundle.question[0] == verb else { return nil }
    let text = bundle.question[2]
    guard let time = text.isEmpty ? bundle.seal.time : Timestamp.parse(text), time <= bundle.seal.time else {
      throw LedgerError(.notProved, "The time of the question is none that the proof covers.")
    }
    let work = bundle.question[1]
    guard let record = WorkRecord(reading: try bundle.proved(CopyrightContract.works.key(.sha256(work)))) else {
      throw LedgerError(.notProved, "The proof leaves out a value that the answer needs.")
    }
    let (registration, issuer) = try bundle.provedDocument(Registration.self, at: record.entry)
    guard registration.work == work, registration.file == record.file, issuer == record.registrant,
      registration.iscc == record.iscc
    else { throw LedgerError(.notProved, "The registration in the log is not the one that the state has.") }
    return lines(record, try bundle.provedHistory(of: work), at: time)
  }

  private static func lines(_ record: WorkRecord, _ history: RightsHistory, at time: UInt64) -> [Message] {
    var lines: [Message] = [
      "'\(record.title)' (\(record.work)), \(Message(record.kind.name)), was registered by \(record.registrant) in "
        + "entry \(record.entry) at \(Timestamp.text(record.time)); its file has the SHA-256 \(record.file.hex)."
    ]
    if let number = record.outsideNumber { lines.append("Its registration elsewhere, as given: \(number).") }
    guard let shares = history.shares(at: time) else {
      return lines + ["At \(Timestamp.text(time)) it was not registered yet."]
    }
    for share in shares.list {
      lines.append("At \(Timestamp.text(time)) \(share.party) owned \(RightsText.percent(share.ppm)) of it.")
    }
    for (entry, event) in history.titles where event.time <= time && event.kind != .registration {
      lines.append("Shares changed at \(Timestamp.text(event.time)) by \(Message(event.kind.name)) (entry \(entry)).")
    }
    for (entry, licence) in history.licences(at: time) {
      lines.append(RightsText.licence(entry, licence))
    }
    for (entry, dispute) in history.disputes where dispute.isOpen(at: time) {
      lines.append("\(dispute.claimant) disputed it then (entry \(entry)): \(dispute.reason)")
    }
    lines.append(
      "These are all of the work's \(history.titles.count) changes of title, \(history.licences.count) licences and "
        + "\(history.disputes.count) disputes.")
    return lines
  }
}

/// Rights in people's words.
package enum RightsText {
  /// Millionths in percent without needless zeros.
  package static func percent(_ ppm: UInt64) -> String {
    let fraction = String(ppm % 10_000 + 10_000).dropFirst()
    let digits = fraction.last == "0" ? trimmed(fraction) : fraction
    return "\(ppm / 10_000)" + (digits.isEmpty ? "" : ".\(digits)") + " %"
  }

  private static func trimmed(_ digits: Substring) -> Substring {
    var digits = digits
    while digits.last == "0" { digits = digits.dropLast() }
    return digits
  }

  /// A licence in a sentence.
  package static func licence(_ entry: UInt64, _ record: LicenceRecord) -> Message {
    let terms = record.terms
    let uses = terms.uses.list.map { Message($0.name) }.joined(separator: ", ")
    return
      "Licence \(entry): \(terms.licensee), \(terms.isExclusive ? "exclusive" as Message : "not exclusive"), \(uses), "
      + "in \(terms.territory.countries.joined(separator: " ")), from \(Timestamp.text(terms.from)) until before "
      + "\(Timestamp.text(terms.until))."
  }
}
