public import Primitives

/// How strictly a document is read.
public enum ImportLevel: String, Sendable, CaseIterable {
  /// What financing cannot do without: parties, number, date, currency and the amount due.
  case lenient
  /// That, and for invoices and credit notes all of EN 16931.
  case strict
  /// That, and the rules of Peppol BIS Billing 3.0.
  case peppol
}

/// A document that was read, with everything that was found in it.
public struct UBLImport: Sendable {
  /// The level that it was read at.
  public let level: ImportLevel
  /// The kind of the document.
  public let kind: TradeDocumentKind
  /// The document; nil if what financing cannot do without is missing.
  public let document: TradeDocument?
  /// What was found, in the order of the document's checks.
  public let findings: [Finding]
  /// SHA-256 of the bytes.
  public let digest: Digest

  /// Whether the document may be used at this level: it was read and no finding is fatal.
  public var isAccepted: Bool { document != nil && !findings.contains { $0.severity == .fatal } }

  /// Reads a UBL 2.1 invoice, credit note, order, despatch advice or receipt advice.
  ///
  /// Throws only where the bytes are no such document at all; what is wrong inside of one is a finding. Linear in the
  /// document's size.
  public init(_ bytes: [UInt8], level: ImportLevel) throws(UBLImportFault) {
    let root: XMLElement
    do { root = try XMLReader.read(bytes) } catch { throw .xml(error) }
    try self.init(root: root, digest: .sha256(bytes), level: level)
  }

  init(root: XMLElement, digest: Digest, level: ImportLevel) throws(UBLImportFault) {
    guard let kind = TradeDocumentKind(root) else {
      throw .otherDocument(name: String(root.name.prefix(60)), space: String(root.space.prefix(120)))
    }
    let node = UBLNode(root: root)
    var reader = UBLReader()
    let document: TradeDocument? =
      switch kind {
      case .invoice: reader.invoice(node, kind: kind).map { .invoice($0) }
      case .creditNote: reader.invoice(node, kind: kind).map { .creditNote($0) }
      case .order: reader.order(node).map { .order($0) }
      case .despatchAdvice: reader.despatchAdvice(node).map { .despatchAdvice($0) }
      case .receiptAdvice: reader.receiptAdvice(node).map { .receiptAdvice($0) }
      }
    var findings = reader.findings
    if level != .lenient, kind == .invoice || kind == .creditNote { findings += EN16931.findings(in: root) }
    if level == .peppol, kind == .invoice || kind == .creditNote { findings += Peppol.findings(in: root) }
    findings += LEI.findings(in: node)
    (self.level, self.kind, self.document, self.findings) = (level, kind, document, findings)
    self.digest = digest
  }
}

/// Why bytes are not a document that is imported.
public enum UBLImportFault: Error, Sendable, Hashable {
  /// They are no XML that is read here.
  case xml(XMLFault)
  /// XML, but another document: its root element and that one's namespace.
  case otherDocument(name: String, space: String)

  /// The fault in words for people.
  public var message: Message {
    switch self {
    case .xml(let fault): fault.message
    case .otherDocument(let name, let space):
      "\(name) in the namespace \(space) is not a UBL 2 invoice, credit note, order, despatch or receipt advice."
    }
  }
}
