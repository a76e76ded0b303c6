import Primitives
import Testing
import Value

@Suite("Amounts, splits and discounts")
struct VectorTests {
  /// The reference's table: face, rate in ppm, from, to, then for each convention the days, the discount and the true
  /// present value.
  private static let discounts:
    [(Int64, Int64, String, String, [(DayCount, days: Int64, discount: Int64, present: Int64)])] = [
      (
        10_000_000, 60_000, "2026-01-15", "2026-04-15",
        [
          (.actual360, 90, 150_000, 9_852_217), (.actual365, 90, 147_945, 9_854_212),
          (.thirty360, 90, 150_000, 9_852_217), (.actualActual, 90, 147_945, 9_854_212),
        ]
      ),
      (
        198_002_515, 43_500, "2027-12-20", "2028-03-19",
        [
          (.actual360, 90, 2_153_277, 195_872_403), (.actual365, 90, 2_123_780, 195_901_273),
          (.thirty360, 89, 2_129_352, 195_895_819), (.actualActual, 90, 2_118_751, 195_906_196),
        ]
      ),
      (
        100_000, 60_000, "2026-03-01", "2026-03-21",
        [
          (.actual360, 20, 333, 99_668), (.actual365, 20, 329, 99_672), (.thirty360, 20, 333, 99_668),
          (.actualActual, 20, 329, 99_672),
        ]
      ),
      (
        25_033, 80_000, "2026-01-31", "2026-02-28",
        [
          (.actual360, 28, 156, 24_878), (.actual365, 28, 154, 24_880), (.thirty360, 28, 156, 24_878),
          (.actualActual, 28, 154, 24_880),
        ]
      ),
    ]

  @Test("the discounts of the reference, to the cent")
  func discountVectors() throws {
    for (face, ppm, from, to, rows) in Self.discounts {
      let (rate, start, end) = (try Rate(ppm: ppm), try Day(from), try Day(to))
      for (count, days, discount, present) in rows {
        let time = try count.fraction(from: start, to: end)
        #expect(try count.days(from: start, to: end) == days, "\(face) \(count)")
        #expect(try Discount.bank(face, rate, time) == discount, "\(face) \(count)")
        #expect(try Discount.presentValue(face, rate, time) == present, "\(face) \(count)")
      }
    }
  }

  @Test("the splits of the reference, ties by index")
  func splits() throws {
    #expect(try Int64(10_000).split(by: [1, 1, 1]) == [3_334, 3_333, 3_333])
    #expect(try Int64(25_033).split(by: [33, 33, 34]) == [8_261, 8_261, 8_511])
    #expect(try Int64(1_000).split(by: [1, 4]) == [200, 800])
    #expect(try Int64(5).split(by: [3, 3, 3, 1]) == [2, 2, 1, 0])
    #expect(throws: ValueError.weightsInvalid) { try Int64(5).split(by: []) }
    #expect(throws: ValueError.weightsInvalid) { try Int64(5).split(by: [0, 0]) }
    #expect(throws: ValueError.weightsInvalid) { try Int64(5).split(by: [2, -1]) }
    #expect(try Int64.max.split(by: [.max, .max]) == [.max / 2 + 1, .max / 2])
  }

