/// CBOR tags of the ledger's own items: four ASCII letters as a number, from the range that RFC 8949 §9.2 leaves to
/// first come, first served.
public enum Tag {
  /// `TSge`: the genesis, leaf 0 of every log.
  public static let genesis: UInt64 = 0x5453_6765
  /// `TSse`: the seal, the last leaf of every block.
  public static let seal: UInt64 = 0x5453_7365
  /// `TSpb`: a proof bundle.
  public static let bundle: UInt64 = 0x5453_7062
  /// `TSle`: a log excerpt.
  public static let excerpt: UInt64 = 0x5453_6c65
}

/// Content types (COSE header 3) of the statements that the core itself understands.
public enum ContentType {
  /// A proposed configuration.
  public static let proposal = "application/vnd.tallystick.proposal+cbor"
  /// A member's approval of a proposed configuration.
  public static let approval = "application/vnd.tallystick.approval+cbor"
  /// One part of a document that is too large for one entry.
  public static let part = "application/vnd.tallystick.part+cbor"
}
