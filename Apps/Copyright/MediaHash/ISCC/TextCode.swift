/// The Text-Code: similarity of plain text (ISO 24138:2024 section 5.3).
public enum TextCode {
  /// A Text-Code with what was counted on the way.
  public struct Result: Sendable, Hashable {
    /// The code.
    public let unit: ISCCUnit

    /// The characters (scalars) left of the text after `TextCollapse`.
    public let characters: Int
  }

  /// The characters of a window.
  static let window = 13

  /// The Text-Code of a text without markup; the empty text has one too.
  ///
  /// Cost: about 100 ns for each character. Throws `badLength` unless `bits` is a length of a unit.
  public static func make(_ text: String, bits: Int = 256) throws(ISCCFault) -> Result {
    let scalars = TextCollapse.scalars(text)
    let unit = try ISCCUnit(.content, subType: ISCCContent.text.rawValue, bits: bits, digest: digest(scalars))
    return Result(unit: unit, characters: scalars.count)
  }

  private static func digest(_ scalars: [UInt32]) -> [UInt8] {
    let (utf8, offsets) = UTF8Windows.encode(scalars)
    var hash = MinHash()
    var features: [UInt32] = []
    let last = max(0, scalars.count - window)
    features.reserveCapacity(min(last + 1, 1024))
    utf8.withUnsafeBytes { bytes in
      for start in 0...last {
        let end = min(start + window, scalars.count)
        features.append(XXHash32.hash(UnsafeRawBufferPointer(rebasing: bytes[offsets[start]..<offsets[end]])))
        if features.count == 1024 {
          hash.add(features)
          features.removeAll(keepingCapacity: true)
        }
      }
    }
    hash.add(features)
    return hash.digest
  }
}

/// A text as UTF-8 with the place of every scalar, for windows over it.
enum UTF8Windows {
  /// The bytes and, for each scalar and the end, the byte at which it begins.
  static func encode(_ scalars: [UInt32]) -> (utf8: [UInt8], offsets: [Int]) {
    var utf8: [UInt8] = []
    var offsets: [Int] = []
    utf8.reserveCapacity(scalars.count * 3)
    offsets.reserveCapacity(scalars.count + 1)
    for scalar in scalars {
      offsets.append(utf8.count)
      switch scalar {
      case ..<0x80: utf8.append(UInt8(truncatingIfNeeded: scalar))
      case ..<0x800:
        utf8.append(UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 63))
      case ..<0x10000:
        utf8.append(UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 63))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 63))
      default:
        utf8.append(UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 63))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 63))
        utf8.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 63))
      }
    }
    offsets.append(utf8.count)
    return (utf8, offsets)
  }
}
