import CBOR
public import Primitives

/// One part of a public document that is too large for one entry: ordered statements of the same subject, each
/// naming the whole by its digest, so that nothing that should be indexed hides behind a hash.
public struct Part: Sendable, Equatable {
  /// Bytes of the document in one part: an entry's limit less room for header, signature and the part's own fields.
  public static let contentBytes = 60_000

  /// SHA-256 of the whole document.
  public let document: Digest
  /// The content type of the whole document.
  public let contentType: String
  /// This part's number, from 0.
  public let number: UInt64
  /// How many parts there are.
  public let count: UInt64
  /// This part's bytes.
  public let content: [UInt8]

  /// The parts of a document, in order.
  ///
  /// Throws when the document is larger than `Limits.documentBytes`.
  public static func split(_ document: [UInt8], contentType: String) throws(LedgerError) -> [Part] {
    guard document.count <= Limits.documentBytes else {
      throw LedgerError.limit("document", document.count, Limits.documentBytes)
    }
    let digest = Digest.sha256(document)
    let count = max(1, (document.count + contentBytes - 1) / contentBytes)
    return (0..<count).map { number in
      let start = number * contentBytes
      return Part(
        document: digest, contentType: contentType, number: UInt64(number), count: UInt64(count),
        content: Array(document[start..<min(start + contentBytes, document.count)]))
    }
  }

  /// Puts the document together, or throws when a part is missing, foreign or altered.
  public static func join(_ parts: [Part]) throws(LedgerError) -> [UInt8] {
    let sorted = parts.sorted { $0.number < $1.number }
    guard let first = sorted.first, UInt64(sorted.count) == first.count,
      sorted.enumerated().allSatisfy({ UInt64($0) == $1.number && $1.document == first.document })
    else { throw LedgerError(.malformed, "The parts do not make up one whole document.") }
    let document = sorted.flatMap(\.content)
    guard Digest.sha256(document) == first.document else {
      throw LedgerError(.malformed, "The parts do not add up to the document \(first.document) that they name.")
    }
    return document
  }

  /// The deterministic CBOR of docs/formats.md, "Part".
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: content.count + 128)
    writer.map(5)
    writer.uint(1)
    writer.bytes(document)
    writer.uint(2)
    writer.text(contentType)
    writer.uint(3)
    writer.uint(number)
    writer.uint(4)
    writer.uint(count)
    writer.uint(5)
    writer.bytes(content)
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(LedgerError) {
    do {
      var reader = CBORReader(bytes)
      try reader.expectMap(5)
      try reader.expectKey(1)
      document = try reader.digest()
      try reader.expectKey(2)
      contentType = try reader.text()
      try reader.expectKey(3)
      number = try reader.uint()
      try reader.expectKey(4)
      count = try reader.uint()
      try reader.expectKey(5)
      content = Array(try reader.bytes())
      try reader.finish()
    } catch {
      throw LedgerError(.malformed, "The part cannot be read: \(error).")
    }
    guard number < count, count <= UInt64(Limits.documentBytes / Part.contentBytes + 1) else {
      throw LedgerError(.malformed, "The part has number \(number) of \(count).")
    }
  }

  init(document: Digest, contentType: String, number: UInt64, count: UInt64, content: [UInt8]) {
    self.document = document
    self.contentType = contentType
    self.number = number
    self.count = count
    self.content = content
  }
}
