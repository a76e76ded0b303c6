public import Primitives

/// What can go wrong between a client and a broker through no fault of the program.
public struct MQTTError: Error, Sendable, Equatable, Explained {
  /// What kind of thing went wrong, for programs.
  public enum Kind: String, Sendable {
    /// An address, a topic or a filter is none.
    case malformed
    /// Something is larger than its limit.
    case limit
    /// Nobody answers at the address, or the connection is lost.
    case unreachable
    /// The broker says no: to the user, the client id or a subscription.
    case refused
    /// The client has been closed.
    case closed
    /// mosquitto is not on this machine.
    case notInstalled = "not-installed"
    /// mosquitto ended, or did not answer in time.
    case brokerFailed = "broker-failed"
  }

  /// What kind of thing went wrong.
  public let kind: Kind

  /// One sentence for people.
  public let message: Message

  /// An error of the given kind with its sentence.
  public init(_ kind: Kind, _ message: Message) {
    self.kind = kind
    self.message = message
  }

  /// The sentence.
  public var explanation: Message { message }
}

/// The limits of a client, each with its reason.
public enum MQTTLimits {
  /// Bytes of a payload: a SenML pack's limit, far below the 256 MiB of the protocol.
  public static let payloadBytes = 1 << 20
  /// Bytes of a topic or filter: what readings need many times over; the protocol takes 65,535.
  public static let topicBytes = 1024
  /// Messages that may wait for the broker: packet identifiers have 16 bits and must not come round.
  public static let inFlight = 16_384
  /// Subscriptions of one client: each message is compared with all of them.
  public static let subscriptions = 64
}
