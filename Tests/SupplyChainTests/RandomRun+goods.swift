import COSE
import FinanceRules
import Ledger
import Primitives

/// Orders of the trade, goods in a warehouse, drawings against them, sensors and their exceptions.
extension RandomRun {
  func warehouse() throws {
    if model.goods.count < 3 || chance(6) { return try receive() }
    switch Int.random(in: 0..<20, using: &random) {
    case 0: try value()
    case 1..<8: try facility()
    case 8..<13: try measure()
    case 13: try silence()
    default: try exception()
    }
  }

  private func goodsID(_ place: Int) -> Digest { .sha256("lot of goods \(place)") }

  /// Multiples of a thousand, so that the model need not round.
  private func worth() -> Int64 { Int64.random(in: chance(95) ? 1...900 : 0...0, using: &random) * 1_000 }

  // Places in the model are names, so what makes one is stated at once.
  private func receive() throws {
    let (name, value, owner) = (by("op"), worth(), pick(["dist", "dist", "sup1"]))
    let id = goodsID(model.goods.count)
    try run(
      "goods \(model.goods.count)", GoodsReceipt { ($0.id, $0.owner, $0.value) = (id, owner, value) }, by: name,
      waits: false
    ) { $0.receive(owner, value, name) }
  }

  private func value() throws {
    guard let item = one(of: model.goods.count) else { return }
    let (name, value) = (by("op"), worth())
    try run("value \(item)", GoodsValue { ($0.goods, $0.value) = (goodsID(item), value) }, by: name) {
      $0.value(item, value, name)
    }
  }

  private func facility() throws {
    let open = model.facilities.indices.filter { ["proposed", "open"].contains(model.facilities[$0].status) }
    if open.isEmpty || chance(12) {
      let owner = by(pick(["dist", "sup1"]))
      let own = model.goods.indices.filter { model.goods[$0].owner == owner && model.goods[$0].facility == nil }
      var items = own.filter { _ in chance(70) }
      if items.isEmpty { items = [one(of: model.goods.count) ?? 0] }
      let (bank, limit) = (pick(["bank1", "bank2", "bank2", "sup2"]), worth())
      let document = FacilityProposal {
        ($0.financier, $0.limit) = (bank, limit)
        $0.goods = items.prefix(64).map { item in Reference { $0.id = goodsID(item) } }
      }
      let chosen = Array(items.prefix(64))
      try run("facility \(model.facilities.count)", document, by: owner, waits: false) {
        $0.propose(bank, limit, chosen, owner)
      } then: {
        self.facilityIDs.append($0)
      }
      return
    }
    let place = chance(92) ? pick(open) : one(of: model.facilities.count) ?? 0
    let found = model.facilities[place]
    let room = min(model.cover(found.goods).right, found.limit) - found.drawn
    if found.requested > 0 || found.drawn > 0, chance(55) { return try pay(place, found) }
    let step: FacilityStep =
      found.status == "proposed"
      ? pick([.accept, .accept, .accept, .refuse]) : pick([.draw, .draw, .draw, .cancelDraw, .release, .close])
    let amount = step == .draw ? (chance(15) ? max(0, room) + 1 : max(0, room) / 2) : 0
    let item = step == .release ? found.goods.first ?? 0 : nil
    let name = by(step == .draw ? found.owner : found.bank)
    try run(
      "facility-\(step.rawValue) \(place) \(amount)",
      FacilityAction {
        ($0.facility, $0.step, $0.amount, $0.goods) = (facilityIDs[place], step, amount, item.map(goodsID))
      }, by: name
    ) { $0.act(place, step, amount: amount, item: item, name) }
  }

  private func pay(_ place: Int, _ found: Model.Facility) throws {
    let isDrawing = found.requested > 0 && chance(80)
    let id = entry()
    let amount = isDrawing ? found.requested : max(1, found.drawn / 2)
    let (payer, payee) = isDrawing ? (found.bank, found.owner) : (found.owner, found.bank)
    let evidence = world.evidence(by(payer), payee, amount + (chance(8) ? found.limit + 1 : 0), id: id)
    let name = by("bank1")
    try run(
      "\(isDrawing ? "pay-drawing" : "repay") \(place)",
      FacilityPayment { ($0.facility, $0.isDrawing, $0.evidence) = (facilityIDs[place], isDrawing, evidence) }, by: name
    ) { $0.pay(place, isDrawing: isDrawing, evidence, id, name) }
  }

  private func key(_ device: Int) -> PrivateKey { .derive(seed: Array("devices".utf8), label: "\(device)") }

