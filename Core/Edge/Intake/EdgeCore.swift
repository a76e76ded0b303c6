package import COSE
package import Ledger
internal import Primitives

/// How a gateway judges times and how far it looks back.
public struct IntakeLimits: Sendable, Equatable {
  /// A sample older than this at its arrival goes into a late batch, microseconds.
  public var latenessUs: Int64 = 120_000_000
  /// A sample time further ahead of the arrival is refused.
  public var aheadUs: Int64 = 120_000_000
  /// A sample older than this is refused.
  public var oldestUs: Int64 = 7 * 86_400_000_000
  /// The same message again after more than this is reported as a replay.
  public var replayAfterUs: Int64 = 4_000_000
  /// Rows of a device that are looked through for a number outside the window.
  public var historyRows = 1024
  /// Such looks through stored rows in one batch: a bound for who sends old numbers on purpose.
  public var historyLookups = 4096

  /// The figures of the design.
  public init() {}
}

/// A batch that is closed and signed, and not stored yet.
package struct SealedBatch: Sendable {
  package let header: BatchHeader
  package let statement: Statement
  let body: BatchBody
  /// What became of late readings, by their tickets.
  let late: [(ticket: UInt64, outcome: IntakeOutcome)]
}

/// A stored row as it is looked up.
struct StoredRow {
  var kind: UInt8
  var arrival: Int64
  var flags: UInt64
  /// The device's row before, raw; 0 for none.
  var previous: UInt64
  /// Whether it was its device's newest by number when it came.
  var isForward: Bool
  var message: [UInt8]

  /// The bit of a stored `previous` that says so.
  static let forwardBit: UInt64 = 1 << 63
}

/// The hot path of one gateway, without a clock, a thread or a file of its own: from a message's bytes to a leaf.
///
/// Not `Sendable`: whoever has it serialises its calls, as `Gateway` does. Nothing here calls back into it, so the state
/// that each reading touches goes without exclusivity checks at run time; they cost a tenth of the whole.
package final class EdgeCore {
  package let gateway: String
  let key: PrivateKey
  let devices = DeviceTable()
  let quality: QualityTable
  let rules: Digest
  let limits: IntakeLimits
  let directory: (any DeviceDirectory)?
  /// From which batch secrets follow, so that a seeded run has the same roots everywhere; nil for random ones.
  let secretSeed: HMACSHA256Key?

  @exclusivity(unchecked) var open: BatchBody
  var previousHeader = Digest()
  /// Arrival of the earliest message of the open batch, `Int64.max` for none.
  @exclusivity(unchecked) var opened = Int64.max
  @exclusivity(unchecked) var latestArrival = Int64.min
  @exclusivity(unchecked) var earliestSample = Int64.max
  @exclusivity(unchecked) var latestSample = Int64.min
  @exclusivity(unchecked) var qualityCounts = InlineArray<5, UInt64>(repeating: 0)
  /// The devices with a row in the open batch.
  @exclusivity(unchecked) var touched: [UInt32] = []
  var late: [LateReading] = []
  var lateTicket: UInt64 = 0
  var lookups = 0

  /// The newest closed batches, the latest last.
  var recent: [BatchBody] = []
  static let recentBatches = 4
  /// Finds a row of an older batch.
  var history: (RowID) -> StoredRow? = { _ in nil }

  package var incidents = IncidentLog()
  /// Messages by what became of them.
  @exclusivity(unchecked) package var counters = IntakeCounters()

  @exclusivity(unchecked) var scan = ReadingScan()
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: SessionKey.scratchBytes, alignment: 16)
  let row = UnsafeMutableBufferPointer<Digest>.allocate(capacity: EdgeLimits.batchLeaves)

  struct LateReading {
    let message: [UInt8]
    let arrival: Int64
    let ticket: UInt64
  }

  package init(
    gateway: String, key: PrivateKey, rules: QualityRules = .none, limits: IntakeLimits = IntakeLimits(),
    directory: (any DeviceDirectory)? = nil, secretSeed: [UInt8]? = nil
  ) {
    self.gateway = gateway
    self.key = key
    quality = QualityTable(rules)
    self.rules = rules.digest
    self.limits = limits
    self.directory = directory
    self.secretSeed = secretSeed.map { HMACSHA256Key($0) }
    open = BatchBody(number: 1, secret: Digest(), capacity: 0)
    row.initialize(repeating: Digest())
    begin(1)
  }

  deinit {
    scratch.deallocate()
    row.deallocate()
  }

  /// Enrols a device's session, or renews it.
  package func enrol(_ session: DeviceSession) { devices.enrol(session) }

  /// Whether there was such a session; nothing more is accepted under it.
  package func revoke(kid: UInt64) -> Bool {
    guard let number = devices.find(kid) else { return false }
    devices.record(number).pointee.state.insert(.revoked)
    return true
  }

  package var deviceCount: Int { devices.count }
  package var deviceMemoryBytes: Int { devices.memoryBytes }
  /// The number of the open batch.
  package var openNumber: UInt64 { open.number }
  /// Leaves of the open batch.
  package var openCount: Int { open.count }

  /// Whether the batch must be sealed before another message is accepted.
  @inline(__always)
  package var isFull: Bool {
    open.count >= EdgeLimits.batchLeaves || open.messages.count > EdgeLimits.batchBytes - EdgeLimits.messageBytes
      || late.count >= EdgeLimits.lateReadings
  }

  /// Whether sealing would give a batch.
  package var hasContent: Bool { open.count > 0 || open.rejectCount > 0 || !late.isEmpty }

  func begin(_ number: UInt64) {
    open = BatchBody(number: number, secret: secret(number), capacity: EdgeLimits.batchLeaves)
    opened = .max
    latestArrival = .min
    earliestSample = .max
    latestSample = .min
    for flag in 0..<5 { qualityCounts[flag] = 0 }
    touched.removeAll(keepingCapacity: true)
    lookups = 0
  }

  private func secret(_ number: UInt64) -> Digest {
    if let secretSeed {
      var label = Array(gateway.utf8)
      label.append(u64: number)
      return secretSeed.code(for: label)
    }
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    for _ in 0..<4 { bytes.append(u64: generator.next()) }
    return Digest(bytes) ?? Digest()
  }
}

/// Messages by what became of them, since the gateway was opened.
public struct IntakeCounters: Sendable, Equatable {
  /// Readings that are leaves.
  public var accepted: UInt64 = 0
  /// Epochs that are leaves.
  public var epochs: UInt64 = 0
  /// The same message again.
  public var duplicates: UInt64 = 0
  /// Readings put off to a late batch.
  public var late: UInt64 = 0
  /// Refused messages by cause; the place is the cause's number.
  public var rejected = InlineArray<16, UInt64>(repeating: 0)

  /// Nothing yet.
  public init() {}

  /// Refused messages.
  public var rejectedTotal: UInt64 { RejectCause.allCases.reduce(0) { $0 + rejected[Int($1.rawValue)] } }

  /// Whether all counts are the same.
  public static func == (a: IntakeCounters, b: IntakeCounters) -> Bool {
    a.accepted == b.accepted && a.epochs == b.epochs && a.duplicates == b.duplicates && a.late == b.late
      && RejectCause.allCases.allSatisfy { a.rejected[Int($0.rawValue)] == b.rejected[Int($0.rawValue)] }
  }
}
