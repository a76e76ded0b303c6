public import Primitives

/// A family of state keys: one byte, a name for people, and the shape that every key of the family has.
///
/// The shape fixes the length of the key, so no key is a prefix of another and every list is one prefix.
public struct Namespace: Sendable, Hashable {
  /// The first byte of every key of the family. Contracts use 0x10 to 0xff; the core has the rest.
  public let id: UInt8
  /// What the family holds, in a few words.
  public let name: String
  /// How many identifiers follow, each as its SHA-256.
  public let identifiers: Int
  /// Whether a u64 follows the identifiers, where order matters.
  public let ordered: Bool

  /// A family with keys `id ‖ SHA-256(identifier)… ‖ u64?`.
  ///
  /// - Precondition: at most 8 identifiers, so that the key stays within `Limits.keyBytes`.
  public init(_ id: UInt8, _ name: String, identifiers: Int, ordered: Bool = false) {
    precondition((0...8).contains(identifiers))
    self.id = id
    self.name = name
    self.identifiers = identifiers
    self.ordered = ordered
  }

  /// Bytes of every key of the family.
  public var keyBytes: Int { 1 + identifiers * Digest.byteCount + (ordered ? 8 : 0) }

  /// The key of the family with all its parts.
  ///
  /// - Precondition: the parts fit the family's shape.
  public func key(_ identifiers: Digest..., order: UInt64? = nil) -> StateKey {
    precondition(identifiers.count == self.identifiers && (order != nil) == ordered, "key does not fit \(name)")
    return StateKey(bytes: assemble(identifiers, order))
  }

  /// The prefix that all keys with these leading identifiers share.
  ///
  /// - Precondition: no more identifiers than the family has.
  public func prefix(_ identifiers: Digest...) -> StatePrefix {
    precondition(identifiers.count <= self.identifiers)
    return StatePrefix(bytes: assemble(identifiers, nil))
  }

  private func assemble(_ identifiers: [Digest], _ order: UInt64?) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(keyBytes)
    bytes.append(id)
    for identifier in identifiers { bytes.append(identifier) }
    if let order { bytes.append(u64: order) }
    return bytes
  }
}

/// The whole key of one state value.
public struct StateKey: Sendable, Hashable, Comparable {
  /// The key as the Patricia map and the formats have it.
  public let bytes: [UInt8]

  /// A key from its bytes, for instance out of a proof; nothing is checked.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// The number at the end of an ordered family's key, or 0 for a key of fewer than nine bytes.
  public var order: UInt64 { bytes.count < 9 ? 0 : bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } }

  /// The order of the bytes.
  public static func < (a: StateKey, b: StateKey) -> Bool {
    a.bytes.withUnsafeBytes { a in b.bytes.withUnsafeBytes { b in precedes(a, b) } }
  }

  /// Eight bytes at a time: folds sort hundreds of thousands of keys.
  private static func precedes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    let shared = min(a.count, b.count)
    var place = 0
    while place + 8 <= shared {
      let left = UInt64(bigEndian: a.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      let right = UInt64(bigEndian: b.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      if left != right { return left < right }
      place += 8
    }
    while place < shared {
      if a[place] != b[place] { return a[place] < b[place] }
      place += 1
    }
    return a.count < b.count
  }

  /// Feeds up to 16 bytes after the namespace and the last 8: both are, for keys of one family, where keys differ.
  public func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { raw in
      let count = raw.count
      hasher.combine(count)
      guard count >= 17 else { return hasher.combine(bytes: raw) }
      hasher.combine(raw.loadUnaligned(fromByteOffset: 1, as: UInt64.self))
      hasher.combine(raw.loadUnaligned(fromByteOffset: count - 16, as: UInt64.self))
      hasher.combine(raw.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    }
  }
}

/// The beginning that the keys of one list share.
public struct StatePrefix: Sendable, Hashable {
  /// The shared bytes, at least the namespace.
  public let bytes: [UInt8]

  /// A prefix from its bytes; nothing is checked.
  public init(bytes: [UInt8]) { self.bytes = bytes }
}
