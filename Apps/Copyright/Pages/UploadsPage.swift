import Ledger
import Primitives
import Rights

/// `/uploads`: what is being uploaded, each with what it was found to be.
struct UploadsPage {
  struct Words {
    let intro: Message =
      "Uploads as they arrive, from the network's eMBB slice or over HTTP. Each is compared with every registered work; what "
      + "matches becomes an incident on the ledger, what matches nothing is only seen here and not kept."
    let uploads: Message = "Uploads seen by this server"
    let incidents: Message = "Incidents on the ledger"
    let infringing: Message = "Infringing, of those shown"
    let licensed: Message = "Licensed, of those shown"
    let time: Message = "Time (UTC)"
    let user: Message = "User"
    let place: Message = "Place"
    let verdict: Message = "Verdict"
    let work: Message = "Work"
    let distance: Message = "Distance"
    let incident: Message = "Incident"
    let none: Message = "Nothing has been uploaded yet."
    let newest: Message = "Newest uploads"
  }

  struct Row {
    let time: String
    let user: String
    let place: String
    let tone: String
    let verdict: Message
    let isMatch: Bool
    let title: String
    let path: String
    let distance: String
    let incident: String
    let incidentPath: String
  }

  /// Uploads that the page lists.
  private static let shown = 40

  let words = Words()
  let uploads: UInt64
  let incidents: Int
  let infringing: Int
  let licensed: Int
  let rows: [Row]

  init(_ view: LedgerView, _ rights: RightsServer) throws {
    let prefix = CopyrightContract.incidents.prefix()
    incidents = try view.count(prefix)
    let (count, recent) = rights.uploads.now
    uploads = count
    // What others saw is on the ledger; what was seen here and matched nothing is not.
    var items = try RightsServer.newest(prefix, Self.shown, view).compactMap { pair -> UploadBoard.Upload? in
      guard let incident = Incident(reading: pair.value) else { return nil }
      return UploadBoard.Upload(
        time: incident.seenAt, user: incident.user, place: incident.place, bytes: 0, incident: incident)
    }
    items += recent.filter { $0.incident == nil }
    items.sort { ($0.time, $0.incident?.entry ?? .max) > ($1.time, $1.incident?.entry ?? .max) }
    items = Array(items.prefix(Self.shown))
    infringing = items.count { $0.incident?.verdict == .infringing }
    licensed = items.count { $0.incident?.verdict == .licensed }
    var titles: [String: String] = [:]
    rows = try items.map { item in
      let work = item.incident?.work ?? ""
      if item.incident != nil, titles[work] == nil {
        titles[work] = WorkRecord(reading: try view.value(CopyrightContract.works.key(.sha256(work))))?.title ?? work
      }
      return Row(
        time: Timestamp.text(item.time), user: item.user, place: item.place,
        tone: item.incident.map { PageWords.tone($0.verdict) } ?? "quiet",
        verdict: item.incident.map { PageWords.verdict($0.verdict) } ?? "no registered work",
        isMatch: item.incident != nil, title: titles[work] ?? "", path: RightsServer.path(work),
        distance: item.incident.map { "\($0.distance)" } ?? "", incident: item.incident.map { "\($0.entry)" } ?? "",
        incidentPath: item.incident.map { "/incidents/\($0.entry)" } ?? "")
    }
  }
}
