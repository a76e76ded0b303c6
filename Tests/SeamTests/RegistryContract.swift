import CBOR
import COSE
import Ledger
import Primitives

/// Works registered by the 64-bit perceptual hash of their picture; a near-duplicate of a registered one is refused.
///
/// The search over everything registered goes through the derived index. Version 1 takes a Hamming distance of up to 8
/// for a near-duplicate; version 2 takes 4, and no longer registers blank pictures, which are near each other whatever
/// they show.
struct RegistryContract: Contract {
  static let id = "registry"
  static let versions: ClosedRange<UInt64> = 1...2

  /// `10 ‖ SHA-256(work)` → a `Registration`.
  static let works = Namespace(0x10, "registered works", identifiers: 1)
  /// `11 ‖ SHA-256(registrant)` → how many works it has, as a CBOR number.
  static let counts = Namespace(0x11, "number of works by registrant", identifiers: 1)
  static let namespaces = [works, counts]
  static let indexedNamespaces = [works]

  static let registerType = "application/vnd.example.register+cbor"
  static let withdrawType = "application/vnd.example.withdraw+cbor"

  private let version: UInt64
  private var seen = HammingIndex()

  /// The largest distance that makes a near-duplicate.
  private var distance: Int { version == 1 ? 8 : 4 }

  init(version: UInt64) { self.version = version }

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard context.configuration.member(statement.issuer) != nil else {
      throw Refusal("not-a-member", "Members register works.")
    }
    let key = Self.works.key(.sha256(statement.subject))
    let known = state[key].flatMap { try? Registration(decoding: $0) }
    switch statement.contentType {
    case Self.registerType:
      var reader = CBORReader(statement.payload)
      guard let hash = try? reader.uint(), reader.isAtEnd else {
        throw Refusal("registration-malformed", "A registration is the picture's hash, a number of 64 bits.")
      }
      guard known == nil else { throw Refusal("work-known", "The work is registered already.") }
      // Written before the search on purpose: a refusal undoes it, and the index never hears of it.
      state.set(key, Registration(hash: hash, registrant: statement.issuer).encoded)
      count(statement.issuer, by: 1, &state)
      if version > 1 && Self.isBlank(hash) { throw Refusal("picture-blank", "A blank picture is no work.") }
      // The code follows from the state; which of several neighbours is named does not matter to it.
      if let near = seen.nearest(to: hash, within: distance) {
        throw Refusal("near-duplicate", "A picture at a distance of \((near ^ hash).nonzeroBitCount) is registered.")
      }
    case Self.withdrawType:
      guard let known else { throw Refusal("work-unknown", "There is no such work.") }
      guard known.registrant == statement.issuer else {
        throw Refusal("not-the-registrant", "\(known.registrant) has registered the work, and withdraws it.")
      }
      state.set(key, nil)
      count(statement.issuer, by: -1, &state)
    default: throw Refusal("content-type-unknown", "A work is registered or withdrawn.")
    }
  }

  func migrate(from version: UInt64, _ state: inout State) {
    for (key, value) in state.list(Self.works.prefix()) {
      guard let work = try? Registration(decoding: value), Self.isBlank(work.hash) else { continue }
      state.set(key, nil)
      count(work.registrant, by: -1, &state)
    }
  }

  mutating func index(_ key: StateKey, from old: [UInt8]?, to new: [UInt8]?) {
    if let work = old.flatMap({ try? Registration(decoding: $0) }) { seen.remove(work.hash) }
    if let work = new.flatMap({ try? Registration(decoding: $0) }) { seen.insert(work.hash) }
  }

  func indexDigest() -> Digest? { seen.digest }

  /// Whether a hash has hardly a bit set, or hardly one not set.
  static func isBlank(_ hash: UInt64) -> Bool { min(hash.nonzeroBitCount, 64 - hash.nonzeroBitCount) <= 4 }

  private func count(_ registrant: String, by change: Int64, _ state: inout State) {
    let key = Self.counts.key(.sha256(registrant))
    var number: Int64 = 0
    if let value = state[key] {
      var reader = CBORReader(value)
      number = (try? reader.int()) ?? 0
    }
    var writer = CBORWriter()
    writer.int(number + change)
    state.set(key, number + change == 0 ? nil : writer.bytes)
  }
}

/// The value under `works`.
struct Registration {
  let hash: UInt64
  let registrant: String

  init(hash: UInt64, registrant: String) { (self.hash, self.registrant) = (hash, registrant) }

  var encoded: [UInt8] {
    var writer = CBORWriter()
    writer.array(2)
    writer.uint(hash)
    writer.text(registrant)
    return writer.bytes
  }

  init(decoding bytes: [UInt8]) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 2 else { throw LedgerError(.malformed, "a registration has two fields") }
    (hash, registrant) = (try reader.uint(), try reader.text())
    try reader.finish()
  }
}
