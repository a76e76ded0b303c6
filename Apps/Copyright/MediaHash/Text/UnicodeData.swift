internal import Primitives

/// What text normalisation asks of the Unicode Character Database, version `UnicodeBlob.version`.
///
/// The tables are the library's own so that a text has the same code on every machine, whatever its standard library.
///
/// The blob is a sequence of unsigned LEB128 numbers, z marking a zigzag-signed one: the runs of all scalars from 0,
/// length × 4 + class; the runs with a combining class, distance of the starts, length, class; the lower-case pairs,
/// distance, z(difference); the decompositions but for Hangul, distance, length × 4 + 2 if it composes again + 1 if it
/// is a compatibility one, and the scalars as z(difference) from the one before. A count stands before each part.
final class UnicodeData: Sendable {
  /// The tables, unpacked on first use (some milliseconds, half a megabyte).
  static let shared = UnicodeData()

  /// The facts about one scalar, as bits of a byte.
  struct Facts {
    static let drops: UInt8 = 1
    static let isOther: UInt8 = 2
    static let isSpace: UInt8 = 4
    static let lowers: UInt8 = 8
    static let decomposes: UInt8 = 16
    static let decomposesCompatibly: UInt8 = 32
    static let combines: UInt8 = 64
    static let composes: UInt8 = 128
  }

  private static let pageBits: UInt32 = 7
  private let pages: [UInt16]
  private let facts: [UInt8]
  private let combining: [UInt32: UInt8]
  private let lower: [UInt32: UInt32]
  private let decompositions: [UInt32: (start: UInt32, count: UInt32)]
  private let scalars: [UInt32]
  private let compositions: [UInt64: UInt32]

  private init() {
    var reader = Numbers(UnicodeBlob.base64)
    var flat = [UInt8](repeating: 0, count: 0x110000)
    var scalar = 0
    for _ in 0..<reader.next() {
      let run = reader.next()
      let value: UInt8 =
        switch run & 3 {
        case 1: Facts.drops
        case 2: Facts.drops | Facts.isOther
        default: 0
        }
      for _ in 0..<run >> 2 {
        flat[scalar] = value
        scalar += 1
      }
    }
    for space in UnicodeData.whiteSpace { flat[space] |= Facts.drops | Facts.isSpace }

    var combining: [UInt32: UInt8] = [:]
    scalar = 0
    for _ in 0..<reader.next() {
      scalar += reader.next()
      let (count, value) = (reader.next(), UInt8(truncatingIfNeeded: reader.next()))
      for c in scalar..<scalar + count {
        combining[UInt32(c)] = value
        flat[c] |= Facts.combines
      }
    }

    var lower: [UInt32: UInt32] = [:]
    scalar = 0
    for _ in 0..<reader.next() {
      scalar += reader.next()
      lower[UInt32(scalar)] = UInt32(scalar + reader.signed())
      flat[scalar] |= Facts.lowers
    }

    var decompositions: [UInt32: (start: UInt32, count: UInt32)] = [:]
    var compositions: [UInt64: UInt32] = [:]
    var scalars: [UInt32] = []
    scalar = 0
    for _ in 0..<reader.next() {
      scalar += reader.next()
      let head = reader.next()
      let start = scalars.count
      var previous = scalar
      for _ in 0..<head >> 2 {
        previous += reader.signed()
        scalars.append(UInt32(previous))
      }
      decompositions[UInt32(scalar)] = (UInt32(start), UInt32(head >> 2))
      flat[scalar] |= head & 1 == 1 ? Facts.decomposesCompatibly : Facts.decomposes | Facts.decomposesCompatibly
      if head & 2 != 0 {
        compositions[UInt64(scalars[start]) << 32 | UInt64(scalars[start + 1])] = UInt32(scalar)
        flat[Int(scalars[start])] |= Facts.composes
        flat[Int(scalars[start + 1])] |= Facts.composes
      }
    }
    for hangul in 0xac00..<0xac00 + 11_172 { flat[hangul] |= Facts.decomposes | Facts.decomposesCompatibly }
    for jamo in 0x1100..<0x1200 { flat[jamo] |= Facts.composes }
    // A syllable of two parts composes with a final consonant.
    for hangul in stride(from: 0xac00, to: 0xac00 + 11_172, by: 28) { flat[hangul] |= Facts.composes }

    (self.combining, self.lower, self.decompositions) = (combining, lower, decompositions)
    (self.compositions, self.scalars) = (compositions, scalars)
    (pages, facts) = UnicodeData.fold(flat)
  }

