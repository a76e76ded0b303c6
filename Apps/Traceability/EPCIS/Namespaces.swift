public import JSON

/// The prefixes that a document and its event define for extension names and compact values.
///
/// Only the prefix map of a JSON-LD `@context` is read: full expansion is not needed, because the vocabulary of
/// EPCIS is closed. A later definition of a prefix wins over an earlier one.
public struct Namespaces: Sendable {
  private var entries: [(prefix: String, namespace: String)]

  /// The prefixes that the standard context defines.
  ///
  /// `gs1` stands for the reference vocabulary in the event hash, whatever a context says (reading of 2026), and
  /// `cbvmda` has no final colon until a document defines it with one.
  public static let standard = Namespaces(entries: [
    ("gs1", "https://ref.gs1.org/voc/"), ("cbv", "https://ref.gs1.org/cbv/"), ("epcis", "https://ref.gs1.org/epcis/"),
    ("cbvmda", "urn:epcglobal:cbv:mda"),
  ])

  /// The places of prefixes, once there are more than a few: a context from outside may have a million.
  private var places: [[UInt8]: Int] = [:]
  private static let few = 16

  private init(entries: [(prefix: String, namespace: String)]) { self.entries = entries }

  private func place(_ prefix: some Collection<UInt8>) -> Int? {
    if !places.isEmpty { return places[Array(prefix)] }
    let count = prefix.count
    return entries.firstIndex { $0.prefix.utf8.count == count && $0.prefix.utf8.elementsEqual(prefix) }
  }

  /// The standard prefixes with those of a document's `@context` (a text, an object or a list of both).
  public init(context: JSONValue?) {
    self = Namespaces.standard
    if let context { add(context) }
  }

  /// These prefixes with those of one more context, such as that of an event.
  public func adding(_ context: JSONValue?) -> Namespaces {
    guard let context else { return self }
    var copy = self
    copy.add(context)
    return copy
  }

  private mutating func add(_ context: JSONValue) {
    for part in context.elements {
      for member in part.members ?? [] where member.name.utf8.first != UInt8(ascii: "@") {
        guard let namespace = member.value.string ?? member.value["@id"]?.string else { continue }
        guard !sameBytes(member.name, "gs1") else { continue }
        if let index = place(member.name.utf8) {
          entries[index].namespace = namespace
          continue
        }
        entries.append((member.name, namespace))
        if !places.isEmpty {
          places[Array(member.name.utf8)] = entries.count - 1
        } else if entries.count > Namespaces.few {
          for (index, entry) in entries.enumerated() { places[Array(entry.prefix.utf8)] = index }
        }
      }
    }
  }

  /// The namespace of a prefix, or nil when it is not defined.
  public func namespace(of prefix: String) -> String? {
    place(prefix.utf8).map { entries[$0].namespace }
  }

  /// The namespace and the rest of a compact name, or nil when its prefix is not defined.
  func split(_ name: [UInt8]) -> (namespace: String, local: ArraySlice<UInt8>)? {
    guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    return place(name[..<colon]).map { (entries[$0].namespace, name[(colon + 1)...]) }
  }

  /// The hash's form of an extension name: `{namespace}local`, or the name itself when its prefix is unknown.
  func expandedName(_ name: String) -> [UInt8] {
    let bytes = Array(name.utf8)
    guard let (namespace, local) = split(bytes) else { return bytes }
    var out: [UInt8] = [UInt8(ascii: "{")]
    out.append(contentsOf: namespace.utf8)
    out.append(UInt8(ascii: "}"))
    out.append(contentsOf: local)
    return out
  }

  /// The hash's form of a compact value: vocabulary of GS1 is written out, a user's own stays as it is.
  ///
  /// The XML form of an event carries no prefixes in values, so expanding a user's would give it another hash.
  func expandedValue(_ value: [UInt8]) -> [UInt8]? {
    guard let (namespace, local) = split(value),
      namespace.hasPrefix("https://ref.gs1.org") || namespace.hasPrefix("https://gs1.org")
    else { return nil }
    return Array(namespace.utf8) + local
  }
}
