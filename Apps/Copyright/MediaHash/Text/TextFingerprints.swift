/// One selected k-gram of a text.
struct TextFingerprint: Sendable, Hashable {
  /// The hash of its letters.
  let hash: UInt64

  /// The first letter and the one behind the last, as indices of folded letters.
  let start: Int
  let end: Int
}

/// Winnowing (Schleimer, Wilkerson, Aiken 2003) over grams of equal information instead of equal length.
///
/// A gram runs from its first letter until the letters weigh `gramWeight`: 24 letters of an alphabet, 8 ideographs. Of
/// every `window` grams in a row the one with the least hash is selected. So two texts that share a passage of
/// `window - 1` letters and one gram share a fingerprint at least, wherever the passage stands: 39 letters or 23
/// ideographs.
enum TextFingerprints {
  static let gramWeight = 24
  static let window = 16

  private static let modulus: UInt64 = 1 << 61 - 1
  private static let base: UInt64 = 0x0a5c_9f1d_3b72_e681

  /// The fingerprints in the order of their starts; none if the text has less than one gram.
  static func select(_ letters: [UInt32]) -> [TextFingerprint] {
    let grams = grams(letters)
    guard !grams.isEmpty else { return [] }
    var selected: [TextFingerprint] = []
    selected.reserveCapacity(grams.count / 6)
    // Positions of hashes that never fall inside the window: of equal ones the first stays selected as long as it can,
    // so that a text of one letter has one fingerprint for each window and not for each letter.
    var queue: [Int] = []
    var head = 0
    var last = -1
    for index in grams.indices {
      while queue.count > head, grams[queue[queue.count - 1]].hash > grams[index].hash { queue.removeLast() }
      queue.append(index)
      if queue[head] + window <= index { head += 1 }
      if head > 4096 {
        queue.removeFirst(head)
        head = 0
      }
      // A text of fewer grams than a window has one fingerprint.
      guard index >= window - 1 || index == grams.count - 1 else { continue }
      if queue[head] != last {
        last = queue[head]
        selected.append(grams[last])
      }
    }
    return selected
  }

  private static func grams(_ letters: [UInt32]) -> [TextFingerprint] {
    let count = letters.count
    // Hashes of all prefixes, so that the hash of any gram is one subtraction.
    var prefix = [UInt64](repeating: 0, count: count + 1)
    for index in 0..<count { prefix[index + 1] = add(multiply(prefix[index], base), UInt64(letters[index]) + 1) }
    var powers = [UInt64](repeating: 1, count: gramWeight + 1)
    for index in 1...gramWeight { powers[index] = multiply(powers[index - 1], base) }

    var grams: [TextFingerprint] = []
    grams.reserveCapacity(count)
    var end = 0
    var weight = 0
    for start in 0..<count {
      while weight < gramWeight, end < count {
        weight += FoldedText.weight(letters[end])
        end += 1
      }
      guard weight >= gramWeight else { break }
      let hash = add(prefix[end], modulus - multiply(prefix[start], powers[end - start]))
      grams.append(TextFingerprint(hash: mix(hash), start: start, end: end))
      weight -= FoldedText.weight(letters[start])
    }
    return grams
  }

  @inline(__always) private static func multiply(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    return add(low & modulus, (high &<< 3 | low &>> 61))
  }

  @inline(__always) private static func add(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let sum = a &+ b
    return sum >= modulus ? sum &- modulus : sum
  }

  /// Spreads the bits, so that the least hash is a fair choice (SplitMix64's finish).
  @inline(__always) private static func mix(_ hash: UInt64) -> UInt64 {
    var z = hash &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z &>> 31)
  }
}