  private func measure() throws {
    if model.devices.count < model.goods.count, chance(30) {
      let (item, name, place) = (one(of: model.goods.count) ?? 0, by("op"), model.devices.count)
      try run(
        "device \(place)",
        DeviceRegistration {
          ($0.device, $0.key, $0.goods) = ("urn:dev:r\(place)", key(place).publicKey.coseKey, goodsID(item))
        }, by: name, waits: false
      ) { $0.register(item, name, time: self.time) }
      return
    }
    guard let device = one(of: model.devices.count) else { return }
    let found = model.devices[device]
    let counter = chance(8) ? found.counter : found.counter + 1
    let moment = chance(5) ? found.since - 1 : chance(5) ? time + 200_000 : time
    let value = pick([Int64(5_000), 5_000, 7_600, 8_100, 9_000, 9_000, 1_900])
    let isForged = chance(6)
    var reading = SensorReading {
      ($0.device, $0.counter, $0.time) = ("urn:dev:r\(device)", counter, moment)
      ($0.reading, $0.value) = ("temperature", value)
    }
    reading.signature = try key(device).sign(reading.signedBytes)
    if isForged { reading.value -= 1 }
    try run("reading \(device) \(value)", reading, by: by("op"), waits: false) {
      $0.read(
        device, counter: counter, value, at: moment, isForged: isForged, time: self.time, skew: Limits.clockSkewMs)
    } then: { _ in
      self.noteExceptions()
    }
  }

  private func silence() throws {
    guard let device = one(of: model.devices.count) else { return }
    let action = ExceptionAction { ($0.step, $0.device) = (.reportSilence, "urn:dev:r\(device)") }
    try run("report-silence \(device)", action, by: pick(World.names), waits: false) {
      $0.reportSilence(device, time: self.time)
    } then: { _ in
      self.noteExceptions()
    }
  }

  /// What has just been carried out opened the model's last exception, if that has no entry yet.
  private func noteExceptions() {
    if exceptionEntries.count < model.exceptions.count { exceptionEntries.append(world.trial.index - 1) }
  }

  private func exception() throws {
    let open = model.exceptions.indices.filter { model.exceptions[$0].status != "resolved" }
    guard let place = chance(90) && !open.isEmpty ? pick(open) : one(of: model.exceptions.count) else { return }
    let found = model.exceptions[place]
    let step =
      found.status == "open"
      ? pick([ExceptionStep.acknowledge, .acknowledge, .escalate]) : pick([.resolve, .escalate])
    let lender = model.goods[found.goods].facility.map { model.facilities[$0].bank }
    let name = by(chance(70) ? lender ?? "op" : pick(["op", model.goods[found.goods].owner]))
    let reason = chance(90) ? "looked at" : ""
    try run(
      "\(step.rawValue) \(place)",
      ExceptionAction { ($0.exception, $0.step, $0.reason) = (exceptionEntries[place], step, reason) }, by: name
    ) { $0.act(place, step, reason: reason, name) }
  }

  /// The model's lots, facilities and exceptions are the ledger's, field by field.
  func same() throws {
    for (place, own) in model.lots.enumerated() {
      let lot: Lot? = try world.record(Family.lots.key(noteIDs[own.note], lotIDs[place]))
      guard let lot else { throw RunFailure(message: "lot \(place) is gone. \(report)") }
      let reservation = lot.reservation == .none ? "" : lot.reservation.rawValue
      let isLive = lot.existence == .live
      try hold(
        lot.amount == own.amount && lot.settled == own.settled && lot.writtenOff == own.writtenOff
          && lot.performance.rawValue == own.performance && (own.status == "live") == isLive
          && (!isLive
            || (lot.holder == own.holder && reservation == own.reservation && lot.pledgee == own.pledgee
              && lot.financier == own.financier && lot.isPledgeAccepted == own.isPledgeAccepted))
          && lot.isDisputed == own.isDisputed && lot.isFrozen == model.isFrozen(own) && lot.depth == UInt64(own.depth),
        "lot \(place): the ledger has \(lot), the model \(own). \(report)")
    }
    for (place, own) in model.facilities.enumerated() {
      let facility: Facility? = try world.record(Family.facilities.key(facilityIDs[place]))
      try hold(
        facility?.status.rawValue == own.status && facility?.drawn == own.drawn && facility?.requested == own.requested,
        "facility \(place). \(report)")
      let pledged = world.trial.pairs.filter {
        $0.key.bytes[0] == Family.pledges.id && $0.key.bytes[1...].starts(with: facilityIDs[place].bytes)
      }.count
      try hold(pledged == (own.status == "open" ? own.goods.count : 0), "pledges of facility \(place). \(report)")
      // What the banks say has moved is what is drawn; and never more than the limit.
      try hold(own.drawn <= own.limit, "I4 facility \(place). \(report)")
    }
    for (place, own) in model.exceptions.enumerated() {
      let found: ExceptionRecord? = try world.record(Family.exceptions.key(order: exceptionEntries[place]))
      try hold(found?.status.rawValue == own.status, "exception \(place). \(report)")
    }
  }
}
