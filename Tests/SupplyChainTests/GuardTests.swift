import FinanceRules
import Foundation
import Ledger
import Primitives
import Synchronization
import Testing

/// A test of each sentence of the rules.
@Suite("Every refusal")
struct GuardTests {
  /// Guards that stand before something which cannot be done without what they ask for: taking them out would leave
  /// nothing to go on with, so only the refusal itself can be tested.
  static let structural: Set<Guard> = [
    .contentUnknown, .signerUnknown, .policyMissing, .invoiceUnknown, .noteUnknown, .lotUnknown, .paperUnknown,
    .goodsUnknown, .facilityUnknown, .deviceUnknown, .exceptionUnknown,
  ]

  @Test("is given with its code, and goes away only with its guard", arguments: Guard.allCases)
  func holds(_ rule: Guard) throws {
    let world = try World()
    let code = try refusal(world, rule)
    #expect(code == rule.rawValue, "\(rule.sentence)")

    guard !Self.structural.contains(rule) else { return }
    let open = try World(without: rule)
    let other = try refusal(open, rule)
    #expect(other != rule.rawValue, "without its guard the command is still refused as: \(rule.sentence)")
  }

  private func refusal(_ world: World, _ rule: Guard) throws -> String? {
    do {
      try GuardScenarios.scenario(rule)(world)
      return nil
    } catch let refusal as Refusal {
      #expect(refusal.message == Guard(rawValue: refusal.code)?.sentence ?? refusal.message)
      return refusal.code
    }
  }

  @Test("in each of the other places where it is given")
  func everywhere() throws {
    for (place, (rule, scenario)) in SiteScenarios.all.enumerated() {
      let world = try World()
      #expect(try world.code { try scenario(world) } == rule.rawValue, "place \(place): \(rule.sentence)")
    }
  }

  @Test("stands at every place of the rules that could refuse: none is there that no test needs")
  func sites() throws {
    let seen = Mutex<Set<String>>([])
    let scenarios = Guard.allCases.map { GuardScenarios.scenario($0) } + SiteScenarios.all.map(\.1)
    for scenario in scenarios {
      let world = try World(watch: { file, line in _ = seen.withLock { $0.insert("\(file):\(line)") } })
      _ = try world.code { try scenario(world) }
    }
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.path + "/Apps/SupplyChain/Rules"
    var missing: [String] = []
    var count = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where line.contains("try require(") {
        let site = "FinanceRules/\(file):\(number + 1)"
        count += 1
        if !seen.withLock({ $0.contains(site) }) {
          missing.append("\(site) \(line.trimmingCharacters(in: .whitespaces))")
        }
      }
    }
    #expect(count > 190, "only \(count) places were found in \(folder)")
    #expect(missing.isEmpty, "no test is refused here:\n\(missing.joined(separator: "\n"))")
  }

  @Test("has a code and a sentence of its own")
  func distinct() {
    #expect(Set(Guard.allCases.map(\.sentence)).count == Guard.allCases.count)
    #expect(Guard.allCases.allSatisfy { $0.sentence.hasSuffix(".") && $0.rawValue.utf8.count <= 64 })
  }
}

extension Guard: CustomTestStringConvertible {
  public var testDescription: String { sentence.english }
}
