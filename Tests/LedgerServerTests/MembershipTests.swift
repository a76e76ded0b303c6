import COSE
import Foundation
import FoundationNetworking
import HTTPTypes
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import Testing

/// The consortium's life on the command line, with servers and followers as processes of their own.
@Suite("Membership on the command line", .serialized)
struct MembershipProgramTests {
  private static let program = "RoamingSettlement"

  @discardableResult
  private func run(_ arguments: String...) throws -> Program.Result { try Program.run(Self.program, arguments) }

  private struct List: Decodable {
    struct Member: Decodable {
      struct Key: Decodable {
        let id: String
        let role: String
      }
      let name: String
      let keys: [Key]
    }
    struct Proposal: Decodable {
      let digest: String
      let changes: [String]
      let approvals: [String]
    }
    let epoch: UInt64
    let quorum: Int
    let members: [Member]
    let proposals: [Proposal]
  }

  private func list(_ data: String, as member: String? = nil) throws -> List {
    let result = try Program.run(
      Self.program, ["member", "list", "--json", "--data", data] + (member.map { ["--as", $0] } ?? []))
    #expect(result.code == 0, "\(result.error)")
    return try JSONDecoder().decode(List.self, from: Data(result.output.utf8))
  }

  /// Lets members approve the one proposal there is.
  private func approve(_ data: String, _ members: [String], server: String? = nil) throws {
    let digest = try #require(try list(data).proposals.first?.digest)
    for member in members {
      let result = try Program.run(
        Self.program,
        ["member", "approve", digest, "--data", data, "--as", member] + (server.map { ["--server", $0] } ?? []))
      #expect(result.code == 0, "\(member): \(result.error)")
    }
  }

  private func post(_ data: String, _ member: String, _ session: String) throws -> Program.Result {
    try run(
      "post", "--data", data, "--as", member, "--home", member, "--visited", "org-1", "--month", "2026-10", "--session",
      session, "--charge", "10")
  }

