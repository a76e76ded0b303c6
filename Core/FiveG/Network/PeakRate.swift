/// The peak data rate of a carrier (TS 38.306 4.1.2): what a cell's radio could carry, to set beside what was offered.
public struct Carrier: Sendable, Equatable {
  /// MIMO layers.
  public var layers: Int
  /// Bits per symbol: 8 for 256QAM.
  public var modulationBits: Int
  /// Resource blocks, 273 for 100 MHz at 30 kHz.
  public var resourceBlocks: Int
  /// Numerology 0 to 4.
  public var numerology: Int
  /// Overhead in percent: 14 down and 8 up below 6 GHz, 18 and 10 above 24 GHz.
  public var overheadPercent: Int
  /// Carriers added up.
  public var carriers: Int

  /// A carrier of the given figures.
  public init(
    layers: Int = 4, modulationBits: Int = 8, resourceBlocks: Int = 273, numerology: Int = 1, overheadPercent: Int = 14,
    carriers: Int = 1
  ) {
    self.layers = layers
    self.modulationBits = modulationBits
    self.resourceBlocks = resourceBlocks
    self.numerology = numerology
    self.overheadPercent = overheadPercent
    self.carriers = carriers
  }

  /// Bits per second: layers * Qm * 948/1024 * 12 * N_PRB * 14 * 2^numerology * 1000 * (1 - overhead), times carriers.
  public var bitsPerSecond: Double {
    let symbols = Double(14 * (1 << max(0, min(numerology, 4))) * 1000)
    let perSymbol = Double(layers * modulationBits) * 948 / 1024 * Double(12 * resourceBlocks)
    return perSymbol * symbols * Double(100 - overheadPercent) / 100 * Double(carriers)
  }
}
