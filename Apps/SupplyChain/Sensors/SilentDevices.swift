import FinanceRules
package import Ledger
import Primitives

/// Devices that have not been heard of for longer than the policy allows, and that nobody has reported yet.
package enum SilentDevices {
  /// Their names in order.
  ///
  /// - Parameter time: milliseconds since 1970.
  package static func names(
    _ view: LedgerView, at time: UInt64, of owner: String? = nil
  ) throws(LedgerError) -> [String] {
    let lists: Lists = { prefix throws(LedgerError) in try view.list(prefix) }
    let policy = try Records.policy(lists) ?? Policy()
    let minutes = UInt64(max(0, policy.silenceMinutes))
    guard minutes > 0 else { return [] }
    return try Records.all(Family.devices.prefix(), lists, as: Device.self).map(\.value)
      .filter { $0.silence == 0 && time > $0.lastSeen + minutes * 60_000 && (owner == nil || $0.owner == owner) }
      .map(\.registration.device).sorted()
  }
}