  /// Waits for at most half a minute.
  private func until(_ holds: () throws -> Bool) async throws {
    for _ in 0..<300 {
      if try holds() { return }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  private func get(_ url: String, _ accept: String = "*/*") async throws -> [UInt8] {
    var request = URLRequest(url: try #require(URL(string: url)))
    request.setValue(accept, forHTTPHeaderField: "Accept")
    let (data, response) = try await URLSession.shared.data(for: request)
    guard (response as? HTTPURLResponse)?.statusCode == 200 else {
      throw RunningProgramError(words: "\(url): \(String(decoding: data, as: UTF8.self))")
    }
    return Array(data)
  }

  @Test("a fifth member joins from a folder of its own, counts, and is removed again", .timeLimit(.minutes(3)))
  func fifth() async throws {
    let data = Program.temporary()
    let other = Program.temporary()
    defer { for path in [data, other] { try? FileManager.default.removeItem(atPath: path) } }
    #expect(try run("init", "--data", data, "--members", "4").code == 0)
    let oldPolicy = try Data(contentsOf: URL(filePath: data + "/policy.txt"))
    #expect(try post(data, "org-2", "s1").code == 0)

    let server = try RunningProgram(Self.program, ["serve", "--data", data, "--port", "0", "--all"])
    let url = try await server.address()
    // The server holds the folder: the verb says where it is.
    let busy = try run("member", "quorum", "4", "--data", data, "--as", "org-1")
    #expect(busy.code == 2 && busy.error.contains(url), "\(busy)")

    #expect(try run("join", "--data", other, "--name", "org-5", "--title", "Fifth").code == 0)
    #expect(try run("join", "--data", other, "--name", "org-5").error.contains("already"))
    #expect(try run("serve", "--data", other, "--port", "0").error.contains("no ledger yet"))
    let card = other + "/org-5.card.json"
    #expect(!(try String(contentsOfFile: card, encoding: .utf8)).contains("PRIVATE"))
    let added = try run("member", "add", card, "--data", data, "--as", "org-1", "--server", url)
    #expect(added.code == 0 && added.output.contains("org-5 joins as member ('Fifth')"), "\(added)")
    #expect(added.output.contains("4 of 5 members must co-sign, instead of 3 of 4"))
    try approve(data, ["org-2"], server: url)
    #expect(try list(data).epoch == 0 && list(data).proposals.first?.approvals == ["org-1", "org-2"])
    try approve(data, ["org-3"], server: url)
    try await until { try !(list(data).epoch == 0) }
    #expect(try list(data).members.map(\.name) == ["org-1", "org-2", "org-3", "org-4", "org-5"])

    let wrong = try run(
      "follow", "--from", url, "--data", other, "--as", "org-5", "--genesis", String(repeating: "0", count: 64))
    #expect(wrong.code == 1 && wrong.error.contains("genesis"))
    let follower = try RunningProgram(
      Self.program, ["follow", "--from", url, "--data", other, "--as", "org-5", "--interval", "100"])
    _ = try await follower.said(#/executed and co-signed the log of ([0-9]+) entries/#)
    // Its signature counts: it is on the checkpoint that the server gives out.
    var names: [String] = []
    for _ in 0..<200 {
      if names.contains("org-5") { break }
      let note = try SignedNote(parsing: try await get(url + "/log/checkpoint"))
      names = note.signatures.compactMap { $0.name.description.split(separator: "/").last.map(String.init) }
      try await Task.sleep(for: .milliseconds(50))
    }
    // Four of five are enough for a checkpoint; which of the others is the last to sign is chance.
    let signers = Set(names).intersection(["org-1", "org-2", "org-3", "org-4", "org-5"])
    #expect(signers.contains("org-5") && signers.count >= 4, "\(names)")
    #expect(
      String(decoding: try await get(url + "/metrics"), as: UTF8.self).contains(
        "ledger_member_cosigned_size{member=\"org-5\"}"))

    // The old policy leads to the new one by the chain in the bundle.
    let key = Membership.configurations.key(order: 1)
    let proof = data + "/epoch.proof"
    try Data(try await get(url + "/state/\(Hex.encode(key.bytes))")).write(to: URL(filePath: proof))
    try oldPolicy.write(to: URL(filePath: data + "/old-policy.txt"))
    for policy in [data + "/old-policy.txt", other + "/policy.txt"] {
      let verified = try run("verify", proof, "--policy", policy)
      #expect(verified.code == 0 && verified.output.contains("configuration 1"), "\(policy) \(verified)")
    }
    #expect(try await follower.stop() == 0)
    #expect(try run("audit", "--data", other).code == 0)
    // Its own verbs know that the ledger is sequenced elsewhere.
    #expect(try post(other, "org-5", "s2").error.contains("takes no statements"))

    // A member's own folder is enough to propose; the rest approve.
    let follower2 = try RunningProgram(
      Self.program, ["follow", "--from", url, "--data", other, "--as", "org-5", "--interval", "100"])
    let quorum = try run("member", "quorum", "5", "--data", other, "--as", "org-5", "--server", url)
    #expect(quorum.code == 0, "\(quorum)")
    try approve(data, ["org-1", "org-2", "org-3"], server: url)
    try await until { try !(list(data).epoch == 1) }
    #expect(try list(data).quorum == 5)
    try await until { try !(list(other).quorum != 5) }
    #expect(try list(other).quorum == 5, "\(follower2.words)")

    let removed = try run("member", "remove", "org-5", "--data", data, "--as", "org-1", "--server", url)
    #expect(removed.code == 0 && removed.output.contains("org-5 leaves."), "\(removed)")
    // All five must agree that one of them leaves.
    try approve(data, ["org-2", "org-3", "org-4"], server: url)
    #expect(try list(data).epoch == 2)
    let digest = try #require(try list(data).proposals.first?.digest)
    try await until { try !(list(other).proposals.isEmpty) }
    #expect(try run("member", "approve", digest, "--data", other, "--as", "org-5", "--server", url).code == 0)
    try await until { try !(list(data).epoch == 2) }
    #expect(try list(data).members.count == 4)
    let late = try run("member", "quorum", "4", "--data", other, "--as", "org-5", "--server", url)
    #expect(late.code != 0 && late.error.contains("unknown"), "\(late)")
    #expect(try await follower2.stop() == 0)
    #expect(try await server.stop() == 0)
    let report = try run("audit", "--data", data)
    // Its statements from when it was a member stand: the audit checks every signature and outcome again.
    #expect(report.code == 0, "\(report)")
  }

  @Test("keys are rotated and revoked; quorums of half or fewer are refused in words", .timeLimit(.minutes(2)))
  func keys() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try run("init", "--data", data, "--members", "4").code == 0)
    #expect(try post(data, "org-2", "s1").code == 0)
    for (count, words) in [("2", "more than half"), ("0", "more than half"), ("5", "at most all")] {
      let result = try run("member", "quorum", count, "--data", data, "--as", "org-1")
      #expect(result.code == 2 && result.error.contains(words), "\(result)")
    }
    let key = data + "/new.pem"
    #expect(try run("key", "generate", "--out", key, "--algorithm", "eddsa").code == 0)
    #expect(try run("member", "rotate", "org-9", "--data", data, "--as", "org-1", "--out", data + "/x.pem").code == 2)
    #expect(!FileManager.default.fileExists(atPath: data + "/x.pem"))
    let rotated = try run("member", "rotate", "org-2", "--data", data, "--as", "org-2", "--key", key)
    #expect(rotated.code == 0, "\(rotated)")
    try approve(data, ["org-1", "org-3"])
    #expect(try list(data).epoch == 1)
    // The old key is refused, its statement stands; the new key signs.
    let old = try post(data, "org-2", "s2")
    #expect(old.code == 1 && old.error.contains("unknown"), "\(old)")
    let folder = data + "/org-2/statement.pem"
    try FileManager.default.moveItem(atPath: folder, toPath: data + "/retired.pem")
    try FileManager.default.moveItem(atPath: key, toPath: folder)
    #expect(try post(data, "org-2", "s2").code == 0)
    #expect(try run("audit", "--data", data).code == 0)
    #expect(try run("verify", "nothing", "--policy", data + "/policy.txt").code == 2)

    // A second key beside it, which then signs an approval, and is revoked.
    let second = data + "/second.pem"
    let kept = try run("member", "rotate", "org-3", "--data", data, "--as", "org-1", "--out", second, "--keep")
    #expect(kept.code == 0, "\(kept)")
    try approve(data, ["org-2", "org-4"])
    let keys = try #require(try list(data).members.first { $0.name == "org-3" }?.keys)
    #expect(keys.count == 2)
    let id = try PrivateKey.load(from: second).publicKey.id.hex
    #expect(keys.map(\.id).contains(id))
    #expect(
      try run("member", "revoke", "org-3", id, "--data", data, "--as", "org-3", "--signing-key", second).code == 0)
    try approve(data, ["org-1", "org-2"])
    #expect(try list(data).members.first { $0.name == "org-3" }?.keys.count == 1)
    let gone = try run("member", "quorum", "4", "--data", data, "--as", "org-3", "--signing-key", second)
    #expect(gone.code == 1 && gone.error.contains("unknown"), "\(gone)")
    let only = try run(
      "member", "revoke", "org-1", try #require(list(data).members.first?.keys.first?.id), "--data", data, "--as",
      "org-1")
    #expect(only.code == 1 && only.error.contains("only key"), "\(only)")
    #expect(try run("audit", "--data", data).code == 0)
  }

