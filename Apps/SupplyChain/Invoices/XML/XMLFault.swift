public import Primitives

/// Why bytes are not an XML document that is read here.
///
/// Each names the line, from 1, that the reader had reached.
public enum XMLFault: Error, Sendable, Hashable {
  /// Longer than `XMLLimits.bytes`; the value is the count.
  case tooLarge(bytes: Int)
  /// A document type declaration, which is never read: it could define entities or point outside.
  case documentType(name: String, line: Int)
  /// Not well-formed XML 1.0 with namespaces; the reason is the parser's.
  case malformed(reason: String, line: Int)
  /// Elements nested deeper than `XMLLimits.depth`.
  case tooDeep(line: Int)
  /// More elements than `XMLLimits.elements`.
  case tooManyElements(line: Int)
  /// An element with more attributes than `XMLLimits.attributes`.
  case tooManyAttributes(line: Int)
  /// A text or a value longer than `XMLLimits.textBytes`, or a name longer than `XMLLimits.nameBytes`.
  case tooLong(line: Int)
  /// No memory for the parser.
  case noMemory

  /// The fault in words for people.
  public var message: Message {
    switch self {
    case .tooLarge(let bytes): "The document has \(bytes) bytes; at most \(XMLLimits.bytes) are read."
    case .documentType(let name, let line):
      "Line \(line): a document type declaration (DOCTYPE \(name)) is not accepted."
    case .malformed(let reason, let line): "Line \(line): this is not well-formed XML: \(reason)"
    case .tooDeep(let line): "Line \(line): elements are nested deeper than \(XMLLimits.depth)."
    case .tooManyElements(let line): "Line \(line): the document has more than \(XMLLimits.elements) elements."
    case .tooManyAttributes(let line): "Line \(line): an element has more than \(XMLLimits.attributes) attributes."
    case .tooLong(let line): "Line \(line): a text or a name is longer than the limit."
    case .noMemory: "There is no memory to read the document."
    }
  }
}

/// What the XML reader takes at most, each with its reason.
public enum XMLLimits {
  /// Bytes of a document: an invoice with a scanned attachment.
  public static let bytes = 16 << 20
  /// Nested elements: UBL's own documents need less than 20.
  public static let depth = 64
  /// Elements of a document: an invoice of some 10,000 lines.
  public static let elements = 500_000
  /// Attributes of an element: the most that UBL's types have is 9.
  public static let attributes = 32
  /// Bytes of one text or value: an attachment in base64.
  public static let textBytes = 12 << 20
  /// Bytes of a name or a namespace.
  public static let nameBytes = 512
}
