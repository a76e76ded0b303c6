import COSE
import Edge
import EdgeFeed
import FinanceRules
import FiveG
import Ledger
import Primitives

/// A device in the simulated 5G network that watches goods, and the gateway of the warehouse that authenticates what it
/// sends.
///
/// Device and gateway share a session key (AKMA), by which the gateway refuses what was changed on the way. What it has
/// taken in the device signs for the ledger with a key of its own, so that the gateway cannot change it either.
final class SensorFeed {
  private let devices: FeedDevices
  private let core: EdgeCore
  private let session: DeviceSession
  private let forms: [ReadingForm]
  private let kind: SensorKind
  private var next: UInt64 = 0

  /// The device's name.
  var name: String { devices.name(0) }
  /// The key with which it signs.
  var key: PrivateKey { devices.signingKey(0) }

  /// The reading of a place.
  static let position = "position"

  /// - Parameter start: when the simulated hour begins, milliseconds since 1970.
  init(_ kind: SensorKind = .cold, seed: UInt64, start: UInt64, prefix: String = "cold-room-") throws {
    self.kind = kind
    devices = FeedDevices(seed: seed, gateway: "warehouse-1", prefix: prefix)
    var room = Fleet("room", kind.model, count: 1)
    room.mobility = .still
    var scenario = Scenario(name: "warehouse", seed: seed, duration: 3_600_000_000, fleets: [room])
    scenario.start = Int64(start / 1000)
    let simulation = try Simulation(scenario)
    let readings = try FeedReadings(devices, simulation)
    session = readings.session(0)
    core = EdgeCore(
      gateway: "warehouse-1", key: .derive(seed: seed, label: "warehouse-1"), rules: try FeedDevices.rules(),
      secretSeed: Array("\(seed)/warehouse-1".utf8))
    core.enrol(session)
    var generator = PacketGenerator(simulation)
    var batch = PacketBatch()
    var forms: [ReadingForm] = []
    while generator.next(&batch) {
      for row in 0..<batch.count where !batch.truth[row].contains(.dropped) {
        forms.append(readings.reading(batch, row, forwarded: true))
      }
    }
    self.forms = forms
  }

  /// The next reading of the simulation.
  func reading() throws -> ReadingForm {
    guard next < forms.count else { throw LedgerError(.notFound, "The simulated hour is over.") }
    next += 1
    return forms[Int(next - 1)]
  }

  /// The next reading at a time in milliseconds since 1970, and with values that its place has: thousandths of the unit by
  /// the channel's name, for a position millionths of a degree of `lat` and `lon`.
  func reading(_ values: [String: Int64], at time: UInt64) throws -> ReadingForm {
    var form = try reading()
    form.timeUs = Int64(time) * 1000
    for (name, value) in values {
      guard let place = form.records.firstIndex(where: { $0.name == name }) else {
        throw LedgerError(.malformed, "A device of the kind \(kind.rawValue) measures no \(name).")
      }
      switch form.records[place].value {
      case .number(_, let exponent):
        let scale = Self.digits(name) + Int(exponent)
        form.records[place].value = .number(
          mantissa: scale < 0 ? value * Self.power(-scale) : value / Self.power(scale), exponent: exponent)
      case .boolean: form.records[place].value = .boolean(value != 0)
      default: break
      }
    }
    return form
  }

  /// Digits behind the point of what the ledger has of a channel: millionths of a degree, thousandths of other units.
  private static func digits(_ channel: String) -> Int { channel == "lat" || channel == "lon" ? 6 : 3 }

  private static func power(_ exponent: Int) -> Int64 { (0..<max(0, exponent)).reduce(1) { power, _ in power * 10 } }

  /// Sends a reading to the gateway, changed on the way if asked to; whether the gateway takes it in.
  func send(_ form: ReadingForm, changed: Bool = false) -> Bool {
    var message = session.message(payload: form.encoded())
    if changed { message[message.count - 12] ^= 1 }
    let outcome = message.withUnsafeBytes { core.accept($0, arrival: form.timeUs + 20_000) }
    if case .accepted = outcome { return true }
    return false
  }

  /// One value of a reading as the device signs it for the ledger; `stated` is what somebody puts in its place.
  ///
  /// The counter follows from the time, so that it rises from one run of the simulation to the next: eight a millisecond,
  /// for the several values of one reading.
  func signed(_ form: ReadingForm, _ name: String = "temperature", stated: Int64? = nil) throws -> SensorReading {
    let isPosition = name == Self.position
    guard let number = kind.readings.firstIndex(of: name), let value = Self.value(isPosition ? "lat" : name, form)
    else { throw LedgerError(.notFound, "The reading has no \(name).") }
    let second = isPosition ? Self.value("lon", form) ?? 0 : 0
    let time = UInt64(form.timeUs / 1000)
    var reading = SensorReading {
      ($0.device, $0.counter, $0.time) = (form.device, time * 8 + UInt64(number), time)
      ($0.reading, $0.value, $0.second) = (name, value, second)
    }
    reading.signature = try key.sign(reading.signedBytes)
    reading.value = stated ?? value
    return reading
  }

  private static func value(_ channel: String, _ form: ReadingForm) -> Int64? {
    switch form.records.first(where: { $0.name == channel })?.value {
    case .number(let mantissa, let exponent)?:
      let scale = digits(channel) + Int(exponent)
      return scale < 0 ? mantissa / power(-scale) : mantissa * power(scale)
    case .boolean(let isOn)?: return isOn ? 1_000 : 0
    default: return nil
    }
  }
}
