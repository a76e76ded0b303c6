import CBOR
public import Primitives

/// An answer with everything needed to check it offline: docs/formats.md, "Proof bundle".
public struct ProofBundle: Sendable, Equatable {
  /// A log entry with its inclusion path in the checkpoint's tree.
  public struct Entry: Sendable, Equatable {
    /// The entry's place in the log.
    public var index: UInt64
    /// Its bytes.
    public var bytes: [UInt8]
    /// RFC 9162 inclusion path, the leaf's sibling first.
    public var path: [Digest]
  }

  /// A key with its value and its proof in the state.
  public struct Present: Sendable, Equatable {
    /// The key.
    public var key: [UInt8]
    /// The blind and value, or what stands in the map when the value is withheld.
    public var leaf: Leaf
    /// The map's path proof.
    public var proof: [UInt8]
  }

  /// A key that the state does not have.
  public struct Absent: Sendable, Equatable {
    /// The key.
    public var key: [UInt8]
    /// The map's absence proof.
    public var proof: [UInt8]
  }

  /// Every pair under a prefix.
  public struct Prefix: Sendable, Equatable {
    /// The prefix.
    public var prefix: [UInt8]
    /// The map's prefix proof.
    public var proof: [UInt8]
    /// The pairs in the map's order.
    public var pairs: [Pair]
  }

  /// A key under a prefix.
  public struct Pair: Sendable, Equatable {
    /// The key.
    public var key: [UInt8]
    /// The blind and value, or what stands in the map when the value is withheld.
    public var leaf: Leaf
  }

  /// What is shown of a value.
  public enum Leaf: Sendable, Equatable {
    /// The value and its blind.
    case open(blind: Blind, value: [UInt8])
    /// SHA-256(blind ‖ value) alone: the value is withheld, and counted.
    case withheld(Digest)

    /// What stands in the map.
    public var commitment: Digest {
      switch self {
      case .open(let blind, let value): StateValue.commitment(blind: blind, value: value)
      case .withheld(let digest): digest
      }
    }

    /// The value, if it is shown.
    public var value: [UInt8]? { if case .open(_, let value) = self { value } else { nil } }
  }

  /// A document beside the log with the salt that opens its envelope.
  public struct Document: Sendable, Equatable {
    /// The index of the statement that is the envelope.
    public var index: UInt64
    /// The salt.
    public var salt: [UInt8]
    /// The document.
    public var bytes: [UInt8]
  }

  /// One change of the configuration, co-signed by the old quorum and the new.
  public struct Link: Sendable, Equatable {
    /// The checkpoint that ends on the activating seal.
    public var note: [UInt8]
    /// The seal.
    public var seal: [UInt8]
    /// The seal's inclusion path.
    public var path: [Digest]
    /// The new configuration.
    public var configuration: [UInt8]
  }

  /// What was asked: a verb and its arguments, for example `["trace", "https://…", "both"]`.
  public var question: [String]
  /// The co-signed checkpoint.
  public var note: [UInt8]
  /// The seal that the checkpoint ends on; its index is the checkpoint's size − 1.
  public var seal: [UInt8]
  /// The seal's inclusion path.
  public var sealPath: [Digest]
  /// Statements, by rising index.
  public var statements: [Entry] = []
  /// Pairs that the state has.
  public var present: [Present] = []
  /// Keys that the state does not have.
  public var absent: [Absent] = []
  /// Complete lists.
  public var prefixes: [Prefix] = []
  /// Documents beside the log.
  public var documents: [Document] = []
  /// Changes of the configuration, oldest first.
  public var chain: [Link] = []
  /// What the application itself checks against the rest, such as a path inside a batch that a statement commits to.
  public var evidence: [[UInt8]] = []
}

