public import COSE
public import Ledger
internal import Primitives

/// The ledger's side of attestation: devices, gateways, batches, alarms, incidents, grants, operations and cameras.
///
/// Pure rules that any application's contract calls; they own the families 0x20 to 0x3b. Formats are in docs/edge.md.
public struct EdgeRules: Sendable {
  /// How many devices that are not revoked one owner may have.
  public let devicesPerOwner: UInt64
  /// How many devices that are not revoked one cell may have: more are no sensors (threat table, "Sybil devices").
  public let devicesPerCell: UInt64
  /// How far a gateway's clock may be from the block's time, milliseconds.
  public let clockToleranceMs: UInt64

  /// Rules with these bounds, which must be the same for every member: they belong to the contract's version.
  public init(
    devicesPerOwner: UInt64 = 2_000_000, devicesPerCell: UInt64 = 1_000_000, clockToleranceMs: UInt64 = 120_000
  ) {
    self.devicesPerOwner = devicesPerOwner
    self.devicesPerCell = devicesPerCell
    self.clockToleranceMs = clockToleranceMs
  }

  /// `20 ‖ SHA-256(urn) ‖ u64 entry` → a `DeviceEvent`: one prefix is the whole life of a device.
  public static let deviceLives = Namespace(0x20, "lives of devices", identifiers: 1, ordered: true)
  /// `21 ‖ SHA-256(urn)` → the `DeviceCertificate` as it is now.
  public static let devices = Namespace(0x21, "devices", identifiers: 1)
  /// `22 ‖ SHA-256(key id)` → the URN of the device that has or had the key.
  public static let deviceKeys = Namespace(0x22, "keys of devices", identifiers: 1)
  /// `23 ‖ SHA-256(owner) ‖ SHA-256(urn)` → the URN.
  public static let owned = Namespace(0x23, "devices by owner", identifiers: 2)
  /// `24 ‖ SHA-256(owner)` → how many devices of the owner are not revoked.
  public static let quotas = Namespace(0x24, "counts of devices by owner", identifiers: 1)
  /// `25 ‖ SHA-256(nonce)` → the URN of the device that answered it.
  public static let nonces = Namespace(0x25, "nonces answered", identifiers: 1)
  /// `26 ‖ SHA-256(name)` → the `GatewayEntry`.
  public static let gateways = Namespace(0x26, "gateways", identifiers: 1)
  /// `27 ‖ SHA-256(key id)` → the name of the gateway that has or had the key.
  public static let gatewayKeys = Namespace(0x27, "keys of gateways", identifiers: 1)
  /// `28 ‖ SHA-256(gateway) ‖ u64 number` → a `BatchEntry`: one prefix is all of a gateway.
  public static let batches = Namespace(0x28, "batch headers by gateway", identifiers: 1, ordered: true)
  /// `29 ‖ SHA-256(gateway)` → the `BatchHead`.
  public static let batchHeads = Namespace(0x29, "last batch by gateway", identifiers: 1)
  /// `2a ‖ u64 entry` → an `AlarmEntry`.
  public static let alarms = Namespace(0x2a, "alarms in the order of the log", identifiers: 0, ordered: true)
  /// `2b ‖ SHA-256(urn) ‖ u64 entry` → the same `AlarmEntry`.
  public static let deviceAlarms = Namespace(0x2b, "alarms by device", identifiers: 1, ordered: true)
  /// `2c ‖ SHA-256(urn) ‖ SHA-256(name)` → a `LatestEntry`.
  public static let latest = Namespace(0x2c, "latest values by device", identifiers: 2)
  /// `2d ‖ u64 entry` → an `IncidentEntry`.
  public static let incidents = Namespace(0x2d, "incidents in the order of the log", identifiers: 0, ordered: true)
  /// `2e ‖ SHA-256(subject) ‖ u64 entry` → the same `IncidentEntry`.
  public static let subjectIncidents = Namespace(0x2e, "incidents by subject", identifiers: 1, ordered: true)
  /// `2f ‖ SHA-256(kind/subject/number)` → 1 if proved, 0 if reported.
  public static let knownIncidents = Namespace(0x2f, "incidents known", identifiers: 1)
  /// `30 ‖ SHA-256(owner) ‖ u64 entry` → a `GrantEntry`.
  public static let grants = Namespace(0x30, "grants by owner", identifiers: 1, ordered: true)
  /// `31 ‖ SHA-256(owner/entry of the grant) ‖ u64 entry` → an `AccessEntry`: one prefix is every read under a grant.
  public static let accesses = Namespace(0x31, "reads under a grant", identifiers: 1, ordered: true)
  /// `32 ‖ u64 entry` → an `OperationEntry`.
  public static let operations = Namespace(0x32, "operations in the order of the log", identifiers: 0, ordered: true)
  /// `33 ‖ SHA-256(urn) ‖ u64 counter` → a `CameraEntry`.
  public static let cameraLinks = Namespace(0x33, "groups of pictures by camera", identifiers: 1, ordered: true)
  /// `34 ‖ SHA-256(urn)` → the `CameraEntry` of the last group.
  public static let cameraHeads = Namespace(0x34, "last group of pictures by camera", identifiers: 1)
  /// `35 ‖ SHA-256(role) ‖ SHA-256(member)` → the member's name.
  public static let roles = Namespace(0x35, "members by role", identifiers: 2)
  /// `36 ‖ SHA-256(change) ‖ SHA-256(approver)` → the approver's name.
  public static let roleApprovals = Namespace(0x36, "approvals of roles", identifiers: 2)

