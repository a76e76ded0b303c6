internal import Primitives

/// Devices that say the same as others, value for value: many names for one source (threat table, "Sybil devices").
struct EchoInspection {
  /// Readings in a row that are compared.
  static let length = 16
  /// How many of them must differ: sensors at rest say the same by nature.
  static let variety = 8

  /// One of the last readings of a device.
  private struct Seen {
    let values: Digest
    let message: [UInt8]
    let seq: UInt64
    let timeUs: Int64
  }

  private var open: [String: [Seen]] = [:]
  /// The first device that had a run of values, by the values' digest.
  private var known: [Digest: (device: String, message: [UInt8])] = [:]
  private var accused: Set<String> = []
  private var found: [InspectionFinding] = []
  /// Runs that are remembered at most.
  private let limit: Int

  init(limit: Int = 1_000_000) { self.limit = limit }

  /// Takes a reading; those of a device come in the order in which they were stored.
  mutating func add(_ reading: InspectedReading, model: String) {
    let device = reading.form.device
    var anonymous = reading.form
    (anonymous.device, anonymous.timeUs, anonymous.seq, anonymous.boot) = (model, 0, 0, 0)
    let seen = Seen(
      values: .sha256(anonymous.encoded()), message: reading.message, seq: reading.form.seq,
      timeUs: reading.form.timeUs)
    open[device, default: []].append(seen)
    // Every run is compared, whatever number it begins with: another one's counter need not be in step.
    if open[device, default: []].count > EchoInspection.length { open[device]?.removeFirst() }
    guard let run = open[device], run.count == EchoInspection.length, let first = run.first,
      Set(run.map(\.values)).count >= EchoInspection.variety
    else { return }
    let digest = Digest.sha256(run.flatMap { $0.values.bytes })
    guard let other = known[digest] else {
      if known.count < limit { known[digest] = (device, first.message) }
      return
    }
    guard other.device != device, accused.insert(device).inserted else { return }
    found.append(
      InspectionFinding(
        .sybil, device, number: first.seq, timeUs: first.timeUs, evidence: [other.message, first.message],
        "\(EchoInspection.length) readings from number \(first.seq) on are those of \(other.device), value for value."))
  }

  func findings() -> [InspectionFinding] { found.sorted { $0.subject < $1.subject } }
}
