import Foundation
import LedgerTestKit
import Testing

/// The program as a user runs it, in a temporary folder.
@Suite("The smart-city program")
struct CommandTests {
  static func run(_ arguments: String...) throws -> Program.Result { try Program.run("smartcity", arguments) }

  static func time(_ offset: TimeInterval) -> String {
    Date(timeIntervalSinceNow: offset).formatted(.iso8601)
  }

  @Test("roles, devices, gateways, grants and operations; what is proved is verified, and a changed proof is not")
  func tour() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    func run(_ arguments: String...) throws -> Program.Result {
      try Program.run("smartcity", arguments + ["--data", data])
    }
    #expect(try run("init", "--members", "4").code == 0)
    let urn = "urn:dev:mac:0024befffe804ff1"
    func add() throws -> Program.Result {
      try run(
        "device", "add", urn, "--key", data + "/meter.pem", "--owner", "org-1", "--manufacturer", "org-2",
        "--registrar", "org-3", "--model", "meter-1", "--cell", "cell-7", "--capability",
        "temperature:Cel:-1:-400:850:1:60")
    }
    let early = try add()
    #expect(early.code == 1 && early.error.contains("manufacturer-missing"), "\(early)")
    for (role, member) in [("manufacturer", "org-2"), ("registrar", "org-3")] {
      let given = try run("role", role, member, "--as", "org-1", "--as", "org-2", "--as", "org-3")
      #expect(given.code == 0, "\(given)")
    }
    let added = try add()
    #expect(added.code == 0, "\(added)")
    #expect(try add().error.contains("device-known"))
    Thread.sleep(forTimeInterval: 1.1)
    let enrolled = Self.time(0)
    Thread.sleep(forTimeInterval: 1.1)

    let rotated = try run(
      "device", "rotate", urn, "--key", data + "/meter.pem", "--new-key", data + "/meter2.pem", "--as", "org-1")
    #expect(rotated.code == 0, "\(rotated)")
    #expect(try run("gateway", "add", "gw-1.city", "--key", data + "/gw.pem", "--as", "org-1").code == 0)
    let batches = try run("gateway", "batches", "gw-1.city", "--proof", data + "/batches.proof")
    #expect(batches.output.contains("gw-1.city has anchored 0 batches"), "\(batches)")
    #expect(
      try run("gateway", "revoke", "gw-1.city", "--as", "org-1", "--reason", "moved").output.contains("revoked"))
    #expect(try run("devices").output.contains("cell-7"))

    let until = Self.time(3600)
    let grant = try run(
      "grant", "add", "--as", "org-1", "--to", "org-4", "--purpose", "traffic", "--sensor", "urn:dev:mac:*", "--until",
      until)
    #expect(grant.code == 0, "\(grant)")
    let number = grant.output.filter(\.isNumber)
    func read(as member: String) throws -> Program.Result {
      try run(
        "grant", "read", number, urn, "--as", member, "--owner", "org-1", "--purpose", "traffic", "--from",
        "2026-01-01T00:00:00Z", "--until", "2026-01-02T00:00:00Z")
    }
    #expect(try read(as: "org-4").code == 0)
    let denied = try read(as: "org-3")
    #expect(denied.code == 1 && denied.error.contains("not-the-grantee"), "\(denied)")
    #expect(try run("grant", "list", "org-1").output.contains("urn:dev:mac:*"))
    #expect(
      try run("grant", "reads", number, "--owner", "org-1").output.contains("1 reads are recorded"))
    #expect(try run("grant", "revoke", number, "--as", "org-1", "--reason", "over").code == 0)
    #expect(try read(as: "org-4").error.contains("grant-revoked"))

    #expect(
      try run("operation", "--as", "org-1", "--actor", "noc", "--object", "cell-7", "--action", "restart").code == 0)
    let operations = try run("operations", "--proof", data + "/operations.proof", "--json")
    #expect(operations.output.contains("restart"), "\(operations)")
    for list in ["alarms", "incidents"] { #expect(try run(list).output.contains("0 \(list)")) }

    #expect(try run("device", "revoke", urn, "--as", "org-1", "--reason", "stolen").code == 0)
    let proof = data + "/valid.proof"
    let valid = try run("device", "valid", urn, "--at", enrolled, "--proof", proof)
    #expect(valid.code == 0 && valid.output.contains("was valid with the key"), "\(valid)")
    let policy = data + "/policy.txt"
    let verified = try Self.run("verify", proof, "--policy", policy, "--json")
    #expect(verified.code == 0 && verified.output.contains("\"verified\":true"), "\(verified)")
    #expect(verified.output.contains("was valid with the key") && verified.output.contains("none was left out"))
    Thread.sleep(forTimeInterval: 2.1)
    // The ledger says nothing about times that its state has not reached.
    #expect(try run("device", "valid", urn, "--at", Self.time(60), "--proof", proof).code == 1)
    #expect(try run("operation", "--as", "org-1", "--actor", "n", "--object", "o", "--action", "a").code == 0)
    let after = try run("device", "valid", urn, "--at", Self.time(-1))
    #expect(after.output.contains("revoked at"), "\(after)")
    let unknown = try run("device", "valid", "urn:dev:x", "--at", enrolled)
    #expect(unknown.output.contains("had not certified"), "\(unknown)")

    var bytes = try Data(contentsOf: URL(filePath: proof))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: proof))
    let altered = try Self.run("verify", proof, "--policy", policy, "--json")
    #expect(altered.code == 1 && altered.output.contains("\"verified\":false"))
    #expect(try Self.run("verify", data + "/operations.proof", "--policy", policy).code == 0)
    #expect(try Self.run("verify", data + "/batches.proof", "--policy", policy).code == 0)
    let audit = try run("audit", "--json")
    #expect(audit.code == 0 && audit.output.contains("\"ok\":true"), "\(audit)")
    #expect(try run("receipt", "2", "--out", data + "/2.cose").code == 0)
    #expect(try run("policy").output == String(contentsOfFile: policy, encoding: .utf8))
  }

  @Test("wrong usage is 64, a missing folder 2, each with a sentence")
  func usage() throws {
    #expect(try Self.run("device", "add").code == 64)
    #expect(try Self.run("nonsense").code == 64)
    let missing = try Self.run("devices", "--data", "/nowhere")
    #expect(missing.code == 2 && missing.error.contains("init"))
    #expect(try Self.run("device", "valid", "urn:dev:a", "--at", "noon", "--data", "/nowhere").code == 64)
  }
}
