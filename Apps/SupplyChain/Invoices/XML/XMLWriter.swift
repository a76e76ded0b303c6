/// Writes XML documents that are byte for byte the same for the same content.
///
/// UTF-8 without a byte order mark, two spaces of indent, LF, attributes in the order given, empty elements left out by
/// the callers. Characters that XML 1.0 cannot carry are dropped.
struct XMLWriter {
  private(set) var bytes: [UInt8] = []
  private var open: [String] = []

  /// A document whose root has this name and these namespace declarations: prefix, empty for the default, and name.
  init(root: String, spaces: [(prefix: String, name: String)]) {
    append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)")
    for space in spaces {
      append(space.prefix.isEmpty ? " xmlns=\"" : " xmlns:\(space.prefix)=\"")
      escape(space.name, quoted: true)
      append("\"")
    }
    append(">\n")
    open = [root]
  }

  /// An element with text; none where the text is nil.
  mutating func leaf(_ name: String, _ text: String?, _ attributes: [(String, String?)] = []) {
    guard let text else { return }
    start(name, attributes)
    append(">")
    escape(text, quoted: false)
    append("</\(name)>\n")
  }

  /// An element with others in it.
  mutating func group(_ name: String, _ attributes: [(String, String?)] = [], _ body: (inout XMLWriter) -> Void) {
    start(name, attributes)
    append(">\n")
    open.append(name)
    body(&self)
    open.removeLast()
    indent()
    append("</\(name)>\n")
  }

  /// The whole document.
  consuming func finish() -> [UInt8] {
    for name in open.reversed() { append("</\(name)>\n") }
    return bytes
  }

  private mutating func start(_ name: String, _ attributes: [(String, String?)]) {
    indent()
    append("<\(name)")
    for (attribute, value) in attributes {
      guard let value else { continue }
      append(" \(attribute)=\"")
      escape(value, quoted: true)
      append("\"")
    }
  }

  private mutating func indent() { bytes.append(contentsOf: repeatElement(0x20, count: 2 * open.count)) }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func escape(_ text: String, quoted: Bool) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": append("&amp;")
      case "<": append("&lt;")
      case ">": append("&gt;")
      case "\"" where quoted: append("&quot;")
      case "\r": append("&#13;")
      case "\n" where quoted: append("&#10;")
      case "\t" where quoted: append("&#9;")
      case "\n", "\t": append(String(Character(scalar)))
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": continue
      default: append(String(Character(scalar)))
      }
    }
  }
}
