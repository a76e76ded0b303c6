/// The namespaces of UBL 2.
enum UBL {
  static let aggregates = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  static let basics = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"

  /// The namespace of a document type such as `Invoice`.
  static func document(_ name: String) -> String { "urn:oasis:names:specification:ubl:schema:xsd:\(name)-2" }
}

/// An element of a UBL document together with where it stands.
///
/// Children are asked for by their usual names, `cac:Party` or `cbc:ID`; what counts is the namespace, whatever prefix
/// the document uses.
struct UBLNode {
  let element: XMLElement
  let path: String

  init(root: XMLElement) { (element, path) = (root, "/" + root.name) }

  private init(_ element: XMLElement, _ path: String) { (self.element, self.path) = (element, path) }

  /// The element's usual name: `cac:Party`, `cbc:ID`; the plain name in any other namespace.
  var name: String { UBLNode.name(of: element) }

  static func name(of element: XMLElement) -> String {
    switch element.space {
    case UBL.aggregates: "cac:" + element.name
    case UBL.basics: "cbc:" + element.name
    default: element.name
    }
  }

  private static func matches(_ element: XMLElement, _ name: String) -> Bool {
    let space = name.hasPrefix("cac:") ? UBL.aggregates : UBL.basics
    return element.name.utf8.count + 4 == name.utf8.count && element.space == space
      && element.name.utf8.elementsEqual(name.utf8.dropFirst(4))
  }

  /// All children, in their order.
  var children: [UBLNode] {
    var totals: [String: Int] = [:]
    let names = element.children.map { UBLNode.name(of: $0) }
    for name in names { totals[name, default: 0] += 1 }
    var seen: [String: Int] = [:]
    return zip(element.children, names).map { child, name in
      seen[name, default: 0] += 1
      return UBLNode(child, totals[name] == 1 ? "\(path)/\(name)" : "\(path)/\(name)[\(seen[name] ?? 1)]")
    }
  }

  /// The children of one name, in their order.
  func all(_ name: String) -> [UBLNode] {
    let found = element.children.filter { UBLNode.matches($0, name) }
    if found.count == 1 { return [UBLNode(found[0], "\(path)/\(name)")] }
    return found.enumerated().map { UBLNode($1, "\(path)/\(name)[\($0 + 1)]") }
  }

  /// What the names lead to, one after the other: every element at the end of the path.
  func all(_ names: String...) -> [UBLNode] {
    names.reduce([self]) { nodes, name in nodes.flatMap { $0.all(name) } }
  }

  /// The first child of a name.
  func first(_ name: String) -> UBLNode? {
    guard let found = element.children.first(where: { UBLNode.matches($0, name) }) else { return nil }
    return UBLNode(found, "\(path)/\(name)")
  }

  /// The first element at the end of a path.
  func first(_ names: String...) -> UBLNode? {
    names.reduce([self]) { nodes, name in nodes.flatMap { $0.all(name) } }.first
  }

  /// Whether there is a child of this name.
  func has(_ name: String) -> Bool { element.children.contains { UBLNode.matches($0, name) } }

  /// The text of the first child of a name, white space normalised; nil if there is none or nothing in it.
  func text(_ name: String) -> String? {
    guard let text = element.children.first(where: { UBLNode.matches($0, name) })?.normalizedText, !text.isEmpty else {
      return nil
    }
    return text
  }

  /// The texts of all children of a name that have one.
  func texts(_ name: String) -> [String] {
    element.children.filter { UBLNode.matches($0, name) }.map(\.normalizedText).filter { !$0.isEmpty }
  }

  /// The element's own text, white space normalised.
  var text: String { element.normalizedText }

  /// The element's number, nil if it is none.
  var decimal: ExactDecimal? { ExactDecimal(element.text) }

  /// The number in the first child of a name.
  func decimal(_ name: String) -> ExactDecimal? {
    element.children.first { UBLNode.matches($0, name) }.flatMap { ExactDecimal($0.text) }
  }

  /// An attribute of the element.
  func attribute(_ name: String) -> String? { element.attribute(name) }

  /// Every element below this one, in the order of the document.
  func walk(_ visit: (UBLNode) -> Void) {
    for child in children {
      visit(child)
      child.walk(visit)
    }
  }
}
