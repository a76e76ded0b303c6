import Primitives

/// The versions of a contract that a program can run.
public struct ContractSuite: Sendable {
  /// The contract's name, as the genesis has it.
  public let id: String
  /// The versions, oldest first.
  public let versions: ClosedRange<UInt64>
  /// The families of keys that the contract writes.
  public let namespaces: [Namespace]
  /// The families that the contract's derived index is fed from.
  public let indexedNamespaces: [Namespace]
  private let make: @Sendable (UInt64) -> any Contract

  /// The suite of one contract type.
  ///
  /// - Precondition: the contract's families have distinct numbers of 0x10 and above, an index is fed from some of
  ///   them, and has a digest: an index that no audit compares would be believed for ever.
  public init<C: Contract & SendableMetatype>(_ type: C.Type) {
    precondition(C.namespaces.allSatisfy { $0.id >= 0x10 }, "families below 0x10 are the core's")
    precondition(Set(C.namespaces.map(\.id)).count == C.namespaces.count, "families have distinct numbers")
    precondition(C.indexedNamespaces.allSatisfy(C.namespaces.contains), "an index is fed from the contract's families")
    precondition(
      C.indexedNamespaces.isEmpty || C(version: C.versions.upperBound).indexDigest() != nil, "an index has a digest")
    id = C.id
    versions = C.versions
    namespaces = C.namespaces
    indexedNamespaces = C.indexedNamespaces
    make = { C(version: $0) }
  }

  /// The rules of a version, or an error that says which versions there are.
  func contract(version: UInt64) throws(LedgerError) -> any Contract {
    guard versions.contains(version) else {
      throw LedgerError(
        .unavailable,
        "The ledger runs version \(version) of the contract '\(id)'; this program has "
          + "\(versions.lowerBound) to \(versions.upperBound). Install the program that has it.")
    }
    return make(version)
  }
}
