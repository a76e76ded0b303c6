import COSE
internal import FoundationEssentials
import CBOR
import Primitives

/// What an organisation hands to a consortium that it wants to join: its name, title, role and public keys.
///
/// A file of JSON that people can read. Each key has signed the whole, so that nobody joins with keys that it does not
/// hold; who the organisation is, the members find out for themselves.
public struct MemberCard: Sendable, Hashable {
  /// The member as the configuration will list it.
  public let member: Member
  /// The signatures of the statement keys in their order, the log key and the co-signature key over the card.
  let signatures: [[UInt8]]

  /// Bytes that a card may have.
  public static let maximumBytes = 64 << 10
  private static let format = "tallystick-member-card/1"

  /// The card of a member that holds these keys; throws `.malformed` for a name that no member can have.
  public init(keys: MemberKeys, title: String, role: Member.Role) throws(LedgerError) {
    member = keys.member(title: title, role: role)
    try MemberCard.check(member)
    let message = MemberCard.message(member)
    do {
      signatures = try [keys.statement, keys.log, keys.cosignature].map { key in try key.sign(message) }
    } catch { throw LedgerError(.unavailable, "The member card of '\(keys.name)' cannot be signed: \(error).") }
  }

  /// What the keys sign.
  private static func message(_ member: Member) -> [UInt8] {
    var writer = CBORWriter()
    member.encode(to: &writer)
    return Array("tallystick member card v1\n".utf8) + writer.bytes
  }

  private static func check(_ member: Member) throws(LedgerError) {
    guard Member.isValidName(member.name) else {
      throw LedgerError(.malformed, "The member name '\(member.name)' is not 1 to 64 of a-z, 0-9, '.' and '-'.")
    }
    guard member.title.utf8.count <= 256 else {
      throw LedgerError(.limit, "The title of '\(member.name)' has more than 256 bytes.")
    }
  }

  // MARK: JSON

  private struct Key: Codable {
    var role: String?
    let key: String
    let signature: String
  }

  private struct Body: Codable {
    let format: String
    let name: String
    let title: String
    let role: String
    let statementKeys: [Key]
    let logKey: Key
    let cosignatureKey: Key
  }

  /// The card's file: JSON, keys as hexadecimal COSE_Key (statement keys) or 32 bytes of Ed25519.
  public func encoded() throws(LedgerError) -> [UInt8] {
    let places = member.statementKeys.indices
    let body = Body(
      format: MemberCard.format, name: member.name, title: member.title, role: member.role.rawValue,
      statementKeys: places.map {
        Key(
          role: member.statementKeys[$0].role.rawValue, key: Hex.encode(member.statementKeys[$0].key.coseKey),
          signature: Hex.encode(signatures[$0]))
      },
      logKey: Key(key: Hex.encode(member.logKey), signature: Hex.encode(signatures[places.count])),
      cosignatureKey: Key(key: Hex.encode(member.cosignatureKey), signature: Hex.encode(signatures[places.count + 1])))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do { return Array(try encoder.encode(body)) + [0x0a] } catch {
      throw LedgerError(.malformed, "The member card of '\(member.name)' cannot be written: \(error).")
    }
  }

  /// Reads a card and checks that each of its keys has signed it.
  public init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= MemberCard.maximumBytes else {
      throw LedgerError.limit("member card", bytes.count, MemberCard.maximumBytes)
    }
    guard let body = try? JSONDecoder().decode(Body.self, from: Data(bytes)), body.format == MemberCard.format,
      let role = Member.Role(rawValue: body.role), (1...16).contains(body.statementKeys.count)
    else {
      throw LedgerError(.malformed, "This is no member card. Ask the organisation for the file that join has written.")
    }
    do {
      var keys: [(key: Member.StatementKey, signature: [UInt8])] = []
      for key in body.statementKeys {
        guard let role = key.role.flatMap(Member.KeyRole.init(rawValue:)), let bytes = Hex.decode(key.key),
          let signature = Hex.decode(key.signature)
        else { throw LedgerError(.malformed, "A statement key of the member card of '\(body.name)' cannot be read.") }
        keys.append((Member.StatementKey(role: role, key: try PublicKey(coseKey: bytes)), signature))
      }
      keys.sort { $0.key.key.id < $1.key.key.id }
      let notes = [body.logKey, body.cosignatureKey]
      let raw = notes.compactMap { Hex.decode($0.key) }
      let noteSignatures = notes.compactMap { Hex.decode($0.signature) }
      guard raw.count == 2, noteSignatures.count == 2 else {
        throw LedgerError(
          .malformed, "The log or co-signature key of the member card of '\(body.name)' cannot be read.")
      }
      member = Member(
        name: body.name, title: body.title, role: role, statementKeys: keys.map(\.key), logKey: raw[0],
        cosignatureKey: raw[1])
      signatures = keys.map(\.signature) + noteSignatures
      let publicKeys = keys.map(\.key.key) + [try PublicKey(ed25519: raw[0]), try PublicKey(ed25519: raw[1])]
      let message = MemberCard.message(member)
      for (key, signature) in zip(publicKeys, signatures) where !key.isValidSignature(signature[...], for: message) {
        throw LedgerError(
          .notAuthentic,
          "The member card of '\(body.name)' is not signed by its own key \(key.id). Ask the organisation for it again."
        )
      }
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.malformed, "The member card of '\(body.name)' has a key that cannot be used: \(error).")
    }
    try MemberCard.check(member)
  }
}
