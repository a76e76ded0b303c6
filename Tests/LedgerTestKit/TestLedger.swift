import COSE
import Foundation
public import Ledger
public import Primitives

/// A consortium in a temporary folder, with a clock in the test's hand and keys that follow from a seed.
public final class TestLedger: Sendable {
  public let folder: String
  public let consortium: Consortium
  public let clock: ManualClock
  public let keys: [MemberKeys]

  public static let start: UInt64 = 1_772_000_000_000

  public init(
    members: Int = 4, seed: UInt64 = 1, contract: ContractSuite = ContractSuite(CounterContract.self),
    contractVersion: UInt64? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.path + "/tallystick-test-\(UUID().uuidString)"
    clock = ManualClock(TestLedger.start)
    let plan = Consortium.Plan(
      members: (1...members).map { ("org-\($0)", "Organisation \($0)", .member) }, seed: seed,
      contractVersion: contractVersion, time: TestLedger.start)
    consortium = try .found(at: folder, suite: contract, plan: plan)
    keys = (1...members).map { .derive(name: "org-\($0)", seed: seed) }
    clock.advance(by: 1000)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A statement of a member about `subject`; the number makes its `cti`.
  public func statement(
    _ member: Int = 0, _ subject: String = "subject", _ payload: String = "payload", number: UInt64
  ) throws -> Statement {
    try .sign(
      payload: Array(payload.utf8), contentType: "text/plain", issuer: keys[member].name, subject: subject,
      time: clock.now(), claimID: ClaimID(high: UInt64(member), low: number), key: keys[member].statement)
  }

  public var policy: TrustPolicy {
    get throws { try TrustPolicy(parsing: Array(try Data(contentsOf: URL(filePath: folder + "/policy.txt")))) }
  }
}
