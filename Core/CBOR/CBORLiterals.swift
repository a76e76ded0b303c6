internal import Primitives

/// Values written as Swift literals, so that tests and demos read like what they mean.
extension CBORValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A number.
  public init(integerLiteral value: Int64) { self = .int(value) }

  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }

  /// False or true.
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// An array.
  public init(arrayLiteral elements: CBORValue...) { self = .array(elements) }

  /// A map in the order written; a duplicate key is found by `encoded`.
  public init(dictionaryLiteral elements: (CBORValue, CBORValue)...) { self = .map(elements.map { Pair($0, $1) }) }
}

extension CBORValue: CustomStringConvertible {
  /// Diagnostic notation (RFC 8949, section 8), for error messages and inspection.
  public var description: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .negative(let value): value == .max ? "-18446744073709551616" : "-\(value + 1)"
    case .bytes(let value): "h'\(Hex.encode(value))'"
    case .text(let value): quoted(value)
    case .array(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .map(let pairs): "{" + pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .tag(let number, let item): "\(number)(\(item))"
    case .bool(let value): "\(value)"
    case .null: "null"
    }
  }

  /// A text as JSON writes it; control characters are escaped, so that a stranger's text cannot steer a terminal.
  private func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5c: out += "\\\(scalar)"
      case ..<0x20, 0x7f..<0xa0: out += "\\u00" + Hex.encode([UInt8(truncatingIfNeeded: scalar.value)])
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