extension ProofBundle {
  /// The deterministic CBOR of docs/formats.md.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter()
    writer.tag(Tag.bundle)
    writer.map(evidence.isEmpty ? 10 : 11)
    writer.uint(1)
    writer.uint(1)
    writer.uint(2)
    writer.array(question.count)
    for word in question { writer.text(word) }
    writer.uint(3)
    writer.bytes(note)
    writer.uint(4)
    writer.array(2)
    writer.bytes(seal)
    writer.path(sealPath)
    writer.uint(5)
    writer.array(statements.count)
    for statement in statements {
      writer.array(3)
      writer.uint(statement.index)
      writer.bytes(statement.bytes)
      writer.path(statement.path)
    }
    writer.uint(6)
    writer.array(present.count)
    for item in present {
      writer.array(3)
      writer.bytes(item.key)
      writer.leaf(item.leaf)
      writer.bytes(item.proof)
    }
    writer.uint(7)
    writer.array(absent.count)
    for item in absent {
      writer.array(2)
      writer.bytes(item.key)
      writer.bytes(item.proof)
    }
    writer.uint(8)
    writer.array(prefixes.count)
    for item in prefixes {
      writer.array(3)
      writer.bytes(item.prefix)
      writer.bytes(item.proof)
      writer.array(item.pairs.count)
      for pair in item.pairs {
        writer.array(2)
        writer.bytes(pair.key)
        writer.leaf(pair.leaf)
      }
    }
    writer.uint(9)
    writer.array(documents.count)
    for document in documents {
      writer.array(3)
      writer.uint(document.index)
      writer.bytes(document.salt)
      writer.bytes(document.bytes)
    }
    writer.uint(10)
    writer.array(chain.count)
    for link in chain {
      writer.array(4)
      writer.bytes(link.note)
      writer.bytes(link.seal)
      writer.path(link.path)
      writer.bytes(link.configuration)
    }
    if !evidence.isEmpty {
      writer.uint(11)
      writer.array(evidence.count)
      for item in evidence { writer.bytes(item) }
    }
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else; nothing is verified yet.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= Limits.bundleBytes else {
      throw LedgerError.limit("proof", bytes.count, Limits.bundleBytes)
    }
    do {
      var reader = CBORReader(bytes)
      try reader.expectTag(Tag.bundle)
      let keys = try reader.map().remaining
      guard keys == 10 || keys == 11 else { throw LedgerError(.malformed, "a proof has 10 or 11 parts, not \(keys)") }
      try reader.expectKey(1)
      let version = try reader.uint()
      guard version == 1 else {
        throw LedgerError(.malformed, "The proof has version \(version); this program reads version 1.")
      }
      try reader.expectKey(2)
      question = try reader.list { reader throws in try reader.text() }
      try reader.expectKey(3)
      note = Array(try reader.bytes())
      try reader.expectKey(4)
      try reader.expectArray(2)
      seal = Array(try reader.bytes())
      sealPath = try reader.path()
      try reader.expectKey(5)
      statements = try reader.list { reader throws in
        try reader.expectArray(3)
        return Entry(index: try reader.uint(), bytes: Array(try reader.bytes()), path: try reader.path())
      }
      try reader.expectKey(6)
      present = try reader.list { reader throws in
        try reader.expectArray(3)
        return Present(key: Array(try reader.bytes()), leaf: try reader.leaf(), proof: Array(try reader.bytes()))
      }
      try reader.expectKey(7)
      absent = try reader.list { reader throws in
        try reader.expectArray(2)
        return Absent(key: Array(try reader.bytes()), proof: Array(try reader.bytes()))
      }
      try reader.expectKey(8)
      prefixes = try reader.list { reader throws in
        try reader.expectArray(3)
        return Prefix(
          prefix: Array(try reader.bytes()), proof: Array(try reader.bytes()),
          pairs: try reader.list { reader throws in
            try reader.expectArray(2)
            return Pair(key: Array(try reader.bytes()), leaf: try reader.leaf())
          })
      }
      try reader.expectKey(9)
      documents = try reader.list { reader throws in
        try reader.expectArray(3)
        return Document(index: try reader.uint(), salt: Array(try reader.bytes()), bytes: Array(try reader.bytes()))
      }
      try reader.expectKey(10)
      chain = try reader.list { reader throws in
        try reader.expectArray(4)
        return Link(
          note: Array(try reader.bytes()), seal: Array(try reader.bytes()), path: try reader.path(),
          configuration: Array(try reader.bytes()))
      }
      if keys == 11 {
        try reader.expectKey(11)
        evidence = try reader.list { reader throws in Array(try reader.bytes()) }
        guard !evidence.isEmpty else { throw LedgerError(.malformed, "evidence that is empty is left out") }
      }
      try reader.finish()
    } catch let error as LedgerError {
      throw LedgerError(.malformed, "The proof cannot be read: \(error.message)")
    } catch {
      throw LedgerError(.malformed, "The proof cannot be read: \(error).")
    }
  }
}

extension CBORWriter {
  /// An inclusion path as one string of 32 bytes for each hash.
  mutating func path(_ path: [Digest]) { bytes(path.flatMap(\.bytes)) }

  mutating func leaf(_ leaf: ProofBundle.Leaf) {
    switch leaf {
    case .open(let blind, let value):
      array(2)
      bytes(blind.bytes)
      bytes(value)
    case .withheld(let digest):
      array(1)
      bytes(digest)
    }
  }
}

extension CBORReader {
  mutating func path() throws -> [Digest] {
    let raw = try bytes()
    guard raw.count % 32 == 0, raw.count <= 64 * 32 else {
      throw LedgerError(.malformed, "an inclusion path has \(raw.count) bytes")
    }
    return stride(from: raw.startIndex, to: raw.endIndex, by: 32).compactMap { Digest(raw[$0..<$0 + 32]) }
  }

  mutating func leaf() throws -> ProofBundle.Leaf {
    switch try array() {
    case 1: return .withheld(try digest())
    case 2:
      guard let blind = Blind(try bytes()) else { throw LedgerError(.malformed, "a blind has not 16 bytes") }
      return .open(blind: blind, value: Array(try bytes()))
    case let count: throw LedgerError(.malformed, "a leaf has \(count) parts")
    }
  }

  mutating func list<T>(_ item: (inout CBORReader) throws -> T) throws -> [T] {
    var items: [T] = []
    for _ in 0..<(try array()) { items.append(try item(&self)) }
    return items
  }
}
