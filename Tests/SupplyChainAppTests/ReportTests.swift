import FinanceRules
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import SupplyChain
import Testing
import Value

/// The regulator's figures against a slow computation of the same records.
@Suite("The regulator's report")
struct ReportTests {
  /// Records of a made-up consortium.
  struct Books {
    var notes: [(id: Digest, note: Note)] = []
    var lots: [(note: Digest, id: Digest, lot: Lot)] = []
    var events: [(note: Digest, entry: UInt64, event: NoteEvent)] = []
    var uses: [EvidenceUse] = []
    var invoices: [(token: Digest, invoice: Invoice)] = []
    var late: [String: UInt64] = [:]

    /// The day of the report: 2026-11-24.
    static let today: Int64 = 20_781

    init(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
      var entry: UInt64 = 10
      for n in 0..<24 {
        let (id, token) = (Digest.sha256("note \(seed) \(n)"), Digest.sha256("invoice \(seed) \(n)"))
        let obligor = "buyer-\(number(0...12))"
        let live = Self.today - number(1...400)
        let (amount, settled) = (number(1_000...900_000), number(0...900))
        let note = Note {
          ($0.obligor, $0.payee, $0.currency, $0.liveDay) = (obligor, "seller-\(n % 3)", "CNY", live)
          ($0.status, $0.settled, $0.maker) = (.live, settled, "person")
          ($0.proposal.amount, $0.proposal.maturity, $0.proposal.invoice) = (amount, live + number(20...180), token)
        }
        notes.append((id, note))
        var lot = Lot()
        (lot.amount, lot.holder, lot.settled) = (amount, note.payee, settled)
        if number(0...2) == 0 { (lot.financier, lot.paid, lot.boughtDay) = ("bank", amount * 97 / 100, live) }
        if number(0...3) == 0 { lot.performance = .overdue }
        lots.append((id, id, lot))
        for _ in 0..<number(0...2) {
          entry += 1
          let day = Self.today - number(0...300)
          events.append(
            (
              id, entry,
              NoteEvent {
                ($0.kind, $0.lot, $0.actor) = ("mark-overdue", id, "clock")
                $0.time = UInt64(day) * 86_400_000 + 5
              }
            ))
          late[obligor] = 1
        }
        if settled > 0 {
          entry += 1
          let day = Self.today - number(0...300)
          events.append(
            (
              id, entry,
              NoteEvent {
                ($0.kind, $0.lot, $0.actor) = ("settle", id, "bank")
                ($0.amount, $0.time) = (settled, UInt64(day) * 86_400_000)
              }
            ))
          uses.append(
            EvidenceUse {
              ($0.bank, $0.payment, $0.entry) = ("bank", "settle", entry)
              ($0.evidence.amount, $0.evidence.day) = (settled, day)
              ($0.evidence.id, $0.evidence.payer, $0.evidence.payee) = (.sha256("\(entry)"), obligor, note.payee)
            })
        }
        let payable = amount + number(0...1) * 500
        invoices.append(
          (
            token,
            Invoice {
              ($0.isApproved, $0.noted) = (number(0...3) > 0, amount)
              ($0.filing.seller, $0.filing.buyer, $0.filing.payable) = (note.payee, obligor, payable)
              ($0.filing.issueDay, $0.filing.deliveryDay) = (live - 5, live - number(0...5))
              $0.filing.tokenKey = "k"
            }
          ))
      }
    }

    /// As the state lists them.
    func list(_ prefix: StatePrefix) -> [(key: StateKey, value: [UInt8])] {
      var pairs: [(key: StateKey, value: [UInt8])] = []
      pairs += notes.map { (Family.notes.key($0.id), $0.note.encoded()) }
      pairs += lots.map { (Family.lots.key($0.note, $0.id), $0.lot.encoded()) }
      pairs += events.map { (Family.lives.key($0.note, order: $0.entry), $0.event.encoded()) }
      pairs += uses.map { (Family.evidence.key($0.evidence.id), $0.encoded()) }
      pairs += invoices.map { (Family.invoices.key($0.token), $0.invoice.encoded()) }
      for (name, count) in late {
        let record = ObligorRecord { ($0.overdueLots, $0.overdueEvents) = (count, count) }
        pairs.append((Family.obligors.key(.sha256(name)), record.encoded()))
      }
      return pairs.filter { $0.key.bytes.starts(with: prefix.bytes) }
        .sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    }
  }

