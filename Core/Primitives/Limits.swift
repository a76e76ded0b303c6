/// Every limit of the ledger, each with its reason.
///
/// Beyond one: an error that names the limit and the value, and nothing stored.
public enum Limits {
  /// Bytes of one log entry: C2SP tlog-tiles writes its length as a u16.
  public static let entryBytes = 65_535
  /// Statements in one batch: keeps a block's execution in tens of milliseconds.
  public static let batchStatements = 4_000
  /// Bytes of the statements of one batch: an etcd request of 1.5 MiB is refused, base64 adds a third.
  public static let batchBytes = 1 << 20
  /// Bytes of a state key: bounds the depth of the Patricia map to 4,096 bits.
  public static let keyBytes = 512
  /// Bytes of a state value: it travels whole beside each proof.
  public static let valueBytes = 64 << 10
  /// Bytes of a document kept beside the log, and of a document posted for capture.
  public static let documentBytes = 64 << 20
  /// Nested arrays, maps and tags of a CBOR item: bounds the reader's stack.
  public static let cborNesting = 32
  /// Nested arrays and objects of a JSON text: bounds the reader's stack.
  public static let jsonNesting = 64
  /// Milliseconds that a statement may be dated ahead of the block's time: clocks of honest issuers differ.
  public static let clockSkewMs: UInt64 = 120_000
  /// Milliseconds that a statement may be older than its block: bounds the memory of the replay protection.
  public static let statementAgeMs: UInt64 = 86_400_000
  /// Bytes of a signed note: room for 16 ML-DSA lines of 3.2 kB, and as many members again.
  public static let noteBytes = 256 << 10
  /// Signature lines of a note that are looked at.
  public static let noteSignatures = 128
  /// Members of a consortium: a checkpoint carries a line of each.
  public static let members = 64
  /// Bytes of a proof bundle: a trace of a hundred thousand events.
  public static let bundleBytes = 256 << 20
  /// Statements that wait to be sealed before a submitter is held back: four full batches.
  public static let pendingStatements = 16_000
  /// Bytes of a SenML pack: an hour of one reading a second with some 250 bytes each.
  public static let senmlPackBytes = 1 << 20
  /// Records of a SenML pack: resolving sorts them, and an answer of this size is still one page to a person.
  public static let senmlRecords = 10_000
  /// Bytes of a resolved SenML name: a device's URN, a colon and a sensor's name.
  public static let senmlNameBytes = 128
  /// Bytes of a SenML unit: the longest one that is registered has eight.
  public static let senmlUnitBytes = 32
  /// Bytes of a SenML string or data value: a document does not belong into a measurement.
  public static let senmlValueBytes = 4_096
  /// Bytes of a device's URN: with the colon and a sensor's name it fits into a resolved SenML name.
  public static let deviceBytes = 64
  /// Bytes of a sensor's name in a canonical reading: what a resolved SenML name leaves beside the device's URN.
  public static let sensorBytes = 63
  /// Records of a canonical reading: each has one byte of flags in the reading's leaf.
  public static let readingRecords = 8
  /// Bytes of a data value in a canonical reading: the longest hash, SHA-512.
  public static let readingDataBytes = 64
  /// Bytes of a canonical reading: with its proof it stays below 2 KB.
  public static let readingBytes = 1_024
}
