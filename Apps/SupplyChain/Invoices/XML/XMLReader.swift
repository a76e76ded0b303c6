internal import CLibXML

/// Reads XML 1.0 with namespaces from memory, and nothing from anywhere else.
///
/// A document with a DOCTYPE is refused by name, so there are no entities but the five of XML and nothing that could be
/// fetched; what is read is bounded by `XMLLimits`. The parser is libxml2's, which also takes the encodings that it
/// knows beside UTF-8 and UTF-16.
public enum XMLReader {
  /// The root element of a document; linear in its size.
  public static func read(_ bytes: [UInt8]) throws(XMLFault) -> XMLElement {
    guard bytes.count <= XMLLimits.bytes else { throw .tooLarge(bytes: bytes.count) }
    let builder = Builder()
    var calls = clibxml_calls()
    calls.start = { context, line, name, space, attributes, count in
      Builder.of(context).start(line, name, space, attributes, count)
    }
    calls.text = { context, bytes, count in Builder.of(context).text(bytes, count) }
    calls.end = { context in Builder.of(context).end() }
    var fault = clibxml_fault()
    let outcome = withExtendedLifetime(builder) {
      bytes.withUnsafeBufferPointer {
        clibxml_walk(
          $0.baseAddress, $0.count, Int32(XMLLimits.attributes), &calls, Unmanaged.passUnretained(builder).toOpaque(),
          &fault)
      }
    }
    let line = Int(fault.line)
    let reason = withUnsafeBytes(of: fault.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    switch Int(outcome) {
    case CLIBXML_WHOLE:
      guard let root = builder.root else { throw .malformed(reason: "there is no element", line: line) }
      return root
    case CLIBXML_STOPPED: throw builder.fault(line)
    case CLIBXML_DOCTYPE: throw .documentType(name: reason, line: line)
    case CLIBXML_ATTRIBUTES: throw .tooManyAttributes(line: line)
    case CLIBXML_NO_MEMORY: throw .noMemory
    default: throw .malformed(reason: reason, line: line)
    }
  }
}

/// Puts the parser's calls together to a tree.
private final class Builder {
  private enum Stop { case depth, elements, length }

  private var open: [XMLElement] = []
  private var texts: [[UInt8]] = []
  private var names: [String: String] = [:]
  private var count = 0
  private var textBytes = 0
  private var stop = Stop.depth
  private(set) var root: XMLElement?

  static func of(_ context: UnsafeMutableRawPointer?) -> Builder {
    guard let context else { preconditionFailure("libxml2 gave no context back") }
    return Unmanaged<Builder>.fromOpaque(context).takeUnretainedValue()
  }

  func fault(_ line: Int) -> XMLFault {
    switch stop {
    case .depth: .tooDeep(line: line)
    case .elements: .tooManyElements(line: line)
    case .length: .tooLong(line: line)
    }
  }

  func start(
    _ line: Int32, _ name: UnsafePointer<CChar>?, _ space: UnsafePointer<CChar>?,
    _ list: UnsafePointer<clibxml_attribute>?, _ listCount: Int32
  ) -> Int32 {
    count += 1
    guard open.count < XMLLimits.depth else { return refuse(.depth) }
    guard count <= XMLLimits.elements else { return refuse(.elements) }
    guard let name = interned(name), let space = interned(space) else { return refuse(.length) }
    var attributes: [XMLAttribute] = []
    for one in UnsafeBufferPointer(start: list, count: Int(listCount)) {
      guard one.count <= XMLLimits.textBytes, let attribute = interned(one.name), let space = interned(one.space),
        let value = one.value
      else { return refuse(.length) }
      attributes.append(
        XMLAttribute(
          name: attribute, space: space,
          value: String(decoding: UnsafeRawBufferPointer(start: value, count: one.count), as: UTF8.self)))
    }
    open.append(XMLElement(name: name, space: space, attributes: attributes, line: Int(line)))
    texts.append([])
    return 1
  }

  func text(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> Int32 {
    guard !texts.isEmpty, let bytes else { return 1 }
    textBytes += count
    guard textBytes <= XMLLimits.bytes * 2, texts[texts.count - 1].count + count <= XMLLimits.textBytes else {
      return refuse(.length)
    }
    texts[texts.count - 1].append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return 1
  }

  func end() -> Int32 {
    guard var element = open.popLast(), let text = texts.popLast() else { return 1 }
    element.text = String(decoding: text, as: UTF8.self)
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    return 1
  }

  private func refuse(_ reason: Stop) -> Int32 {
    stop = reason
    return 0
  }

  /// One copy of each name, however often it occurs; empty for a null pointer, nil for a name that is too long.
  private func interned(_ pointer: UnsafePointer<CChar>?) -> String? {
    guard let pointer else { return "" }
    let text = String(cString: pointer)
    guard text.utf8.count <= XMLLimits.nameBytes else { return nil }
    if let known = names[text] { return known }
    names[text] = text
    return text
  }
}