  @Test(
    "movements, the ten largest, persistence and days to payment are what a slow computation says", arguments: 1...20)
  func slow(seed: Int) throws {
    let books = Books(seed: UInt64(seed))
    let since = Books.today - 90
    let report = try Report(at: UInt64(Books.today) * 86_400_000 + 7, since: since) { books.list($0) }
    func value(_ name: String) -> String? {
      report.figures.first { $0.name.english.drop { $0 == " " } == name }?.value
    }
    func money(_ amount: Int64) -> String { "CNY \(amount / 100).\(String(amount % 100 + 100).dropFirst())" }
    var byObligor: [Int64] = []
    for obligor in Set(books.notes.map(\.note.obligor)) {
      let own = books.notes.filter { $0.note.obligor == obligor }
      var (opening, issued, settled, closing) = (Int64(0), Int64(0), Int64(0), Int64(0))
      for item in own {
        // Day by day: what was owed at the end of the day before the period, and what changed since.
        var owed: Int64 = 0
        for day in (Books.today - 900)...Books.today {
          if day == since { opening += owed }
          if day == item.note.liveDay {
            owed += item.note.proposal.amount
            if day >= since { issued += item.note.proposal.amount }
          }
          for paid in books.events where paid.note == item.id && paid.event.kind == "settle" {
            guard Int64(paid.event.time / 86_400_000) == day else { continue }
            owed -= paid.event.amount
            if day >= since { settled += paid.event.amount }
          }
        }
        closing += owed
      }
      #expect(opening + issued - settled == closing, "seed \(seed)")
      #expect(value("IAS 7 44H(b)(i) of \(obligor): closing") == money(closing), "seed \(seed)")
      let early = own.contains { item in
        books.events.contains {
          $0.note == item.id && $0.event.kind == "settle" && Int64($0.event.time / 86_400_000) < item.note.liveDay
        }
      }
      // Payments that the made-up books have before the note itself are the one thing that a real ledger never has.
      if !early {
        let day = try Day(number: since).description
        #expect(value("IAS 7 44H(b)(i) of \(obligor): opening on \(day)") == money(opening), "seed \(seed)")
        #expect(value("IAS 7 44H(c) of \(obligor): undertaken from \(day) on") == money(issued), "seed \(seed)")
        #expect(value("IAS 7 44H of \(obligor): settled from \(day) on") == money(settled), "seed \(seed)")
      }
      let comparable = books.invoices.map(\.invoice).filter { $0.filing.buyer == obligor && $0.isApproved }
        .reduce(Int64(0)) { $0 + max(0, $1.filing.payable - $1.noted) }
      #expect(value("IAS 7 44H(b)(iii) of \(obligor): comparable trade payables") == money(comparable), "seed \(seed)")
      let ids = Set(own.map(\.id))
      byObligor.append(
        books.lots.filter { ids.contains($0.note) }.reduce(0) { $0 + $1.lot.amount - $1.lot.settled })
    }
    let all = byObligor.reduce(0, +)
    let top = byObligor.sorted().suffix(10).reduce(0, +)
    #expect(value("the ten largest obligors together") == (try Rate.share(top, of: all)).description, "seed \(seed)")
    var persistent: [String] = []
    for obligor in Set(books.notes.map(\.note.obligor)).sorted() {
      let ids = Set(books.notes.filter { $0.note.obligor == obligor }.map(\.id))
      let start = try Day("2026-05-24").number
      let count = books.events.count {
        ids.contains($0.note) && $0.event.kind == "mark-overdue" && Int64($0.event.time / 86_400_000) >= start
      }
      if count >= 3 { persistent.append(obligor) }
    }
    let words = persistent.isEmpty ? "0" : "\(persistent.count) (\(persistent.joined(separator: ", ")))"
    #expect(value("persistently overdue: three or more in six months") == words, "seed \(seed)")
    let late = books.uses.compactMap { use in
      books.events.first { $0.entry == use.entry }.flatMap { event in
        books.notes.first { $0.id == event.note }.map { use.evidence.day - $0.note.proposal.maturity }
      }
    }.sorted()
    let after = late.last.map { "\(late[(late.count - 1) / 2]), \($0)" } ?? "-"
    #expect(value("days from maturity to actual payment, median and most") == after, "seed \(seed)")
  }

  @Test("six months before a day is the same day, or the last of that month")
  func months() throws {
    for (day, before) in [("2026-11-24", "2026-05-24"), ("2026-08-31", "2026-02-28"), ("2026-01-15", "2025-07-15")] {
      #expect(Report.sixMonthsBefore(try Day(day)) == (try Day(before)).number)
    }
  }

  @Test("the command line proves the report of a period, as text and as CSV, and its chain and credit")
  func commands() throws {
    let folder = Program.temporary()
    try Shop.run(["demo", "--open", "--data", folder])
    let proof = folder + "/period.proof"
    let report = try Shop.run([
      "report", "--regulator", "--verify", "--since", "2026-03-20", "--as", "regulator", "--data", folder,
      "--proof", proof,
    ])
    #expect(report.contains("opening on 2026-03-20"))
    let verdict = try Shop.run(["verify", proof, "--policy", folder + "/policy.txt"])
    for line in report.split(separator: "\n").dropFirst() {
      #expect(verdict.contains(line.drop { $0 == " " }), "\(line)")
    }
    let year = try Shop.run(["report", "--csv", "--verify", "--as", "regulator", "--data", folder])
    #expect(year.contains("opening on 2026-01-01") && year.contains("\"outstanding\",\"CNY 1980025.15\""))
    #expect(try Shop.run(["credit", "tier1", "--as", "tier1", "--data", folder]).contains("dilution of tier1"))
    let note = try Shop.run(["holdings", "tier1", "--as", "tier1", "--data", folder]).split(separator: "\n").dropFirst()
      .first?.split(separator: " ").first
    let chain = try Shop.run(["chain", String(try #require(note)), "--as", "regulator", "--data", folder])
    #expect(chain.contains("sums to the face"))
  }

  @Test("a device that has said nothing for long is reported by hand, once")
  func silence() throws {
    let folder = Program.temporary()
    try Shop.run(["demo", "--open", "--data", folder])
    let first = try Shop.run(["exceptions", "silence", "--as", "keeper", "--data", folder])
    #expect(first.contains("Entry"))
    #expect(try Shop.run(["exceptions", "--as", "keeper", "--data", folder]).contains("silence"))
    #expect(
      try Shop.run(["exceptions", "silence", "--as", "keeper", "--data", folder]).contains("No device is silent"))
  }
}
