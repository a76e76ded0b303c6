import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Rights
import Testing
import TimeStamp

@Suite("Copyright: evidence packages")
struct EvidenceTests {
  private struct Story {
    let ledger: RightsLedger
    let package: EvidencePackage
    let policy: TrustPolicy
    let capture: [UInt8]
    let authority: [UInt8]
  }

  /// A work, a licence for another, an upload, a notice, and the package of it, with a token over the proof.
  private func story() async throws -> Story {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let hasher = MadeHasher()
    func desk(_ member: Int) throws -> RightsDesk {
      ledger.clock.advance(by: 1000)
      return RightsDesk(
        node: open.sequencer, member: "org-\(member)", key: ledger.keys[member - 1].statement, clock: ledger.clock,
        random: RightsRandom(seed: UInt64(member) &* 1000 &+ ledger.clock.now()))
    }
    let bits = Made.bits(5)
    let owners = try #require(Shares([Share("org-1/a", 600_000), Share("org-2", 400_000)]))
    let (registration, outcome) = try await desk(1).register(
      MadeHasher.file(bits), .init(title: "Evening", owners: owners), hasher: hasher)
    #expect(try outcome.place() > 0)
    let start = ledger.clock.now() + 2000
    try await open.accept(
      LicenceGrant(
        LicenceTerms(
          work: registration.work, licensee: "org-3/paper", uses: Uses([.network]), territory: .world, from: start,
          until: start + RightsLedger.day)), by: "org-1", ledger)
    let capture = MadeHasher.file(Made.bits(bits, flipping: 17))
    ledger.clock.advance(by: 10_000)
    let upload = RightsDesk.Upload(
      file: capture, place: "https://video.example/7", platform: "org-3", user: "org-3/pirate", country: "CN",
      seenAt: ledger.clock.now(), captureLog: "GET https://video.example/7\n200 OK\nclock offset 3 ms\n")
    let projection = Projection()
    let other = RightsDesk.Upload(
      file: MadeHasher.file(Made.bits(88)), place: "https://video.example/8", platform: nil, user: "x", country: "CN",
      seenAt: ledger.clock.now(), captureLog: "")
    #expect(try await desk(2).look(at: other, hasher: hasher, projection: projection) == nil)
    let incident = try #require(try await desk(2).look(at: upload, hasher: hasher, projection: projection))
    #expect(incident.verdict == .infringing && incident.distance == 17)
    try await open.accept(
      IncidentStep(incident.entry, .notice, reason: "take it down", document: .sha256("letter")), by: "org-1", ledger)
    try await open.settle()
    let authority = try TestAuthority()
    var tools = EvidenceTools(tool: "copyright test")
    tools.thumbnails = { _, _ in (capture: [1, 2, 3], work: [4, 5, 6]) }
    tools.identify = { file in (try? MadeHasher().seen(file)).map { ($0.mediaType, $0.iscc) } }
    let package = try await desk(1).evidence(
      incident.entry, tools: tools,
      stamp: { try authority.answer(TimeStampToken.query(over: $0)) })
    await open.close()
    return Story(
      ledger: ledger, package: package, policy: try ledger.policy, capture: capture,
      authority: try authority.certificate())
  }

