internal import CBOR

/// An amount that is set aside from one account for another until it is posted, voided or its time passes.
///
/// Resolved at most once; while it is pending it counts against the limits of both accounts, so that posting it can
/// never fail.
public struct Reservation: Sendable, Hashable {
  /// What has become of it.
  public enum Status: UInt64, Sendable, Hashable {
    /// Set aside.
    case pending = 0
    /// Posted, in whole or in part.
    case posted = 1
    /// Given up.
    case voided = 2
    /// Its time passed.
    case expired = 3
  }

  /// The account that is to be debited.
  public let debit: AccountID
  /// The account that is to be credited.
  public let credit: AccountID
  /// What is set aside, minor units.
  public let amount: Int64
  /// When it ends by itself, milliseconds since 1970; 0 for never.
  public let expires: UInt64
  /// What has become of it.
  public internal(set) var status = Status.pending
  /// What was posted of it.
  public internal(set) var posted: Int64 = 0

  init(debit: AccountID, credit: AccountID, amount: Int64, expires: UInt64) {
    (self.debit, self.credit, self.amount, self.expires) = (debit, credit, amount, expires)
  }

  /// Whether its time has passed at a time.
  public func hasExpired(at time: UInt64) -> Bool { expires != 0 && time >= expires }

  /// Deterministic CBOR: `[debit owner, name, credit owner, name, currency, amount, expires, status, posted]`.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 128)
    writer.array(9)
    for account in [debit, credit] {
      writer.text(account.owner)
      writer.text(account.name)
    }
    writer.text(debit.currency.code)
    writer.int(amount)
    writer.uint(expires)
    writer.uint(status.rawValue)
    writer.int(posted)
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: [UInt8]) throws(ValueError) {
    do {
      var reader = CBORReader(bytes)
      guard try reader.array() == 9 else { throw ValueError.damaged("a reservation has nine parts") }
      var names: [String] = []
      for _ in 0..<4 { names.append(try reader.text()) }
      let currency = try Currency(try reader.text())
      self.init(
        debit: AccountID(names[0], names[1], currency), credit: AccountID(names[2], names[3], currency),
        amount: try reader.int(), expires: try reader.uint())
      guard let status = Status(rawValue: try reader.uint()) else { throw ValueError.damaged("unknown status") }
      self.status = status
      posted = try reader.int()
      try reader.finish()
    } catch let error as ValueError { throw error } catch { throw .damaged("\(error)") }
  }
}
