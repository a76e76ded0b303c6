public import Primitives

/// One thing that a check of a document found.
public struct Finding: Sendable {
  /// How much it weighs.
  public enum Severity: String, Sendable {
    /// The document does not pass.
    case fatal
    /// Worth a look; the document passes.
    case warning
  }

  /// The rule's code, such as BR-CO-15 of EN 16931 or FIN-06 of our own.
  public let rule: String
  /// How much it weighs.
  public let severity: Severity
  /// What is wrong, in a sentence.
  public let sentence: Message
  /// The element: names from the root down, with a number in brackets where a name occurs more than once.
  public let path: String
  /// The element's line in the document, from 1.
  public let line: Int

  init(_ rule: String, _ severity: Severity = .fatal, _ sentence: Message, at node: UBLNode) {
    (self.rule, self.severity, self.sentence) = (rule, severity, sentence)
    (path, line) = (node.path, node.element.line)
  }

  init(_ rule: String, _ severity: Severity, _ sentence: Message, path: String, line: Int) {
    (self.rule, self.severity, self.sentence, self.path, self.line) = (rule, severity, sentence, path, line)
  }
}
