import ArgumentParser
import COSE
import FinanceRules
import Ledger
import LedgerServer
import Primitives

/// `sensors`: readings of a simulated 5G device on goods, through the gateway and onto the ledger.
struct SensorsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensors",
    abstract: "Lets a simulated 5G device report on goods through a gateway: registers it, then states its readings.")
  @Argument(help: "The goods: 64 hexadecimal digits.") var goods: String
  @Option(help: "What watches them: cold (temperature, humidity, position), scale (mass) or door (open).")
  var kind = SensorKind.cold
  @Option(help: "How many readings, 1 to 10.") var readings = 3
  @Option(help: "Degrees that the device measures; as the simulation has it unless given.") var temperature: Double?
  @Option(help: "Relative humidity that it measures, percent.") var humidity: Double?
  @Option(help: "Mass that it measures, kilograms.") var mass: Double?
  @Option(help: "Whether the door is open: true or false.") var open: Bool?
  @Option(help: "Where the device is, latitude and longitude, for example 31.2304,121.4737.") var position: String?
  @Option(help: "The device's keys follow from this number and the goods.") var seed: UInt64 = 1
  @OptionGroup var signer: SignerOptions

  /// What is measured, by channel: thousandths, for places millionths of a degree.
  private func values() throws -> [String: Int64] {
    var values: [String: Int64] = [:]
    for (name, value, limit) in [
      ("temperature", temperature, 100.0), ("humidity", humidity, 100), ("mass", mass, 1_000_000),
    ] {
      guard let value else { continue }
      guard value.magnitude <= limit else { throw ValidationError("The \(name) is at most \(Int(limit)).") }
      values[name] = Int64((value * 1_000).rounded())
    }
    if let open { values["open"] = open ? 1 : 0 }
    if let position {
      let parts = position.split(separator: ",").map { Double($0) }
      guard parts.count == 2, let latitude = parts[0], let longitude = parts[1], latitude.magnitude <= 90,
        longitude.magnitude <= 180
      else { throw ValidationError("'\(position)' is no place such as 31.2304,121.4737.") }
      values["lat"] = Int64((latitude * 1e6).rounded())
      values["lon"] = Int64((longitude * 1e6).rounded())
    }
    return values
  }

  func run() async throws {
    try await Console.run {
      let goods = try ID.parse(goods)
      guard (1...10).contains(readings) else { throw ValidationError("There are 1 to 10 readings.") }
      let values = try values()
      var reader = ByteReader(goods.bytes)
      let clock = SystemClock()
      let prefix = String(goods.hex.prefix(12)) + (kind == .cold ? "-" : "-\(kind.rawValue)-")
      let feed = try SensorFeed(kind, seed: seed ^ (reader.u64() ?? 0), start: clock.now(), prefix: prefix)
      let place = Family.devices.key(.sha256(feed.name))
      let (isKnown, ruled) = try await Consortium(path: signer.data.path).with(SupplyChainApp.suite, clock) { open in
        let view = open.sequencer.head
        return (try view.value(place) != nil, Set(try PolicyFile.inForce(view).sensors.map(\.reading)))
      }
      if !isKnown {
        let device = DeviceRegistration {
          ($0.device, $0.key, $0.goods) = (feed.name, feed.key.publicKey.coseKey, goods)
        }
        Console.answer("Entry \(try await signer.state(device, about: feed.name).entry).")
      }
      // What no rule asks for stays with the gateway.
      let asked = kind.readings.filter(ruled.contains)
      for _ in 0..<readings {
        let form = try feed.reading(values, at: clock.now())
        guard feed.send(form) else { throw LedgerError(.refused, "The gateway refused a true reading.") }
        for name in asked.isEmpty ? [kind.readings[0]] : asked {
          Console.answer("Entry \(try await signer.state(try feed.signed(form, name), about: feed.name).entry).")
        }
      }
    }
  }
}

extension SensorKind: ExpressibleByArgument {}
