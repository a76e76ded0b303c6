import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Rights
import Testing

/// A consortium of three members and a regulator (`org-4`) that keeps the copyright ledger, with a clock in the test's
/// hand.
final class RightsLedger: Sendable {
  static let suite = ContractSuite(CopyrightContract.self)
  static let start: UInt64 = 1_772_000_000_000
  static let day: UInt64 = 86_400_000

  let folder: String
  let consortium: Consortium
  let clock = ManualClock(RightsLedger.start)
  let keys: [MemberKeys]

  init(seed: UInt64 = 1) throws {
    folder = FileManager.default.temporaryDirectory.path + "/copyright-test-\(UUID().uuidString)"
    let plan = Consortium.Plan(
      members: (1...4).map { ("org-\($0)", "Organisation \($0)", $0 == 4 ? .regulator : .member) }, seed: seed,
      time: RightsLedger.start)
    consortium = try .found(at: folder, suite: Self.suite, plan: plan)
    keys = (1...4).map { .derive(name: "org-\($0)", seed: seed) }
    clock.advance(by: 1000)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open() async throws -> OpenConsortium { try await consortium.open(suite: Self.suite, clock: clock) }

  var policy: TrustPolicy {
    get throws { try TrustPolicy(parsing: Array(try Data(contentsOf: URL(filePath: folder + "/policy.txt")))) }
  }

  /// A document as an entry of a member; the clock moves on a second each time.
  func entry(_ document: some RightsDocument, by member: String) throws -> [UInt8] {
    clock.advance(by: 1000)
    let keys = try #require(keys.first { $0.name == member })
    return try document.statement(issuer: member, time: clock.now(), claimID: .random(), key: keys.statement).entry
  }

  /// Finds no fault in any member's copy.
  func expectSound() async throws {
    for name in consortium.names {
      let report = try await consortium.folder(name).audit(suite: Self.suite)
      #expect(report.faults == [])
    }
  }
}

extension OpenConsortium {
  /// Submits one document of a member.
  func state(_ document: some RightsDocument, by member: String, _ ledger: RightsLedger) async throws -> Outcome {
    try await sequencer.submit([try ledger.entry(document, by: member)])[0]
  }

  /// Submits a document that must be carried out; gives its entry.
  @discardableResult
  func accept(
    _ document: some RightsDocument, by member: String, _ ledger: RightsLedger,
    _ location: SourceLocation = #_sourceLocation
  ) async throws -> UInt64 {
    let outcome = try await state(document, by: member, ledger)
    guard case .accepted(let index) = outcome else {
      Issue.record("\(outcome)", sourceLocation: location)
      throw LedgerError(.refused, "\(outcome)")
    }
    return index
  }

  /// Submits a document that must be refused with a code; gives what the refusal says.
  @discardableResult
  func refuse(
    _ code: String, _ document: some RightsDocument, by member: String, _ ledger: RightsLedger,
    _ location: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let outcome = try await state(document, by: member, ledger)
    guard case .refused(_, let refusal) = outcome else {
      Issue.record("not refused: \(outcome)", sourceLocation: location)
      return ""
    }
    #expect(refusal.code == code, "\(refusal.message)", sourceLocation: location)
    return refusal.message.english
  }

  func shares(of work: String) throws -> Shares? {
    Shares(reading: try sequencer.head.value(CopyrightContract.shares.key(.sha256(work))))
  }

  func incident(_ entry: UInt64) throws -> Incident? {
    Incident(reading: try sequencer.head.value(CopyrightContract.incidents.key(order: entry)))
  }
}

/// Files that were never there, and what they would look like: the stand-in for hashing, which no rule depends on.
enum Made {
  /// Random bits.
  static func bits(_ seed: UInt64) -> Digest { Digest.sha256("bits \(seed)") }

  /// The bits with some of them flipped, which ones following from a seed.
  static func bits(_ digest: Digest, flipping count: Int, seed: UInt64 = 1) -> Digest {
    var bytes = digest.bytes
    var generator = SeededGenerator(seed: seed)
    for place in Array(0..<256).shuffled(using: &generator).prefix(count) { bytes[place >> 3] ^= 1 << UInt8(place & 7) }
    return Digest(bytes) ?? digest
  }

  /// An ISCC-CODE (SUM: Data-Code and Instance-Code) for a file.
  static func iscc(_ instance: Digest, data: Digest) -> String {
    ISCCText.encode([0x55, 0x00] + data.bytes.prefix(8) + instance.bytes.prefix(8))
  }

  /// A registration of a photo with one owner.
  static func photo(
    _ work: String, owner: String = "org-1/author-1", bits: Digest? = nil, quality: UInt64 = 100
  ) -> Registration {
    registration(
      work, kind: .photo, codes: [MediaCode(.pdq, quality: quality, bits: bits ?? .sha256("look of \(work)"))],
      owners: [Share(owner, Shares.whole)])
  }

  static func registration(
    _ work: String, kind: WorkKind, codes: [MediaCode], owners: [Share], file: String? = nil, bases: [String] = []
  ) -> Registration {
    let file = Digest.sha256("file \(file ?? work)")
    let instance = Digest.sha256("blake3 \(file.hex)")
    guard let shares = Shares(owners) else { fatalError("the shares of \(work) do not add up") }
    return Registration(
      work: work, kind: kind, title: "Title of \(work)", iscc: iscc(instance, data: file), file: file,
      instance: instance, mediaType: "image/png", codes: codes, owners: shares, authors: [owners[0].party],
      outsideNumber: "DCI-\(work)", createdAt: RightsLedger.start - 1000, hashRules: "test-1", bases: bases)
  }

  /// A sighting of something that looks so.
  static func sighting(
    _ bits: Digest, user: String, at time: UInt64, quality: UInt64 = 90, country: String = "CN", use: Use = .network,
    file: String = "upload", place: String = "https://video.example/1", platform: String? = "org-3"
  ) -> Sighting {
    Sighting(
      file: .sha256(file + bits.hex), instance: .sha256("blake3 " + file + bits.hex),
      codes: [MediaCode(.pdq, quality: quality, bits: bits)], place: place, platform: platform, user: user, use: use,
      country: country, seenAt: time, captureLog: .sha256("log"), hashRules: "test-1")
  }
}
