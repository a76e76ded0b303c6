import CBOR
import Primitives

/// Changes that keep an encoding deterministic: an item is replaced, dropped, doubled, moved or put somewhere deeper.
extension Mutator {
  func changeCBOR(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard let value = try? CBORValue(decoding: bytes) else { return changeHead(&bytes, &random) }
    var place = random.below(Mutator.nodes(of: value))
    let changed = walk(value, &place, &random)
    guard let encoded = try? changed.encoded() else { return changeHead(&bytes, &random) }
    bytes = encoded
  }

  /// The items in a value, those inside byte strings included.
  static func nodes(of value: CBORValue) -> Int {
    switch value {
    case .array(let items): items.reduce(1) { $0 + nodes(of: $1) }
    case .map(let pairs): pairs.reduce(1) { $0 + nodes(of: $1.key) + nodes(of: $1.value) }
    case .tag(_, let item): 1 + nodes(of: item)
    case .bytes(let bytes): embedded(bytes).map { 1 + nodes(of: $0) } ?? 1
    default: 1
    }
  }

  private static func embedded(_ bytes: [UInt8]) -> CBORValue? {
    guard bytes.count > 2, bytes[0] >= 0x80, bytes[0] < 0xe0 else { return nil }
    return try? CBORValue(decoding: bytes)
  }

  /// The value with its item number `place` changed; counts down to that item.
  private func walk(_ value: CBORValue, _ place: inout Int, _ random: inout SeededGenerator) -> CBORValue {
    defer { place -= 1 }
    if place == 0 { return change(value, &random) }
    func step(_ item: CBORValue) -> CBORValue {
      let count = Mutator.nodes(of: item)
      guard place > 0, place <= count else {
        place -= count
        return item
      }
      place -= 1
      let changed = walk(item, &place, &random)
      place = -1
      return changed
    }
    switch value {
    case .array(let items): return .array(items.map { step($0) })
    case .map(let pairs): return .map(pairs.map { CBORValue.Pair(step($0.key), step($0.value)) })
    case .tag(let number, let item): return .tag(number, step(item))
    case .bytes(let bytes):
      guard let inner = Mutator.embedded(bytes), let encoded = try? step(inner).encoded() else { return value }
      return .bytes(encoded)
    default: return value
    }
  }

  private func change(_ value: CBORValue, _ random: inout SeededGenerator) -> CBORValue {
    if random.below(16) == 0 { return simple(&random) }
    if random.below(32) == 0 {
      return (0..<random.below(36)).reduce(value) { inner, _ in
        random.below(3) == 0 ? .tag(UInt64(random.below(300)), inner) : .array([inner])
      }
    }
    switch value {
    case .unsigned(let number), .negative(let number):
      switch random.below(4) {
      case 0: return .unsigned(number &+ 1)
      case 1: return .unsigned(number &- 1)
      case 2: return .negative(number)
      default: return .unsigned(Mutator.numbers[random.below(Mutator.numbers.count)])
      }
    case .bytes(var bytes):
      if random.below(8) == 0 { bytes = random.bytes([0, 1, 15, 16, 31, 32, 33, 63, 64, 65][random.below(10)]) }
      if bytes.contains(0x0a), random.below(2) == 0 {
        changeText(&bytes, &random)
      } else {
        change(&bytes, &random)
      }
      return .bytes(bytes)
    case .text(let text):
      var bytes = Array(text.utf8)
      changeText(&bytes, &random)
      return .text(String(decoding: bytes, as: UTF8.self))
    case .array(var items): return .array(changed(&items, &random) { item, _ in item })
    case .map(var pairs): return .map(changed(&pairs, &random) { CBORValue.Pair(simple(&$1), $0.value) })
    case .tag(let number, let item):
      switch random.below(3) {
      case 0: return item
      case 1: return .tag(Mutator.numbers[random.below(Mutator.numbers.count)], item)
      default: return .tag(number, .tag(number, item))
      }
    case .bool(let flag): return .bool(!flag)
    case .null: return simple(&random)
    }
  }

  /// A list with an element dropped, doubled, swapped with another one, or replaced by one of the corpus.
  private func changed<T>(
    _ items: inout [T], _ random: inout SeededGenerator, _ other: (T, inout SeededGenerator) -> T
  ) -> [T] {
    guard !items.isEmpty else { return items }
    let place = random.below(items.count)
    switch random.below(5) {
    case 0: items.remove(at: place)
    case 1: items.insert(items[place], at: random.below(items.count + 1))
    case 2: items.swapAt(place, random.below(items.count))
    case 3: items.removeLast(items.count - place)
    default: items.append(other(items[place], &random))
    }
    return items
  }

  private func simple(_ random: inout SeededGenerator) -> CBORValue {
    switch random.below(9) {
    case 0: return .null
    case 1: return .bool(random.below(2) == 0)
    case 2: return .array([])
    case 3: return .map([])
    case 4: return .bytes([])
    case 5: return .text("")
    case 6: return .negative(Mutator.numbers[random.below(Mutator.numbers.count)])
    case 7:
      // An item of another input.
      return (try? CBORValue(decoding: corpus[random.below(corpus.count)].bytes)) ?? .text("\u{2028}\u{0}")
    default: return .unsigned(Mutator.numbers[random.below(Mutator.numbers.count)])
    }
  }

  // MARK: Heads

  /// A length, count or number at an edge in the place of a head, in its shortest form or a longer one.
  private func changeHead(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = random.below(min(bytes.count, 64))
    let width = [0, 1, 2, 4, 8][random.below(5)]
    var head: [UInt8] = [bytes[place] & 0xe0]
    switch width {
    case 0: head[0] |= UInt8(random.below(32))
    default:
      head[0] |= UInt8(24 + width.trailingZeroBitCount)
      var number: [UInt8] = []
      number.append(u64: Mutator.numbers[random.below(Mutator.numbers.count)])
      head += number.suffix(width)
    }
    bytes.replaceSubrange(place...place, with: head)
  }
}
