/// A place in a JSON document (RFC 6901).
public struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// The reference tokens, unescaped, from the root.
  public let tokens: [String]

  /// The root, or the place named by these tokens.
  public init(_ tokens: [String] = []) { self.tokens = tokens }

  /// Reads the text form, such as `/epcisBody/eventList/0`.
  ///
  /// Gives nil when the text neither is empty nor begins with a slash, or has a tilde without 0 or 1.
  public init?(_ text: String) {
    guard !text.isEmpty else {
      tokens = []
      return
    }
    var found: [String] = []
    var current: [UInt8] = []
    var escaped = false
    guard text.utf8.first == UInt8(ascii: "/") else { return nil }
    for byte in text.utf8.dropFirst() {
      if escaped {
        guard byte == 0x30 || byte == 0x31 else { return nil }
        current.append(byte == 0x30 ? UInt8(ascii: "~") : UInt8(ascii: "/"))
        escaped = false
      } else if byte == UInt8(ascii: "~") {
        escaped = true
      } else if byte == UInt8(ascii: "/") {
        found.append(String(decoding: current, as: UTF8.self))
        current.removeAll()
      } else {
        current.append(byte)
      }
    }
    guard !escaped else { return nil }
    found.append(String(decoding: current, as: UTF8.self))
    tokens = found
  }

  /// The place of a member of the object here.
  public func appending(_ name: String) -> JSONPointer { JSONPointer(tokens + [name]) }

  /// The place of an element of the array here.
  public func appending(_ index: Int) -> JSONPointer { JSONPointer(tokens + [String(index)]) }

  /// The text form of RFC 6901 section 5; empty for the root.
  public var description: String {
    var out: [UInt8] = []
    for token in tokens {
      out.append(UInt8(ascii: "/"))
      for byte in token.utf8 {
        switch byte {
        case UInt8(ascii: "~"): out.append(contentsOf: "~0".utf8)
        case UInt8(ascii: "/"): out.append(contentsOf: "~1".utf8)
        default: out.append(byte)
        }
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// The value at this place of a document, or nil when there is none.
  ///
  /// Array positions are decimal without leading zeros (RFC 6901 section 4).
  public func resolve(in root: JSONValue) -> JSONValue? {
    var value = root
    for token in tokens {
      switch value.content {
      case .object:
        guard let next = value[token] else { return nil }
        value = next
      case .array(let elements):
        let digits = token.utf8
        guard digits.count <= 9, digits.allSatisfy({ $0 &- 0x30 < 10 }), digits.first != 0x30 || digits.count == 1,
          let index = Int(token), index < elements.count
        else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }
}
