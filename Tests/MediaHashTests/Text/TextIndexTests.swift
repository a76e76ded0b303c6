import Foundation
import MediaHash
import Primitives
import Synchronization
import Testing

/// Texts that follow from a seed: words or characters drawn by rank as languages draw them.
struct TextMaker {
  var generator: SeededGenerator
  private let words: [String]

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    // The vocabulary is the same for all seeds, so that unrelated texts share their words.
    var vocabulary = SeededGenerator(seed: 1)
    words = (0..<4000).map { rank in
      let letters = Array("etaoinshrdlucmfwypvbgk")
      return String((0..<2 + rank % 7 + Int(vocabulary.next() % 3)).map { _ in letters[Int(vocabulary.next() % 22)] })
    }
  }

  /// A rank from 0 up to `count`, small ones more often (density 1 / rank).
  private mutating func rank(_ count: Int) -> Int {
    let share = Double(generator.next() >> 11) / Double(1 << 53)
    return min(count - 1, Int(pow(Double(count), share)) - 1)
  }

  mutating func english(_ count: Int) -> String {
    var text = ""
    var words = 0
    while text.utf8.count < count {
      text += self.words[rank(4000)]
      words += 1
      text += words % 11 == 0 ? ".\n" : words % 5 == 0 ? ", " : " "
    }
    return text
  }

  mutating func chinese(_ count: Int) -> String {
    var text = String.UnicodeScalarView()
    for place in 0..<count {
      text.append(Unicode.Scalar(UInt32(0x4e00 + rank(3500) * 5))!)
      if place % 14 == 13 { text.append("，") }
      if place % 40 == 39 { text.append("。") }
    }
    return String(text)
  }

  mutating func text(_ count: Int, chinese isChinese: Bool) -> String {
    isChinese ? chinese(count) : english(count)
  }

  /// Replaces, deletes or inserts a share of the characters.
  mutating func edited(_ text: String, share: Double) -> String {
    let donor = Array(text.unicodeScalars)
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard Double(generator.next() % 1_000_000) < share * 1_000_000 else {
        out.append(scalar)
        continue
      }
      let other = donor[Int(generator.next() % UInt64(donor.count))]
      switch generator.next() % 3 {
      case 0: out.append(other)
      case 1: break
      default:
        out.append(scalar)
        out.append(other)
      }
    }
    return String(out)
  }
}

/// A number that tasks share.
private final class Counter: Sendable {
  let value = Mutex(0)
}

@Suite struct TextIndexTests {
  private static let seed: UInt64 = 31

  private static func library(_ count: Int, _ length: Int) -> (TextIndex, [String]) {
    let index = TextIndex()
    var maker = TextMaker(seed: seed)
    let texts = (0..<count).map { maker.text(length, chinese: $0 % 2 == 1) }
    for (work, text) in texts.enumerated() { index.insert(work: UInt32(work), text: text) }
    return (index, texts)
  }

  @Test func `a fifth of a text is found with its place in both`() throws {
    let (index, texts) = Self.library(60, 3000)
    var maker = TextMaker(seed: 32)
    for (work, text) in texts.enumerated() {
      let scalars = Array(text.unicodeScalars)
      let length = scalars.count / 5
      let start = Int(maker.generator.next() % UInt64(scalars.count - length))
      let before = maker.text(1500, chinese: work % 2 == 1)
      var view = String.UnicodeScalarView(before.unicodeScalars)
      view.append(contentsOf: scalars[start..<start + length])
      view.append(contentsOf: maker.text(1500, chinese: work % 2 == 1).unicodeScalars)
      let matches = index.matches(text: String(view))
      #expect(matches.allSatisfy { $0.work == UInt32(work) }, "seed 31, work \(work)")
      let match = try #require(matches.first, "seed 31, work \(work)")
      // Winnowing leaves at most a window and a gram at either end.
      let at = before.unicodeScalars.count
      #expect(abs(match.queryRange.lowerBound - at) < 60 && abs(match.queryRange.upperBound - at - length) < 60)
      #expect(abs(match.workRange.lowerBound - start) < 60 && abs(match.workRange.upperBound - start - length) < 60)
      #expect(match.agreement > 0.99)
      #expect(String(view).passage(match.queryRange) == text.passage(match.workRange))
    }
  }

