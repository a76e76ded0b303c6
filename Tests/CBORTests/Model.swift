import CBOR
import Primitives

/// A slow and obvious CBOR codec to compare with: it reads leniently and writes deterministically, so an input is
/// deterministic exactly if writing what was read gives it back.
indirect enum Model {
  case number(major: UInt8, UInt64)
  case string(major: UInt8, [UInt8])
  case array([Model])
  case map([[UInt8]: Model])
  case tag(UInt64, Model)
  case simple(UInt8)

  /// Whether `bytes` are one deterministic item of the profile.
  static func accepts(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    guard let value = read(&rest, depth: 1), rest.isEmpty else { return false }
    return value.written() == bytes
  }

  private static func read(_ rest: inout ArraySlice<UInt8>, depth: Int) -> Model? {
    guard let first = rest.popFirst() else { return nil }
    let (major, info) = (first / 32, first % 32)
    if major == 7 { return (20...22).contains(info) ? .simple(first) : nil }
    var value = UInt64(info)
    switch info {
    case 0..<24: break
    case 24...27:
      let width = [1, 2, 4, 8][Int(info) - 24]
      guard rest.count >= width else { return nil }
      value = 0
      for byte in rest.prefix(width) { value = value * 256 + UInt64(byte) }
      rest = rest.dropFirst(width)
    default: return nil
    }
    if major >= 4, depth > 32 { return nil }
    switch major {
    case 0, 1: return .number(major: major, value)
    case 2, 3:
      guard value <= UInt64(rest.count) else { return nil }
      let content = Array(rest.prefix(Int(value)))
      rest = rest.dropFirst(Int(value))
      if major == 3, String(validating: content, as: UTF8.self) == nil { return nil }
      return .string(major: major, content)
    case 4:
      var items: [Model] = []
      while items.count < value {
        guard let item = read(&rest, depth: depth + 1) else { return nil }
        items.append(item)
      }
      return .array(items)
    case 5:
      var pairs: [[UInt8]: Model] = [:]
      var count: UInt64 = 0
      while count < value {
        guard let key = read(&rest, depth: depth + 1), let item = read(&rest, depth: depth + 1) else { return nil }
        pairs[key.written()] = item
        count += 1
      }
      return .map(pairs)
    default:
      guard value != 2, value != 3, let item = read(&rest, depth: depth + 1) else { return nil }
      return .tag(value, item)
    }
  }

  private func written() -> [UInt8] {
    switch self {
    case .number(let major, let value): return Model.head(major, value)
    case .string(let major, let content): return Model.head(major, UInt64(content.count)) + content
    case .array(let items): return Model.head(4, UInt64(items.count)) + items.flatMap { $0.written() }
    case .map(let pairs):
      let sorted = pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      return Model.head(5, UInt64(pairs.count)) + sorted.flatMap { $0.key + $0.value.written() }
    case .tag(let number, let item): return Model.head(6, number) + item.written()
    case .simple(let byte): return [byte]
    }
  }

  private static func head(_ major: UInt8, _ value: UInt64) -> [UInt8] {
    let digits = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    if value < 24 { return [major * 32 + UInt8(value)] }
    if value < 256 { return [major * 32 + 24] + digits.suffix(1) }
    if value < 65536 { return [major * 32 + 25] + digits.suffix(2) }
    if value < 4_294_967_296 { return [major * 32 + 26] + digits.suffix(4) }
    return [major * 32 + 27] + digits
  }
}

extension CBORValue {
  /// A random value with at most `depth` levels below it.
  static func random(depth: Int, using random: inout SeededGenerator) -> CBORValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
    case 0: .unsigned(random.next() >> UInt64.random(in: 0..<64, using: &random))
    case 1: .negative(random.next() >> UInt64.random(in: 0..<64, using: &random))
    case 2: .bytes(random.bytes(Int.random(in: 0...30, using: &random)))
    case 3:
      .text(
        String((0..<Int.random(in: 0...30, using: &random)).map { _ in "aé水𐅑\u{301}".randomElement(using: &random)! }))
    case 4: .bool(Bool.random(using: &random))
    case 5: .null
    case 6: .int(Int64.random(in: -30...30, using: &random))
    case 7: .array((0..<Int.random(in: 0...5, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
    case 8: .tag(UInt64.random(in: 4...300, using: &random), .random(depth: depth - 1, using: &random))
    default: .map(randomPairs(depth: depth - 1, using: &random))
    }
  }

  private static func randomPairs(depth: Int, using random: inout SeededGenerator) -> [Pair] {
    var pairs: [Pair] = []
    for _ in 0..<Int.random(in: 0...5, using: &random) {
      let pair = Pair(.random(depth: min(depth, 1), using: &random), .random(depth: depth, using: &random))
      let isNew = !pairs.contains { (try? $0.key.encoded()) == (try? pair.key.encoded()) }
      if isNew { pairs.append(pair) }
    }
    return pairs
  }
}
