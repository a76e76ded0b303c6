import ArgumentParser
import COSE
import Foundation
import Ledger
import LedgerServer
import Primitives
import Rights
import Value

/// Who states something, and where.
struct StatingOptions: ParsableArguments {
  @OptionGroup var data: DataOption
  @Option(name: .customLong("as"), help: "The member that states it.") var member: String
  @Flag(help: "One JSON document on standard output.") var json = false

  /// Opens the ledger, lets `work` state something at the member's desk, and lets the members here co-sign.
  func state<Result>(_ work: (RightsDesk, OpenConsortium) async throws -> Result) async throws -> Result {
    let consortium = try Consortium(path: data.path)
    let clock = SystemClock()
    let key = try Working.key(member, consortium)
    return try await consortium.with(CopyrightApp.suite, clock) { open in
      let desk = RightsDesk(node: open.sequencer, member: member, key: key, clock: clock)
      let result: Result
      do { result = try await work(desk, open) } catch {
        // What is sealed is co-signed even when a later statement is refused.
        try? await open.settle()
        throw error
      }
      try await open.settle()
      return result
    }
  }

  /// States one document and says in which entry it is.
  func state(_ document: some RightsDocument) async throws {
    let place = try await state { desk, _ in try await desk.state(document).place() }
    try say(Placed(entry: place))
  }

  /// Answers with an entry's number.
  func say(_ placed: Placed) throws {
    if json { try Console.answer(json: placed) } else { Console.answer("Entry \(placed.entry).") }
  }
}

/// The answer of a verb that states one thing.
struct Placed: Encodable {
  let entry: UInt64
}

/// What the verbs share.
enum Working {
  /// The statement key of a member whose folder is here.
  static func key(_ member: String, _ consortium: Consortium) throws -> PrivateKey {
    guard consortium.names.contains(member) else {
      throw LedgerError(
        .notFound, "There is no member '\(member)' here; there are \(consortium.names.joined(separator: ", ")).")
    }
    return try consortium.folder(member).keys().statement
  }

  /// Files, and those in folders, each folder's by name.
  static func paths(_ items: [String]) -> [String] {
    items.flatMap { item in
      let inside = try? FileManager.default.contentsOfDirectory(atPath: item)
      return inside.map { $0.sorted().map { "\(item)/\($0)" } } ?? [item]
    }
  }

  /// A time as users write it.
  static func time(_ text: String) throws -> UInt64 {
    guard let time = Timestamp.parse(text) else {
      throw ValidationError("'\(text)' is no RFC 3339 time in UTC, for example 2026-09-01T00:00:00Z.")
    }
    return time
  }

  /// Millionths: `250000`, `25%` or `12.5%`.
  static func ppm(_ text: String) throws -> UInt64 {
    let fault = ValidationError("'\(text)' is no share: write millionths (250000) or percent (25%).")
    guard text.hasSuffix("%") else {
      guard let value = UInt64(text), value <= Shares.whole else { throw fault }
      return value
    }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = UInt64(parts[0]), whole <= 100 else { throw fault }
    var digits = parts.count == 2 ? String(parts[1]) : ""
    guard digits.count <= 4, parts.count == 1 || !digits.isEmpty else { throw fault }
    while digits.count < 4 { digits += "0" }
    guard let fraction = UInt64(digits), whole * 10_000 + fraction <= Shares.whole else { throw fault }
    return whole * 10_000 + fraction
  }

  /// `PARTY=SHARE` items as shares; one party without a share has the whole.
  static func shares(_ items: [String], else owner: String) throws -> Shares {
    let list =
      try items.isEmpty
      ? [Share(owner, Shares.whole)]
      : items.map { item in
        let parts = item.split(separator: "=", maxSplits: 1)
        if parts.count == 1, items.count == 1 { return Share(item, Shares.whole) }
        guard parts.count == 2 else { throw ValidationError("'\(item)' is no PARTY=SHARE.") }
        return Share(String(parts[0]), try ppm(String(parts[1])))
      }
    guard let shares = Shares(list) else {
      throw ValidationError("The shares must add up to 100%, each party named once.")
    }
    return shares
  }

  /// A currency by its code.
  static func currency(_ code: String) throws -> Currency {
    do { return try Currency(code) } catch { throw LedgerError(.malformed, error.explanation) }
  }

  /// An amount in a currency, as people write it.
  static func amount(_ text: String, _ currency: Currency) throws -> Int64 {
    do { return try Money(text, currency).minorUnits } catch { throw LedgerError(.malformed, error.explanation) }
  }

  /// The SHA-256 of a document's file, if one is named.
  static func digest(of path: String?) throws -> Digest? {
    try path.map { Digest.sha256(try Console.read($0, limit: Limits.documentBytes)) }
  }
}
