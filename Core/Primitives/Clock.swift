internal import FoundationEssentials
internal import Synchronization

/// Where a node gets the time from; in tests and seeded runs, from the one who holds the hand.
public protocol WallClock: Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  func now() -> UInt64
}

/// This machine's clock.
public struct SystemClock: WallClock {
  /// This machine's clock.
  public init() {}

  /// Milliseconds since 1970-01-01T00:00:00Z by the operating system.
  public func now() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970 * 1000)) }
}

/// A clock that moves only when it is told to.
public final class ManualClock: WallClock {
  private let time: Atomic<UInt64>

  /// A clock that stands at `start` milliseconds since 1970.
  public init(_ start: UInt64) { time = Atomic(start) }

  /// The time last set.
  public func now() -> UInt64 { time.load(ordering: .acquiring) }

  /// Sets the time, backwards too.
  public func set(_ milliseconds: UInt64) { time.store(milliseconds, ordering: .releasing) }

  /// Moves the time forward.
  public func advance(by milliseconds: UInt64) { time.wrappingAdd(milliseconds, ordering: .acquiringAndReleasing) }
}

/// Times as people and scripts read them: RFC 3339 in UTC, with milliseconds.
public enum Timestamp {
  /// For example `2026-03-01T08:30:00.000Z`.
  public static func text(_ milliseconds: UInt64) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
    let whole = date.formatted(Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 0) ?? .current))
    let fraction = String(milliseconds % 1000 + 1000).dropFirst()
    return whole.dropLast() + "." + fraction + "Z"
  }

  /// Milliseconds since 1970 of an RFC 3339 time in UTC with or without a fraction, or nil.
  public static func parse(_ text: String) -> UInt64? {
    let plain = try? Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 0) ?? .current).parse(text)
    let fractional = try? Date.ISO8601FormatStyle(
      includingFractionalSeconds: true, timeZone: TimeZone(secondsFromGMT: 0) ?? .current
    ).parse(text)
    guard let date = fractional ?? plain, date.timeIntervalSince1970 >= 0 else { return nil }
    return UInt64((date.timeIntervalSince1970 * 1000).rounded())
  }
}
