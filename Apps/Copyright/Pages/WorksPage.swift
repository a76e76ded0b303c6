import Ledger
import Primitives
import Rights

/// `/works`: the newest works.
struct WorksPage {
  struct Words {
    let intro: Message = "Works that are registered on this ledger. Each has its chain of title, licences and proofs."
    let title: Message = "Title"
    let kind: Message = "Kind"
    let registrant: Message = "Registered by"
    let time: Message = "Time (UTC)"
    let entry: Message = "Entry"
    let certificate: Message = "Certificate"
    let show: Message = "show"
    let none: Message = "No work has been registered yet."
  }

  struct Row {
    let title: String
    let path: String
    let kind: Message
    let registrant: String
    let time: String
    let entry: UInt64
  }

  let words = Words()
  let count: Message
  let rows: [Row]

  init(_ works: [WorkRecord], all: Int, _ rights: RightsServer) {
    count = "\(works.count) of \(all) works, the newest first."
    rows = works.map { record in
      Row(
        title: record.title, path: RightsServer.path(record.work), kind: PageWords.kind(record.kind),
        registrant: record.registrant, time: Timestamp.text(record.time), entry: record.entry)
    }
  }
}
