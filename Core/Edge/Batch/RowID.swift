/// A reading's place at a gateway: its batch and its index in it. This is what the gateway acknowledges.
public struct RowID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The batch in the upper 44 bits, the highest of them always 0, the index in the lower 20; 0 is no row, since batches count from 1.
  let raw: UInt64

  init(raw: UInt64) { self.raw = raw }

  /// Row `index` of batch `batch`.
  ///
  /// - Precondition: `batch` is below 2⁴³ and `index` from 0 to 2²⁰ − 1.
  public init(batch: UInt64, index: Int) {
    precondition(batch < 1 << 43 && (0..<1 << 20).contains(index), "no batch has such a row")
    raw = batch << 20 | UInt64(index)
  }

  /// The batch's number, from 1.
  public var batch: UInt64 { raw >> 20 }

  /// The leaf's index in the batch, from 0.
  public var index: Int { Int(raw & 0xf_ffff) }

  /// The order of batches and, within one, of indices.
  public static func < (a: RowID, b: RowID) -> Bool { a.raw < b.raw }

  /// For example `17/4095`.
  public var description: String { "\(batch)/\(index)" }
}

/// How strongly a leaf is vouched for (decision 0004).
public enum AssuranceTier: UInt8, Sendable, CaseIterable {
  /// A MAC only: the gateway, which has the key, could have made it.
  case mac = 1
  /// A MAC, and the device signs epochs over its readings.
  case macAndEpochs = 2
  /// The device's own signature on the reading.
  case signed = 3
  /// No reading but an epoch.
  case epoch = 16
}
