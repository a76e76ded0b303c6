import FiveG
import ReadingStream
import Testing

@Suite("The source of a stream")
struct ReadingSourceTests {
  /// Runs a source with a clock that jumps to what is due; gives each reading's time of sending and arrival.
  private func run(_ pace: StreamPace, _ limit: StreamLimit, most: Int = 7) throws -> [(now: Int64, arrival: Int64)] {
    var source = ReadingSource(try everyModel(), pace: pace, limit: limit)
    var now: Int64 = 0
    var sent: [(Int64, Int64)] = []
    while true {
      switch source.next(now: now, most: most) {
      case .rows(let rows):
        #expect(rows.count <= most)
        for row in rows { sent.append((now, source.batch.arrivals[row])) }
      case .wait(let until):
        #expect(until > now)
        now = until
      case .end:
        #expect(source.count == sent.count)
        let last = source.next(now: .max, most: 1)
        #expect(last == .end)
        return sent
      }
    }
  }

  @Test("gives all readings in order when it is free")
  func free() throws {
    let all = try run(.free, StreamLimit())
    var generator = PacketGenerator(try everyModel())
    var batch = PacketBatch()
    var arrivals: [Int64] = []
    while generator.next(&batch) { arrivals += batch.arrivals }
    #expect(all.map(\.arrival) == arrivals)
  }

  @Test("keeps a rate exactly", arguments: [1, 3, 100, 7000])
  func rate(_ rate: Int) throws {
    let sent = try run(.rate(rate), StreamLimit(readings: 60))
    #expect(sent.count == 60)
    for (number, reading) in sent.enumerated() {
      #expect(reading.now >= Int64(number) * 1_000_000 / Int64(rate))
      #expect(reading.now <= Int64(number + 1) * 1_000_000 / Int64(rate))
    }
  }

  @Test("follows simulated time", arguments: [500, 1000, 20_000])
  func speed(_ thousandths: Int) throws {
    let sent = try run(.speed(thousandths: thousandths), StreamLimit(time: 2_000_000))
    let first = sent[0].arrival
    #expect(sent.count > 100)
    for reading in sent {
      #expect(reading.arrival < 2_000_000)
      #expect(reading.now >= (reading.arrival - first) * 1000 / Int64(thousandths))
    }
  }

  @Test("ends where its seconds say, at the same reading each time")
  func seconds() throws {
    #expect(StreamLimit(seconds: 3, .rate(20)) == StreamLimit(readings: 60))
    #expect(StreamLimit(seconds: 3, .free) == StreamLimit(time: 3_000_000))
    #expect(StreamLimit(seconds: .max, .rate(2)) == StreamLimit(readings: .max))
    #expect(StreamLimit(seconds: -1, .speed(thousandths: 1)) == StreamLimit(time: 0))
    #expect(try run(.rate(20), StreamLimit(seconds: 3, .rate(20))).count == 60)
    #expect(try run(.free, StreamLimit(seconds: 0, .free)).isEmpty)
    let all = try run(.free, StreamLimit())
    #expect(try run(.free, StreamLimit(seconds: 2, .free)).count == all.count { $0.arrival < 2_000_000 })
  }
}
