import FinanceRules
import Ledger
import Primitives
import Testing
import Value

/// Seeded commands, valid and not, against the contract and the model side by side.
final class RandomRun {
  let seed: UInt64
  let world: World
  var model: Model
  var random: SeededGenerator
  var noteIDs: [Digest] = []
  var lotIDs: [Digest] = []
  var log: [String] = []
  var accepted = 0
  /// The steps that have been taken, by number.
  private(set) var place = 0
  /// What every run of the same seed does in a step follows from the seed and the step's number alone, so that a run
  /// can leave steps out: that is how a failing one is made short.
  func begin(_ number: Int) {
    place = number
    random = SeededGenerator(seed: seed &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(number))
  }

  /// Statements signed and not stated yet: they come later, in another order, or several upon one state.
  var held: [Held] = []
  /// Every statement in the order of its coming, with its time and its refusal's code.
  var stated: [(statement: Statement, time: UInt64, code: String?)] = []
  /// Statements that waited for too long.
  var expired: [(statement: Statement, time: UInt64)] = []
  /// What notes promised when they were first seen.
  var roots: [Digest: Note] = [:]
  /// Statements that have been carried out, to be replayed.
  var done: [(Statement, String)] = []
  /// What notes and lots were once they had ended: terminal states are final.
  var ended: [Digest: [UInt8]] = [:]
  var facilityIDs: [Digest] = []
  /// The log entries of the model's exceptions.
  var exceptionEntries: [UInt64] = []

  init(seed: UInt64, without omitted: Guard? = nil) throws {
    self.seed = seed
    world = try World(without: omitted)
    random = SeededGenerator(seed: seed)
    model = Model(
      limits: ["core": 10_000_000, "core2": 5_000_000],
      pairs: ["bank1/core": 5_000_000, "bank2/core": 4_000_000, "bank2/core2": 4_000_000])
  }

  func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
  func pick<T>(_ values: ArraySlice<T>) -> T { pick(Array(values)) }
  func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  func one(of count: Int) -> Int? { count == 0 ? nil : Int.random(in: max(0, count - 12)..<count, using: &random) }

  /// Mostly the right party, sometimes any.
  func by(_ name: String) -> String { chance(88) ? name : pick(World.names) }

  var report: String { "seed \(seed), the last commands:\n" + log.suffix(40).joined(separator: "\n") }

