import Edge
import EdgeIntake
import Ledger
import MQTT
import Primitives

/// A station's way through a broker: each message is published by its own, and taken in by what a served gateway uses.
///
/// A piece is published and waited for before the next one, with the simulation's clock in between, so that one seed gives
/// the same batches as often as it is played.
struct BrokerFeed {
  struct Counts {
    var accepted = 0
    var duplicates = 0
    var late = 0
    var rejected = 0

    init(_ counters: IntakeCounters, since before: IntakeCounters) {
      accepted = Int(counters.accepted + counters.epochs - before.accepted - before.epochs)
      duplicates = Int(counters.duplicates - before.duplicates)
      late = Int(counters.late - before.late)
      rejected = Int(counters.rejectedTotal - before.rejectedTotal)
    }

    var total: Int { accepted + duplicates + late + rejected }
  }

  private let gateway: Gateway
  private let intake: MQTTIntake
  private let sender: MQTTClient
  private let topic: String

  init(_ broker: Broker, _ gateway: Gateway, _ clock: any WallClock) async throws {
    self.gateway = gateway
    topic = "edge/\(gateway.name)/readings/\(IntakeClass.ordinary.name)"
    let configuration = MQTTConfiguration(address: broker.address)
    // More than a batch may wait: it is the simulation that closes batches here.
    intake = try await MQTTIntake.start(EdgeIntake(gateway, clock: clock), configuration, waiting: 65_536)
    sender = try await MQTTClient.connect(configuration)
  }

  /// Publishes messages and suspends until the gateway has taken all of them in; says what became of them.
  func take(_ messages: MessageBatch) async throws -> Counts {
    let before = await gateway.counters
    var start = 0
    for end in messages.ends {
      while try !messages.bytes.withUnsafeBytes({ bytes in
        try sender.tryPublish(topic, UnsafeRawBufferPointer(rebasing: bytes[start..<end]), qos: .atLeastOnce)
      }) { await sender.room() }
      start = end
    }
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      let counts = Counts(await gateway.counters, since: before)
      if counts.total >= messages.count { return counts }
      guard ContinuousClock.now < deadline else {
        throw LedgerError(
          .unavailable,
          "Of \(messages.count) messages only \(counts.total) have come through the broker within a minute.")
      }
      try await Task.sleep(for: .microseconds(500))
    }
  }

  /// Ends both connections; gives how many messages came.
  func end() async -> Int {
    await sender.close()
    await intake.close()
    return Int(clamping: intake.figures.payloads)
  }
}
