import Ledger
import LedgerServer
import Primitives
import Rights

/// `/incidents`: a board with a column for each verdict.
struct IncidentsPage {
  struct Words {
    let intro: Message =
      "Uses of registered works that were seen, each judged as of the time of use by the rights on the ledger. An owner gives "
      + "notice, the user or the platform answers, and it ends with a removal, a settlement or a decision."
    let distance: Message = "distance"
    let none: Message = "None."
    let all: Message = "All works"
  }

  struct Card {
    let entry: UInt64
    let path: String
    let title: String
    let workPath: String
    let user: String
    let place: String
    let time: String
    let distance: UInt64
    let standing: Message
    let tone: String
    let hasPicture: Bool
    let thumbnail: String
    let licence: Message
  }

  struct Column {
    let title: Message
    let text: Message
    let tone: String
    let id: String
    let count: Int
    let cards: [Card]
  }

  let words = Words()
  let count: Message
  let isPart: Bool
  let columns: [Column]

  init(_ list: [Incident], all: Int, of work: String?, _ view: LedgerView) throws {
    count = "\(list.count) of \(all) incidents, the newest first."
    isPart = work != nil
    var works: [String: WorkRecord] = [:]
    for incident in list where works[incident.work] == nil {
      works[incident.work] = WorkRecord(
        reading: try view.value(CopyrightContract.works.key(.sha256(incident.work))))
    }
    let order: [Verdict] = [.infringing, .disputed, .insufficientQuality, .licensed]
    columns = order.map { verdict in
      let cards = list.reversed().filter { $0.verdict == verdict }.map { Self.card($0, works[$0.work]) }
      return Column(
        title: PageWords.verdict(verdict), text: Self.meaning(verdict), tone: PageWords.tone(verdict),
        id: "column-\(verdict.rawValue)", count: cards.count, cards: cards)
    }
  }

  /// What a verdict means.
  static func meaning(_ verdict: Verdict) -> Message {
    switch verdict {
    case .licensed: "A licence covered the use, or the user owned a share."
    case .infringing: "No licence covered the use when it was seen."
    case .insufficientQuality: "The file shows too little to accuse anyone."
    case .disputed: "No licence covered it, and whose the work was is in dispute."
    }
  }

  /// How far an incident is.
  static func standing(_ incident: Incident) -> (tone: String, text: Message) {
    guard let last = incident.steps.last else {
      return incident.verdict == .licensed || incident.verdict == .insufficientQuality
        ? ("quiet", "nothing to do") : ("warn", "no notice yet")
    }
    return (incident.isOver ? "good" : "warn", PageWords.step(last.step))
  }

  private static func card(_ incident: Incident, _ work: WorkRecord?) -> Card {
    let standing = standing(incident)
    return Card(
      entry: incident.entry, path: "/incidents/\(incident.entry)", title: work?.title ?? incident.work,
      workPath: RightsServer.path(incident.work), user: incident.user, place: incident.place,
      time: Timestamp.text(incident.seenAt), distance: incident.distance, standing: standing.text, tone: standing.tone,
      hasPicture: work?.kind == .photo || work?.kind == .video, thumbnail: "/incidents/\(incident.entry)/thumbnail",
      licence: incident.licence.map { "licence \($0)" } ?? "")
  }
}

