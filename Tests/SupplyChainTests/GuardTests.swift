import FinanceRules
import Ledger
import Primitives
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

  @Test("is given with its code, changes nothing, and goes away only with its guard", arguments: Guard.allCases)
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

  @Test("has a code and a sentence of its own")
  func distinct() {
    #expect(Set(Guard.allCases.map(\.sentence)).count == Guard.allCases.count)
    #expect(Guard.allCases.allSatisfy { $0.sentence.hasSuffix(".") && $0.rawValue.utf8.count <= 64 })
  }
}

extension Guard: CustomTestStringConvertible {
  public var testDescription: String { sentence.english }
}
