public import COSE
public import Primitives
import CBOR

/// Changes of the configuration: one member proposes the whole next configuration, others approve it, and when as
/// many as the quorum in force have, the block's seal carries the new epoch.
///
/// The proposer approves by proposing. Handled by the core before the contract; the keys are in families 0x00 to 0x02,
/// so that members, keys and approvals are proved like any other state.
public enum Membership {
  /// `00 ‖ u64 epoch` → the configuration of that epoch.
  public static let configurations = Namespace(0x00, "configurations by epoch", identifiers: 0, ordered: true)
  /// `01 ‖ digest` → the proposed configuration with that digest.
  public static let proposals = Namespace(0x01, "proposed configurations", identifiers: 1)
  /// `02 ‖ digest ‖ SHA-256(member)` → the name of a member that approves it.
  public static let approvals = Namespace(0x02, "approvals of proposed configurations", identifiers: 2)

  /// Whether the core handles statements of this type itself.
  static func handles(_ contentType: String) -> Bool {
    contentType == ContentType.proposal || contentType == ContentType.approval
  }

  /// Carries out a proposal or approval; gives the next configuration when this statement completes its approval.
  static func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) -> Configuration?
  {
    let current = context.configuration
    guard let member = current.member(statement.issuer),
      let key = member.statementKeys.first(where: { $0.key.id == statement.key.id }), key.role == .admin
    else { throw Refusal("not-an-admin", "Only an admin key of a member may propose or approve a configuration.") }
    let digest: Digest
    if statement.contentType == ContentType.proposal {
      let next: Configuration
      do { next = try Configuration(decoding: statement.payload) } catch {
        throw Refusal("proposal-malformed", error.message)
      }
      guard next.epoch == current.epoch + 1 else {
        throw Refusal(
          "proposal-stale",
          "The proposal is for epoch \(next.epoch), the next one is \(current.epoch + 1). Propose again.")
      }
      guard statement.payload.count <= Limits.valueBytes else {
        throw Refusal("proposal-too-large", "The configuration is larger than \(Limits.valueBytes) bytes.")
      }
      digest = Digest.sha256(statement.payload)
      state.set(proposals.key(digest), Array(statement.payload))
    } else {
      guard let named = Digest(statement.payload) else {
        throw Refusal("approval-malformed", "An approval is the 32 bytes of the proposed configuration's SHA-256.")
      }
      digest = named
    }
    guard let bytes = state[proposals.key(digest)], let next = try? Configuration(decoding: bytes[...]) else {
      throw Refusal("proposal-unknown", "No configuration with the digest \(digest) has been proposed.")
    }
    guard next.epoch == current.epoch + 1 else {
      throw Refusal("proposal-stale", "The proposal was for epoch \(next.epoch), which has passed. Propose again.")
    }
    state.set(approvals.key(digest, .sha256(member.name)), Array(member.name.utf8))
    let approving = state.list(approvals.prefix(digest)).filter {
      current.member(String(decoding: $0.value, as: UTF8.self)) != nil
    }
    guard approving.count >= current.quorum else { return nil }
    state.set(configurations.key(order: next.epoch), bytes)
    return next
  }

  /// A proposal of `next`, signed by an admin key of `issuer`.
  public static func propose(
    _ next: Configuration, issuer: String, time: UInt64, claimID: ClaimID, key: PrivateKey
  ) throws(LedgerError) -> Statement {
    try .sign(
      payload: next.encoded(), contentType: ContentType.proposal, issuer: issuer, subject: "configuration", time: time,
      claimID: claimID, key: key)
  }

  /// An approval of the proposed configuration with this digest, signed by an admin key of `issuer`.
  public static func approve(
    _ digest: Digest, issuer: String, time: UInt64, claimID: ClaimID, key: PrivateKey
  ) throws(LedgerError) -> Statement {
    try .sign(
      payload: digest.bytes, contentType: ContentType.approval, issuer: issuer, subject: "configuration", time: time,
      claimID: claimID, key: key)
  }
}