  @Test("a package is verified offline with the policy alone, and says in words what it proves")
  func verifies() async throws {
    let story = try await story()
    let bytes = story.package.encoded()
    #expect(EvidencePackage.isPackage(bytes))
    let proved = try EvidencePackage(decoding: bytes).verify(policy: story.policy) { file, rules, kind in
      #expect(rules == "made-1" && kind == .photo)
      return (try? MadeHasher().seen(file)).map { .init(codes: $0.codes, iscc: $0.iscc) }
    }
    let claims = proved.claims.map(\.english).joined(separator: "\n")
    for words in [
      "INFRINGING", "org-3/pirate", "17 of 256 bits", "org-1/a owned 60 %", "notice", "computed again", "RFC 3161",
      "org-1 made the package",
    ] { #expect(claims.contains(words), "\(words) not in \(claims)") }
    let report = String(decoding: try #require(proved.package[.report]).bytes, as: UTF8.self)
    for words in ["article 16", "article 17", "article 18", "Co-signed by", "org-3/paper", "threshold 31"] {
      #expect(report.contains(words), "\(words)")
    }
    let page = String(decoding: try #require(proved.package[.reportPage]).bytes, as: UTF8.self)
    for words in [
      Base64.encode([1, 2, 3]), Base64.encode([4, 5, 6]), "<h2>EVIDENCE REPORT</h2>", "<h2>证据报告</h2>", "threshold 31",
      "<h2>3. Untampered", "<h2>三、",
    ] { #expect(page.contains(words), "\(words)") }
    let seen = try MadeHasher().seen(story.capture)
    #expect(proved.package[.capture]?.iscc == seen.iscc && proved.package[.capture]?.mediaType == seen.mediaType)
    #expect(proved.package[.work]?.iscc == proved.proved.registration.iscc)
    #expect(proved.package[.capture]?.bytes == story.capture)
    #expect(try EvidencePackage(decoding: bytes).encoded() == bytes)
  }

  @Test("the line that the guide prints for OpenSSL checks the time stamp, and finds another proof's")
  func guide() async throws {
    let story = try await story()
    let folder = Program.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for part in story.package.parts {
      try Data(part.bytes).write(to: URL(filePath: "\(folder)/\(part.name.rawValue)"))
    }
    try Data(story.authority).write(to: URL(filePath: folder + "/TSA.pem"))
    let guide = String(decoding: try #require(story.package[.instructions]).bytes, as: UTF8.self)
    let line = try #require(guide.split(separator: "\n").first { $0.hasPrefix("openssl ") })
    let words = line.prefix { $0 != "(" }.split(separator: " ").map { String($0) }
    func run() throws -> Int32 {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/openssl")
      process.arguments = Array(words.dropFirst())
      process.currentDirectoryURL = URL(filePath: folder)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    #expect(try run() == 0, "\(line)")
    try Data([1]).write(to: URL(filePath: folder + "/proof.cbor"))
    #expect(try run() != 0)
  }

  @Test("any bit that is changed is found: a bit of every byte, every bit of the frame and the manifest")
  func flips() async throws {
    let story = try await story()
    let bytes = story.package.encoded()
    var generator = SeededGenerator(seed: 1)
    var tried = 0
    for place in bytes.indices {
      let masks = place < 1500 ? (0..<8).map { UInt8(1) << $0 } : [1 << UInt8(generator.next() % 8)]
      for mask in masks {
        var changed = bytes
        changed[place] ^= mask
        tried += 1
        let believed = (try? EvidencePackage(decoding: changed).verify(policy: story.policy)) != nil
        #expect(!believed, "byte \(place), mask \(mask) of \(bytes.count)")
        if believed { return }
      }
    }
    print("\(tried) changed packages of \(bytes.count) bytes were refused")
    for cut in [0, 1, 100, bytes.count / 2, bytes.count - 1] {
      #expect(throws: LedgerError.self) { try EvidencePackage(decoding: Array(bytes.prefix(cut))) }
    }
    #expect(throws: LedgerError.self) { try EvidencePackage(decoding: bytes + [0]) }
  }

  @Test("a package that was put together with other parts is refused, whoever signs it")
  func forged() async throws {
    let story = try await story()
    let true1 = story.package
    func forge(_ keyOf: Int = 1, maker: String = "org-1", _ change: (inout [EvidencePackage.Part]) -> Void) throws
      -> EvidencePackage
    {
      var parts = true1.parts
      change(&parts)
      var manifest = true1.manifest
      manifest.maker = maker
      return try EvidencePackage(manifest, parts: parts, key: story.ledger.keys[keyOf - 1].statement)
    }
    func replace(_ name: EvidencePackage.Name, _ bytes: [UInt8]) -> (inout [EvidencePackage.Part]) -> Void {
      { parts in
        for place in parts.indices where parts[place].name == name { parts[place].bytes = bytes }
      }
    }
    #expect(try forge { _ in }.verify(policy: story.policy).claims.count > 5)
    // Signed with all keys in order: only what the ledger knows holds.
    for (name, bytes) in [
      (EvidencePackage.Name.capture, [1]), (.captureLog, [1]), (.work, [1]), (.report, [1]), (.proof, [1]),
      (.timestamp, [1]), (.reportChinese, [1]), (.reportPage, [1]), (.captureThumbnail, [1]), (.workThumbnail, [1]),
    ] as [(EvidencePackage.Name, [UInt8])] {
      #expect(throws: LedgerError.self, "\(name)") { try forge(1, replace(name, bytes)).verify(policy: story.policy) }
    }
    for name in [EvidencePackage.Name.proof, .capture, .captureLog, .report, .instructions] {
      #expect(throws: LedgerError.self, "\(name)") {
        try forge { parts in parts.removeAll { $0.name == name } }.verify(policy: story.policy)
      }
    }
    #expect(throws: LedgerError.self, "another member's key") { try forge(2) { _ in }.verify(policy: story.policy) }
    #expect(throws: LedgerError.self, "a stranger") { try forge(maker: "org-9") { _ in }.verify(policy: story.policy) }
    #expect(throws: LedgerError.self, "the files look different") {
      try true1.verify(policy: story.policy) { _, _, _ in .init(codes: [], iscc: nil) }
    }
    let renamed = try forge { parts in
      for place in parts.indices where parts[place].name == .capture {
        parts[place].iscc = Made.iscc(Digest(), data: Digest())
      }
    }
    #expect(throws: LedgerError.self, "another ISCC") {
      try renamed.verify(policy: story.policy) { file, _, _ in
        (try? MadeHasher().seen(file)).map { .init(codes: $0.codes, iscc: $0.iscc) }
      }
    }
  }
}