  /// Two stages: equal pages of 128 scalars are kept once.
  private static func fold(_ flat: [UInt8]) -> ([UInt16], [UInt8]) {
    var known: [[UInt8]: UInt16] = [:]
    var pages: [UInt16] = []
    var facts: [UInt8] = []
    let size = 1 << Int(pageBits)
    for start in stride(from: 0, to: flat.count, by: size) {
      let page = Array(flat[start..<start + size])
      if let number = known[page] {
        pages.append(number)
      } else {
        let number = UInt16(facts.count / size)
        known[page] = number
        pages.append(number)
        facts += page
      }
    }
    return (pages, facts)
  }

  /// The white space of ISO 24138's reference implementation: bidirectional class WS, B or S, or category Zs.
  static let whiteSpace: [Int] =
    Array(9...13) + Array(0x1c...0x20) + [0x85, 0xa0, 0x1680] + Array(0x2000...0x200a)
    + [0x2028, 0x2029, 0x202f, 0x205f, 0x3000]

  /// The facts about a scalar value; anything above U+10FFFF counts as dropped.
  func facts(_ scalar: UInt32) -> UInt8 {
    guard scalar < 0x110000 else { return Facts.drops | Facts.isOther }
    let page = Int(pages[Int(scalar >> UnicodeData.pageBits)])
    return facts[page << Int(UnicodeData.pageBits) | Int(scalar & 127)]
  }

  /// The canonical combining class.
  func combiningClass(_ scalar: UInt32) -> UInt8 {
    facts(scalar) & Facts.combines == 0 ? 0 : combining[scalar] ?? 0
  }

  /// The simple lower-case mapping, or the scalar itself.
  func lowered(_ scalar: UInt32) -> UInt32 { facts(scalar) & Facts.lowers == 0 ? scalar : lower[scalar] ?? scalar }

  /// Appends the full decomposition of a scalar: canonical, or with compatibility mappings too.
  func appendDecomposition(_ scalar: UInt32, compatibly: Bool, to out: inout [UInt32]) {
    let wanted = compatibly ? Facts.decomposesCompatibly : Facts.decomposes
    guard facts(scalar) & wanted != 0 else { return out.append(scalar) }
    if scalar >= Hangul.first, scalar < Hangul.first + Hangul.count {
      return Hangul.appendDecomposition(scalar, to: &out)
    }
    guard let entry = decompositions[scalar] else { return out.append(scalar) }
    for index in entry.start..<entry.start + entry.count {
      appendDecomposition(scalars[Int(index)], compatibly: compatibly, to: &out)
    }
  }

  /// The scalar that canonically composes the pair, if there is one.
  func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
    Hangul.composition(first, second) ?? compositions[UInt64(first) << 32 | UInt64(second)]
  }
}

/// The arithmetic of Hangul syllables (Unicode chapter 3.12).
enum Hangul {
  static let first: UInt32 = 0xac00
  static let count: UInt32 = 11_172
  private static let leads: UInt32 = 0x1100
  private static let vowels: UInt32 = 0x1161
  private static let tails: UInt32 = 0x11a7

  static func appendDecomposition(_ scalar: UInt32, to out: inout [UInt32]) {
    let index = scalar - first
    out.append(leads + index / 588)
    out.append(vowels + index % 588 / 28)
    if index % 28 != 0 { out.append(tails + index % 28) }
  }

  static func composition(_ a: UInt32, _ b: UInt32) -> UInt32? {
    if a >= leads, a < leads + 19, b >= vowels, b < vowels + 21 { return first + ((a - leads) * 21 + b - vowels) * 28 }
    if a >= first, a < first + count, (a - first) % 28 == 0, b > tails, b < tails + 28 { return a + b - tails }
    return nil
  }
}

/// Reads the numbers of the blob, which is part of the program and so well formed.
private struct Numbers {
  private let bytes: [UInt8]
  private var position = 0

  init(_ base64: StaticString) {
    bytes = base64.withUTF8Buffer { Base64.decode(String(decoding: $0, as: UTF8.self)) ?? [] }
  }

  mutating func next() -> Int {
    var (value, shift) = (0, 0)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      value |= Int(byte & 127) << shift
      shift += 7
      if byte < 128 { break }
    }
    return value
  }

  mutating func signed() -> Int {
    let value = next()
    return value & 1 == 0 ? value >> 1 : -((value + 1) >> 1)
  }
}
