import FinanceRules

/// Goods in a warehouse, what is drawn against them, and the sensors on them.
extension Model {
  struct Goods {
    var owner: String
    var value: Int64
    var facility: Int?
  }

  struct Facility {
    var owner: String
    var bank: String
    var limit: Int64
    var goods: [Int]
    var status = "proposed"
    var drawn: Int64 = 0
    var requested: Int64 = 0
  }

  struct Device {
    var goods: Int
    var since: UInt64
    var counter: UInt64 = 0
    var seen: UInt64
    /// The newest last; 1 for a breach.
    var history: [Bool] = []
    /// The exceptions that are open, by their places in `exceptions`.
    var hot: Int?
    var silent: Int?
  }

  /// An exception.
  struct Trouble {
    var goods: Int
    var device: Int
    var haircut: Int64
    var isSilence: Bool
    var status = "open"
  }

  static let keeper = "op"

  private func troubles(_ item: Int) -> [Trouble] { exceptions.filter { $0.goods == item && $0.status != "resolved" } }

  /// Value and drawing right of goods: tenths of values that are multiples of a thousand, so that nothing is rounded.
  func cover(_ items: [Int]) -> (value: Int64, right: Int64, isBlocked: Bool) {
    var (value, right, isBlocked) = (Int64(0), Int64(0), false)
    for item in items {
      let cut = troubles(item).reduce(0) { $0 + $1.haircut }
      isBlocked = isBlocked || !troubles(item).isEmpty
      value += goods[item].value * (10 - min(10, cut)) / 10
      right += goods[item].value * 7 * (10 - min(10, cut + 1)) / 100
    }
    return (value, right, isBlocked)
  }

  private func mayDraw(_ facility: Int, _ amount: Int64) -> Bool {
    let found = facilities[facility]
    let cover = cover(found.goods)
    return !cover.isBlocked && found.drawn * 100 <= cover.value * 85
      && amount <= min(cover.right, found.limit) - found.drawn
  }

  mutating func receive(_ owner: String, _ value: Int64, _ by: String) -> Bool {
    guard by == Model.keeper, value > 0 else { return false }
    goods.append(Goods(owner: owner, value: value))
    return true
  }

  mutating func value(_ item: Int, _ value: Int64, _ by: String) -> Bool {
    guard by == Model.keeper else { return false }
    goods[item].value = value
    return true
  }

  private func arePledgeable(_ items: [Int], _ owner: String) -> Bool {
    items.allSatisfy { goods[$0].owner == owner && goods[$0].facility == nil }
  }

  mutating func propose(_ bank: String, _ limit: Int64, _ items: [Int], _ by: String) -> Bool {
    guard limit > 0, ["bank1", "bank2"].contains(bank), arePledgeable(items, by) else { return false }
    facilities.append(Facility(owner: by, bank: bank, limit: limit, goods: items))
    return true
  }

  mutating func act(
    _ facility: Int, _ step: FacilityStep, amount: Int64 = 0, item: Int? = nil, _ by: String
  ) -> Bool {
    let found = facilities[facility]
    let isParty = [found.bank, found.owner].contains(by)
    switch step {
    case .accept:
      guard by == found.bank, found.status == "proposed", arePledgeable(found.goods, found.owner) else { return false }
      for item in found.goods { goods[item].facility = facility }
      facilities[facility].status = "open"
    case .refuse:
      guard isParty, found.status == "proposed" else { return false }
      facilities[facility].status = "refused"
    case .draw:
      guard by == found.owner, found.status == "open", found.requested == 0, amount > 0, mayDraw(facility, amount)
      else { return false }
      facilities[facility].requested = amount
    case .cancelDraw:
      guard isParty, found.requested > 0 else { return false }
      facilities[facility].requested = 0
    case .release:
      guard by == found.bank, found.status == "open", let item, found.goods.contains(item),
        !cover(found.goods).isBlocked,
        found.drawn + found.requested <= cover(found.goods.filter { $0 != item }).right
      else { return false }
      goods[item].facility = nil
      facilities[facility].goods.removeAll { $0 == item }
    case .close:
      guard isParty, found.status == "open", found.drawn == 0, found.requested == 0 else { return false }
      for item in found.goods { goods[item].facility = nil }
      (facilities[facility].status, facilities[facility].goods) = ("closed", [])
    }
    return true
  }

  mutating func pay(
    _ facility: Int, isDrawing: Bool, _ entry: BankEvidence, _ id: String, _ by: String
  ) -> Bool {
    let found = facilities[facility]
    let (payer, payee) = isDrawing ? (found.bank, found.owner) : (found.owner, found.bank)
    guard by == "bank1", !evidence.contains(id), entry.amount > 0, entry.payer == payer, entry.payee == payee else {
      return false
    }
    if isDrawing {
      guard found.status == "open", found.requested > 0, entry.amount == found.requested,
        mayDraw(facility, entry.amount)
      else { return false }
      facilities[facility].drawn += entry.amount
      facilities[facility].requested = 0
    } else {
      guard entry.amount <= found.drawn else { return false }
      facilities[facility].drawn -= entry.amount
    }
    evidence.insert(id)
    return true
  }

  mutating func register(_ item: Int, _ by: String, time: UInt64) -> Bool {
    guard by == Model.keeper else { return false }
    devices.append(Device(goods: item, since: time, seen: time))
    return true
  }

  /// Limits of 2 and 8 degrees, half a degree further in after a breach; two of the last three open an exception.
  mutating func read(
    _ device: Int, counter: UInt64, _ value: Int64, at moment: UInt64, isForged: Bool, time: UInt64, skew: UInt64
  ) -> Bool {
    var found = devices[device]
    guard !isForged, counter > found.counter, moment <= time + skew, moment >= found.since else { return false }
    (found.counter, found.seen) = (counter, max(found.seen, moment))
    let margin: Int64 = found.history.last == true ? 500 : 0
    found.history = (found.history + [value < 2_000 + margin || value > 8_000 - margin]).suffix(3)
    if found.hot == nil, found.history.count(where: { $0 }) >= 2 {
      found.hot = exceptions.count
      exceptions.append(Trouble(goods: found.goods, device: device, haircut: 3, isSilence: false))
    }
    devices[device] = found
    return true
  }

  mutating func reportSilence(_ device: Int, time: UInt64) -> Bool {
    guard time > devices[device].seen + 3_600_000, devices[device].silent == nil else { return false }
    devices[device].silent = exceptions.count
    exceptions.append(Trouble(goods: devices[device].goods, device: device, haircut: 2, isSilence: true))
    return true
  }

  mutating func act(_ trouble: Int, _ step: ExceptionStep, reason: String, _ by: String) -> Bool {
    let found = exceptions[trouble]
    let item = goods[found.goods]
    let lender = item.facility.map { facilities[$0].bank }
    switch step {
    case .acknowledge:
      guard [Model.keeper, item.owner, lender].contains(by), found.status == "open" else { return false }
      exceptions[trouble].status = "acknowledged"
    case .escalate:
      guard [Model.keeper, lender].contains(by), ["open", "acknowledged"].contains(found.status) else { return false }
      exceptions[trouble].status = "escalated"
    default:
      guard by == lender ?? Model.keeper, ["acknowledged", "escalated"].contains(found.status), !reason.isEmpty else {
        return false
      }
      exceptions[trouble].status = "resolved"
      if found.isSilence {
        devices[found.device].silent = nil
      } else {
        (devices[found.device].hot, devices[found.device].history) = (nil, [])
      }
    }
    return true
  }
}
