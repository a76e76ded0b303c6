import Primitives

/// Changes to lines, words and JSON values.
extension Mutator {
  static let words: [[UInt8]] =
    [
      "0", "1", "-1", "00", "-0", "1e9", "1e999999999", "-1.5E-99", "18446744073709551615", "18446744073709551616",
      "9223372036854775807", "9223372036854775808", "99999999999999999999999999", "any", "all", "none", "quorum",
      "group",
      "log", "witness", "old ", "index ", "extra ", "— ", "\n", "\n\n", " ", "\t", "+", "=", "==", "AAAA", "\r\n",
      "\u{2028}", "\u{feff}", "e\u{301}\u{301}\u{301}", "\u{212a}", "\u{1f469}\u{200d}\u{1f469}", "%00", "%2F", "%",
      "..", "//",
      "https://id.gs1.org/01/09521101234564", "urn:epc:id:sgtin:9521102.100101.", "urn:epc:idpat:sgtin:1.*", "*",
      "0000-00-00T00:00:00Z", "9999-12-31T23:59:60.999999999+14:00", "2016-12-31T23:59:60Z", "ts_", "x000/", ".p/0",
    ].map { Array($0.utf8) }

  /// Bytes that are not UTF-8: cut, overlong, surrogates, beyond the last character.
  static let badUTF8: [[UInt8]] = [
    [0xff], [0x80], [0xc3], [0xe2, 0x82], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xed, 0xb0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf8, 0x88, 0x80, 0x80, 0x80],
  ]

  func changeText(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return bytes.append(contentsOf: Mutator.words[random.below(Mutator.words.count)]) }
    switch random.below(10) {
    case 0, 1:
      let range = Mutator.word(in: bytes, at: random.below(bytes.count))
      bytes.replaceSubrange(range, with: Mutator.words[random.below(Mutator.words.count)])
    case 2: bytes.removeSubrange(Mutator.word(in: bytes, at: random.below(bytes.count)))
    case 3:
      // A word of another input.
      let other = corpus[random.below(corpus.count)].bytes
      guard !other.isEmpty else { return }
      let word = other[Mutator.word(in: other, at: random.below(other.count))]
      bytes.replaceSubrange(Mutator.word(in: bytes, at: random.below(bytes.count)), with: Array(word))
    case 4:
      let (a, b) = (random.below(bytes.count), random.below(bytes.count))
      let first = Mutator.word(in: bytes, at: min(a, b))
      let second = Mutator.word(in: bytes, at: max(a, b))
      guard first.upperBound <= second.lowerBound else { return }
      let (one, two) = (Array(bytes[first]), Array(bytes[second]))
      bytes.replaceSubrange(second, with: one)
      bytes.replaceSubrange(first, with: two)
    case 5, 6: changeLines(&bytes, &random)
    case 7:
      let bad = Mutator.badUTF8[random.below(Mutator.badUTF8.count)]
      bytes.insert(contentsOf: bad, at: random.below(bytes.count + 1))
    case 8:
      bytes.insert(contentsOf: Mutator.words[random.below(Mutator.words.count)], at: random.below(bytes.count + 1))
    default:
      // A word made very long.
      let range = Mutator.word(in: bytes, at: random.below(bytes.count))
      let word = Array(bytes[range])
      guard !word.isEmpty else { return }
      let count = max(1, (1 << (3 + random.steep(12))) / word.count)
      bytes.replaceSubrange(range, with: (0..<count).flatMap { _ in word })
    }
  }

  private func changeLines(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
    let place = random.below(lines.count)
    switch random.below(5) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[place], at: random.below(lines.count + 1))
    case 2: lines.swapAt(place, random.below(lines.count))
    case 3: lines.insert([], at: place)
    default:
      let other = corpus[random.below(corpus.count)].bytes.split(separator: 0x0a)
      guard let line = other.isEmpty ? nil : other[random.below(other.count)] else { return }
      lines.insert(Array(line), at: place)
    }
    bytes = Array(lines.joined(separator: [0x0a]))
  }

  /// The run of letters and digits around a place, or the one byte there.
  private static func word(in bytes: [UInt8], at place: Int) -> Range<Int> {
    func isWord(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80 }
    guard isWord(bytes[place]) else { return place..<place + 1 }
    var (start, end) = (place, place + 1)
    while start > 0, isWord(bytes[start - 1]) { start -= 1 }
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    return start..<end
  }

  // MARK: JSON

  static let values: [[UInt8]] =
    [
      "null", "true", "false", "0", "-0.0", "1e400", "1E-400", "123456789012345678901234567890", "0.1e1000000000000",
      "\"\"",
      "[]", "{}", "[[\"a:b\"]]", "{\"a:b\":null}", #""\ud800""#, #""\ud83d\ude00""#, #""\udc00\ud800""#, #""\u0000""#,
      #"{"type":"ObjectEvent"}"#, #"{"@id":"https://ref.gs1.org/x/"}"#, #"[{"a":"a:"},{"a":"b:"}]"#, #""ADD""#,
      #""DELETE""#,
      #""\u00e9""#, "\"e\u{301}\"", #""https://id.gs1.org/01/09521101234564/21/%2F""#,
    ].map { Array($0.utf8) }

  func changeJSON(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let at = random.below(bytes.count)
    guard let range = Mutator.value(in: bytes, from: at) else { return change(&bytes, &random) }
    switch random.below(9) {
    case 0, 1: bytes.replaceSubrange(range, with: Mutator.values[random.below(Mutator.values.count)])
    case 2:
      // A value of this or another document.
      let other = random.below(2) == 0 ? bytes : corpus[random.below(corpus.count)].bytes
      guard !other.isEmpty, let found = Mutator.value(in: other, from: random.below(other.count)), found.count < 4096
      else { return }
      bytes.replaceSubrange(range, with: Array(other[found]))
    case 3:
      // A member or element dropped or doubled, with its comma.
      guard let start = bytes[..<range.lowerBound].lastIndex(where: { $0 == 0x2c || $0 == 0x7b || $0 == 0x5b }),
        bytes[start] == 0x2c
      else { return }
      let piece = Array(bytes[start..<range.upperBound])
      if random.below(2) == 0 || piece.count > 4096 {
        bytes.removeSubrange(start..<range.upperBound)
      } else {
        bytes.insert(contentsOf: piece, at: range.upperBound)
      }
    case 4:
      let depth = [1, 2, 60, 63, 64, 65, 200, 3000][random.below(8)]
      let isList = random.below(2) == 0
      let open: [UInt8] = isList ? [0x5b] : Array("{\"a\":".utf8)
      let close: UInt8 = isList ? 0x5d : 0x7d
      bytes.insert(contentsOf: repeatElement(close, count: depth), at: range.upperBound)
      bytes.insert(contentsOf: (0..<depth).flatMap { _ in open }, at: range.lowerBound)
    case 5:
      // A very long string or number.
      let count = 1 << (4 + random.steep(11))
      let byte = [0x61, 0x30, 0x31, 0x39, 0xcc][random.below(5)] as Int
      let run: [UInt8] =
        byte == 0xcc ? (0..<count).flatMap { _ in [0xcc, 0x81] } : Array(repeating: UInt8(byte), count: count)
      bytes.replaceSubrange(range, with: byte == 0x31 || byte == 0x39 ? run : [0x22] + run + [0x22])
    case 6:
      // Inside a string.
      guard bytes[range.lowerBound] == 0x22, range.count > 2 else { return }
      var inner = Array(bytes[range.lowerBound + 1..<range.upperBound - 1])
      changeText(&inner, &random)
      bytes.replaceSubrange(range.lowerBound + 1..<range.upperBound - 1, with: inner)
    case 7:
      // The same character, escaped.
      guard bytes[range.lowerBound] == 0x22, range.count > 2, bytes[range.lowerBound + 1] < 0x80 else { return }
      let place = range.lowerBound + 1
      bytes.replaceSubrange(place...place, with: Array("\\u00".utf8) + Array(Hex.encode([bytes[place]]).utf8))
    default:
      let space = Array(repeating: [0x20, 0x0a, 0x09, 0x0d][random.below(4)] as UInt8, count: 1 + random.steep(10))
      bytes.insert(contentsOf: space, at: range.lowerBound)
    }
  }

  /// The first whole value that begins at or after a place.
  private static func value(in bytes: [UInt8], from place: Int) -> Range<Int>? {
    var start = place
    while start < bytes.count {
      switch bytes[start] {
      case 0x22:
        var end = start + 1
        while end < bytes.count, bytes[end] != 0x22 { end += bytes[end] == 0x5c ? 2 : 1 }
        return end < bytes.count ? start..<end + 1 : nil
      case 0x7b, 0x5b:
        var (depth, end, quoted) = (0, start, false)
        while end < bytes.count {
          let byte = bytes[end]
          if byte == 0x5c, quoted { end += 1 }
          if byte == 0x22 { quoted.toggle() }
          if !quoted, byte == 0x7b || byte == 0x5b { depth += 1 }
          if !quoted, byte == 0x7d || byte == 0x5d { depth -= 1 }
          end += 1
          if depth == 0 { return start..<min(end, bytes.count) }
        }
        return nil
      case 0x2d, 0x30...0x39, 0x61...0x7a:
        var end = start + 1
        while end < bytes.count, ![0x2c, 0x7d, 0x5d, 0x20, 0x0a, 0x22, 0x3a].contains(bytes[end]) { end += 1 }
        return start..<end
      default: start += 1
      }
    }
    return nil
  }
}