  @Test func `a text with 2 % and 5 % of its characters changed is found nearly whole`() throws {
    let (index, texts) = Self.library(60, 3000)
    var maker = TextMaker(seed: 33)
    for (work, text) in texts.enumerated() {
      for (share, least) in [(0.02, 0.85), (0.05, 0.3)] {
        let overlaps = index.overlaps(text: maker.edited(text, share: share))
        #expect(overlaps.map(\.work) == [UInt32(work)], "seed 33, work \(work), \(share)")
        #expect(overlaps.first?.queryShare ?? 0 > least, "seed 33, work \(work), \(share)")
        #expect(overlaps.first?.workShare ?? 0 > least, "seed 33, work \(work), \(share)")
      }
    }
  }

  @Test func `other spacing, punctuation, case and width make no difference`() throws {
    let (index, texts) = Self.library(10, 2000)
    for (work, text) in texts.enumerated() {
      var view = String.UnicodeScalarView()
      for scalar in text.uppercased().unicodeScalars where !",.，。 \n".unicodeScalars.contains(scalar) {
        // Full-width forms of the capital letters.
        view.append((0x41...0x5a).contains(scalar.value) ? Unicode.Scalar(scalar.value + 0xfee0)! : scalar)
        if scalar.value % 7 == 0 { view.append("－") }
      }
      let overlap = try #require(index.overlaps(text: String(view)).first)
      #expect(overlap.work == UInt32(work) && overlap.queryShare > 0.95 && overlap.workShare > 0.95)
    }
  }

  /// 1.6 times 10^5 pairs by default; `TEXT_PAIRS=1000000` runs the goal of a million.
  @Test func `unrelated texts do not match`() {
    let pairs = ProcessInfo.processInfo.environment["TEXT_PAIRS"].flatMap { Int($0) } ?? 160_000
    let side = Int(Double(pairs).squareRoot().rounded(.up))
    let (index, _) = Self.library(side, 1000)
    var maker = TextMaker(seed: 34)
    var found = 0
    for query in 0..<side { found += index.overlaps(text: maker.text(1000, chinese: query % 2 == 1)).count }
    print("text index: \(side * side) unrelated pairs, \(found) matches")
    #expect(found == 0)
  }

  @Test func `an index built again gives the same answers, whatever the order`() {
    let (index, texts) = Self.library(40, 1500)
    let again = TextIndex()
    for work in texts.indices.reversed() { again.insert(work: UInt32(work), text: texts[work]) }
    #expect(index.fingerprintCount == again.fingerprintCount && index.workCount == 40)
    for text in texts { #expect(index.matches(text: text) == again.matches(text: text)) }
    #expect(
      index.insert(work: 0, text: "another text under a number that is taken already, long enough to be found") == 0)
    #expect(index.scalarCount(of: 0) == texts[0].unicodeScalars.count && index.scalarCount(of: 99) == nil)
  }

  @Test func `texts of one letter, short and empty ones do no harm`() {
    let (index, texts) = Self.library(4, 1500)
    let monotone = String(repeating: "na", count: 50_000)
    index.insert(work: 100, text: monotone)
    index.insert(work: 101, text: "short")
    // One phrase over and over says too little to be found by, and takes nothing from what stands beside it.
    #expect(index.overlaps(text: monotone).isEmpty)
    #expect(index.matches(text: "").isEmpty && index.matches(text: "short").isEmpty)
    #expect(index.matches(text: "，。！\u{300}\u{301}").isEmpty)
    #expect(index.overlaps(text: texts[2] + monotone).map(\.work) == [2])
  }

  @Test func `searches go on while works are inserted`() async {
    let index = TextIndex()
    var maker = TextMaker(seed: 35)
    let texts = (0..<200).map { maker.text(800, chinese: $0 % 2 == 1) }
    let inserted = Counter()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for (work, text) in texts.enumerated() {
          index.insert(work: UInt32(work), text: text)
          inserted.value.withLock { $0 = work + 1 }
        }
      }
      for task in 0..<2 {
        group.addTask {
          var generator = SeededGenerator(seed: UInt64(task))
          while true {
            let count = inserted.value.withLock { $0 }
            if count > 0 {
              let work = Int(generator.next() % UInt64(count))
              #expect(index.matches(text: texts[work]).first?.work == UInt32(work))
            }
            if count == texts.count { break }
            await Task.yield()
          }
        }
      }
    }
    #expect(index.workCount == 200)
  }
}
