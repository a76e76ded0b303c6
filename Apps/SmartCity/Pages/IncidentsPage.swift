import Edge
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// `/incidents`: what was found, of whom, and whether the rules have checked what shows it.
struct IncidentsPage {
  struct Words {
    let intro: Message =
      "What gateways and audits have found. Proved means that the ledger's rules have checked the evidence themselves; "
      + "reported is the reporter's word, with the evidence on record."
    let all: Message = "Proof of the whole list"
    let entry: Message = "Entry"
    let time: Message = "Time (UTC)"
    let kind: Message = "Kind"
    let subject: Message = "About"
    let number: Message = "Number"
    let evidence: Message = "Evidence, bytes"
    let state: Message = "Standing"
    let by: Message = "Stated by"
    let proof: Message = "Proof"
    let download: Message = "download"
    let none: Message = "No incident has been reported."
  }

  struct Row {
    let entry: UInt64
    let time: String
    let kind: Message
    let subject: String
    let number: UInt64
    let evidence: String
    let tone: String
    let state: Message
    let by: String
    let proofPath: String
  }

  let words = Words()
  let count: Message
  let rows: [Row]

  init(_ items: [(entry: UInt64, item: Recorded<IncidentReport>)], all: Int) {
    count = "\(items.count) of \(all) incidents, the newest first."
    rows = items.reversed().map { entry, item in
      let report = item.document
      return Row(
        entry: entry, time: Timestamp.text(item.time), kind: IncidentsPage.kind(report.what), subject: report.subject,
        number: report.number, evidence: report.evidence.map { "\($0.count)" }.joined(separator: " + "),
        tone: item.mark == 1 ? "bad" : "warn",
        state: item.mark == 1 ? "proved by the rules" : "reported", by: item.issuer,
        proofPath: "/incidents.proof?subject=\(CityPage.query(report.subject))")
    }
  }

  /// The kinds in words.
  static func kind(_ kind: Incident.Kind) -> Message {
    switch kind {
    case .replay: "replay"
    case .clone: "clone"
    case .rollback: "rollback"
    case .sybil: "sybil"
    case .forgery: "forgery"
    case .revokedKey: "revoked key"
    case .impersonation: "impersonation"
    case .clock: "clock"
    case .alteration: "alteration"
    case .omission: "omission"
    case .backdating: "backdating"
    case .equivocation: "equivocation"
    case .fork: "fork"
    case .travel: "impossible journey"
    case .neighbours: "unlike its neighbours"
    case .drift: "drift"
    }
  }
}

extension CityServer {
  private struct IncidentItem: Encodable {
    let entry: UInt64
    let time: String
    let kind: String
    let subject: String
    let number: UInt64
    let evidenceBytes: [Int]
    let isProved: Bool
    let issuer: String
  }

  private struct AlarmItem: Encodable {
    let entry: UInt64
    let time: String
    let device: String
    let name: String
    let severity: UInt64
    let issuer: String
    let isSignedByDevice: Bool
    let text: String
  }

  private struct OperationItem: Encodable {
    let entry: UInt64
    let time: String
    let issuer: String
    let actor: String
    let object: String
    let action: String
  }

  /// Incidents that the page lists.
  private static let incidentsShown = 500

  func addRecords(to router: Router<LedgerRequestContext>) {
    router.get("incidents") { request, context in
      let type = try request.negotiated(of: ["text/html", "application/json", Self.proofType, "application/cbor"])
      guard type == "text/html" else { return try incidents(request, context, isProof: type != "application/json") }
      try server.requireReader(context.caller)
      let head = server.node.head
      let prefix = CityQuestion.incidents(subject: Self.query("subject", request)).prefix
      let items = try CityBoard.newest(prefix, Self.incidentsShown, head).map {
        (entry: $0.key.order, item: try Recorded<IncidentReport>(decoding: $0.value))
      }
      let content = IncidentsPage(items, all: try head.count(prefix))
      return server.page(Page("Incidents", template: "incidents", content: content), to: request)
    }
    router.get("incidents.proof") { request, context in try incidents(request, context, isProof: true) }
    router.get("alarms") { request, context in
      try answer(.alarms(device: Self.query("device", request)), request, context) { pairs in
        try pairs.map { pair in
          let item = try Recorded<Alarm>(decoding: pair.value)
          let alarm = item.document
          return AlarmItem(
            entry: pair.key.order, time: Timestamp.text(alarm.time / 1000), device: alarm.device, name: alarm.name,
            severity: alarm.severity, issuer: item.issuer, isSignedByDevice: item.mark == 3, text: alarm.text)
        }
      }
    }
    router.get("operations") { request, context in
      try answer(.operations, request, context) { pairs in
        try pairs.map { pair in
          let item = try Recorded<Edge.Operation>(decoding: pair.value)
          let operation = item.document
          return OperationItem(
            entry: pair.key.order, time: Timestamp.text(item.time), issuer: item.issuer, actor: operation.actor,
            object: operation.object, action: operation.action)
        }
      }
    }
    struct None: Encodable {}
    router.get("grants") { request, context in
      guard let owner = Self.query("owner", request) else {
        throw Problem(.badRequest, code: "malformed", "Say whose grants: /grants?owner=MEMBER.")
      }
      return try answer(.grants(owner: owner), request, context) { _ -> [None]? in nil }
    }
    router.get("batches") { request, context in
      guard let gateway = Self.query("gateway", request) else {
        throw Problem(.badRequest, code: "malformed", "Say which gateway: /batches?gateway=NAME.")
      }
      return try answer(.batches(gateway: gateway), request, context) { _ -> [None]? in nil }
    }
  }

  private static func query(_ name: String, _ request: Request) -> String? {
    request.uri.queryParameters[Substring(name)].map(String.init).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func incidents(_ request: Request, _ context: LedgerRequestContext, isProof: Bool) throws -> Response {
    try answer(.incidents(subject: Self.query("subject", request)), request, context, isProof: isProof) { pairs in
      try pairs.map { pair in
        let item = try Recorded<IncidentReport>(decoding: pair.value)
        let report = item.document
        return IncidentItem(
          entry: pair.key.order, time: Timestamp.text(item.time), kind: report.what.rawValue, subject: report.subject,
          number: report.number, evidenceBytes: report.evidence.map(\.count), isProved: item.mark == 1,
          issuer: item.issuer)
      }
    }
  }
}
