public import Primitives

/// What was wrong with bytes that should have been one deterministic CBOR item, and where.
public struct CBORError: Error, Sendable, Equatable, Explained {
  /// The faults by name (RFC 8949, section 4.2.1 and the ledger's profile of it).
  public enum Fault: String, Sendable, CaseIterable {
    /// The bytes end inside an item, or a count or length is more than the bytes that are left.
    case truncated
    /// Bytes follow the item.
    case trailingBytes
    /// A number, length or count does not stand in its shortest form.
    case nonShortestLength
    /// An indefinite length, or the break that ends one.
    case indefiniteLength
    /// Additional information 28 to 30, or 31 on a number or tag: never well-formed.
    case reservedLength
    /// A map's keys do not ascend in the bytewise order of their encodings.
    case unsortedKeys
    /// A map has a key twice.
    case duplicateKey
    /// A text is not UTF-8.
    case invalidUTF8
    /// More arrays, maps and tags within each other than `Limits.cborNesting`.
    case nestingTooDeep
    /// Another type of item stands here than the format asks for.
    case wrongType
    /// The item has the right type, but its value is not one that the format or the caller's type can hold.
    case outOfRange
    /// A floating-point number: nothing in the ledger may depend on one.
    case unsupportedFloat
    /// The simple value `undefined`.
    case unsupportedUndefined
    /// A simple value other than false, true and null.
    case unsupportedSimple
    /// A bignum (tags 2 and 3): the ledger's integers have 64 bits, so that each has one encoding.
    case unsupportedBignum
  }

  /// What was wrong.
  public let fault: Fault

  /// Where: an index into what was read, so for a slice of an entry the index within that entry.
  public let offset: Int

  /// An error with this fault at this place.
  public init(_ fault: Fault, at offset: Int) {
    self.fault = fault
    self.offset = offset
  }

  /// For example `CBOR: nonShortestLength at byte 17`.
  public var explanation: Message { "CBOR: \(Message(fault.rawValue)) at byte \(offset)" }
}
