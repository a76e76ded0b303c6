import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// What the tests of every contract do with a ledger.
extension TestLedger {
  /// A statement of a member, or by a key that is no member's and so carries itself.
  func sign(
    _ type: String, _ payload: [UInt8], about subject: String, by issuer: String = "org-1", key: PrivateKey? = nil
  ) throws -> [UInt8] {
    try Statement.sign(
      payload: payload, contentType: type, issuer: issuer, subject: subject, time: clock.now(), claimID: .random(),
      key: try key ?? #require(keys.first { $0.name == issuer }).statement, carryingKey: key != nil
    ).entry
  }

  /// Every member's copy, audited.
  func audits(_ suite: ContractSuite) async throws -> [AuditReport] {
    var reports: [AuditReport] = []
    for name in consortium.names { reports.append(try await consortium.folder(name).audit(suite: suite)) }
    return reports
  }

  /// Whether the bytes stand anywhere in a member's files.
  func holds(_ needle: [UInt8]) throws -> Bool {
    for name in consortium.names {
      let file = try Data(contentsOf: URL(filePath: consortium.folder(name).ledger))
      if file.range(of: Data(needle)) != nil { return true }
    }
    return false
  }
}

extension OpenConsortium {
  /// Submits one statement.
  func submit(_ entry: [UInt8]) async throws -> Outcome { try await sequencer.submit([entry])[0] }

  /// Changes every byte of the encoded proof in turn, which must fail or leave the claims as they are.
  func expectMutationsRefused(
    _ bundle: ProofBundle, policy: TrustPolicy, spare: Int = 0,
    _ claims: (VerifiedBundle) throws(LedgerError) -> [String]?
  ) throws {
    let bytes = bundle.encoded()
    let verified = try ProofBundle(decoding: bytes).verify(policy: policy)
    let truth = try #require(try claims(verified))
    var believed = 0
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      guard let other = try? ProofBundle(decoding: changed).verify(policy: policy), let said = try? claims(other) else {
        continue
      }
      // The question is the asker's own; another question that the same parts answer is no lie.
      if other.question == verified.question { #expect(said == truth, "byte \(place)") }
      believed += 1
    }
    // Co-signatures beyond the quorum, the question's words, and what the caller knows to be spare.
    #expect(believed < 700 + spare, "\(believed) of \(bytes.count) changed bytes were believed")
  }
}

extension Outcome {
  var isAccepted: Bool { if case .accepted = self { true } else { false } }
  var isRejected: Bool { if case .rejected = self { true } else { false } }
  var code: String? { if case .refused(_, let refusal) = self { refusal.code } else { nil } }
}
