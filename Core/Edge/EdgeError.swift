public import Primitives

/// What can go wrong at a gateway through no fault of the program.
public struct EdgeError: Error, Sendable, Equatable, Explained {
  /// What kind of thing went wrong, for programs.
  public enum Kind: String, Sendable {
    /// Bytes are not what they should be.
    case malformed
    /// Something is larger than its limit.
    case limit
    /// What is stored is not what was stored.
    case damaged
    /// The file cannot be read or written.
    case unavailable
    /// A proof does not hold.
    case notProved = "not-proved"
    /// There is no such thing, or it was erased.
    case notFound = "not-found"
    /// The gateway has been closed.
    case closed
  }

  /// What kind of thing went wrong.
  public let kind: Kind
  /// One sentence for people.
  public let message: Message

  /// An error of the given kind with its sentence.
  public init(_ kind: Kind, _ message: Message) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var explanation: Message { message }
}

/// The limits of a gateway, each with its reason.
public enum EdgeLimits {
  /// Leaves of a batch: what one blob and one header carry.
  public static let batchLeaves = 4096
  /// Bytes of one message: eight records with long names, twice.
  public static let messageBytes = 2048
  /// Bytes of the messages of one batch: a body stays far below SQLite's limit and is read whole.
  public static let batchBytes = 2 << 20
  /// Records of one reading (decision 0004).
  public static let records = 8
  /// Climates of one channel: a month has two halves of the day.
  public static let climates = 24
  /// Bytes of a device's URN (decision 0004).
  public static let deviceNameBytes = 64
  /// Bytes of a gateway's name, here and in the ledger's rules: it is in every header.
  public static let gatewayNameBytes = 64
  /// Rejects of which one batch keeps a record; more are only counted.
  public static let rejectRecords = 1024
  /// Incidents kept in memory until somebody takes them.
  public static let incidents = 10_000
  /// Readings that wait for the next late batch.
  public static let lateReadings = 4096
  /// Sample times before 1970 or after the year 9999 are no times, in microseconds.
  static let latestTime: Int64 = 253_402_300_799_999_999
}