  /// Throws unless a condition holds; throwing and not recording, so that a failing run can be run again and made short.
  func hold(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw RunFailure(message: message()) }
  }

  /// A statement that waits.
  struct Held {
    let what: String
    let statement: Statement
    let name: String
    let isLegal: (inout Model) -> Bool
    let then: (Digest) -> Void
  }

  var time: UInt64 { world.time }

  /// States a document, or signs it and keeps it for later.
  func run(
    _ what: String, _ document: some Document, by name: String, waits: Bool = true,
    _ isLegal: @escaping (inout Model) -> Bool, then: @escaping (Digest) -> Void = { _ in }
  ) throws {
    let statement = try world.statement(document, by: name)
    let held = Held(what: what, statement: statement, name: name, isLegal: isLegal, then: then)
    if waits, chance(6) {
      log.append("\(place): \(time) \(name) \(what): signed, and kept for later")
      self.held.append(held)
    } else {
      try state(held)
    }
  }

  /// States something that waited: any of them, so not in their order.
  private func release() throws {
    guard !held.isEmpty else { return }
    try state(held.remove(at: Int.random(in: 0..<held.count, using: &random)))
  }

  /// Compares what becomes of a statement with what the model says.
  private func state(_ held: Held) throws {
    let (what, statement, name) = (held.what, held.statement, held.name)
    guard time < statement.issuedAt + Limits.statementAgeMs else {
      // The core keeps it out of the log.
      log.append("\(place): \(time) \(name) \(what): expired")
      expired.append((statement, time))
      return
    }
    let before = world.digest
    var after = model
    let isLegal = held.isLegal(&after)
    do {
      try world.trial.apply(statement, time: world.time)
      log.append("\(place): \(world.time) \(name) \(what): carried out")
      stated.append((statement, time, nil))
      try hold(isLegal, "the model refuses what the contract carried out. \(report)")
      model = after
      accepted += 1
      done.append((statement, what))
      held.then(statement.id)
    } catch let refusal as Refusal {
      log.append("\(place): \(world.time) \(name) \(what): \(refusal.code)")
      stated.append((statement, time, refusal.code))
      try hold(!isLegal, "the contract refuses what the model carries out. \(report)")
      // I11: a refused command leaves the state as it was.
      try hold(world.digest == before, "a refusal changed the state. \(report)")
    }
  }

  func step() throws {
    if chance(12) { try release() }
    if chance(2) {
      // All that waits, upon what was one state when each was signed.
      while !held.isEmpty { try release() }
    }
    if chance(12) { world.time += UInt64.random(in: 0...World.dayLength, using: &random) }
    if chance(1) { world.time += UInt64.random(in: 0...(40 * World.dayLength), using: &random) }
    let expires = world.time + UInt64.random(in: 0...((chance(90) ? 20 : 40) * World.dayLength), using: &random)
    // Until something is live there is nothing to do with lots.
    // Late things happen long after maturity.
    if model.lots.contains(where: { ["due", "overdue"].contains($0.performance) && $0.status == "live" }), chance(1) {
      world.time += 31 * World.dayLength
    }
    switch Int.random(in: 0..<(model.lots.isEmpty ? 36 : 150), using: &random) {
    case 100..<124: try late()
    case 124..<142: try warehouse()
    case 142..<150: try straight()
    case 0..<7: try newInvoice()
    case 7..<18:
      guard let place = one(of: model.invoices.count) else { return }
      let paper = model.invoices[place]
      let name = by(paper.buyer)
      let token = Digest.sha256("invoice \(place)")
      if !paper.approved || chance(3) {
        try run("approve \(place)", InvoiceAction { $0.token = token }, by: name) { $0.approve(place, name) }
      } else {
        try newNote(place, token, name, expires)
      }
    case 18..<36: try proposal()
    case 36..<42:
      guard let lot = one(of: model.lots.count) else { return }
      let holder = by(model.lots[lot].holder)
      let parts = cut(model.lots[lot].amount)
      try run(
        "split \(lot) \(parts)",
        LotSplit {
          ($0.note, $0.lot) = (noteIDs[model.lots[lot].note], lotIDs[lot])
          $0.parts = parts.map { amount in Part { $0.amount = amount } }
        }, by: holder
      ) {
        $0.split(lot, parts, holder)
      } then: { _ in
        self.lotIDs += parts.indices.map { SupplyChainContract.child(of: self.lotIDs[lot], $0) }
      }
    case 42..<56: try transfer(expires)
    case 56..<78: try finance(expires)
    case 78..<92: try maturity()
    case 92..<95: try replay()
    default:
      guard let lot = one(of: model.lots.count) else { return }
      try act(lot, .expire, by: pick(World.names)) { $0.expire(lot, time: self.time) }
    }
  }

  private func newInvoice() throws {
    let (seller, buyer) = (pick(["sup1", "sup2", "sup3", "dist"]), pick(["core", "core", "core", "core2"]))
    let payable = chance(97) ? Int64.random(in: 1...1_500_000, using: &random) : 0
    let name = by(seller)
    // Its place in the model is its name, so that it must be stated at once; so must what is reckoned from today.
    let filing = world.filing(model.invoices.count, payable, seller: seller, buyer: buyer)
    try run("invoice \(model.invoices.count)", filing, by: name, waits: false) {
      $0.invoice(seller, buyer, payable, day: filing.deliveryDay, name)
    }
  }

  private func newNote(_ place: Int, _ token: Digest, _ name: String, _ expires: UInt64) throws {
    let open = model.invoices[place].payable - model.invoices[place].credited - model.noted(place)
    let amount = chance(15) ? open + 1 : chance(5) ? 0 : max(0, chance(60) ? open : open / 2)
    let days = Int64.random(in: 0...(chance(80) ? 60 : 200), using: &random)
    let person = name == "core" ? pick(["core/ada", "core/cleo"]) : name
    try run(
      "propose \(amount) on \(place), \(days) days",
      NoteProposal {
        ($0.invoice, $0.amount, $0.expires) = (token, amount, expires)
        $0.maturity = world.today + days
      }, by: person, waits: false
    ) {
      $0.propose(place, amount, days: days, expires: expires, by: name, person: person, time: self.time)
    } then: {
      self.noteIDs.append($0)
    }
  }

  private func proposal() throws {
    let waiting = model.notes.indices.filter { ["proposed", "issued"].contains(model.notes[$0].status) }
    guard let place = chance(85) && !waiting.isEmpty ? pick(waiting.suffix(4)) : one(of: model.notes.count) else {
      return
    }
    let note = model.notes[place]
    func state(
      _ step: ProposalStep, by name: String, free: Bool = true, _ isLegal: @escaping (inout Model) -> Bool,
      then: @escaping (Digest) -> Void = { _ in }
    ) throws {
      try run(
        "\(step.rawValue) \(place)",
        ProposalAction { ($0.note, $0.step, $0.isFreeChoice) = (noteIDs[place], step, free) }, by: name, isLegal,
        then: then)
    }
    switch (note.status, Int.random(in: 0..<10, using: &random)) {
    case ("issued", 1..<3),
      (_, 1..<7) where note.status != "issued":
      let member = by(note.obligor)
      // Only core has persons; for the others the organisation's own key is one person, so nobody else can confirm.
      let person = member == "core" ? pick(["core/bob", "core/cleo"]) : member
      try state(.acceptIssue, by: person) { $0.confirm(place, member, person: person, time: self.time) }
    case (_, 3..<9):
      let (payee, isFree) = (by(note.payee), chance(95))
      try state(.acceptPayment, by: payee, free: isFree) {
        $0.accept(place, payee, free: isFree, time: self.time)
      } then: { _ in
        self.lotIDs.append(self.noteIDs[place])
      }
    default:
      let step = pick([ProposalStep.reject, .withdraw, .expire])
      let name = by(step == .reject ? note.payee : note.obligor)
      try state(step, by: name) { $0.end(place, step, name, time: self.time) }
    }
  }

  func cut(_ amount: Int64) -> [Int64] {
    let count = Int.random(in: chance(90) ? 2...3 : 0...5, using: &random)
    guard count > 0 else { return [] }
    var parts = [Int64](repeating: amount / Int64(count), count: count)
    parts[0] += amount - parts.reduce(0, +) + (chance(8) ? 1 : 0)
    return parts
  }

  func act(
    _ lot: Int, _ step: LotStep, by name: String, to party: String = "", expires: UInt64 = 0, reason: String = "",
    _ isLegal: @escaping (inout Model) -> Bool
  ) throws {
    try run(
      "\(step.rawValue) \(lot) \(party)",
      LotAction {
        ($0.note, $0.lot, $0.step) = (noteIDs[model.lots[lot].note], lotIDs[lot], step)
        ($0.party, $0.expires, $0.reason) = (party, expires, reason)
      }, by: name, isLegal)
  }

  private func transfer(_ expires: UInt64) throws {
    guard let lot = one(of: model.lots.count) else { return }
    let found = model.lots[lot]
    if found.reservation == "transfer", chance(15) {
      let name = by(found.holder)
      try act(lot, .cancelTransfer, by: name) { $0.cancelTransfer(lot, name) }
    } else if found.reservation == "transfer" {
      let isAccepted = chance(75)
      let name = by(found.other)
      try act(lot, isAccepted ? .acceptTransfer : .refuseTransfer, by: name) {
        $0.answer(lot, accept: isAccepted, name, time: self.time)
      }
    } else {
      let (name, party) = (by(found.holder), pick(World.names))
      try act(lot, .offerTransfer, by: name, to: party, expires: expires) {
        $0.offer(lot, to: party, expires: expires, name, time: self.time)
      }
    }
  }

  private func finance(_ expires: UInt64) throws {
    let waiting = model.lots.indices.filter { ["finance", "chosen"].contains(model.lots[$0].reservation) }
    guard let lot = chance(75) && !waiting.isEmpty ? pick(waiting.suffix(4)) : one(of: model.lots.count) else {
      return
    }
    let found = model.lots[lot]
    let note = noteIDs[found.note]
    switch (found.reservation, Int.random(in: 0..<10, using: &random)) {
    case ("finance", 0..<4):
      let bank = by(pick(["bank1", "bank2"]))
      let terms = Terms {
        ($0.rate, $0.fee) = (Int64.random(in: 0...200_000, using: &random), chance(90) ? 50 : found.amount)
        $0.hasRecourse = chance(70)
        $0.valueDay = world.today + (chance(90) ? 0 : 300)
      }
      let document = Bid {
        ($0.note, $0.lot, $0.expires) = (note, lotIDs[lot], expires)
        $0.terms = Sealed(terms.encoded(), salt: World.salt)
      }
      try run("bid \(lot)", document, by: bank) { $0.bid(lot, terms, expires: expires, bank, time: self.time) }
    case ("finance", 4..<9):
      let bank = chance(90) ? found.bids.keys.sorted().first ?? "bank1" : "bank2"
      let name = by(found.holder)
      var terms = found.bids[bank]?.terms ?? Terms()
      if chance(8) { terms.fee += 1 }
      let document = BidChoice {
        ($0.note, $0.lot, $0.financier) = (note, lotIDs[lot], bank)
        ($0.terms, $0.salt) = (terms, World.salt)
      }
      try run("choose \(lot) \(bank)", document, by: name) { $0.choose(lot, bank, terms, name, time: self.time) }
    case ("chosen", 0..<7): try disburse(lot, found)
    case ("finance", _), ("chosen", _):
      let name = by(chance(50) ? found.holder : pick(["bank1", "bank2"]))
      try act(lot, .cancelFinance, by: name) { $0.cancel(lot, name) }
    default:
      let name = by(found.holder)
      let document = FinanceRequest { ($0.note, $0.lot, $0.expires) = (note, lotIDs[lot], expires) }
      try run("request \(lot)", document, by: name) { $0.request(lot, expires: expires, name, time: self.time) }
    }
  }

  private func disburse(_ lot: Int, _ found: Model.Lot) throws {
    let id = entry()
    let evidence = world.evidence(
      found.other, by(found.holder), found.proceeds + (chance(10) ? 1 : 0), id: id)
    let name = by("bank1")
    let document = LotPayment {
      ($0.note, $0.lot, $0.payment) = (noteIDs[found.note], lotIDs[lot], .disburse)
      $0.evidence = evidence
    }
    try run("disburse \(lot)", document, by: name) { $0.disburse(lot, evidence, id, name, time: self.time) }
  }

  private func maturity() throws {
    let claimed = model.lots.indices.filter {
      model.lots[$0].status == "live" && (!model.lots[$0].financier.isEmpty || model.lots[$0].isPledgeAccepted)
    }
    guard let lot = chance(40) && !claimed.isEmpty ? pick(claimed) : one(of: model.lots.count) else { return }
    let found = model.lots[lot]
    // One lot of four is seldom paid, so that there is something to default.
    if found.performance != "current", chance(lot % 4 == 3 ? 8 : 70) {
      try settle(lot, found)
    } else {
      let step = pick([LotStep.markDue, .markDue, .markOverdue, .markDefault])
      let name = step == .markDefault ? by(found.holder) : pick(World.names)
      try act(lot, step, by: name) { $0.mark(lot, step, name, time: self.time) }
    }
  }

  func settle(_ lot: Int, _ found: Model.Lot) throws {
    let id = entry()
    let open = found.amount - found.settled
    let evidence = world.evidence(
      model.notes[found.note].obligor, by(found.isPledgeAccepted ? found.pledgee : found.holder),
      chance(10) ? open + 1 : chance(60) ? open : open / 3, id: id)
    let name = by("bank1")
    let document = LotPayment {
      ($0.note, $0.lot, $0.payment) = (noteIDs[found.note], lotIDs[lot], .settle)
      $0.evidence = evidence
    }
    try run("settle \(lot)", document, by: name) { $0.settle(lot, evidence, id, name) }
  }

  /// A bank entry's reference; sometimes one that has been used.
  func entry() -> String {
    chance(10) && !model.evidence.isEmpty ? pick(model.evidence.sorted()) : "e\(log.count)"
  }

  /// The same statement again: the core keeps it out of the log, and the rules themselves do not count it twice either.
  private func replay() throws {
    let once = [
      "approve", "accept-issue", "accept-payment", "reject", "withdraw", "split", "settle", "disburse", "invoice",
    ]
    let kept = done.filter { entry in once.contains(String(entry.1.prefix { $0 != " " })) }
    guard !kept.isEmpty else { return }
    let (statement, what) = pick(kept)
    let before = world.digest
    var isRefused = false
    do { try world.trial.apply(statement, time: world.time) } catch is Refusal { isRefused = true }
    try hold(isRefused, "a replayed statement was carried out: \(what). \(report)")
    try hold(world.digest == before, "a refused replay changed the state. \(report)")
  }
}

/// An invariant that does not hold, or a disagreement with the model.
struct RunFailure: Error, CustomStringConvertible {
  let message: String
  var description: String { message }
}
