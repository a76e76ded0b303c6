public import Primitives

/// What a device's signed epoch says about the readings that a gateway has stored of it.
///
/// This is how a gateway that alters or drops readings is found: it has the key of the MAC, but not that of the epoch.
public struct EpochAudit: Sendable, Equatable {
  /// Numbers that the epoch counts and that are not stored.
  public let missing: [UInt64]
  /// Those of them that the gateway has acknowledged: it had them, and left them out.
  public let omitted: [UInt64]
  /// Whether the stored payloads have the device's chain; nil where a number is missing, and so nothing can be said.
  public let isUnaltered: Bool?

  /// Compares an epoch, whose signature has been checked, with stored payloads.
  ///
  /// - Parameters:
  ///   - start: the chain before the epoch's first number: that of the epoch before, or zeros at the beginning of a boot.
  ///   - payload: the stored payload of a number, or nil.
  ///   - isAcknowledged: whether the device holds the gateway's acknowledgement of a number.
  public init(
    _ epoch: DeviceEpoch, start: Digest, payload: (UInt64) -> [UInt8]?, isAcknowledged: (UInt64) -> Bool
  ) {
    var (missing, omitted): ([UInt64], [UInt64]) = ([], [])
    var chain = start
    for number in epoch.first...epoch.last {
      if missing.count >= EpochAudit.maximumMissing { break }
      if let payload = payload(number) {
        chain = DeviceEpoch.chain(chain, payload: payload)
      } else {
        missing.append(number)
        if isAcknowledged(number) { omitted.append(number) }
      }
    }
    self.missing = missing
    self.omitted = omitted
    isUnaltered = missing.isEmpty ? chain == epoch.chain : nil
  }

  /// Missing numbers that are listed; an epoch that counts more has other troubles.
  public static let maximumMissing = 65_536
}
