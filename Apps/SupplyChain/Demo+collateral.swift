import COSE
import Edge
import FinanceRules
import Ledger
import Primitives

/// Goods in a warehouse that secure a drawing, under the sensors of the simulated 5G network.
extension Demo {
  func collateral() async throws {
    story.go(to: "2026-04-01")
    let goods = Digest.sha256(story.salt())
    let content = try story.sealed(
      "adhesives and coatings, lot 77, to be kept between 2 and 8 degrees",
      to: ["keeper", "distributor", "bank-b", "regulator"])
    try await story.state(
      GoodsReceipt {
        ($0.id, $0.owner, $0.value) = (goods, "distributor", 80_000_000)
        $0.content = content
      }, by: "keeper")
    let feed = try SensorFeed(seed: story.seed, start: story.clock.now() + 600_000)
    try await story.state(
      DeviceRegistration {
        ($0.device, $0.key, $0.goods) = (feed.name, feed.key.publicKey.coseKey, goods)
      }, by: "keeper")
    let facility = try await story.state(
      FacilityProposal {
        ($0.financier, $0.limit) = ("bank-b", 40_000_000)
        $0.goods = [Reference { $0.id = goods }]
      }, by: "distributor")
    try await story.state(FacilityAction { ($0.facility, $0.step) = (facility, .accept) }, by: "bank-b")
    story.note("keeper issues a receipt for goods worth CNY 800000.00; distributor pledges them to bank-b.")
    func draw(_ amount: Int64) -> FacilityAction {
      FacilityAction { ($0.facility, $0.step, $0.amount) = (facility, .draw, amount) }
    }
    func paid(_ amount: Int64) -> FacilityPayment {
      FacilityPayment { ($0.facility, $0.evidence) = (facility, entry("bank-b", "distributor", amount)) }
    }
    try await story.state(draw(20_000_000), by: "distributor")
    try await story.state(paid(20_000_000), by: "bank-a")
    story.note("distributor draws CNY 200000.00 against them.")

    /// Sends a reading through the gateway; gives what the device signs of it.
    func taken(_ form: ReadingForm) throws -> SensorReading {
      guard feed.send(form) else { throw LedgerError(.refused, "The gateway refused a true reading.") }
      return try feed.signed(form)
    }
    for _ in 0..<2 {
      let form = try feed.reading()
      story.clock.set(max(story.clock.now(), UInt64(form.timeUs / 1000)))
      try await story.state(try taken(form), by: "keeper")
    }
    let altered = try feed.reading()
    guard !feed.send(altered, changed: true) else {
      throw LedgerError(.damaged, "The gateway took in a changed reading: this must not happen.")
    }
    story.note("A 5G device in the cold room reports through the gateway, which refuses a reading changed on the way.")
    story.go(to: "2026-04-02")
    try await story.state(try taken(feed.reading(["temperature": 9_400], at: story.clock.now())), by: "keeper")
    let hot = try feed.reading(["temperature": 9_800], at: story.clock.now() + 60_000)
    let breach = try taken(hot)
    story.note("The cold room stands at 9.4 degrees; keeper states 5.0 instead:")
    try await story.refused(try feed.signed(hot, stated: 5_000), by: "keeper", .readingForged)
    try await story.state(breach, by: "keeper")
    let exception = story.open.sequencer.head.size - 2
    story.note("The true reading, 9.8 degrees, is the second breach in a row: exception #\(exception) opens.")
    story.note("distributor wants another CNY 100000.00:")
    try await story.refused(draw(10_000_000), by: "distributor", .drawBlocked)
    func act(_ step: ExceptionStep, _ reason: String = "") -> ExceptionAction {
      ExceptionAction { ($0.exception, $0.step, $0.reason) = (exception, step, reason) }
    }
    try await story.state(act(.acknowledge), by: "keeper")
    story.go(to: "2026-04-03")
    try await story.state(try taken(feed.reading(["temperature": 4_000], at: story.clock.now())), by: "keeper")
    try await story.state(act(.resolve, "compressor replaced, samples tested"), by: "bank-b")
    try await story.state(draw(10_000_000), by: "distributor")
    try await story.state(paid(10_000_000), by: "bank-a")
    story.note("keeper acknowledges, bank-b resolves with a reason; the drawing goes through.")
    try await watch(goods)
    try await story.settle()
  }

  /// A door that stands open, and goods that get lighter.
  private func watch(_ goods: Digest) async throws {
    let start = story.clock.now()
    var feeds: [SensorKind: SensorFeed] = [:]
    for kind in [SensorKind.door, .scale] {
      let feed = try SensorFeed(kind, seed: story.seed, start: start, prefix: "\(kind.rawValue)-")
      let device = DeviceRegistration {
        ($0.device, $0.key, $0.goods) = (feed.name, feed.key.publicKey.coseKey, goods)
      }
      try await story.state(device, by: "keeper")
      feeds[kind] = feed
    }
    /// States what a device measures so many minutes later; gives the entry.
    func measure(_ kind: SensorKind, _ name: String, _ value: Int64, after minutes: UInt64) async throws -> UInt64 {
      guard let feed = feeds[kind] else { return 0 }
      story.clock.set(story.clock.now() + minutes * 60_000)
      let form = try feed.reading([name: value], at: story.clock.now())
      guard feed.send(form) else { throw LedgerError(.refused, "The gateway refused a true reading.") }
      try await story.state(try feed.signed(form, name), by: "keeper")
      // The seal of its block stands behind it.
      return story.open.sequencer.head.size - 2
    }
    func act(_ exception: UInt64, _ step: ExceptionStep, by name: String, _ reason: String = "") async throws {
      try await story.state(
        ExceptionAction { ($0.exception, $0.step, $0.reason) = (exception, step, reason) }, by: name)
    }
    _ = try await measure(.scale, "mass", 1_200_000, after: 1)
    _ = try await measure(.door, "open", 1, after: 1)
    let open = try await measure(.door, "open", 1, after: 11)
    story.note("The door has stood open for more than ten minutes: exception #\(open), which blocks nothing.")
    _ = try await measure(.door, "open", 0, after: 1)
    try await act(open, .acknowledge, by: "keeper")
    try await act(open, .resolve, by: "bank-b", "shut again, the room stayed cold")
    _ = try await measure(.scale, "mass", 1_155_000, after: 20)
    let loss = try await measure(.scale, "mass", 1_154_000, after: 5)
    story.note("The scale shows 1154 of 1200 kg: exception #\(loss) blocks drawings; bank-b has it looked into.")
    try await act(loss, .escalate, by: "bank-b")
  }
}
