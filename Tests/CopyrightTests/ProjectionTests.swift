import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Rights
import Testing

/// The search beside the contract gives the contract's answers, whatever happened to its files.
@Suite("Copyright: the search beside the contract", .serialized)
struct ProjectionTests {
  @Test("files that are cut off, spoiled, of another log or gone give the answers of a new index")
  func files() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let folder = ledger.folder + "/search"
    var looks: [Digest] = []
    for number in 0..<24 {
      looks.append(Made.bits(UInt64(number) + 1))
      try await open.accept(Made.photo("work-\(number)", bits: looks[number]), by: "org-1", ledger)
    }
    let view = open.sequencer.head
    func answers(_ projection: Projection) throws -> [[String]] {
      try looks.enumerated().map { number, bits in
        let probe = MediaCode(.pdq, quality: 90, bits: Made.bits(bits, flipping: number, seed: 3))
        return try projection.matches([probe], in: view).map { "\($0.work) \($0.distance)" }
      }
    }
    let expected = try answers(Projection())
    #expect(expected.enumerated().allSatisfy { $1 == ["work-\($0) \($0)"] })
    #expect(try answers(Projection(path: folder)) == expected)
    let kept = Projection(path: folder)
    #expect(try answers(kept) == expected && kept.counts[0] == 24)
    let file = URL(filePath: folder + "/codes-0")
    let whole = try Data(contentsOf: file)
    for spoil in ["cut", "header", "gone"] {
      switch spoil {
      case "cut": try whole.prefix(3000).write(to: file)
      case "header":
        var bytes = whole
        bytes[9] ^= 1
        try bytes.write(to: file)
      default: try FileManager.default.removeItem(at: file)
      }
      #expect(try answers(Projection(path: folder)) == expected, "\(spoil)")
    }
    await open.close()
  }

  @Test("works are found while others are registered, each as soon as it is sealed")
  func whileInserting() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let projection = Projection()
    for number in 0..<40 {
      let bits = Made.bits(UInt64(number) + 500)
      try await open.accept(Made.photo("w\(number)", bits: bits), by: "org-1", ledger)
      let probe = [MediaCode(.pdq, quality: 90, bits: bits)]
      let view = open.sequencer.head
      let found = try await withThrowingTaskGroup(of: [String].self) { group in
        for _ in 0..<4 { group.addTask { try projection.matches(probe, in: view).map(\.work) } }
        return try await group.reduce(into: [[String]]()) { $0.append($1) }
      }
      #expect(found == [[String]](repeating: ["w\(number)"], count: 4))
    }
    await open.close()
  }

  @Test("after kill -9 at any time, search and ledger agree")
  func killed() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try ProgramTests.run("init", "--data", data, "--members", "3").code == 0)
    var generator = SeededGenerator(seed: 9)
    var paths: [String] = []
    for number in 0..<14 {
      let path = "\(data)/file-\(number).ppm"
      try Data(ProgramTests.picture(UInt64(number) + 10)).write(to: URL(filePath: path))
      paths.append(path)
      let verbs = [
        ["register", path, "--title", "Work \(number)", "--as", "org-1", "--id", "work-\(number)", "--data", data],
        ["match", path, "--data", data],
      ]
      for arguments in verbs {
        let process = Process()
        process.executableURL = Program.executable("copyright")
        process.arguments = arguments
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        // Every third runs to its end.
        if number % 3 != 0 {
          usleep(UInt32(50_000 + generator.next() % 400_000))
          kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
      }
    }
    let kept = try paths.map { try ProgramTests.run("match", $0, "--data", data, "--json").output }
    try? FileManager.default.removeItem(atPath: data + "/search")
    let built = try paths.map { try ProgramTests.run("match", $0, "--data", data, "--json").output }
    #expect(kept == built, "seed 9")
    var registered = 0
    for (number, answer) in built.enumerated() {
      let title = try ProgramTests.run("title", "work-\(number)", "--data", data)
      let isKnown = title.code == 0 && title.output.contains("org-1 owned 100 %")
      #expect(answer.contains("\"work\":\"work-\(number)\"") == isKnown, "work \(number), seed 9")
      if isKnown { registered += 1 }
    }
    #expect(registered >= 5)
    print("kill -9: \(registered) of 14 registrations were sealed before the kill")
    let audit = try ProgramTests.run("audit", "--data", data, "--json")
    #expect(audit.code == 0 && audit.output.contains("\"ok\":true"), "\(audit)")
  }
}