  @Test("keys are made once, private, and shown; others' formats are read")
  func keyVerbs() throws {
    let folder = Program.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    struct Shown: Decodable {
      let id: String
      let algorithm: String
      let coseKey: String
      let pem: String
    }
    for (option, name) in [("es256", "ES256"), ("eddsa", "EdDSA")] {
      let path = "\(folder)/\(option).pem"
      let made = try run("key", "generate", "--out", path, "--algorithm", option, "--json")
      #expect(made.code == 0, "\(made)")
      let shown = try JSONDecoder().decode(Shown.self, from: Data(made.output.utf8))
      let key = try PrivateKey.load(from: path).publicKey
      #expect(shown.id == key.id.hex && shown.algorithm == name && shown.coseKey == Hex.encode(key.coseKey))
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      #expect(try run("key", "show", path, "--json").output == made.output)
      let again = try run("key", "generate", "--out", path, "--algorithm", option)
      #expect(again.code == 2 && again.error.contains("not overwritten"))
      let publicPath = "\(folder)/\(option).pub"
      try shown.pem.write(toFile: publicPath, atomically: true, encoding: .utf8)
      #expect(try run("key", "show", publicPath, "--json").output == made.output)
      #expect(try run("key", "show", publicPath).output.contains(key.id.hex))
      #expect(try PublicKey(pem: shown.pem) == key)
      for (what, text) in [
        ("cut", String(shown.pem.dropLast(40))), ("twice", shown.pem + shown.pem), ("none", "hello"),
        ("other", shown.pem.replacing("PUBLIC KEY", with: "CERTIFICATE")),
      ] { #expect(throws: COSEError.self, "\(what)") { try PublicKey(pem: text) } }
      if let openssl = OpenSSL.path {
        let theirs = try OpenSSL.run(openssl, ["pkey", "-in", path, "-pubout"])
        #expect(theirs == shown.pem, "\(option)")
      }
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      #expect(try run("key", "show", path).error.contains("chmod 600"))
    }
    #expect(try run("key", "generate", "--out", folder + "/z", "--algorithm", "rsa").code != 0)
    #expect(try run("key", "show", folder + "/nothing").code == 2)
  }

  @Test("a card is only what its own keys have signed")
  func cards() throws {
    let keys = MemberKeys.generate(name: "org-5")
    let card = try MemberCard(keys: keys, title: "Fünf \"5\"", role: .regulator)
    let bytes = try card.encoded()
    #expect(try MemberCard(decoding: bytes) == card)
    #expect(card.member == keys.member(title: "Fünf \"5\"", role: .regulator))
    // Every change of a digit or a word is refused.
    var refused = 0
    for place in bytes.indices where (0x61...0x66).contains(bytes[place]) || (0x30...0x39).contains(bytes[place]) {
      var changed = bytes
      changed[place] = bytes[place] == 0x61 ? 0x62 : bytes[place] == 0x31 ? 0x32 : bytes[place] - 1
      if (try? MemberCard(decoding: changed)) == nil { refused += 1 } else { Issue.record("byte \(place)") }
    }
    #expect(refused > 500)
    #expect(throws: LedgerError.self) { try MemberCard(keys: .generate(name: "Org 5"), title: "", role: .member) }
    #expect(throws: LedgerError.self) { try MemberCard(decoding: [UInt8](repeating: 0x20, count: 100_000)) }
  }
}

/// The openssl tool, where there is one.
enum OpenSSL {
  static let path: String? = {
    let found = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    if found == nil { print("skipped: the comparison with openssl, which is not installed") }
    return found
  }()

  @discardableResult
  static func run(_ path: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw RunningProgramError(words: "openssl \(arguments) failed") }
    return String(decoding: data, as: UTF8.self)
  }
}
