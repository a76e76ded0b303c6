import FiveG
import Foundation
import Testing

@Suite("Random numbers and arithmetic")
struct RandomTests {
  @Test("a stream follows from seed, device, lane and counter, and from nothing else")
  func streams() {
    func first(_ seed: UInt64, _ device: UInt32, _ lane: CounterRandom.Lane, _ counter: UInt64) -> UInt64 {
      var random = CounterRandom(seed: seed, device: device, lane: lane, counter: counter)
      return random.next()
    }
    #expect(first(1, 2, .link, 3) == first(1, 2, .link, 3))
    var seen: Set<UInt64> = []
    for seed in 0..<4 as Range<UInt64> {
      for device in 0..<50 as Range<UInt32> {
        for lane in [CounterRandom.Lane.link, .dirt, .payload] {
          for counter in 0..<50 as Range<UInt64> { seen.insert(first(seed, device, lane, counter)) }
        }
      }
    }
    #expect(seen.count == 4 * 50 * 3 * 50)
  }

  @Test("first draws over devices, over counters, and draws of one stream are uniform")
  func uniform() {
    for mode in 0..<3 {
      var cells = [Int](repeating: 0, count: 1000)
      var long = CounterRandom(seed: 9, device: 1, lane: .link, counter: 0)
      for index in 0..<400_000 {
        var random = CounterRandom(
          seed: 9, device: mode == 0 ? UInt32(index) : 7, lane: .link, counter: mode == 1 ? UInt64(index) : 5)
        cells[Int(mode == 2 ? long.below(1000) : random.below(1000))] += 1
      }
      let fit = Distributions.chiSquare(cells, Array(repeating: 400, count: 1000))
      print("uniform, mode \(mode): chi-square \(fit) of its limit")
      #expect(fit < 1)
    }
  }

  @Test("probabilities are exact at the ends")
  func probabilities() {
    var random = CounterRandom(seed: 1, device: 1, lane: .link, counter: 1)
    for _ in 0..<1000 {
      let bits = random.next()
      #expect(!Probability.never.contains(bits))
      #expect(Probability.always.contains(bits))
    }
    #expect(Probability.always.contains(.max))
    #expect(Probability(partsPerMillion: 1_000_000) == .always)
    #expect(Probability(1.5) == .always)
    #expect(Probability(-1) == .never)
    #expect(abs(Probability(partsPerMillion: 2500).value - 0.0025) < 1e-12)
  }

  @Test("portable functions agree with libm")
  func arithmetic() {
    var worst = 0.0
    for index in 1...100_000 {
      let x = Double(index) / 777
      worst = max(worst, abs(PortableMath.ln(x) - log(x)))
    }
    worst = max(worst, abs(PortableMath.ln(0x1p-54) - log(0x1p-54)))
    for degree in stride(from: -90.0, through: 90, by: 0.25) {
      worst = max(worst, abs(PortableMath.cosine(degrees: degree) - cos(degree * .pi / 180)))
    }
    #expect(worst < 1e-9, "\(worst)")
    for p in [0.0001, 0.01, 0.02, 0.1, 0.5, 0.9, 0.98, 0.9999] {
      let back = 0.5 * erfc(-PortableMath.normalQuantile(p) / 2.0.squareRoot())
      #expect(abs(back - p) < 1e-8, "\(p)")
    }
  }
}
