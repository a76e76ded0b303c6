public import Edge
public import Primitives
internal import SenML

/// The one way into a gateway for what comes from outside: MQTT and HTTP both call `take`, which calls `Gateway.submit` as
/// a caller in the same process does.
public struct EdgeIntake: Sendable {
  /// The gateway.
  public let gateway: Gateway
  /// The bridges by the names under which they come.
  public let bridges: [String: BridgeIntake]
  let clock: any WallClock
  let alarms: (any AlarmSink)?

  /// An intake of a gateway.
  ///
  /// - Parameters:
  ///   - bridges: those whose plain SenML is taken; their sessions are to be enrolled at the gateway.
  ///   - clock: what stamps arrivals; the gateway's own.
  ///   - alarms: what hears of readings of the class alarm.
  public init(
    _ gateway: Gateway, bridges: [String: BridgeIntake] = [:], clock: any WallClock = SystemClock(),
    alarms: (any AlarmSink)? = nil
  ) {
    self.gateway = gateway
    self.bridges = bridges
    self.clock = clock
    self.alarms = alarms
  }

  /// Takes a body in and answers when it is durable.
  ///
  /// - Parameters:
  ///   - bridge: who sends plain SenML; nothing for COSE, which says itself from whom it is.
  ///   - slice: how urgent it is. An alarm's body has at most 64 KiB, as alarms are never held back.
  ///   - isWaiting: whether to suspend while the queue is full; else that is the error `busy`.
  /// - Throws: `IntakeError`, and then nothing of the body was taken; or what `Gateway.submit` throws.
  public func take(
    _ body: [UInt8], _ media: IntakeMedia, from bridge: String? = nil, slice: IntakeClass = .ordinary,
    isWaiting: Bool = false
  ) async throws -> IntakeAnswer {
    let arrival = Int64(clamping: clock.now()) * 1000
    let batch = try batch(body, media, bridge, slice, arrival, isWaiting)
    let outcomes = try await submit(batch, slice)
    return IntakeAnswer(
      gateway: gateway.name, outcomes: outcomes,
      acknowledgement: media == .cose ? try gateway.acknowledgement(batch, outcomes) : nil)
  }

  /// Bytes of a body of alarms.
  public static let alarmBytes = 64 << 10

  private func batch(
    _ body: [UInt8], _ media: IntakeMedia, _ bridge: String?, _ slice: IntakeClass, _ arrival: Int64, _ isWaiting: Bool
  ) throws(IntakeError) -> MessageBatch {
    let limit = slice == .alarm ? min(EdgeIntake.alarmBytes, media.bodyBytes) : media.bodyBytes
    guard body.count <= limit else {
      throw IntakeError(.limit, "The body has \(body.count) bytes, \(limit) are taken.")
    }
    if media == .cose {
      guard let ends = COSESequence.ends(body) else {
        throw IntakeError(.limit, "A sequence has at most \(COSESequence.messages) messages.")
      }
      try admit(ends.count, slice, isWaiting)
      return MessageBatch(body, ends: ends, arrival: arrival)
    }
    guard let bridge = bridge.flatMap({ bridges[$0] }) else {
      throw IntakeError(.noBridge, "Plain SenML is taken from a bridge of this gateway only.")
    }
    let pack = try Self.pack(body, media)
    // Before the readings have numbers: a number that is given out and not used is a gap.
    try admit(pack.records.count, slice, isWaiting)
    var batch = MessageBatch(capacity: pack.records.count)
    try bridge.append(pack, arrival: arrival, to: &batch)
    return batch
  }

  static func pack(_ body: [UInt8], _ media: IntakeMedia) throws(IntakeError) -> SenMLPack {
    do { return media == .senmlJSON ? try SenMLPack(json: body) : try SenMLPack(cbor: body) } catch {
      throw IntakeError(.malformed, "The pack cannot be taken: \(Message(said: error.description))")
    }
  }

  private func admit(_ count: Int, _ slice: IntakeClass, _ isWaiting: Bool) throws(IntakeError) {
    guard isWaiting || gateway.hasRoom(for: count, slice: slice) else {
      throw IntakeError(.busy, "The gateway has more readings to take in than it can at the moment. Send these again.")
    }
  }
}

extension IntakeClass {
  /// The name in topics and addresses.
  public var name: String {
    switch self {
    case .alarm: "alarm"
    case .critical: "critical"
    case .ordinary: "ordinary"
    case .background: "background"
    }
  }

  /// The class of a name; nil if there is none.
  public init?(name: some StringProtocol) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
