import COSE
import Edge
import Ledger
import Primitives

/// What the state has, in words for people.
enum CityText {
  static func validity(_ urn: String, _ time: UInt64, _ events: [DeviceEvent], until: UInt64) throws -> [Message] {
    guard time <= until else {
      throw LedgerError(
        .notProved, "This state is of \(Timestamp.text(until)); it says nothing about \(Timestamp.text(time)).")
    }
    let at = Timestamp.text(time)
    let first: Message
    switch DeviceStanding(at: time, events) {
    case .unknown: first = "At \(at) the ledger had not certified \(urn)."
    case .outsideValidity: first = "At \(at) \(urn) was not valid: outside the time of its certificate."
    case .quarantined(let since):
      first = "At \(at) \(urn) was not valid: in quarantine since \(Timestamp.text(since))."
    case .revoked(let since): first = "At \(at) \(urn) was not valid: revoked at \(Timestamp.text(since))."
    case .valid(let keys):
      first = "At \(at) \(urn) was valid with the key \(keys.map(\.hex).joined(separator: " and "))."
    }
    return [first, "Its whole life on the ledger is \(events.count) events; none was left out."]
      + events.map { event -> Message in
        let time = Timestamp.text(event.time)
        switch event.change {
        case .enrolled(let request):
          return "  \(time) enrolled by \(event.issuer): \(request.model) of \(request.owner) in \(request.cell), "
            + "endorsed by a manufacturer and a registrar"
        case .rotated(let change): return "  \(time) new key \(change.key.id.hex), stated by \(event.issuer)"
        case .status(let status, let reason): return "  \(time) \(status) by \(event.issuer): \(reason)"
        }
      }
  }

  static func device(_ certificate: DeviceCertificate) -> Message {
    let request = certificate.request
    return "  \(request.urn)  \(certificate.status)  \(request.owner)  \(request.cell)  \(request.model)  "
      + "SST \(request.slice)  \(request.capabilities.map(\.name).joined(separator: ","))"
  }

  static func alarm(_ entry: UInt64, _ item: Recorded<Alarm>) -> Message {
    let alarm = item.document
    return
      "  \(entry)  \(Timestamp.text(alarm.time / 1000))  \(alarm.device)  \(alarm.name)  severity \(alarm.severity)  "
      + "by \(item.issuer)" + (item.mark == 3 ? ", signed by the device" : "")
      + (alarm.text.isEmpty ? "" : ": \(alarm.text)")
  }

  static func incident(_ entry: UInt64, _ item: Recorded<IncidentReport>) -> Message {
    let report = item.document
    return
      "  \(entry)  \(Timestamp.text(item.time))  \(report.what.rawValue)  \(report.subject)  number \(report.number)  "
      + "by \(item.issuer), " + (item.mark == 1 ? "proved by its evidence" : "the reporter's word")
  }

  static func grant(_ entry: UInt64, _ item: Recorded<Grant>) -> Message {
    let grant = item.document
    let sensors = grant.sensors.map { sensor -> String in
      switch sensor {
      case .device(let urn): urn
      case .prefix(let start): start + "*"
      }
    }
    return "  \(entry)  to \(grant.grantee) for '\(grant.purpose)': \(sensors.joined(separator: ", ")) from "
      + "\(Timestamp.text(grant.from)) until \(Timestamp.text(grant.until))"
      + (item.mark == 0 ? "" : ", taken back at \(Timestamp.text(item.mark))")
  }

  static func access(_ entry: UInt64, _ item: Recorded<GrantAccess>) -> Message {
    let access = item.document
    return "  \(entry)  \(Timestamp.text(item.time))  \(item.issuer) read \(access.device) for '\(access.purpose)'"
  }

  static func operation(_ entry: UInt64, _ item: Recorded<Edge.Operation>) -> Message {
    let operation = item.document
    let what: Message = operation.what == .action ? "action" : "network alarm, severity \(operation.severity)"
    return
      "  \(entry)  \(Timestamp.text(item.time))  \(item.issuer)  \(what)  \(operation.actor) -> \(operation.object): "
      + "\(operation.action)"
  }
}
