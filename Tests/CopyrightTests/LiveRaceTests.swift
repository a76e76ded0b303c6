import Foundation
import LedgerTestKit
import Primitives
import Synchronization
import Testing

/// What many clients at once, and a server that is killed, do to the one answer to "whose is it".
@Suite("Copyright: races and kills of the server", .serialized)
struct LiveRaceTests {
  @Test("of near-identical registrations at once over HTTP one wins, and the others name it", .timeLimit(.minutes(3)))
  func race() async throws {
    let server = try await LiveServer()
    for round in 0..<3 as Range<UInt64> {
      let answers = try await withThrowingTaskGroup(of: LiveServer.Answer.self) { group in
        for rival in 0..<8 {
          group.addTask {
            try await server.post(
              "/works?title=Rival&id=round-\(round)-\(rival)&owner=org-1/rival-\(rival)",
              ProgramTests.picture(100 + round, brighter: rival * 2))
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let winners = answers.filter { $0.status == 201 }.compactMap { $0.object["work"] as? String }
      let winner = try #require(winners.first)
      #expect(winners.count == 1, "\(winners)")
      for loser in answers where loser.status != 201 {
        #expect(
          loser.status == 409 && loser.code == "near-duplicate" && loser.text.contains("'\(winner)'"), "\(loser.text)")
      }
      let found = try await server.post("/match", ProgramTests.picture(100 + round, brighter: 3), as: nil)
      #expect(found.list.compactMap { $0["work"] as? String } == [winner])
    }
    server.stop()
    #expect(try Program.run("copyright", ["audit", "--data", server.data]).code == 0)
  }

  private final class Known: Sendable {
    let works = Mutex<Set<Int>>([])
  }

  @Test("killed under registrations and uploads, what it acknowledged is there and is found", .timeLimit(.minutes(3)))
  func killed() async throws {
    let server = try await LiveServer()
    let known = Known()
    for round in 0..<3 {
      await withTaskGroup(of: Void.self) { group in
        for worker in 0..<3 {
          group.addTask {
            for number in 0..<200 {
              let work = (round * 3 + worker) * 200 + number
              let picture = ProgramTests.picture(1000 + UInt64(work))
              let made = try? await server.post("/works?title=W&id=w-\(work)&owner=org-1/a", picture)
              guard let made, made.status == 201 else { return }
              known.works.withLock { _ = $0.insert(work) }
              let seen = try? await server.post("/uploads?user=org-2/u&place=p-\(work)", picture)
              guard let seen, (200...201).contains(seen.status) else { return }
            }
          }
        }
        let before = known.works.withLock { $0.count }
        while known.works.withLock({ $0.count }) < before + 12 { try? await Task.sleep(for: .milliseconds(5)) }
        server.kill()
        await group.waitForAll()
      }
      try await server.serve()
      for work in known.works.withLock({ $0 }) {
        let found = try await server.post("/match", ProgramTests.picture(1000 + UInt64(work)), as: nil)
        #expect(found.list.first?["work"] as? String == "w-\(work)", "\(found.text)")
      }
    }
    server.stop()
    let works = known.works.withLock { $0.sorted() }
    #expect(works.count >= 36)
    // The index as it was kept, and one built from the ledger, say the same.
    let path = server.data + "/probe.ppm"
    func answers() throws -> [String] {
      try works.suffix(6).map { work in
        try Data(ProgramTests.picture(1000 + UInt64(work))).write(to: URL(filePath: path))
        return try ProgramTests.run("match", path, "--data", server.data, "--json").output
      }
    }
    let kept = try answers()
    try FileManager.default.removeItem(atPath: server.data + "/search")
    #expect(try answers() == kept)
    #expect(try Program.run("copyright", ["audit", "--data", server.data]).code == 0)
  }
}
