/// One row of the standardised 5QI to QoS characteristics mapping (3GPP TS 23.501 table 5.7.4-1).
///
/// A 5QI says how the network treats a flow: whether a bit rate is guaranteed, how urgent it is, within which delay a
/// packet should cross from the device to the user plane function and what share of packets may be lost.
public struct FiveQI: Sendable, Equatable {
  /// Whether and how strictly a bit rate is guaranteed.
  public enum Resource: UInt8, Sendable {
    /// Guaranteed bit rate.
    case guaranteed
    /// No guaranteed bit rate.
    case nonGuaranteed
    /// Guaranteed bit rate where a packet later than the budget counts as lost.
    case delayCritical
  }

  /// The 5QI value.
  public let value: UInt8
  /// The resource type.
  public let resource: Resource
  /// The default priority level; a lower number is more urgent.
  public let priority: UInt8
  /// The packet delay budget between the device and the user plane function, in milliseconds.
  public let delayBudgetMs: UInt16
  /// The packet error rate is ten to minus this number.
  public let errorExponent: UInt8
  /// The default maximum data burst volume in bytes; only on delay-critical rows.
  public let maximumBurstBytes: UInt32?
  /// The example service of the table, shortened.
  public let example: String

  /// The default averaging window in milliseconds; nil without a guaranteed bit rate.
  public var averagingWindowMs: UInt16? { resource == .nonGuaranteed ? nil : 2000 }

  /// The share of the budget that the path behind the radio takes, in milliseconds.
  ///
  /// The static values of the table's notes, which TS 23.501 subtracts from the budget to get the radio's part: 1 ms
  /// (note 4) for 82, 83 and 87 to 90, 2 ms (note 5) for 80, 85 and 86, 5 ms (note 6) for 84, 10 ms (note 7) for 65 and
  /// 69, and 20 ms (note 13) for all others.
  public var coreShareMs: UInt16 {
    switch value {
    case 82, 83, 87, 88, 89, 90: 1
    case 80, 85, 86: 2
    case 84: 5
    case 65, 69: 10
    default: 20
    }
  }

  /// The packet error rate as a fraction, by exact powers of ten.
  public var errorRate: Double {
    var scale = 1.0
    for _ in 0..<errorExponent { scale *= 10 }
    return 1 / scale
  }

  /// Whether a packet that comes after the budget counts as lost.
  ///
  /// TS 23.501 5.7.3.4: on delay-critical rows a late packet is lost as long as the burst keeps within the maximum data
  /// burst volume; on all other rows it is only late.
  ///
  /// - Parameter bytes: the size of the packet's burst.
  public func countsLateAsLost(bytes: Int) -> Bool {
    guard resource == .delayCritical, let maximumBurstBytes else { return false }
    return bytes <= Int(maximumBurstBytes)
  }
}
