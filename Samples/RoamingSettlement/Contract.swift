import CBOR
import COSE
import Ledger
import Primitives

/// Roaming settlement between operators: the visited and the home network each state what a subscriber used; records
/// that agree within the tolerance are netted, the others are kept in dispute with both sides' words.
struct RoamingContract: Contract {
  static let id = "roaming"
  static let versions: ClosedRange<UInt64> = 1...1

  /// `10 ‖ SHA-256(month/operators) ‖ SHA-256(session)` → a `Session`: one prefix is a month between two operators.
  static let sessions = Namespace(0x10, "sessions by month and pair of operators", identifiers: 2)
  /// `11 ‖ SHA-256(month/operators)` → a `Settlement`.
  static let settlements = Namespace(0x11, "settlements by month and pair of operators", identifiers: 1)
  static let namespaces = [sessions, settlements]

  /// Records agree when they differ by at most one part in a hundred of the larger.
  static func agree(_ a: UInt64, _ b: UInt64) -> Bool { (max(a, b) - min(a, b)) * 100 <= max(a, b) }

  init(version: UInt64) {}

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let record: UsageRecord
    do { record = try UsageRecord(decoding: statement.payload) } catch {
      throw Refusal("record-malformed", "The usage record cannot be read: \(error)")
    }
    guard statement.issuer == record.home || statement.issuer == record.visited else {
      throw Refusal("not-a-party", "Only \(record.home) and \(record.visited) state what was used between them.")
    }
    guard record.home != record.visited, context.configuration.member(record.home) != nil,
      context.configuration.member(record.visited) != nil
    else { throw Refusal("unknown-operator", "Home and visited network are two different members.") }
    let key = Self.sessions.key(.sha256(record.account), .sha256(record.session))
    var session = state[key].flatMap { try? Session(decoding: $0) } ?? Session(visited: record.visited)
    guard session.visited == record.visited else {
      throw Refusal("session-differs", "The session was stated with the networks in other roles.")
    }
    let isVisited = statement.issuer == record.visited
    guard (isVisited ? session.visitedCharge : session.homeCharge) == nil else {
      throw Refusal("record-known", "\(statement.issuer) has stated this session before.")
    }
    if isVisited { session.visitedCharge = record.charge } else { session.homeCharge = record.charge }
    state.set(key, session.encoded)
    guard session.isComplete else { return }
    let account = Self.settlements.key(.sha256(record.account))
    var settlement = state[account].flatMap { try? Settlement(decoding: $0) } ?? Settlement()
    settlement.add(session, operators: record.operators)
    state.set(account, settlement.encoded)
  }
}

/// What one side says that a subscriber used abroad.
struct UsageRecord {
  let home: String
  let visited: String
  /// For example `2026-10`.
  let month: String
  let session: String
  /// What the visited network charges the home network, in minor units.
  let charge: UInt64

  /// Both operators in order of their names.
  var operators: [String] { [home, visited].sorted() }
  /// What is settled together: a month between two operators, in either direction.
  var account: String { "\(month)/\(operators.joined(separator: "/"))" }

  var encoded: [UInt8] {
    CBORValue.array([.text(home), .text(visited), .text(month), .text(session), .unsigned(charge)]).encodedOrEmpty
  }

  init(home: String, visited: String, month: String, session: String, charge: UInt64) {
    (self.home, self.visited, self.month, self.session, self.charge) = (home, visited, month, session, charge)
  }

  init(decoding bytes: ArraySlice<UInt8>) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 5 else { throw LedgerError(.malformed, "a usage record has five fields") }
    (home, visited, month, session) = (try reader.text(), try reader.text(), try reader.text(), try reader.text())
    charge = try reader.uint()
    try reader.finish()
    guard charge <= 1 << 48 else { throw LedgerError(.limit, "a charge is at most 2^48") }
  }
}

/// A session with what each side says of it; a dispute keeps both.
struct Session {
  let visited: String
  var visitedCharge: UInt64?
  var homeCharge: UInt64?

  var isComplete: Bool { visitedCharge != nil && homeCharge != nil }
  var isAgreed: Bool { visitedCharge.map { a in homeCharge.map { RoamingContract.agree(a, $0) } ?? false } ?? false }

  var encoded: [UInt8] {
    CBORValue.array([
      .text(visited), visitedCharge.map(CBORValue.unsigned) ?? .null, homeCharge.map(CBORValue.unsigned) ?? .null,
    ])
    .encodedOrEmpty
  }

  init(visited: String) { self.visited = visited }

  init(decoding bytes: [UInt8]) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 3 else { throw LedgerError(.malformed, "a session has three fields") }
    visited = try reader.text()
    visitedCharge = reader.takeNull() ? nil : try reader.uint()
    homeCharge = reader.takeNull() ? nil : try reader.uint()
    try reader.finish()
  }
}

/// A month between two operators: what the second (by name) owes the first, less what the first owes the second.
struct Settlement: Equatable {
  var net: Int64 = 0
  var agreed: UInt64 = 0
  var disputed: UInt64 = 0

  /// Takes in a session that both sides have stated; the visited network's word counts where they agree.
  mutating func add(_ session: Session, operators: [String]) {
    guard session.isAgreed, let charge = session.visitedCharge else {
      disputed += 1
      return
    }
    agreed += 1
    net += session.visited == operators[0] ? Int64(charge) : -Int64(charge)
  }

  var encoded: [UInt8] { CBORValue.array([.int(net), .unsigned(agreed), .unsigned(disputed)]).encodedOrEmpty }

  init() {}

  init(decoding bytes: [UInt8]) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 3 else { throw LedgerError(.malformed, "a settlement has three fields") }
    (net, agreed, disputed) = (try reader.int(), try reader.uint(), try reader.uint())
    try reader.finish()
  }
}

extension CBORValue {
  /// The encoding; these values have no map that could hold a key twice.
  fileprivate var encodedOrEmpty: [UInt8] { (try? encoded()) ?? [] }
}
