internal import Primitives

/// Codes of 256 bits that finds all within `Matching.radius` of a query, exactly.
///
/// Multi-index hashing (Norouzi, Punjani, Fleet 2012) over sixteen words of 16 bits: of two codes at a distance of at
/// most 31 some word differs in at most one bit, so looking at 16 × 17 chains finds every neighbour, and the whole
/// distance decides. While there are few codes they are looked through one by one, which finds the same.
package struct CodeTable: Sendable {
  /// Up to so many codes are looked through one by one.
  private let scanned: Int
  private var codes: [Bits256] = []
  private var isLive: [Bool] = []
  /// Where a chain of each word's value begins; empty while codes are looked through.
  private var heads: [Int32] = []
  /// Sixteen links a code.
  private var next: [Int32] = []

  /// The number of codes.
  package private(set) var count = 0

  /// An empty table; `scanned` is for tests, and changes nothing that is found.
  package init(scanned: Int = 768) { self.scanned = scanned }

  /// Takes a code in and gives its place, which it keeps.
  package mutating func insert(_ code: Bits256) -> Int {
    let place = codes.count
    codes.append(code)
    isLive.append(true)
    count += 1
    if !heads.isEmpty {
      link(place)
    } else if codes.count > scanned {
      heads = [Int32](repeating: -1, count: 16 << 16)
      next.reserveCapacity(codes.count * 32)
      for place in codes.indices { link(place) }
    }
    return place
  }

  /// The 32 bytes of the code at a place.
  package func bytes(at place: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    let code = codes[place]
    for word in [code.a, code.b, code.c, code.d] { bytes.append(u64: word) }
    return bytes
  }

  /// Takes out the code at a place.
  package mutating func remove(at place: Int) {
    guard isLive[place] else { return }
    isLive[place] = false
    count -= 1
    guard !heads.isEmpty else { return }
    for word in 0..<16 {
      let head = word << 16 | codes[place].word(word)
      if heads[head] == Int32(place) {
        heads[head] = next[place << 4 | word]
        continue
      }
      var before = heads[head]
      while before >= 0, next[Int(before) << 4 | word] != Int32(place) { before = next[Int(before) << 4 | word] }
      if before >= 0 { next[Int(before) << 4 | word] = next[place << 4 | word] }
    }
  }

  private mutating func link(_ place: Int) {
    for word in 0..<16 {
      let head = word << 16 | codes[place].word(word)
      next.append(isLive[place] ? heads[head] : -1)
      if isLive[place] { heads[head] = Int32(place) }
    }
  }

  /// Calls `body` with every code within the radius, each once, in no order that means anything.
  package func each(near query: Bits256, _ body: (_ place: Int, _ distance: Int) -> Void) {
    guard !heads.isEmpty else {
      for place in codes.indices where isLive[place] {
        let distance = codes[place].distance(to: query)
        if distance <= Matching.radius { body(place, distance) }
      }
      return
    }
    for word in 0..<16 {
      let own = word << 16 | query.word(word)
      for flip in 0...16 {
        var place = heads[flip == 16 ? own : own ^ 1 << flip]
        while place >= 0 {
          let index = Int(place)
          place = next[index << 4 | word]
          let code = codes[index]
          let distance = code.distance(to: query)
          if distance <= Matching.radius, !isFound(code, query, before: word) { body(index, distance) }
        }
      }
    }
  }

  /// Whether an earlier word has led to the code already.
  private func isFound(_ code: Bits256, _ query: Bits256, before word: Int) -> Bool {
    (0..<word).contains { (code.word($0) ^ query.word($0)).nonzeroBitCount <= 1 }
  }

  /// Sums over what each of the sixteen words' chains hold, `weigh` giving the weight of a code: equal for tables that
  /// find the same, whatever the order and whether codes are looked through or chained.
  package func sums(_ weigh: (Int) -> UInt64) -> [UInt64] {
    guard !heads.isEmpty else {
      let sum = codes.indices.reduce(UInt64(0)) { isLive[$1] ? $0 &+ weigh($1) : $0 }
      return [UInt64](repeating: sum, count: 16)
    }
    return (0..<16).map { word in
      var sum: UInt64 = 0
      for value in 0..<1 << 16 {
        var place = heads[word << 16 | value]
        while place >= 0 {
          // A code that hangs in another value's chain would not be found.
          if codes[Int(place)].word(word) == value { sum &+= weigh(Int(place)) }
          place = next[Int(place) << 4 | word]
        }
      }
      return sum
    }
  }
}
