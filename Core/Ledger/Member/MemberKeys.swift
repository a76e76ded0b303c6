public import COSE
internal import FoundationEssentials
import Primitives

/// The private halves of a member's keys, one role to a key.
public struct MemberKeys: Sendable {
  /// The member's name.
  public let name: String
  /// Signs statements, proposals and approvals.
  public let statement: PrivateKey
  /// Signs checkpoints of the log that the member sequences, and receipts.
  public let log: PrivateKey
  /// Signs co-signatures.
  public let cosignature: PrivateKey

  /// Fresh keys: ES256 for statements unless told otherwise, Ed25519 for notes.
  public static func generate(name: String, algorithm: Algorithm = .es256) -> MemberKeys {
    MemberKeys(
      name: name, statement: .generate(algorithm), log: .generate(.edDSA), cosignature: .generate(.edDSA))
  }

  /// Keys that follow from a seed, all Ed25519: for demos and simulations, whose roots repeat.
  public static func derive(name: String, seed: UInt64) -> MemberKeys {
    var bytes: [UInt8] = []
    bytes.append(u64: seed)
    return MemberKeys(
      name: name, statement: .derive(seed: bytes, label: "\(name)/statement"),
      log: .derive(seed: bytes, label: "\(name)/log"),
      cosignature: .derive(seed: bytes, label: "\(name)/cosignature"))
  }

  /// The member as the configuration lists it.
  public func member(title: String, role: Member.Role = .member) -> Member {
    Member(
      name: name, title: title, role: role,
      statementKeys: [Member.StatementKey(role: .admin, key: statement.publicKey)],
      logKey: log.publicKey.rawRepresentation, cosignatureKey: cosignature.publicKey.rawRepresentation)
  }

  /// Writes `statement.pem`, `log.pem` and `cosignature.pem` with mode 0600 into `folder`, over nothing.
  public func save(in folder: String) throws(LedgerError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try statement.save(to: folder + "/statement.pem")
      try log.save(to: folder + "/log.pem")
      try cosignature.save(to: folder + "/cosignature.pem")
    } catch {
      throw LedgerError(
        .unavailable, "The keys of '\(name)' cannot be written to \(folder): \(FileTrouble.reason(error)).")
    }
  }

  /// Reads what `save` wrote; a file that others can read is refused.
  public static func load(name: String, from folder: String) throws(LedgerError) -> MemberKeys {
    do {
      return MemberKeys(
        name: name, statement: try .load(from: folder + "/statement.pem"), log: try .load(from: folder + "/log.pem"),
        cosignature: try .load(from: folder + "/cosignature.pem"))
    } catch {
      throw LedgerError(.unavailable, "The keys of '\(name)' in \(folder) cannot be used: \(error).")
    }
  }
}

/// A COSE key in the place of a note's signer.
struct NoteKey: NoteSigning {
  let key: PrivateKey
  var publicKey: [UInt8] { key.publicKey.rawRepresentation }
  func signature(for message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
}
