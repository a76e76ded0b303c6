/// How often a message may come (MQTT 3.1.1, section 4.3).
public enum MQTTQoS: UInt8, Sendable {
  /// At most once: lost with the connection.
  case atMostOnce = 0
  /// At least once: sent again until the broker has acknowledged it.
  case atLeastOnce = 1
}

/// What makes a client what it is.
public struct MQTTConfiguration: Sendable {
  /// Where the broker is.
  public var address: MQTTAddress
  /// The client's id, at most 128 bytes; nil for one that the client invents.
  public var clientID: String?
  /// Whether the broker forgets this client's subscriptions and waiting messages when it goes; false needs an id.
  public var cleanSession = true
  /// Messages that may wait for the broker before a publisher is held back; 1 to `MQTTLimits.inFlight`.
  public var inFlight = 512
  /// Payload bytes that may wait for the broker before a publisher is held back.
  public var inFlightBytes = 8 << 20
  /// Seconds without a word after which the client asks whether the broker is there; 5 to 65,535.
  public var keepAlive = 60
  /// How long the first connection may take.
  public var connectTimeout: Duration = .seconds(10)
  /// The first pause before another attempt; it doubles from attempt to attempt.
  public var firstRetry: Duration = .milliseconds(100)
  /// The longest pause before another attempt.
  public var longestRetry: Duration = .seconds(10)

  /// A client of a broker with usual figures.
  public init(address: MQTTAddress) { self.address = address }
}

/// What a client has done since it was made.
public struct MQTTStatistics: Sendable, Equatable {
  /// Messages taken from publishers.
  public var published: UInt64 = 0
  /// Messages of QoS 1 that the broker has acknowledged.
  public var acknowledged: UInt64 = 0
  /// Messages of QoS 0 that are written to the connection.
  public var written: UInt64 = 0
  /// Messages of QoS 0 that were lost with a connection.
  public var lost: UInt64 = 0
  /// Messages handed to subscribers.
  public var received: UInt64 = 0
  /// Connections after the first one.
  public var reconnects: UInt64 = 0
  /// Whether the broker answers now.
  public var isConnected = false

  /// Nothing yet.
  public init() {}
}

/// A message as a subscriber gets it.
///
/// Its memory is the connection's: it is valid only during the call, and what is to be kept is copied.
public struct MQTTMessage {
  /// The topic's bytes.
  public let topicBytes: UnsafeRawBufferPointer
  /// The payload.
  public let payload: UnsafeRawBufferPointer
  /// Whether the broker had kept it from before the subscription.
  public let isRetained: Bool

  init(topic: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer, isRetained: Bool) {
    topicBytes = topic
    self.payload = payload
    self.isRetained = isRetained
  }

  /// The topic; allocates.
  public var topic: String { String(decoding: topicBytes, as: UTF8.self) }
}

/// Whether a subscriber takes more.
public enum MQTTFlow: Sendable {
  /// The next message may come.
  case more
  /// Nothing more is read from the connection until `resume` is called; the broker keeps the rest.
  case pause
}

/// What a client is to get, and who takes it.
public struct MQTTSubscription: Sendable {
  /// The filter of topics (MQTT 3.1.1, section 4.7).
  public let filter: String
  /// The highest quality of service asked for.
  public let qos: MQTTQoS
  /// Takes each message, on the client's thread and in order; must not wait.
  public let handler: @Sendable (MQTTMessage) -> MQTTFlow

  /// A subscription of these parts.
  public init(_ filter: String, qos: MQTTQoS = .atLeastOnce, _ handler: @escaping @Sendable (MQTTMessage) -> MQTTFlow) {
    self.filter = filter
    self.qos = qos
    self.handler = handler
  }
}
