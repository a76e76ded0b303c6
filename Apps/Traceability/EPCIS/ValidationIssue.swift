public import JSON
public import Primitives

/// One thing that keeps a document or an event from being EPCIS 2.0.
public struct ValidationIssue: Error, Sendable, Hashable, Explained {
  /// The place in the document.
  public let pointer: JSONPointer

  /// One sentence that says what is wrong there and what would be right.
  public let message: Message

  /// Makes an issue.
  public init(pointer: JSONPointer, message: Message) {
    self.pointer = pointer
    self.message = message
  }

  /// The place and the sentence.
  public var explanation: Message {
    pointer.tokens.isEmpty ? "The document: \(message)" : "\(pointer): \(message)"
  }
}

/// Checks documents and events against EPCIS 2.0 in JSON, as strict as the official EPCIS-JSON-Schema.
public enum EPCISValidator {
  /// What is wrong with a document or a bare event; empty when it is valid.
  ///
  /// Takes a parsed EPCISDocument, EPCISQueryDocument or event with its own `@context`. Gives at most `limit` issues,
  /// in the order of the document, the first real cause first. Cost is linear, some microseconds an event.
  public static func issues(in document: JSONValue, limit: Int = 20) -> [ValidationIssue] {
    var checker = Checker(limit: limit)
    checker.document(document)
    return checker.issues
  }

  /// What is wrong with one event of a document, whose prefixes the document defines; empty when it is valid.
  ///
  /// The pointers of the issues begin with `pointer`.
  public static func issues(
    inEvent event: JSONValue, at pointer: JSONPointer = JSONPointer(), limit: Int = 20
  ) -> [ValidationIssue] {
    var checker = Checker(limit: limit, path: pointer.tokens)
    checker.event(event)
    return checker.issues
  }
}
