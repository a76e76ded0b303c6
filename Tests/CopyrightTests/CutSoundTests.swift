import Copyright
import Ledger
import MediaAudio
import Primitives
import Rights
import Testing

/// A recording that somebody else registers again, cut where no registered second begins, is told from a new one.
@Suite("Copyright: sound cut elsewhere", .serialized)
struct CutSoundTests {
  private static let rate = 11_025

  @Test("a copy cut at any offset, an excerpt and a copy in a longer recording are refused; other music is not")
  func cut() async throws {
    let ledger = try RightsLedger()
    let open = try await ledger.open()
    let hasher = LibraryHasherTests.hasher
    func register(_ samples: [Int16], _ format: AudioDecoder.Format, member: Int) async throws -> Outcome {
      ledger.clock.advance(by: 1000)
      let desk = RightsDesk(
        node: open.sequencer, member: "org-\(member)", key: ledger.keys[member - 1].statement, clock: ledger.clock)
      let owners = try #require(Shares([Share("org-\(member)", Shares.whole)]))
      return try await desk.register(
        Atelier.sound(samples, as: format), .init(title: "Song", owners: owners), hasher: hasher, keeps: false
      ).outcome
    }
    for (seed, seconds) in [(UInt64(31), 40), (32, 240)] {
      var atelier = Atelier(seed: seed)
      let song = atelier.melody(seconds: seconds)
      #expect(try await register(song, .flac, member: 1).place() > 0)
      // Samples that no block of the registered recording begins at; half a second is four values.
      for offset in [Self.rate / 16, Self.rate / 2, 3 * Self.rate + 777, 9 * Self.rate] {
        guard case .refused(_, let refusal) = try await register(Array(song.dropFirst(offset)), .mp3, member: 2) else {
          Issue.record("seed \(seed): cut by \(offset) samples it is registered again")
          continue
        }
        #expect(refusal.code == "near-duplicate" && refusal.message.english.contains("registered by org-1"))
      }
      let excerpt = Array(song.dropFirst(11 * Self.rate + 500).prefix(20 * Self.rate))
      guard case .refused(_, let refusal) = try await register(excerpt, .mp3, member: 2) else {
        Issue.record("seed \(seed): an excerpt of twenty seconds is registered")
        continue
      }
      #expect(refusal.message.english.contains("of 100 parts of it"), "\(refusal.message.english)")
      // Five seconds of it within a minute of one's own are a quotation.
      let quoting = atelier.melody(seconds: 30) + song.dropFirst(5 * Self.rate).prefix(5 * Self.rate)
      #expect(try await register(quoting + atelier.melody(seconds: 30), .flac, member: 2).place() > 0)
      #expect(try await register(atelier.melody(seconds: seconds), .mp3, member: 3).place() > 0)
    }
    await open.close()
    try await ledger.expectSound()
  }

  @Test("what two recordings or films have in common is told with its place in both")
  func common() throws {
    var atelier = Atelier(seed: 33)
    let (song, film) = (atelier.melody(seconds: 60), atelier.scenes(12))
    let hasher = LibraryHasherTests.hasher
    let registered = try hasher.registered(Atelier.sound(song, as: .flac), title: "Song").codes
    let part = atelier.melody(seconds: 10) + song.dropFirst(20 * Self.rate).prefix(20 * Self.rate)
    let seen = try hasher.seen(Atelier.sound(part, as: .flac)).codes
    let common = CommonParts(.sound, registered: registered, seen: seen)
    let longest = try #require(common.stretches.max { $0.count < $1.count })
    // A second begins 8.08 values after the one before.
    func seconds(_ value: UInt64) -> Int { Int(EvidenceReport.seconds(value)) }
    #expect(abs(seconds(longest.registered.lowerBound) - 20) <= 2 && abs(seconds(longest.seen.lowerBound) - 10) <= 2)
    #expect(longest.count >= 14 && longest.distance <= Matching.radius, "\(common)")

    let films = [film, Array(film[4..<10]), Array(film[6...]) + Array(film[..<6])]
    let codes = try films.map { try hasher.seen(Atelier.film($0)).codes }
    func stretches(_ number: Int) -> [CommonParts.Stretch] {
      CommonParts(.frame, registered: codes[0], seen: codes[number]).stretches
    }
    #expect(stretches(0).map(\.registered) == [0...11] && stretches(0).map(\.seen) == [0...11])
    #expect(stretches(1).map(\.registered) == [4...9] && stretches(1).map(\.seen) == [0...5])
    // Cut apart and put together the other way round.
    #expect(stretches(2).map(\.registered) == [0...5, 6...11] && stretches(2).map(\.seen) == [6...11, 0...5])
    #expect(CommonParts(.passage, registered: codes[0], seen: codes[0]).stretches.isEmpty)
  }
}
