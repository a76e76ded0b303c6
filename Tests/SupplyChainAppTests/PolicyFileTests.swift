import FinanceRules
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import SupplyChain
import Testing

@Suite("The policy as a document")
struct PolicyFileTests {
  @Test("every member is read as it is written, and each out of its range is named")
  func document() throws {
    var policy = Policy {
      ($0.version, $0.maxTenorDays, $0.maxDepth, $0.haircut) = (7, 200, 5, 123_456)
      $0.dayCounts = [CurrencyDayCount { ($0.currency, $0.dayCount) = ("GBP", "A005") }]
      $0.currencies = ["CNY", "GBP"].map { code in PolicyName { $0.name = code } }
      $0.obligors = [PolicyName { $0.name = "core" }]
      $0.minimumFinance = 50_000
    }
    policy.sensors = [
      SensorRule { ($0.reading, $0.high, $0.dwellMinutes, $0.blocks) = ("open", 0, 10, false) },
      SensorRule {
        ($0.reading, $0.shape, $0.high) = ("position", .fence, 2_000)
        ($0.latitude, $0.longitude, $0.cosine) = (30_600_000, 122_050_000, 860_742)
      },
      SensorRule { ($0.reading, $0.low, $0.high, $0.disagreement) = ("temperature", 2_000, 8_000, 1_500) },
    ]
    #expect(try PolicyFile.read(PolicyFile.write(policy)) == policy)
    #expect(try PolicyFile.read(Array("{}".utf8)) == Policy())
    let text = String(decoding: PolicyFile.write(policy), as: UTF8.self)
    for (from, to, place) in [
      ("\"maxDepth\":5", "\"maxDepth\":65", "/maxDepth"), ("\"haircut\":123456", "\"haircut\":1000001", "/haircut"),
      ("\"maxTenorDays\":200", "\"maxTenorDays\":\"long\"", "/maxTenorDays"), ("\"A004\"", "\"A999\"", "/dayCount"),
      ("\"maxTenorDays\"", "\"maxTenorDayz\"", "/maxTenorDayz"), ("\"GBP\":\"A005\"", "\"GBP\":5", "/dayCounts/GBP"),
      ("\"fence\"", "\"circle\"", "/sensors/1/shape"), ("\"window\":1", "\"window\":33", "/sensors/0/window"),
    ] {
      let changed = text.replacing(from, with: to, maxReplacements: 1)
      #expect(changed != text, "\(from)")
      let fault = #expect(throws: LedgerError.self, "\(to)") { try PolicyFile.read(Array(changed.utf8)) }
      #expect(fault?.message.english.contains(place) == true, "\(to): \(fault?.message.english ?? "")")
    }
    // Members in numbers that only together make no sense.
    #expect(throws: LedgerError.self) { try PolicyFile.read(Array(#"{"graceDays":40,"defaultDays":30}"#.utf8)) }
    #expect(throws: LedgerError.self) { try PolicyFile.read(Array(#"{"currencies":["CNY","CNY"]}"#.utf8)) }
    for bytes in ["", "[]", "{", "null", #"{"version":1.5}"#] {
      #expect(throws: LedgerError.self) { try PolicyFile.read(Array(bytes.utf8)) }
    }
  }

  @Test("no number in any place ends the program")
  func numbers() throws {
    let policy = Policy { $0.sensors = [SensorRule { ($0.reading, $0.low, $0.high) = ("temperature", 2_000, 8_000) }] }
    let text = String(decoding: PolicyFile.write(policy), as: UTF8.self)
    var refused = 0
    for place in text.ranges(of: #/:-?[0-9]+/#) {
      for number in [
        "-1", "0", "33", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e400", "1.5", "{}",
      ] {
        var changed = text
        changed.replaceSubrange(place, with: ":" + number)
        do { _ = try PolicyFile.read(Array(changed.utf8)) } catch { refused += 1 }
      }
    }
    #expect(refused > 150)
  }

  @Test("a quorum decides a file; what it says then refuses, and day counts go by the currency")
  func decided() throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shown = try Shop.run(["rules", "--data", folder, "--show"])
    var object = try #require(try JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [String: Any])
    #expect(object["version"] as? Int == 1)
    (object["version"], object["currencies"], object["dayCounts"]) = (2, ["EUR", "GBP"], ["GBP": "A005"])
    let file = folder + "/policy.json"
    try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: file))
    let members = ["--as", "jinhe", "helan", "bank", "platform"]
    try Shop.run(["rules", "--data", folder, "--file", file] + members)
    let after = try Shop.run(["rules", "--data", folder, "--show"])
    #expect(after.contains("\"GBP\" : \"A005\"") && after.contains("\"EUR\""), "\(after)")
    // The same once more is not the next version.
    try Shop.run(["rules", "--data", folder, "--file", file] + members, code: 1)
    try Data(#"{"version":3,"maxDepth":1000}"#.utf8).write(to: URL(filePath: file))
    try Shop.run(["rules", "--data", folder, "--file", file] + members, code: 2)

    let policy = try PolicyFile.read(Array(after.utf8))
    let terms = Terms { ($0.rate, $0.valueDay) = (60_000, 20_468) }
    // The reference's first row: 100000.00 at 6 % for 90 days, by 360 and by 365 days.
    for (currency, discount) in [("EUR", Int64(1_500_00)), ("GBP", 1_479_45)] {
      let price = try SupplyChainContract.price(10_000_000, terms, maturity: 20_558, currency: currency, policy)
      #expect(price.discount == discount, "\(currency)")
    }
  }
}
