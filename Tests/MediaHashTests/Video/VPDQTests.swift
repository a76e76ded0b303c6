import MediaHash
import Primitives
import Testing

@Suite struct VPDQTests {
  var generator = SeededGenerator(seed: 21)

  mutating func video(_ count: Int, from start: Int = 0) -> [VideoFrame] {
    (0..<count).map {
      VideoFrame(time: start + 1000 * $0, result: PDQResult(hash: Codes.random(&generator), quality: 90))
    }
  }

  @Test mutating func `A clip of a video is found with its place`() {
    let reference = video(100)
    var query = video(10)
    for i in 30..<50 {
      let hash = Codes.near(reference[i].result.hash, flips: i % 32, &generator)
      query.append(VideoFrame(time: 1000 * (i - 20), result: PDQResult(hash: hash, quality: 80)))
    }
    let found = VPDQ.compare(query: query, reference: reference)
    #expect(found.queryFrames == 30 && found.referenceFrames == 100)
    #expect(found.queryMatched == 20 && found.referenceMatched == 20)
    #expect(found.queryPercent == 66 && found.referencePercent == 20)
    #expect(found.overlaps == [VideoOverlap(query: 10_000...29_000, reference: 30_000...49_000, frames: 20)])
    #expect(!found.isMatch())
    #expect(found.isMatch(referencePercent: 20))
    #expect(!found.isMatch(referencePercent: 20, queryPercent: 67))
  }

  @Test mutating func `Two stretches stay apart, and the order of frames does not count for the shares`() {
    let reference = video(60)
    let cut = (0..<10).map { VideoFrame(time: 1000 * $0, result: reference[$0 + 40].result) }
    let rest = (0..<10).map { VideoFrame(time: 10_000 + 1000 * $0, result: reference[$0].result) }
    let found = VPDQ.compare(query: cut + rest, reference: reference)
    #expect(found.queryPercent == 100)
    #expect(
      found.overlaps == [
        VideoOverlap(query: 0...9000, reference: 40_000...49_000, frames: 10),
        VideoOverlap(query: 10_000...19_000, reference: 0...9000, frames: 10),
      ])
    let shuffled = VPDQ.compare(query: Array((cut + rest).reversed()), reference: reference)
    #expect(shuffled == found)
  }

  @Test mutating func `Unreliable and equal frames do not count`() {
    let reference = video(20)
    let dark = VideoFrame(time: 99_000, result: PDQResult(hash: reference[0].result.hash, quality: 49))
    let still = (0..<50).map { VideoFrame(time: 100_000 + $0, result: reference[3].result) }
    #expect(VPDQ.features(reference + [dark] + still).count == 20)
    let found = VPDQ.compare(query: [dark], reference: reference)
    #expect(found.queryFrames == 0 && found.queryPercent == 0 && !found.isMatch(referencePercent: 0))
    let stills = VPDQ.compare(query: still, reference: reference)
    #expect(stills.queryFrames == 1 && stills.queryPercent == 100 && stills.referencePercent == 5)
    #expect(!VPDQ.compare(query: [], reference: []).isMatch(referencePercent: 0))
  }

  @Test mutating func `A frame 32 bits away is another frame`() {
    let reference = video(1)
    for (flips, same) in [(31, true), (32, false)] {
      let hash = Codes.near(reference[0].result.hash, flips: flips, &generator)
      let query = [VideoFrame(time: 0, result: PDQResult(hash: hash, quality: 50))]
      #expect(VPDQ.compare(query: query, reference: reference).isMatch() == same)
    }
  }
}