/// `/incidents/N`: one incident, its steps, and what its evidence says.
struct IncidentPage {
  struct Words {
    let seen: Message = "What was seen"
    let work: Message = "The registered work"
    let changed: Message = "What was changed"
    let user: Message = "User"
    let place: Message = "Place"
    let time: Message = "Seen (UTC)"
    let platform: Message = "Platform"
    let use: Message = "Use"
    let compared: Message = "Compared"
    let distance: Message = "Distance"
    let owners: Message = "Owners at that time"
    let steps: Message = "Steps"
    let entry: Message = "Entry"
    let step: Message = "Step"
    let when: Message = "Time (UTC)"
    let ground: Message = "Ground"
    let noSteps: Message = "No notice has been given."
    let noPicture: Message = "no picture"
    let take: Message = "Take a step"
    let takeText: Message =
      "Owners give notice, settle or withdraw; the user or the platform answers or takes down; a regulator decides and names "
      + "the SHA-256 of the decision. The ledger refuses what is not due."
    let token: Message = "Token of this node's member"
    let document: Message = "SHA-256 of the document, if there is one"
    let send: Message = "State it"
    let evidence: Message = "Evidence"
    let evidenceText: Message =
      "The package has the capture with its log, the match, the chain of title and the licences as of the time of use, the "
      + "proof and a report that courts can follow. It holds the files themselves, so the member's token is needed; the proof "
      + "alone is open."
    let package: Message = "Download the evidence package"
    let proof: Message = "Download the proof"
    let verify: Message = "Check it with:"
  }

  struct Row {
    let step: Message
    let time: String
    let entry: UInt64
    let reason: String
  }

  struct Choice {
    let value: String
    let title: Message
  }

  let words = Words()
  let fault: Message
  let hasFault: Bool
  let entry: UInt64
  let verdict: Message
  let meaning: Message
  let tone: String
  let standing: Message
  let standingTone: String
  let title: String
  let workPath: String
  let hasPicture: Bool
  let thumbnail: String
  let workThumbnail: String
  let change: Message
  let distance: Message
  let compared: Message
  let user: String
  let place: String
  let time: String
  let platform: String
  let use: Message
  let owners: String
  let licence: Message
  let steps: [Row]
  let isOpen: Bool
  let choices: [Choice]

  init(_ incident: Incident, _ view: LedgerView, _ rights: RightsServer, fault: Message?) throws {
    (self.fault, hasFault, entry) = (fault ?? "", fault != nil, incident.entry)
    verdict = PageWords.verdict(incident.verdict)
    meaning = IncidentsPage.meaning(incident.verdict)
    tone = PageWords.tone(incident.verdict)
    (standingTone, standing) = IncidentsPage.standing(incident)
    let record = try rights.work(incident.work, view)
    let sighting = RightsServer.document(Sighting.self, at: incident.entry, view)
    title = record.title
    workPath = RightsServer.path(record.work)
    hasPicture = record.kind == .photo || record.kind == .video
    thumbnail = "/incidents/\(incident.entry)/thumbnail"
    workThumbnail = workPath + "/thumbnail"
    change = PageWords.change(
      incident.algorithm, variant: incident.variant, probe: incident.probe, distance: Int(incident.distance),
      isSameFile: incident.basis == .sameFile)
    distance = PageWords.distance(incident.algorithm, Int(incident.distance), percent: nil)
    compared = PageWords.compared(incident.algorithm, variant: incident.variant, probe: incident.probe)
    (user, place, time) = (incident.user, incident.place, Timestamp.text(incident.seenAt))
    platform = incident.platform ?? "–"
    use = sighting.map { PageWords.use($0.use) + " · " + Message($0.country) } ?? ""
    let history = try RightsServer.history(incident.work, view).before(incident.entry)
    owners = (history.shares(at: incident.seenAt)?.list ?? []).map(PageWords.share).joined(separator: ", ")
    licence = incident.licence.map { "licence \($0)" } ?? ""
    steps = incident.steps.map { step in
      Row(
        step: PageWords.step(step.step), time: Timestamp.text(step.time), entry: step.entry,
        reason: RightsServer.document(IncidentStep.self, at: step.entry, view)?.reason ?? "")
    }
    isOpen = !incident.isOver && (incident.verdict == .infringing || incident.verdict == .disputed)
    let isNoticed = incident.steps.contains { $0.step == .notice }
    let isAnswered = incident.steps.contains { $0.step == .counterNotice }
    choices = IncidentStep.Step.allCases.filter { step in
      switch step {
      case .notice: !isNoticed
      case .counterNotice: isNoticed && !isAnswered
      default: isNoticed
      }
    }.map { Choice(value: $0.name, title: PageWords.step($0)) }
  }
}
