/// One element of a read XML document, with its namespaces resolved.
///
/// Comments and processing instructions are gone, and character data is joined: `text` is what stands directly in the
/// element, without that of its children.
public struct XMLElement: Sendable {
  /// The name without a prefix.
  public let name: String
  /// The namespace; empty for none.
  public let space: String
  /// The attributes in their order.
  public let attributes: [XMLAttribute]
  /// The line that the start tag ends on, from 1.
  public let line: Int
  /// The character data directly in the element.
  public internal(set) var text = ""
  /// The elements in it, in their order.
  public internal(set) var children: [XMLElement] = []

  init(name: String, space: String, attributes: [XMLAttribute], line: Int) {
    (self.name, self.space, self.attributes, self.line) = (name, space, attributes, line)
  }

  /// The value of an attribute without a namespace.
  public func attribute(_ name: String) -> String? {
    for attribute in attributes where attribute.name == name && attribute.space.isEmpty { return attribute.value }
    return nil
  }

  /// The text with white space around it dropped and runs of it in between made one space.
  public var normalizedText: String {
    var result: [UInt8] = []
    var pending = false
    for byte in text.utf8 {
      if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
        pending = !result.isEmpty
      } else {
        if pending { result.append(0x20) }
        pending = false
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether there is nothing but white space in it.
  public var isBlank: Bool {
    children.isEmpty && text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }
}

/// One attribute of an element.
public struct XMLAttribute: Sendable, Hashable {
  /// The name without a prefix.
  public let name: String
  /// The namespace; empty for none.
  public let space: String
  /// The value, with references resolved.
  public let value: String
}
