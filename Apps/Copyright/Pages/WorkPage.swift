import COSE
import Ledger
import LedgerServer
import Primitives
import Rights

/// `/works/W`: a work, whose it is and was, who may use it, and proofs of all that.
struct WorkPage {
  struct Words {
    let kind: Message = "Kind"
    let registered: Message = "Registered (UTC)"
    let by: Message = "Registered by"
    let entry: Message = "Entry"
    let iscc: Message = "ISCC"
    let digest: Message = "SHA-256 of the file"
    let number: Message = "Registered elsewhere as"
    let id: Message = "Work id"
    let owners: Message = "Owners"
    let timeline: Message = "Rights over time"
    let now: Message =
      "The dashed line is now; before and after it time has scales of its own. A dashed bar is a licence that is not exclusive."
    let titles: Message = "Chain of title"
    let licences: Message = "Licences"
    let presales: Message = "Pre-sales"
    let disputes: Message = "Disputes"
    let incidents: Message = "Incidents"
    let event: Message = "Event"
    let time: Message = "Time (UTC)"
    let holders: Message = "Owners from then on"
    let licensee: Message = "Licensee"
    let uses: Message = "Uses"
    let place: Message = "Where"
    let from: Message = "From (UTC)"
    let until: Message = "Until before (UTC)"
    let exclusive: Message = "Exclusive"
    let state: Message = "State"
    let seller: Message = "Seller"
    let lots: Message = "Pledged lots"
    let claimant: Message = "Claimed by"
    let ground: Message = "Ground"
    let user: Message = "User"
    let verdict: Message = "Verdict"
    let standing: Message = "Standing"
    let none: Message = "There are none."
    let all: Message = "All incidents of this work"
    let proofs: Message = "Proofs and exports"
    let certificate: Message = "Certificate to print"
    let title: Message = "Proof of title and licences, as of now"
    let receipt: Message = "Receipt of the registration (RFC 9942)"
    let binding: Message = "ISCC as a soft binding for C2PA"
    let at: Message = "Title as of another time"
    let atLabel: Message = "Time (RFC 3339, UTC)"
    let show: Message = "Show"
    let check: Message = "Check a proof with:"
    let asOf: Message = "As of"
    let proofThen: Message = "Download the proof of this"
  }

  struct Key {
    let mark: String
    let name: String
  }

  struct Title {
    let entry: UInt64
    let time: String
    let event: Message
    let owners: String
  }

  struct Licence {
    let entry: UInt64
    let licensee: String
    let uses: Message
    let territory: Message
    let from: String
    let until: String
    let exclusive: Message
    let tone: String
    let state: Message
  }

  struct Line {
    let entry: UInt64
    let path: String
    let first: String
    let second: Message
    let from: String
    let until: String
    let tone: String
    let state: Message
  }

  /// Incidents that the page lists; the drawing has a few more.
  private static let shown = 12
  private static let drawn = 200

  let words = Words()
  let kind: Message
  let registered: String
  let registrant: String
  let entry: UInt64
  let id: String
  let iscc: String
  let digest: String
  let number: String
  let hasNumber: Bool
  let path: String
  let hasPicture: Bool
  let isDisputed: Bool
  let disputed: Message = "It is in dispute whose this work is."
  let owners: [String]
  let timeline: String
  let legend: [Key]
  let titles: [Title]
  let licences: [Licence]
  let presales: [Line]
  let disputes: [Line]
  let incidents: [Line]
  let incidentsPath: String
  let receiptPath: String
  let isThen: Bool
  let then: String
  let answer: [Message]
  let thenPath: String