  /// `37 ‖ SHA-256(cell)` → how many devices of the cell are not revoked.
  public static let cellQuotas = Namespace(0x37, "counts of devices by cell", identifiers: 1)

  /// All families of the rules, for a contract's own list.
  public static let namespaces = [
    deviceLives, devices, deviceKeys, owned, quotas, nonces, gateways, gatewayKeys, batches, batchHeads, alarms,
    deviceAlarms, latest, incidents, subjectIncidents, knownIncidents, grants, accesses, operations, cameraLinks,
    cameraHeads, roles, roleApprovals, cellQuotas,
  ]

  /// Whether a key that is no member's may sign: a gateway's or a device's, also after its revocation, so that its
  /// further attempts are refused on record.
  public func recognizes(_ key: KeyID, _ state: inout State) -> Bool {
    let digest = Digest.sha256(key.bytes)
    return state[EdgeRules.gatewayKeys.key(digest)] != nil || state[EdgeRules.deviceKeys.key(digest)] != nil
  }

  /// Carries out a statement of the edge, refuses it with a code, or gives false where its kind is not the edge's.
  public func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) -> Bool {
    guard !statement.isHashEnvelope else { return false }
    switch statement.contentType {
    case RoleChange.contentType: try change(try RoleChange.read(statement), statement, context, &state)
    case DeviceEnrolment.contentType: try enrol(try DeviceEnrolment.read(statement), statement, context, &state)
    case DeviceRotation.contentType: try rotate(try DeviceRotation.read(statement), statement, context, &state)
    case DeviceStatusChange.contentType: try change(try DeviceStatusChange.read(statement), statement, context, &state)
    case GatewayRegistration.contentType:
      try register(try GatewayRegistration.read(statement), statement, context, &state)
    case GatewayStatusChange.contentType:
      try change(try GatewayStatusChange.read(statement), statement, context, &state)
    case BatchHeader.contentType: try batch(statement, context, &state)
    case Alarm.contentType: try alarm(try Alarm.read(statement), statement, context, &state)
    case LatestValues.contentType: try latest(try LatestValues.read(statement), statement, context, &state)
    case IncidentReport.contentType: try incident(try IncidentReport.read(statement), statement, context, &state)
    case Grant.contentType: try grant(try Grant.read(statement), statement, context, &state)
    case GrantRevocation.contentType: try revoke(try GrantRevocation.read(statement), statement, context, &state)
    case GrantAccess.contentType: try access(try GrantAccess.read(statement), statement, context, &state)
    case Operation.contentType: try operation(try Operation.read(statement), statement, context, &state)
    case CameraLink.contentType: try link(try CameraLink.read(statement), statement, context, &state)
    default: return false
    }
    return true
  }

  /// The member that makes a statement, or a refusal: the core has seen to it that its key is the member's.
  func member(_ statement: Statement, _ context: Context) throws(Refusal) -> String {
    guard context.configuration.member(statement.issuer) != nil else {
      throw Refusal("not-a-member", "Only a member's key may state this.")
    }
    return statement.issuer
  }

  /// Refuses a time (milliseconds) that is ahead of the block's or more than a day before it.
  func expectRecent(_ time: UInt64, _ code: String, _ context: Context) throws(Refusal) {
    guard time <= context.time + clockToleranceMs, time + 86_400_000 > context.time else {
      throw Refusal(code, "The time is ahead of the ledger's, or more than a day before it.")
    }
  }

  /// Refuses a key that is in use anywhere on the ledger, or of an algorithm that the ledger does not accept.
  func expectFresh(_ key: PublicKey, _ context: Context, _ state: inout State) throws(Refusal) {
    guard context.configuration.algorithms.contains(key.algorithm) else {
      throw Refusal("key-algorithm", "The ledger does not accept keys of \(key.algorithm).")
    }
    guard !context.configuration.members.contains(where: { $0.statementKeys.contains { $0.key.id == key.id } }),
      !recognizes(key.id, &state)
    else { throw Refusal("key-known", "The key is in use on this ledger: one key, one holder.") }
  }
}
