import Edge
import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// Who may read what sensors say: denied unless it is the caller's own, a regulator's business, or under a grant.
///
/// A member that reads under a grant states the read first, with its own key (`smartcity grant read`, or `POST /entries`), and
/// names the entry of that statement: `?access=ENTRY`. So no read under a grant happens that is not on record. Where the
/// server is the grantee's own it states the read itself.
extension CityServer {
  /// What a caller may read of a device.
  enum Permission: Equatable {
    case whole
    /// Sample times from and before, microseconds since 1970.
    case window(from: Int64, until: Int64)

    func contains(_ timeUs: Int64) -> Bool {
      switch self {
      case .whole: true
      case .window(let from, let until): from <= timeUs && timeUs < until
      }
    }
  }

  /// A recorded read may be used for so long.
  static let accessMilliseconds: UInt64 = 600_000

  /// Throws 401 or 403 for who may not.
  func permission(
    _ device: String, gateway: String?, _ request: Request, _ context: LedgerRequestContext
  ) async throws -> Permission {
    try server.requireReader(context.caller)
    if gateways?.isOpen == true { return .whole }
    guard let caller = context.caller else {
      throw Problem(
        .unauthorized, code: "token-needed",
        "Readings are shown to their owner, to regulators and under a grant. Send a token: Authorization: Bearer ts_…",
        headers: [.wwwAuthenticate: "Bearer"])
    }
    if caller.role == .regulator { return .whole }
    let head = server.node.head
    let certificate = try head.value(EdgeRules.devices.key(.sha256(device))).map { try DeviceCertificate(decoding: $0) }
    // What the ledger does not know as anybody's is its gateway's.
    let owner =
      try certificate?.request.owner
      ?? gateway.flatMap { name in
        try head.value(EdgeRules.gateways.key(.sha256(name))).map { try GatewayEntry(decoding: $0).registration.owner }
      }
    guard caller.role == .member, let owner else { throw denied(device) }
    if caller.name == owner { return .whole }
    if let text = request.uri.queryParameters["access"].map(String.init) {
      guard let entry = UInt64(text) else {
        throw Problem(.badRequest, code: "malformed", "access is the entry of a recorded read, not '\(text)'.")
      }
      return try recorded(entry, device, owner, caller, head)
    }
    if server.signer?.member == caller.name { return try await record(device, owner, caller, head) }
    throw denied(device)
  }

  private func denied(_ device: String) -> Problem {
    Problem(
      .forbidden, code: "no-grant",
      "The readings of \(device) are another member's. Read them under its grant: record the read (smartcity grant read) "
        + "and name its entry, ?access=ENTRY.")
  }

  /// The read that an entry records, if it is this caller's, of this device, new enough, and its grant still stands.
  private func recorded(
    _ entry: UInt64, _ device: String, _ owner: String, _ caller: Caller, _ head: LedgerView
  ) throws -> Permission {
    for pair in try head.list(EdgeRules.grants.prefix(.sha256(owner))) {
      let grant = try Recorded<Grant>(decoding: pair.value)
      guard grant.document.grantee == caller.name, isInForce(grant, head.seal.time) else { continue }
      let accesses = try head.list(EdgeRules.accesses(owner: owner, grant: pair.key.order))
      for access in accesses where access.key.order == entry {
        let read = try Recorded<GrantAccess>(decoding: access.value)
        guard read.issuer == caller.name, read.document.device == device else { throw denied(device) }
        guard read.time + Self.accessMilliseconds > SystemClock().now() else {
          throw Problem(
            .forbidden, code: "access-old", "That read was recorded more than ten minutes ago. Record this one.")
        }
        return .window(
          from: Int64(clamping: read.document.from), until: Int64(clamping: read.document.until))
      }
    }
    throw denied(device)
  }

  private func isInForce(_ grant: Recorded<Grant>, _ time: UInt64) -> Bool {
    grant.mark == 0 && grant.document.from <= time && time < grant.document.until
  }

  /// States the read of the server's own member under its grant.
  private func record(
    _ device: String, _ owner: String, _ caller: Caller, _ head: LedgerView
  ) async throws -> Permission {
    guard let signer = server.signer,
      let grant = try head.list(EdgeRules.grants.prefix(.sha256(owner))).lazy
        .map({ (number: $0.key.order, grant: try Recorded<Grant>(decoding: $0.value)) })
        .first(where: { item in
          item.grant.document.grantee == caller.name && isInForce(item.grant, head.seal.time)
            && item.grant.document.sensors.contains { $0.contains(device) }
        })
    else { throw denied(device) }
    let access = GrantAccess(
      owner: owner, grant: grant.number, device: device, purpose: grant.grant.document.purpose, from: 0,
      until: UInt64(SystemClock().now()) * 1000 + 1)
    let statement = try signer.statement(
      access.encoded(), contentType: GrantAccess.contentType, subject: device, for: caller)
    _ = try await server.submit([statement.entry])[0].place()
    return .window(from: 0, until: Int64(clamping: access.until))
  }
}
