import COSE
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import NIOCore
import Primitives
import Testing

/// The counter's rules, with audiences: subjects that begin with `secret` and the counts of `org-3`'s records are not
/// for everyone.
struct GuardedContract: Contract {
  static let id = CounterContract.id
  static let versions = CounterContract.versions
  static let namespaces = CounterContract.namespaces
  private var counter: CounterContract

  init(version: UInt64) { counter = CounterContract(version: version) }

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    try counter.apply(statement, context, &state)
  }

  func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool {
    counter.recognizes(key, context, &state)
  }

  func readers(of statement: Statement) -> Audience { statement.subject.hasPrefix("secret") ? .members : .everyone }

  func readers(of key: StateKey) -> Audience {
    key.bytes.starts(with: CounterContract.records.prefix(.sha256("org-3")).bytes) ? .only(["org-3"]) : .everyone
  }
}

/// A ledger with a server of its first member, in tests' hands.
struct ServerKit {
  static let suite = ContractSuite(GuardedContract.self)

  let folder: String
  let clock: ManualClock
  let open: OpenConsortium
  let consortium: Consortium
  let keys: [MemberKeys]
  let tokens: AccessTokens

  var node: Node { open.sequencer }

  init(members: Int = 4, access: Configuration.Access = .public) async throws {
    folder = FileManager.default.temporaryDirectory.path + "/tallystick-server-\(UUID().uuidString)"
    clock = ManualClock(TestLedger.start)
    let plan = Consortium.Plan(
      members: (1...members).map { ("org-\($0)", "Organisation \($0)", .member) }, access: access, seed: 7,
      time: TestLedger.start)
    consortium = try .found(at: folder, suite: Self.suite, plan: plan)
    keys = (1...members).map { .derive(name: "org-\($0)", seed: 7) }
    clock.advance(by: 1000)
    tokens = try AccessTokens(consortium.folder("org-1"))
    open = try await consortium.open(suite: Self.suite, clock: clock)
  }

  func application(
    _ options: LedgerApplication.Options = LedgerApplication.Options(),
    routes: @escaping LedgerApplication.Routes = { _, _ in }
  ) -> LedgerApplication {
    LedgerApplication(
      node: node, suite: Self.suite, tokens: tokens, signer: MemberSigner(keys: keys[0], clock: clock),
      options: options, routes: routes)
  }

  func application(making receipts: @escaping ReceiptMaking) -> LedgerApplication {
    var options = LedgerApplication.Options()
    options.receipts = receipts
    return application(options)
  }

  func close() async {
    await open.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  func statement(_ member: Int, _ subject: String, _ payload: String, number: UInt64) throws -> Statement {
    try .sign(
      payload: Array(payload.utf8), contentType: "text/plain", issuer: keys[member].name, subject: subject,
      time: clock.now(), claimID: ClaimID(high: UInt64(member), low: number), key: keys[member].statement)
  }

  func token(_ subject: String, _ role: Caller.Role) throws -> HTTPFields {
    [.authorization: "Bearer " + (try tokens.make(subject: subject, role: role, time: clock.now()))]
  }

  /// Statements `0..<count` of the members in turn; the number decides subject and fate.
  @discardableResult
  func fill(_ count: Int, subject: String = "s", from number: Int = 1000) async throws -> [Statement] {
    let statements = try (0..<count).map {
      try statement($0 % keys.count, "\(subject)\($0 % 7)", $0 % 10 == 9 ? "no" : "yes", number: UInt64(number + $0))
    }
    _ = try await node.submit(statements.map(\.entry))
    return statements
  }
}

extension TestClientProtocol {
  func get(_ uri: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
    try await execute(uri: uri, method: .get, headers: headers)
  }

  func post(_ uri: String, _ body: [UInt8], _ headers: HTTPFields = [:]) async throws -> TestResponse {
    try await execute(uri: uri, method: .post, headers: headers, body: ByteBuffer(bytes: body))
  }
}

extension TestResponse {
  var bytes: [UInt8] { Array(buffer: body) }
  var text: String { String(buffer: body) }
  var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]) ?? [:] }

  /// The code of a problem, or what is wrong with it.
  var problem: String {
    guard headers[.contentType] == "application/problem+json", json["status"] as? Int == status.code,
      json["type"] as? String == "about:blank", json["title"] as? String == status.reasonPhrase,
      json["detail"] is String, let code = json["code"] as? String
    else { return "no problem: \(status) \(text)" }
    return code
  }
}
