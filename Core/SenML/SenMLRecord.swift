/// A resolved SenML record: it stands for itself, with its whole name and an absolute time (RFC 8428, section 4.6).
public struct SenMLRecord: Sendable, Equatable {
  /// What was measured or said.
  public enum Value: Sendable, Equatable {
    /// A number in the record's unit.
    case number(SenMLNumber)
    /// A string.
    case text(String)
    /// True or false.
    case bool(Bool)
    /// Data, such as the hash of a frame.
    case data([UInt8])
  }

  /// The globally unique name.
  public let name: String

  /// The unit's symbol, if one was given.
  public let unit: String?

  /// The value; nil when the record has a sum only.
  public let value: Value?

  /// The integrated sum, in the unit times seconds.
  public let sum: SenMLNumber?

  /// Seconds since 1970, without leap seconds.
  public let time: SenMLNumber

  /// The greatest number of seconds until the next value, after which a sensor counts as silent.
  public let updateTime: SenMLNumber?

  /// The version of the pack it came from (RFC 9100); 10 unless features are used.
  public let version: UInt64

  /// A record of these parts.
  ///
  /// Nothing is checked: `SenMLPack.resolved` makes records that keep the rules.
  public init(
    name: String, unit: String? = nil, value: Value?, sum: SenMLNumber? = nil, time: SenMLNumber,
    updateTime: SenMLNumber? = nil, version: UInt64 = 10
  ) {
    self.name = name
    self.unit = unit
    self.value = value
    self.sum = sum
    self.time = time
    self.updateTime = updateTime
    self.version = version
  }

  /// The device: the name up to its last colon; nil when there is none.
  public var device: String? { parts?.device }

  /// The sensor: the name behind its last colon, or all of it.
  public var sensor: String { parts?.sensor ?? name }

  private var parts: (device: String, sensor: String)? {
    guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    return (String(name[..<colon]), String(name[name.utf8.index(after: colon)...]))
  }
}
