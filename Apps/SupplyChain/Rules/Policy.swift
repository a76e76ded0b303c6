package import CBOR
internal import Value

/// What a rule holds a reading against.
package enum SensorShape: String, Sendable {
  /// Limits on the value: temperature, humidity, a door that is open.
  case limits
  /// The part that has gone since the first reading, parts per million: the mass on a scale.
  case loss
  /// A place, latitude and longitude: how far from the middle of a fence.
  case fence
}

/// A limit on what sensors may say about pledged goods, with dwell and hysteresis.
package struct SensorRule: Fields {
  /// The kind of reading, for example `temperature`.
  package var reading = ""
  /// Readings below this are a breach, thousandths of the unit.
  package var low: Int64 = .min
  /// Readings above this are a breach, thousandths of the unit.
  package var high: Int64 = .max
  /// How far back within the limits a reading must be before the count of breaches starts anew.
  package var hysteresis: Int64 = 0
  /// So many breaches among the last `window` readings open an exception.
  package var breaches: UInt64 = 1
  /// How many readings are looked at, at most 32.
  package var window: UInt64 = 1
  /// What is cut off the goods' value while the exception is open, parts per million.
  package var haircut: Int64 = 0
  /// Whether new drawings and releases wait until it is resolved.
  package var blocks = true
  /// What readings are held against.
  package var shape = SensorShape.limits
  /// How long readings must have been in breach without a break before an exception opens, minutes.
  package var dwellMinutes: UInt64 = 0
  /// The middle of a fence, millionths of a degree; `high` is its radius and `hysteresis` a distance, in metres.
  package var latitude: Int64 = 0
  package var longitude: Int64 = 0
  /// The cosine of the latitude, parts per million: data, since members compute with whole numbers alone.
  package var cosine: Int64 = 1_000_000
  /// How far two devices on the same goods may differ, thousandths of the unit; 0 for any distance.
  package var disagreement: Int64 = 0
  /// Readings of two devices are compared when they are at most so many minutes apart.
  package var togetherMinutes: UInt64 = 10

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.text(&reading, 1...32)
    try coder.int(&low)
    try coder.int(&high)
    try coder.int(&hysteresis)
    try coder.uint(&breaches)
    try coder.uint(&window)
    try coder.int(&haircut)
    try coder.bool(&blocks)
    try coder.choice(&shape)
    try coder.uint(&dwellMinutes)
    try coder.int(&latitude)
    try coder.int(&longitude)
    try coder.int(&cosine)
    try coder.int(&disagreement)
    try coder.uint(&togetherMinutes)
    try coder.check((0...1 << 40).contains(disagreement) && togetherMinutes <= 100_000)
    try coder.check(dwellMinutes <= 100_000 && (0...1_000_000).contains(cosine))
    try coder.check((-90_000_000...90_000_000).contains(latitude))
    try coder.check((-180_000_000...180_000_000).contains(longitude))
    try coder.check(low <= high && hysteresis >= 0 && hysteresis <= 1 << 40 && (1...32).contains(window))
    try coder.check(breaches >= 1 && breaches <= window && (0...1_000_000).contains(haircut))
  }
}

/// A currency and how its days become a part of a year.
package struct CurrencyDayCount: Fields {
  /// ISO 4217.
  package var currency = ""
  /// ISO 20022 code of the day count.
  package var dayCount = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.text(&currency, 3...3)
    try coder.text(&dayCount, 4...4)
    try coder.check((try? Currency(currency)) != nil && DayCount(rawValue: dayCount) != nil)
  }
}

/// A name in a list of the policy.
package struct PolicyName: Fields {
  /// The name: of a party, or ISO 4217.
  package var name = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) { try coder.name(&name) }
}

