import COSE
import Foundation
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import Testing

@Suite("Servers as processes", .serialized)
struct ProcessTests {
  private static let program = "RoamingSettlement"

  private func signed(_ keys: MemberKeys, _ number: UInt64) throws -> Statement {
    try .sign(
      payload: Array("nothing".utf8), contentType: "text/plain", issuer: keys.name, subject: "s",
      time: SystemClock().now(), claimID: ClaimID(high: 7, low: number), key: keys.statement)
  }

  @Test(
    "told to stop, a server answers what is in flight, stores it and ends with 0", .timeLimit(.minutes(2)),
    arguments: [SIGTERM, SIGINT])
  func stopping(_ signal: Int32) async throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try Program.run(Self.program, ["init", "--data", data, "--members", "1"]).code == 0)
    let folder = try Consortium(path: data).folder("org-1")
    let keys = try folder.keys()
    let server = try RunningProgram(Self.program, ["serve", "--data", data, "--port", "0"])
    let source = try HTTPLogSource(url: try await server.address(), seconds: 3)
    // Submissions go on while the signal comes; whoever got an answer is in the log afterwards.
    let acknowledged = Shared<[UInt64: Digest]>([:])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for number in 0..<5000 {
            let statement = try signed(keys, UInt64(worker * 10_000 + number))
            guard let answer = try? await source.register(statement.entry) else { return }
            acknowledged.withLock { $0[answer.index] = statement.id }
          }
        }
      }
      while acknowledged.withLock({ $0.count }) < 100 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(try await server.stop(signal) == 0, "\(server.words)")
      try await group.waitForAll()
    }
    #expect(server.words.contains("everything that was acknowledged is stored"))
    let wal = (try? FileManager.default.attributesOfItem(atPath: folder.ledger + "-wal")[.size] as? Int) ?? 0
    #expect(wal == 0)
    let node = try await folder.open(suite: try suite(), clock: SystemClock())
    for (index, id) in acknowledged.withLock({ $0 }) {
      #expect(try node.head.entry(index).map { try StatementContent($0).id } == id)
    }
    await node.close()
    #expect(try Program.run(Self.program, ["audit", "--data", data]).code == 0)
  }

  /// A suite that opens the program's ledger to read it; its rules are not asked.
  private func suite() throws -> ContractSuite { ContractSuite(ReadingContract.self) }

  @Test("https with a certificate of one's own; who does not know it is not answered", .timeLimit(.minutes(2)))
  func tls() async throws {
    guard let openssl = OpenSSL.path else { return print("skipped: TLS with a certificate, openssl is not installed") }
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try Program.run(Self.program, ["init", "--data", data, "--members", "2"]).code == 0)
    let (certificate, key) = (data + "/server.crt", data + "/server.key")
    for (name, out) in [(certificate, key), (data + "/other.crt", data + "/other.key")] {
      try OpenSSL.run(
        openssl,
        [
          "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
          "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", out, "-out", name,
        ])
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: out)
    }
    func serve(_ arguments: String...) throws -> Program.Result {
      try Program.run(Self.program, ["serve", "--data", data, "--port", "0"] + arguments)
    }
    #expect(try serve("--tls-certificate", certificate).code != 0)
    #expect(try serve("--tls-certificate", certificate, "--tls-key", data + "/none").error.contains("not there"))
    #expect(
      try serve("--tls-certificate", certificate, "--tls-key", data + "/other.key").error.contains("belong together"))
    #expect(try serve("--tls-certificate", key, "--tls-key", key).code == 2)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    #expect(try serve("--tls-certificate", certificate, "--tls-key", key).error.contains("chmod"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)

    let server = try RunningProgram(
      Self.program,
      ["serve", "--data", data, "--port", "0", "--tls-certificate", certificate, "--tls-key", key])
    let url = try await server.address()
    #expect(url.hasPrefix("https://127.0.0.1:"))
    let statement = try signed(try Consortium(path: data).folder("org-1").keys(), 1)
    let trusting = try HTTPLogSource(url: url, tls: try ClientTLS(authority: certificate))
    #expect(try await trusting.register(statement.entry).index == 1)
    for (who, tls) in [("the system's authorities", nil), ("another", try ClientTLS(authority: data + "/other.crt"))] {
      do {
        _ = try await HTTPLogSource(url: url, seconds: 5, tls: tls).genesis()
        Issue.record("\(who) vouches for this certificate")
      } catch let error as LedgerError { #expect(error.kind == .unavailable, "\(who)") }
    }
    do {
      _ = try await HTTPLogSource(url: url.replacing("https", with: "http"), seconds: 5).genesis()
      Issue.record("http was answered")
    } catch let error as LedgerError { #expect(error.kind == .unavailable) }
    #expect(throws: LedgerError.self) { try ClientTLS(authority: key) }

    let follower = try RunningProgram(
      Self.program,
      ["follow", "--from", url, "--data", data, "--as", "org-2", "--tls-ca", certificate, "--interval", "100"])
    _ = try await follower.said(#/executed and co-signed the log of ([0-9]+) entries/#)
    #expect(try await follower.stop() == 0)
    #expect(try await server.stop() == 0)
  }
}

/// Opens the sample's ledger for reading.
struct ReadingContract: Contract {
  static let id = "roaming"
  static let versions: ClosedRange<UInt64> = 1...1
  static let namespaces: [Namespace] = []
  init(version: UInt64) {}
  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {}
}
