import COSE
import Edge
import EdgeFeed
import FinanceRules
import FiveG
import Ledger
import Primitives

/// A cold-chain device in the simulated 5G network, and the gateway of the warehouse that authenticates what it sends.
///
/// Device and gateway share a session key (AKMA), by which the gateway refuses what was changed on the way. What it has
/// taken in the device signs for the ledger with a key of its own, so that the gateway cannot change it either.
final class SensorFeed {
  private let devices: FeedDevices
  private let core: EdgeCore
  private let session: DeviceSession
  private let forms: [ReadingForm]
  private var next: UInt64 = 0

  /// The device's name.
  var name: String { devices.name(0) }
  /// The key with which it signs.
  var key: PrivateKey { devices.signingKey(0) }

  /// - Parameter start: when the simulated hour begins, milliseconds since 1970.
  init(seed: UInt64, start: UInt64, prefix: String = "cold-room-") throws {
    devices = FeedDevices(seed: seed, gateway: "warehouse-1", prefix: prefix)
    var room = Fleet("cold-room", .coldChain, count: 1)
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

  /// The next reading at a time in milliseconds since 1970, and with hundredths of a degree as its cold room has them.
  func reading(_ temperature: Int64?, at time: UInt64) throws -> ReadingForm {
    var form = try reading()
    form.timeUs = Int64(time) * 1000
    if let temperature { form.records[0].value = .number(mantissa: temperature, exponent: -2) }
    return form
  }

  /// Sends a reading to the gateway, changed on the way if asked to; whether the gateway takes it in.
  func send(_ form: ReadingForm, changed: Bool = false) -> Bool {
    var message = session.message(payload: form.encoded())
    if changed { message[message.count - 12] ^= 1 }
    let outcome = message.withUnsafeBytes { core.accept($0, arrival: form.timeUs + 20_000) }
    if case .accepted = outcome { return true }
    return false
  }

  /// The temperature of a reading as the device signs it for the ledger, counted by its time; `stated` is what somebody puts in its place.
  func signed(_ form: ReadingForm, stated: Int64? = nil) throws -> SensorReading {
    guard case .number(let mantissa, let exponent)? = form.records.first(where: { $0.name == "temperature" })?.value
    else { throw LedgerError(.notFound, "The reading has no temperature.") }
    var value = mantissa
    for _ in 0..<max(0, 3 + Int(exponent)) { value *= 10 }
    var reading = SensorReading {
      ($0.device, $0.counter, $0.time) = (form.device, UInt64(form.timeUs / 1000), UInt64(form.timeUs / 1000))
      ($0.reading, $0.value) = ("temperature", value)
    }
    reading.signature = try key.sign(reading.signedBytes)
    reading.value = stated ?? value
    return reading
  }
}
