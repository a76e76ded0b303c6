import CBOR
import COSE
import Ledger
import Primitives

/// A receivable as a note whose holder is hidden: an obligor owes an amount, and whoever has the note's current key may
/// transfer it to another key, and redeem it when it is due.
///
/// The obligor alone is named. A holder gives out a fresh key for each note that it takes, so the ledger has no name of
/// it; the amount stands behind a salted commitment, which the parties open to each other.
struct NoteContract: Contract {
  static let id = "note"
  static let versions: ClosedRange<UInt64> = 1...1

  /// `10 ‖ SHA-256(note)` → a `Note`.
  static let notes = Namespace(0x10, "notes", identifiers: 1)
  /// `11 ‖ SHA-256(key id)` → the name of the note that the key has or had. A spent key stays, so that an attempt to
  /// transfer a note twice is refused on record and not merely turned away.
  static let keys = Namespace(0x11, "keys of notes, present and spent", identifiers: 1)
  static let namespaces = [notes, keys]

  static let issueType = "application/vnd.example.note-issue+cbor"
  static let transferType = "application/vnd.example.note-transfer+cbor"
  static let redeemType = "application/vnd.example.note-redeem+cbor"

  init(version: UInt64) {}

  func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool {
    state[Self.keys.key(.sha256(key.bytes))] != nil
  }

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    if statement.contentType == Self.issueType { return try issue(statement, context, &state) }
    let key = Self.notes.key(.sha256(statement.subject))
    guard var note = state[key].flatMap({ try? Note(decoding: $0) }) else {
      throw Refusal("note-unknown", "There is no note of this name.")
    }
    // The issuer of a note's statement is its key and nothing else: a name in there would give the holder away.
    guard statement.issuer == Self.issuer(statement.key.id) else {
      throw Refusal("issuer-not-key", "A note's statement names its key as the issuer, and no one.")
    }
    guard state[Self.keys.key(.sha256(statement.key.id.bytes))] == Array(statement.subject.utf8) else {
      throw Refusal("key-of-another-note", "This key is not this note's.")
    }
    guard !note.isRedeemed else { throw Refusal("note-redeemed", "The note has been redeemed.") }
    guard note.holder == statement.key.id else {
      throw Refusal("note-transferred", "The note has been transferred to another key.")
    }
    switch statement.contentType {
    case Self.transferType:
      guard let next = KeyID(statement.payload) else {
        throw Refusal("transfer-malformed", "A transfer is the 16 bytes of the next key's id.")
      }
      try take(next, for: statement.subject, context, &state)
      note.holder = next
      note.transfers += 1
    case Self.redeemType:
      guard statement.payload.isEmpty else { throw Refusal("redeem-malformed", "A redemption says nothing more.") }
      guard context.time >= note.due else { throw Refusal("note-not-due", "The note is not due yet.") }
      note.isRedeemed = true
    default: throw Refusal("content-type-unknown", "A note is issued, transferred or redeemed.")
    }
    state.set(key, note.encoded)
  }

  private func issue(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard context.configuration.member(statement.issuer) != nil else {
      throw Refusal("not-a-member", "A member issues the note that it owes.")
    }
    let note: Note
    do { note = try Note(decoding: Array(statement.payload)) } catch {
      throw Refusal("note-malformed", "The note cannot be read: \(error)")
    }
    guard note.obligor == statement.issuer, note.transfers == 0, !note.isRedeemed, note.due > context.time else {
      throw Refusal("note-malformed", "A new note is owed by its issuer, not yet transferred, and due later.")
    }
    let key = Self.notes.key(.sha256(statement.subject))
    guard state[key] == nil else { throw Refusal("note-known", "A note for this invoice has been issued before.") }
    try take(note.holder, for: statement.subject, context, &state)
    state.set(key, note.encoded)
  }

  /// Gives a note a key that no note has had and that is no member's: either would link holders.
  private func take(_ key: KeyID, for note: String, _ context: Context, _ state: inout State) throws(Refusal) {
    let members = context.configuration.members
    guard !members.contains(where: { $0.statementKeys.contains { $0.key.id == key } }) else {
      throw Refusal("key-is-a-members", "A note's key must not be one of a member's.")
    }
    let place = Self.keys.key(.sha256(key.bytes))
    guard state[place] == nil else { throw Refusal("key-used", "A note's key is used for one note, once.") }
    state.set(place, Array(note.utf8))
  }

  /// How a key names itself.
  static func issuer(_ key: KeyID) -> String { "key:\(key.hex)" }

  /// What a verified bundle says of a note; with `[salt ‖ u64 amount]` as evidence, of its amount too.
  static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [String]? {
    guard bundle.question.count == 2, bundle.question[0] == "note" else { return nil }
    let key = notes.key(.sha256(bundle.question[1]))
    if bundle.absent.contains(key) { return ["There is no note \(bundle.question[1])."] }
    guard let value = bundle.present.first(where: { $0.key == key })?.value, let note = try? Note(decoding: value)
    else {
      throw LedgerError(.notProved, "The proof leaves out the note.")
    }
    var claims = [
      "\(note.obligor) owes the note \(bundle.question[1]); it was transferred \(note.transfers) times and is "
        + (note.isRedeemed ? "redeemed." : "not redeemed.")
    ]
    if let opening = bundle.evidence.first {
      guard opening.count == 40, Digest.sha256(opening) == note.amount else {
        throw LedgerError(.notProved, "The amount is not the one that the note commits to.")
      }
      claims.append("Its amount is \(opening.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }).")
    }
    return claims
  }
}

/// The value under `notes`, and the payload of an issue.
struct Note {
  let obligor: String
  /// SHA-256(32 bytes of salt ‖ u64 amount in minor units).
  let amount: Digest
  /// When it may be redeemed, milliseconds since 1970.
  let due: UInt64
  /// The key that the note is under.
  var holder: KeyID
  var transfers: UInt64 = 0
  var isRedeemed = false

  init(obligor: String, amount: Digest, due: UInt64, holder: KeyID) {
    (self.obligor, self.amount, self.due, self.holder) = (obligor, amount, due, holder)
  }

  var encoded: [UInt8] {
    var writer = CBORWriter()
    writer.array(6)
    writer.text(obligor)
    writer.bytes(amount)
    writer.uint(due)
    writer.bytes(holder.bytes)
    writer.uint(transfers)
    writer.bool(isRedeemed)
    return writer.bytes
  }

  init(decoding bytes: [UInt8]) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 6 else { throw LedgerError(.malformed, "a note has six fields") }
    (obligor, amount, due) = (try reader.text(), try reader.digest(), try reader.uint())
    guard let key = KeyID(try reader.bytes()) else { throw LedgerError(.malformed, "a key id has 16 bytes") }
    holder = key
    (transfers, isRedeemed) = (try reader.uint(), try reader.bool())
    try reader.finish()
  }
}