  @Test("seeded splits sum to the whole and stay within one of the exact share")
  func splitsAgainstModel() throws {
    for seed in 0..<200 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let amount = Int64.random(in: 0...1_000_000, using: &random)
      let weights = (0..<Int.random(in: 1...9, using: &random)).map { _ in Int64.random(in: 0...50, using: &random) }
      guard weights.contains(where: { $0 > 0 }) else { continue }
      let parts = try amount.split(by: weights)
      #expect(parts.reduce(0, +) == amount, "seed \(seed)")
      // The slow way: give out one unit at a time to the part that is furthest below its share.
      let total = weights.reduce(0, +)
      var slow = weights.map { amount * $0 / total }
      var given: Set<Int> = []
      while slow.reduce(0, +) < amount {
        let next = weights.indices.filter { !given.contains($0) }.max {
          let (a, b) = (amount * weights[$0] % total, amount * weights[$1] % total)
          return a != b ? a < b : $0 > $1
        }
        let place = try #require(next)
        given.insert(place)
        slow[place] += 1
      }
      #expect(parts == slow, "seed \(seed): \(amount) by \(weights)")
    }
  }

  @Test("early payment, all-in cost, fee, accrual and penalty")
  func formulas() throws {
    #expect(try Discount.earlyPayment(try Rate(basisPoints: 200), early: 10, net: 30).ppm == 372_449)
    let time = try DayCount.actual360.fraction(from: try Day("2026-03-01"), to: try Day("2026-03-21"))
    #expect(try Discount.annualCost(face: 100_000, proceeds: 99_667, time).ppm == 60_140)
    #expect(try Discount.fee(100_000, try Rate(basisPoints: 10), least: 500, most: 900) == 500)
    #expect(try Discount.fee(10_000_000, try Rate(basisPoints: 10), least: 500, most: 900) == 900)
    #expect(try Discount.fee(600_000, try Rate(basisPoints: 10), least: 500, most: 900) == 600)
    var booked: Int64 = 0
    for day in 1...90 as ClosedRange<Int64> {
      booked += try Discount.accrual(150_001, day: day, of: 90, booked: booked)
      #expect(abs(booked * 90 - 150_001 * day) <= 45)
    }
    #expect(booked == 150_001)
    #expect(try Discount.penalty(1_000_000, daily: try Rate(ppm: 500), days: 3) == 1_500)
  }

  @Test("figures of credit and collateral")
  func ratios() throws {
    let target = try Rate(ppm: 700_000)
    #expect(try Ratios.utilisation(used: 300, reserved: 200, limit: 1_000).ppm == 500_000)
    #expect(try Ratios.advance(target, eligible: 1_000, headroom: 600) == 600)
    #expect(try Ratios.loanToValue(800, 1_000).ppm == 800_000)
    #expect(try Ratios.cashToCure(800, 1_000, target: target) == 100)
    #expect(try Ratios.goodsToCure(800, 1_000, target: target) == 143)
    #expect(try Ratios.concentration([1]) == 1_000_000)
    #expect(try Ratios.concentration([5, 5]) == 500_000)
    #expect(try Ratios.dilution(creditNotes: 3, shortPayments: 2, invoices: 100).ppm == 50_000)
    #expect(try Ratios.daysSalesOutstanding(receivables: 500, sales: 1_000, days: 90) == 45)
    let half = try Rate(ppm: 500_000)
    let base = [Ratios.Eligible(1_000, advance: half, haircut: try Rate(ppm: 100_000))]
    #expect(try Ratios.borrowingBase(base, reserves: 50) == 400)
    let payments = [Ratios.Payment(100, age: 10, isOnTime: true), Ratios.Payment(400, age: 400, isOnTime: false)]
    #expect(try Ratios.punctuality(payments)?.ppm == 500_000)
    #expect(try Ratios.punctuality([]) == nil)
  }

  @Test("amounts are read and written with the currency's decimals")
  func amounts() throws {
    let (yen, dinar) = (try Currency("JPY"), try Currency("KWD"))
    #expect(try Money("100000.00", .cny) == Money(10_000_000, .cny))
    #expect(try Money("1200", .cny).decimal == "1200.00")
    #expect(try Money("-3.5", .eur) == Money(-350, .eur))
    #expect(Money(-5, .eur).decimal == "-0.05")
    #expect(try Money("1.234", dinar) == Money(1_234, dinar))
    #expect(try Money("77", yen).decimal == "77")
    for text in ["", "-", ".5", "1.", "1.234", "1,2", "1.2.3", "+1", "99999999999999999999"] {
      #expect(throws: ValueError.self, "\(text)") { try Money(text, .cny) }
    }
    #expect(throws: ValueError.self) { try Money("1.0", yen) }
    #expect(throws: ValueError.currencyUnknown("XYZ")) { try Currency("XYZ") }
    #expect(throws: ValueError.currencyMismatch("CNY", "EUR")) { try Money(1, .cny).adding(Money(1, .eur)) }
    #expect(throws: ValueError.overflow) { try Money(.max, .cny).adding(Money(1, .cny)) }
    #expect(try Rate(ppm: 43_500).description == "4.35 %")
  }

  @Test("days of three centuries count as the calendar does")
  func days() throws {
    var number = Day.first.number
    for year in 1900...2199 as ClosedRange<Int64> {
      for month in 1...12 as ClosedRange<Int64> {
        let length: Int64 = month == 2 ? (Day.isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
        for day in 1...length {
          let date = try Day(year: year, month: month, day: day)
          #expect(date.number == number)
          #expect(date.civil == (year, month, day))
          number += 1
        }
        #expect(throws: ValueError.periodInvalid) { try Day(year: year, month: month, day: length + 1) }
      }
    }
    #expect(number == Day.last.number + 1)
    #expect(try Day("2026-11-22").description == "2026-11-22")
    #expect(try Day("2026-11-22").isWeekend)
    #expect(try Day("2026-11-22").followingBusinessDay.description == "2026-11-23")
    for text in ["2026-2-1", "2026-02-30", "20260201", "2026-02-01x", "+026-01-01"] {
      #expect(throws: ValueError.self) { try Day(text) }
    }
  }

  @Test("netting keeps every position and takes fewer payments")
  func netting() throws {
    #expect(
      try Netting.bilateral([Netting.Claim("a", owes: "b", 5), Netting.Claim("b", owes: "a", 8)])
        == [Netting.Claim("b", owes: "a", 3)])
    for seed in 0..<100 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      let names = ["a", "b", "c", "d", "e", "f"]
      let claims = (0..<20).map { _ in
        Netting.Claim(
          names[Int.random(in: 0..<6, using: &random)], owes: names[Int.random(in: 0..<6, using: &random)],
          Int64.random(in: 1...99, using: &random))
      }
      let positions = try Netting.positions(claims)
      #expect(positions.values.reduce(0, +) == 0)
      for netted in [try Netting.bilateral(claims), try Netting.multilateral(claims)] {
        #expect(try Netting.positions(netted) == positions, "seed \(seed)")
        #expect(netted.allSatisfy { $0.amount > 0 })
      }
      #expect(try Netting.multilateral(claims).count < max(positions.count, 1), "seed \(seed)")
    }
  }
}
