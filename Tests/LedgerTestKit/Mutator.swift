import Primitives

/// Makes hostile inputs out of good ones: the same seed and round give the same input on every machine.
///
/// A round takes one item of the corpus and changes it one to six times: bits, bytes and ranges, parts of other items,
/// and, by the item's grammar, CBOR items, lines, tokens and JSON values.
public struct Mutator: Sendable {
  /// What an item is made of, so that changes go past the first check.
  public enum Grammar: Sendable {
    /// Fixed fields, lengths and hashes.
    case binary
    /// A CBOR item; byte strings that hold CBOR or text are changed inside as well.
    case cbor
    /// Lines of words: notes, policies, keys, addresses.
    case text
    /// JSON.
    case json
  }

  /// A good input.
  public struct Item: Sendable {
    /// Which reader it is for, in the test's words.
    public let kind: String
    /// What it is made of.
    public let grammar: Grammar
    /// The input.
    public let bytes: [UInt8]

    /// A good input for the reader `kind`.
    public init(_ kind: String, _ grammar: Grammar, _ bytes: [UInt8]) {
      self.kind = kind
      self.grammar = grammar
      self.bytes = bytes
    }
  }

  /// The good inputs.
  public let corpus: [Item]

  /// A mutator of these items; there must be one.
  public init(_ corpus: [Item]) {
    precondition(!corpus.isEmpty)
    self.corpus = corpus
  }

  /// The input of a round: the place of the item that it was made from, and the changed bytes.
  public func input(seed: UInt64, round: Int) -> (item: Int, bytes: [UInt8]) {
    var mix = SeededGenerator(seed: seed ^ UInt64(round) &* 0x9e6c_63d0_876a_68b5)
    var random = SeededGenerator(seed: mix.next())
    let place = random.below(corpus.count)
    let item = corpus[place]
    var bytes = item.bytes
    for _ in 0...random.steep(6) {
      switch item.grammar {
      case .binary: change(&bytes, &random)
      case .cbor:
        // Half of the changes keep the encoding sound, so that what comes behind the decoder is met.
        if random.below(2) == 0 { changeCBOR(&bytes, &random) } else { change(&bytes, &random) }
      case .text: if random.below(3) > 0 { changeText(&bytes, &random) } else { change(&bytes, &random) }
      case .json:
        switch random.below(8) {
        case 0: change(&bytes, &random)
        case 1: changeText(&bytes, &random)
        default: changeJSON(&bytes, &random)
        }
      }
    }
    if random.below(3000) == 0 { blowUp(&bytes, &random) }
    return (place, bytes)
  }
}

// MARK: - Bytes

extension Mutator {
  static let interesting: [UInt8] = [
    0x00, 0x01, 0x17, 0x18, 0x1f, 0x20, 0x40, 0x7f, 0x80, 0x9f, 0xbf, 0xc0, 0xf6, 0xff,
  ]

  /// Numbers at the edges of what readers compute with.
  static let numbers: [UInt64] = [
    0, 1, 2, 23, 24, 127, 128, 255, 256, 65_535, 65_536, 1 << 31 - 1, 1 << 31, 1 << 32 - 1, 1 << 32, 1 << 53, 1 << 62,
    1 << 63 - 1, 1 << 63, .max - 1, .max,
  ]

  /// One change to bytes of any kind.
  func change(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return bytes.append(random.byte()) }
    let place = random.below(bytes.count)
    switch random.below(12) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.below(8))
    case 2: bytes[place] = random.byte()
    case 3: bytes[place] = Mutator.interesting[random.below(Mutator.interesting.count)]
    case 4: bytes.insert(contentsOf: random.bytes(1 + random.steep(8)), at: place)
    case 5: bytes.removeSubrange(random.range(in: bytes, from: place))
    case 6:
      let copy = Array(bytes[random.range(in: bytes, from: place)])
      bytes.insert(contentsOf: copy, at: random.below(bytes.count + 1))
    case 7: bytes.removeLast(random.below(2) == 0 ? bytes.count - place : 1 + random.below(min(8, bytes.count)))
    case 8:
      // The beginning of this one and the end of another, or a piece of another put in.
      let other = corpus[random.below(corpus.count)].bytes
      guard !other.isEmpty else { return }
      if random.below(2) == 0 {
        bytes = Array(bytes[..<place]) + other[random.below(other.count)...]
      } else {
        bytes.insert(contentsOf: other[random.range(in: other, from: random.below(other.count))], at: place)
      }
    case 9:
      let first = random.range(in: bytes, from: place)
      let second = random.range(in: bytes, from: random.below(bytes.count))
      let (a, b) = first.lowerBound < second.lowerBound ? (first, second) : (second, first)
      guard a.upperBound <= b.lowerBound else { return }
      bytes =
        Array(bytes[..<a.lowerBound] + bytes[b] + bytes[a.upperBound..<b.lowerBound] + bytes[a])
        + bytes[b.upperBound...]
    case 10:
      // A number at an edge in 1, 2, 4 or 8 bytes, or as a varint.
      let number = Mutator.numbers[random.below(Mutator.numbers.count)]
      var piece: [UInt8] = []
      if random.below(4) == 0 {
        piece.append(varint: number)
      } else {
        piece.append(u64: number)
        piece.removeFirst(8 - (1 << random.below(4)))
      }
      let end = min(bytes.count, place + piece.count)
      bytes.replaceSubrange(place..<end, with: piece)
    default:
      let range = random.range(in: bytes, from: place)
      let value = Mutator.interesting[random.below(Mutator.interesting.count)]
      for index in range { bytes[index] = value }
    }
  }

  /// One part repeated until the input is large: finds what takes more than linear time or room.
  private func blowUp(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let range = random.range(in: bytes, from: random.below(bytes.count))
    let part = Array(bytes[range])
    let count = (1 << (12 + random.below(6))) / part.count
    bytes.insert(contentsOf: (0..<count).flatMap { _ in part }, at: range.upperBound)
  }
}

extension SeededGenerator {
  /// A number from 0 up to, not including, `limit`.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// A number from 0 up to, not including, `limit`; each half as likely as the one before.
  mutating func steep(_ limit: Int) -> Int { min(limit - 1, (next() | 1 << 40).trailingZeroBitCount) }

  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }

  /// A range that is not empty, short more often than long.
  mutating func range(in bytes: [UInt8], from start: Int) -> Range<Int> {
    start..<min(bytes.count, start + 1 + below(1 << (1 + below(8))))
  }
}
