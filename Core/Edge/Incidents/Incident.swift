/// Something that the threat table names, found by a gateway or by an audit, with what shows it.
public struct Incident: Sendable, Equatable {
  /// What it is (the threat table of the design).
  public enum Kind: String, Sendable, CaseIterable {
    /// An authentic message came again, longer after the first than a network takes to repeat one.
    case replay
    /// Two bodies under one number at about the same time: somebody else has the key.
    case clone
    /// A number used before came with a later sample time, or an earlier boot came back.
    case rollback
    /// A message under a key id that nobody enrolled.
    case sybil
    /// A message whose tag or signature does not fit.
    case forgery
    /// A key used after its revocation, or outside its time.
    case revokedKey = "revoked-key"
    /// A device that names another one in its reading.
    case impersonation
    /// A sample time in the future.
    case clock
    /// The device's signed chain is not that of its readings as they are stored.
    case alteration
    /// A reading that the gateway has acknowledged and that is not there.
    case omission
    /// A leaf that claims to have arrived before its batch can have been open.
    case backdating
    /// Two headers of one number.
    case equivocation
    /// A header that does not follow on the one before.
    case fork
    /// A device that moves faster than anything does: its key is in two places.
    case travel
    /// A sensor that leaves its neighbours for a while: something may be done to it on the spot.
    case neighbours
    /// A sensor that moves away from its neighbours and stays away.
    case drift
  }

  /// What it is.
  public let kind: Kind
  /// The gateway at which, or of which, it was found.
  public let gateway: String
  /// The key id of the session concerned, 0 for none.
  public let kid: UInt64
  /// What tells it from others of its kind and device: a sequence number or a batch number.
  public let number: UInt64
  /// When it was found by the finder's clock, microseconds since 1970.
  public let timeUs: Int64
  /// The messages, headers or epochs that show it, whole.
  public let evidence: [[UInt8]]

  /// An incident of these parts.
  public init(kind: Kind, gateway: String, kid: UInt64, number: UInt64, timeUs: Int64, evidence: [[UInt8]]) {
    self.kind = kind
    self.gateway = gateway
    self.kid = kid
    self.number = number
    self.timeUs = timeUs
    self.evidence = evidence
  }
}

/// Incidents once each, in bounded memory.
public struct IncidentLog: Sendable {
  private struct Key: Hashable {
    let kind: Incident.Kind
    let kid: UInt64
    let number: UInt64
  }

  private var known: Set<Key> = []
  private let limit: Int

  /// The incidents that nobody has taken yet.
  public private(set) var incidents: [Incident] = []
  /// All that were reported, repeated ones and those for which there was no room too.
  public private(set) var reported: UInt64 = 0
  /// Those for which there was no room.
  public private(set) var dropped: UInt64 = 0

  /// An empty log that keeps so many incidents.
  public init(limit: Int = EdgeLimits.incidents) { self.limit = max(1, limit) }

  /// Keeps an incident unless one of the same kind, key id and number is known.
  public mutating func report(_ incident: Incident) {
    reported += 1
    let key = Key(kind: incident.kind, kid: incident.kid, number: incident.number)
    guard !known.contains(key) else { return }
    guard incidents.count < limit else {
      dropped += 1
      return
    }
    if known.count >= limit * 8 { known.removeAll(keepingCapacity: true) }
    known.insert(key)
    incidents.append(incident)
  }

  /// Gives the incidents and forgets them, but not that they are known.
  public mutating func take() -> [Incident] {
    defer { incidents = [] }
    return incidents
  }
}
