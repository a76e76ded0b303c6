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
  @Option(help: "How many readings, 1 to 10.") var readings = 3
  @Option(help: "Degrees that the device measures; as the simulation has it unless given.") var temperature: Double?
  @Option(help: "The device's keys follow from this number and the goods.") var seed: UInt64 = 1
  @OptionGroup var signer: SignerOptions

  func run() async throws {
    try await Console.run {
      let goods = try ID.parse(goods)
      guard (1...10).contains(readings), (temperature ?? 0).magnitude <= 100 else {
        throw ValidationError("There are 1 to 10 readings of at most 100 degrees.")
      }
      var reader = ByteReader(goods.bytes)
      let clock = SystemClock()
      let feed = try SensorFeed(
        seed: seed ^ (reader.u64() ?? 0), start: clock.now(), prefix: goods.hex.prefix(12) + "-")
      let place = Family.devices.key(.sha256(feed.name))
      let isKnown = try await Consortium(path: signer.data.path).with(SupplyChainApp.suite, clock) { open in
        try open.sequencer.head.value(place) != nil
      }
      if !isKnown {
        let device = DeviceRegistration {
          ($0.device, $0.key, $0.goods) = (feed.name, feed.key.publicKey.coseKey, goods)
        }
        Console.answer("Entry \(try await signer.state(device, about: feed.name).entry).")
      }
      for _ in 0..<readings {
        let form = try feed.reading(temperature.map { Int64(($0 * 100).rounded()) }, at: clock.now())
        guard feed.send(form) else { throw LedgerError(.refused, "The gateway refused a true reading.") }
        Console.answer("Entry \(try await signer.state(try feed.signed(form), about: feed.name).entry).")
      }
    }
  }
}