  init(_ record: WorkRecord, at time: UInt64?, _ view: LedgerView, _ rights: RightsServer) throws {
    let digest = Digest.sha256(record.work)
    let now = view.seal.time
    let history = try RightsServer.history(record.work, view)
    kind = PageWords.kind(record.kind)
    (registered, registrant, entry) = (Timestamp.text(record.time), record.registrant, record.entry)
    (id, iscc, self.digest) = (record.work, record.iscc, record.file.hex)
    (number, hasNumber) = (record.outsideNumber ?? "", record.outsideNumber != nil)
    path = RightsServer.path(record.work)
    hasPicture = record.kind == .photo || record.kind == .video
    isDisputed = history.disputes.contains { $0.record.endedAt == nil }
    owners = (history.titles.last?.event.shares.list ?? []).map(PageWords.share)
    titles = history.titles.map { entry, event in
      Title(
        entry: entry, time: Timestamp.text(event.time), event: PageWords.title(event.kind),
        owners: event.shares.list.map(PageWords.share).joined(separator: ", "))
    }
    licences = history.licences.map { Self.licence($0.entry, $0.record, history, now) }
    let offers = try view.list(CopyrightContract.presales.prefix(digest)).compactMap { pair in
      PresaleRecord(reading: pair.value).map { (entry: pair.key.order, record: $0) }
    }
    presales = offers.map { entry, presale in
      Line(
        entry: entry, path: "", first: presale.offer.seller,
        second: "\(presale.pledged) of \(presale.offer.lots), goal \(presale.offer.goal)",
        from: "", until: Timestamp.text(presale.offer.deadline), tone: presale.status == .sold ? "good" : "warn",
        state: PageWords.presale(presale.status))
    }
    disputes = history.disputes.map { entry, dispute in
      Line(
        entry: entry, path: "", first: dispute.claimant, second: Message(dispute.reason),
        from: Timestamp.text(dispute.time), until: dispute.endedAt.map { Timestamp.text($0) } ?? "",
        tone: dispute.endedAt == nil ? "warn" : "quiet", state: dispute.endedAt == nil ? "open" : "ended")
    }
    let prefix = CopyrightContract.workIncidents.prefix(digest)
    let seen = try RightsServer.newest(prefix, Self.drawn, view).compactMap { Incident(reading: $0.value) }
    incidents = seen.suffix(Self.shown).reversed().map { incident in
      let standing = IncidentsPage.standing(incident)
      return Line(
        entry: incident.entry, path: "/incidents/\(incident.entry)", first: incident.user,
        second: PageWords.verdict(incident.verdict), from: Timestamp.text(incident.seenAt), until: "",
        tone: PageWords.tone(incident.verdict), state: standing.text)
    }
    incidentsPath = "/incidents?work=\(RightsServer.escaped(record.work))"
    let content = try view.entry(record.entry).map { try StatementContent($0) }
    receiptPath = "/entries/\(content?.id.hex ?? "")"
    let drawing = try Self.timeline(record, history, offers, seen, now, view)
    timeline = drawing.svg
    legend = drawing.legend.map { Key(mark: $0.mark, name: $0.name) }
    isThen = time != nil
    then = Timestamp.text(time ?? now)
    answer = try time.map { try TitleQuestion(work: record.work, time: $0).answer(in: view) } ?? []
    thenPath = path + "/title.proof?at=" + then
  }

  private static func licence(
    _ entry: UInt64, _ record: LicenceRecord, _ history: RightsHistory, _ now: UInt64
  ) -> Licence {
    let terms = record.terms
    let (tone, state): (String, Message) =
      if history.isInForce(record, at: now) { ("good", "in force") } else if now < terms.from {
        ("quiet", "not begun")
      } else if record.endedAt != nil { ("quiet", "ended early") } else { ("quiet", "over") }
    return Licence(
      entry: entry, licensee: terms.licensee, uses: PageWords.uses(terms.uses),
      territory: PageWords.territory(terms.territory), from: Timestamp.text(terms.from),
      until: Timestamp.text(record.endedAt.map { min($0, terms.until) } ?? terms.until),
      exclusive: terms.isExclusive ? "yes" : "no", tone: tone, state: state)
  }

  private static func timeline(
    _ record: WorkRecord, _ history: RightsHistory, _ offers: [(entry: UInt64, record: PresaleRecord)],
    _ seen: [Incident], _ now: UInt64, _ view: LedgerView
  ) throws -> RightsTimeline {
    let ends = history.licences.map { $0.record.endedAt ?? $0.record.terms.until } + offers.map(\.record.offer.deadline)
    // Licences may begin long before the work was registered, or never end.
    let past = max(60_000, now - min(now, record.time))
    let first = min(record.time, history.licences.map(\.record.terms.from).min() ?? record.time)
    let start = min(now, max(first, record.time - min(record.time, past)))
    let ahead = ends.filter { $0 > now }.max().map { min($0, now + 3650 * 86_400_000) }
    var drawing = RightsTimeline(from: start, until: ahead ?? now, now: now)
    drawing.shares = history.titles.map { ($0.event.time, $0.event.shares) }
    drawing.licences = history.licences.map { _, licence in
      RightsTimeline.Bar(
        from: licence.terms.from, until: licence.endedAt ?? licence.terms.until, label: licence.terms.licensee,
        look: licence.terms.isExclusive ? "licence-exclusive" : "licence")
    }
    drawing.presales = try offers.map { entry, presale in
      let issued = try view.entry(entry).map { try StatementContent($0).header.issuedAt * 1000 } ?? record.time
      return RightsTimeline.Bar(
        from: issued, until: presale.offer.deadline, label: "\(presale.pledged)/\(presale.offer.goal)",
        look: presale.status == .refunded ? "presale-refunded" : "presale")
    }
    drawing.disputes = history.disputes.map { _, dispute in
      RightsTimeline.Bar(
        from: dispute.time, until: dispute.endedAt ?? now, label: dispute.claimant, look: "dispute")
    }
    drawing.incidents = seen.map { RightsTimeline.Mark(time: $0.seenAt, look: PageWords.tone($0.verdict)) }
    return drawing
  }
}
