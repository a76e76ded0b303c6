/// Single network slice selection assistance information (TS 23.501 5.15.2): which logical network a flow uses.
public struct SNSSAI: Sendable, Hashable, CustomStringConvertible {
  /// Slice/service type, 8 bits: 0 to 127 standardised, 128 to 255 the operator's own.
  public let sst: UInt8
  /// Slice differentiator, 24 bits; nil when the type alone names the slice.
  public let sd: UInt32?

  /// The standardised slice/service types (TS 23.501 table 5.15.2.2-1).
  public enum Standard: UInt8, Sendable, CaseIterable {
    /// Enhanced mobile broadband.
    case eMBB = 1
    /// Ultra-reliable low-latency communication.
    case urllc = 2
    /// Massive Internet of things.
    case miot = 3
    /// Vehicle to everything.
    case v2x = 4
    /// High-performance machine-type communication.
    case hmtc = 5
    /// High data rate and low latency communication.
    case hdllc = 6
    /// Guaranteed bit rate streaming service.
    case gbrss = 7

    /// The abbreviation in common use.
    public var name: String {
      switch self {
      case .eMBB: "eMBB"
      case .urllc: "URLLC"
      case .miot: "MIoT"
      case .v2x: "V2X"
      case .hmtc: "HMTC"
      case .hdllc: "HDLLC"
      case .gbrss: "GBRSS"
      }
    }
  }

  /// A slice of a type with an optional differentiator.
  ///
  /// - Parameter sd: up to 0xFFFFFE; 0xFFFFFF is the standard's way of writing "none" and gives nil. Bits above the 24th
  ///   are dropped.
  public init(sst: UInt8, sd: UInt32? = nil) {
    self.sst = sst
    let low = sd.map { $0 & 0xff_ffff }
    self.sd = low == 0xff_ffff ? nil : low
  }

  /// A standardised slice without differentiator.
  public init(_ standard: Standard) { self.init(sst: standard.rawValue) }

  /// The standardised type, nil for the operator's own.
  public var standard: Standard? { Standard(rawValue: sst) }

  /// The 32-bit form of TS 23.003 28.4: type, then differentiator or 0xFFFFFF.
  public var encoded: UInt32 { UInt32(sst) << 24 | (sd ?? 0xff_ffff) }

  /// For example `eMBB`, `MIoT/00002a` or `SST 200`.
  public var description: String {
    let name = standard?.name ?? "SST \(sst)"
    guard let sd else { return name }
    let digits = String(sd, radix: 16)
    return name + "/" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
