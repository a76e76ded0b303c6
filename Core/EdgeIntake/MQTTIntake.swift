internal import Edge
public import MQTT
internal import Primitives
internal import Synchronization

/// A gateway's intake from an MQTT broker.
///
/// It subscribes to `edge/GATEWAY/readings/#` and `edge/GATEWAY/senml/#` at QoS 1 with a session that the broker keeps:
///
/// - `edge/GATEWAY/readings/CLASS[/SENDER]`: COSE messages, one or a CBOR sequence.
/// - `edge/GATEWAY/senml/CLASS/BRIDGE`: a SenML pack, JSON or CBOR. Whom the broker lets publish there it has to know.
/// - `edge/GATEWAY/answers/SENDER`: what became of each message, see `MQTTAnswer`.
///
/// The broker's acknowledgement says that the broker has a message; that it is durable at the gateway is said by the answer.
/// Who needs to know that sends again until it is answered: what is there already is a `duplicate`. What comes while too
/// much waits stays with the broker; alarms are taken before all else.
public final class MQTTIntake: Sendable {
  private let client: MQTTClient
  private let inbox: MQTTInbox
  private let pumps: [Task<Void, Never>]

  /// What it has done.
  public struct Figures: Sendable, Equatable {
    /// Payloads taken from the broker.
    public var payloads: UInt64 = 0
    /// Payloads that the gateway has not seen: under no topic of this layout, too large, no SenML.
    public var dropped: UInt64 = 0
    /// Messages that became leaves.
    public var accepted: UInt64 = 0
    /// Messages that were leaves already.
    public var duplicates: UInt64 = 0
    /// Messages that the gateway refused.
    public var refused: UInt64 = 0

    /// Nothing yet.
    public init() {}
  }

  private init(_ client: MQTTClient, _ inbox: MQTTInbox, _ pumps: [Task<Void, Never>]) {
    self.client = client
    self.inbox = inbox
    self.pumps = pumps
  }

  /// Connects to a broker and takes in what comes, until `close`.
  ///
  /// - Parameter waiting: payloads that may wait here before nothing more is read from the broker.
  public static func start(
    _ intake: EdgeIntake, _ configuration: MQTTConfiguration, waiting: Int = 8192
  ) async throws(MQTTError) -> MQTTIntake {
    var configuration = configuration
    let name = intake.gateway.name
    guard name.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x23 && $0 != 0x2b && $0 != 0x2f }) else {
      throw MQTTError(.malformed, "The gateway's name cannot stand in a topic: it has '/', '+', '#' or a space.")
    }
    if configuration.clientID == nil {
      configuration.clientID = "tallystick-gateway-\(name)"
      configuration.cleanSession = false
    }
    let inbox = MQTTInbox(name, limit: max(1, waiting))
    // With the connection, as the broker may have kept something meanwhile.
    let client = try await MQTTClient.connect(
      configuration,
      subscriptions: ["readings", "senml"].map { kind in
        MQTTSubscription("edge/\(name)/\(kind)/#") { message in inbox.take(message) }
      })
    let pumps = IntakeClass.allCases.map { slice in
      Task { await MQTTPump(intake, client, inbox, slice).run() }
    }
    return MQTTIntake(client, inbox, pumps)
  }

  /// What it has done.
  public var figures: Figures { inbox.figures }

  /// What its client has done.
  public var statistics: MQTTStatistics { client.statistics }

  /// Ends the connection, and suspends until what was taken from the broker is at the gateway; the broker keeps the rest.
  ///
  /// A broker that does not answer any more holds this up for 7 seconds at most. Who has had no answer by then sends again.
  public func close() async {
    for _ in 0..<200 where !inbox.isIdle { try? await Task.sleep(for: .milliseconds(10)) }
    // Nothing comes after this; what has come is taken in all the same, for the broker has been told that it was taken.
    await client.close(within: .seconds(5))
    inbox.close()
    for pump in pumps { await pump.value }
  }
}

/// The answer to one payload: a CBOR array `[SHA-256 of the payload, first 8 bytes, outcomes, acknowledgement]`, the outcomes
/// being those of `IntakeAnswer.cbor`, or a text that says why nothing of it was taken. The acknowledgement is the signed
/// `Acknowledgement` as a byte string, or null.
enum MQTTAnswer {
  static func bytes(
    _ payload: UInt64, _ outcomes: ArraySlice<IntakeOutcome>, _ acknowledgement: [UInt8]?
  ) -> [UInt8] {
    var bytes = head(payload)
    IntakeAnswer.appendHead(4, UInt64(outcomes.count), &bytes)
    for outcome in outcomes { IntakeAnswer.append(outcome, to: &bytes) }
    guard let acknowledgement else { return bytes + [0xf6] }
    IntakeAnswer.appendHead(2, UInt64(acknowledgement.count), &bytes)
    return bytes + acknowledgement
  }

  static func bytes(_ payload: UInt64, refusing error: IntakeError) -> [UInt8] {
    var bytes = head(payload)
    let text = Array(error.message.english.utf8.prefix(512))
    IntakeAnswer.appendHead(3, UInt64(text.count), &bytes)
    return bytes + text + [0xf6]
  }

  private static func head(_ payload: UInt64) -> [UInt8] {
    var bytes: [UInt8] = [0x83, 0x48]
    bytes.append(u64: payload)
    return bytes
  }
}