/// The numbers of the rules: data on the ledger, versioned, decided by a quorum of the members.
///
/// A note keeps the version under which it was proposed for its whole life; the rest goes by the one in force.
package struct Policy: Document {
  package static let kind = "policy"
  /// One more than the version before.
  package var version: UInt64 = 1
  /// Longest tenor of a note, days.
  package var maxTenorDays: Int64 = 365
  /// A longer tenor than this needs a reason.
  package var plainTenorDays: Int64 = 180
  /// How many transfers deep a note may go.
  package var maxDepth: UInt64 = 8
  /// Into how many parts a lot may be split at once.
  package var maxParts: UInt64 = 64
  /// Within how many days of delivery a large enterprise pays a small one.
  package var smallPaymentDays: Int64 = 60
  /// Days after maturity before a lot is overdue.
  package var graceDays: Int64 = 3
  /// Days after maturity before a lot may be declared in default.
  package var defaultDays: Int64 = 30
  /// Days that must be left until maturity when finance is asked for.
  package var minimumFinanceDays: Int64 = 15
  /// Longest time that an offer or proposal may stand open, days.
  package var maxOfferDays: Int64 = 30
  /// How days become a part of a year, ISO 20022 code; of currencies that `dayCounts` does not name.
  package var dayCount = "A004"
  /// What part of the goods' value is advanced, parts per million.
  package var advanceRate: Int64 = 700_000
  /// What is cut off the goods' value in any case, parts per million.
  package var haircut: Int64 = 100_000
  /// The loan to value that calls for cure, parts per million.
  package var callTrigger: Int64 = 850_000
  /// The loan to value that a cure brings it down to, parts per million.
  package var callTarget: Int64 = 700_000
  /// Days after which a regulator's read becomes visible to the member.
  package var readDelayDays: Int64 = 30
  /// Minutes without a reading after which a device counts as silent; 0 for never.
  package var silenceMinutes: Int64 = 60
  /// What is cut off the goods' value while their device is silent, parts per million.
  package var silenceHaircut: Int64 = 200_000
  /// The rules of sensors.
  package var sensors: [SensorRule] = []
  /// Day counts of single currencies: sterling is reckoned by 365 days where the euro has 360.
  package var dayCounts: [CurrencyDayCount] = []
  /// Eligibility: the currencies in which notes may be proposed; any if there are none.
  package var currencies: [PolicyName] = []
  /// Eligibility: the obligors whose notes may be financed; any if there are none.
  package var obligors: [PolicyName] = []
  /// Eligibility: the smallest lot for which finance may be asked, in minor units of its currency.
  package var minimumFinance: Int64 = 0

  package init() {}

  /// How days become a part of a year in a currency.
  func dayCount(of currency: String) -> String {
    dayCounts.first { $0.currency == currency }?.dayCount ?? dayCount
  }

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.uint(&version)
    try coder.days(&maxTenorDays)
    try coder.days(&plainTenorDays)
    try coder.uint(&maxDepth)
    try coder.uint(&maxParts)
    try coder.days(&smallPaymentDays)
    try coder.days(&graceDays)
    try coder.days(&defaultDays)
    try coder.days(&minimumFinanceDays)
    try coder.days(&maxOfferDays)
    try coder.text(&dayCount, 4...4)
    try coder.int(&advanceRate)
    try coder.int(&haircut)
    try coder.int(&callTrigger)
    try coder.int(&callTarget)
    try coder.days(&readDelayDays)
    try coder.int(&silenceMinutes)
    try coder.check((0...1_000_000).contains(silenceMinutes))
    try coder.int(&silenceHaircut)
    try coder.list(&sensors, 0...16)
    try coder.list(&dayCounts, 0...32)
    try coder.list(&currencies, 0...32)
    try coder.list(&obligors, 0...64)
    try coder.amount(&minimumFinance)
    for names in [dayCounts.map(\.currency), currencies.map(\.name), obligors.map(\.name)] {
      // Sorted and each once: one policy has one form.
      try coder.check(zip(names, names.dropFirst()).allSatisfy { $0 < $1 })
    }
    try coder.check(currencies.allSatisfy { (try? Currency($0.name)) != nil })
    try coder.check((1...1_000_000).contains(version) && maxDepth <= 64 && (2...256).contains(maxParts))
    try coder.check(DayCount(rawValue: dayCount) != nil && defaultDays >= graceDays)
    for share in [advanceRate, haircut, callTrigger, callTarget, silenceHaircut] {
      try coder.check((0...1_000_000).contains(share))
    }
  }
}

extension FieldCoder {
  mutating func days(_ value: inout Int64) throws(CBORError) {
    try int(&value)
    try check((0...3_660).contains(value))
  }
}
