import Foundation
import LedgerTestKit
import Primitives
import Testing

/// The program as a user runs it, in a temporary folder.
@Suite("Copyright: the program", .serialized)
struct ProgramTests {
  static func run(_ arguments: String...) throws -> Program.Result { try Program.run("copyright", arguments) }

  /// A picture of coloured squares as binary PNM, brightened by so much.
  static func picture(_ seed: UInt64, brighter: Int = 0) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    let (columns, rows, size) = (17, 16, 12)
    let cells = (0..<columns * rows).map { _ in random.bytes(3) }
    var file = Array("P6\n\(columns * size) \(rows * size)\n255\n".utf8)
    for y in 0..<rows * size {
      for x in 0..<columns * size {
        for value in cells[y / size * columns + x / size] { file.append(UInt8(min(255, Int(value) / 2 + brighter))) }
      }
    }
    return file
  }

  @Test("init, register, refused copy, match, license, transfer, title with proof, watch, evidence, verify, audit")
  func tour() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    #expect(try Self.run("init", "--data", data, "--members", "4").code == 0)
    let files = data + "/files"
    try FileManager.default.createDirectory(atPath: files, withIntermediateDirectories: true)
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
      try Data(bytes).write(to: URL(filePath: "\(files)/\(name)"))
      return "\(files)/\(name)"
    }
    let original = try write("original.ppm", Self.picture(1))
    let copy = try write("copy.ppm", Self.picture(1, brighter: 20))
    let other = try write("other.ppm", Self.picture(2))

    let registered = try Self.run(
      "register", original, "--title", "Squares", "--as", "org-1", "--id", "squares", "--owner", "org-1/painter=60%",
      "--owner", "org-2=40%", "--data", data, "--json")
    #expect(registered.code == 0 && registered.output.contains("\"work\":\"squares\""), "\(registered)")
    let refused = try Self.run(
      "register", copy, "--title", "Mine", "--as", "org-3", "--data", data, "--json")
    #expect(refused.code == 1 && refused.output.contains("near-duplicate"), "\(refused)")
    #expect(refused.output.contains("'squares'") && refused.output.contains("of 256 bits"))
    #expect(try Self.run("match", copy, "--data", data, "--json").output.contains("\"work\":\"squares\""))
    #expect(try Self.run("match", other, "--data", data, "--json").output == "[]\n")
    #expect(try Self.run("match", data + "/policy.txt", "--data", data).code == 0)
    #expect(try Self.run("match", data + "/nothing", "--data", data).code == 2)

    let greedy = try Self.run(
      "transfer", "squares", "--as", "org-2", "--to", "org-3", "--share", "41%", "--data", data)
    #expect(greedy.code == 1 && greedy.error.contains("share-insufficient"), "\(greedy)")
    #expect(
      try Self.run("transfer", "squares", "--as", "org-2", "--to", "org-3", "--share", "12.5%", "--data", data).code
        == 0)
    let licensed = try Self.run(
      "license", "squares", "--as", "org-1", "--to", "org-4/site", "--exclusive", "--with", "org-2", "--with", "org-3",
      "--royalty", "10%", "--data", data, "--json")
    #expect(licensed.code == 0, "\(licensed)")
    let again = try Self.run(
      "license", "squares", "--as", "org-1", "--to", "org-2/site", "--data", data)
    #expect(again.code == 1 && again.error.contains("licence-conflict"), "\(again)")

    let proof = data + "/title.proof"
    let title = try Self.run("title", "squares", "--data", data, "--proof", proof)
    #expect(title.code == 0 && title.output.contains("org-3 owned 12.5 %"), "\(title)")
    let policy = data + "/policy.txt"
    let verified = try Self.run("verify", proof, "--policy", policy, "--json")
    #expect(verified.code == 0 && verified.output.contains("org-1/painter owned 60 %"), "\(verified)")

    let watched = try Self.run(
      "watch", copy, other, "--as", "org-3", "--user", "org-4/pirate", "--data", data, "--json")
    #expect(watched.code == 0 && watched.output.contains("\"verdict\":\"infringing\""), "\(watched)")
    let allowed = try Self.run("watch", copy, "--as", "org-3", "--user", "org-4/site", "--data", data, "--json")
    #expect(allowed.output.contains("\"verdict\":\"licensed\""), "\(allowed)")
    let listed = try Self.run("incidents", "--data", data, "--json")
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [[String: Any]])
    #expect(found.count == 2)
    let incident = "\(try #require(found[0]["incident"] as? Int))"
    let notice = try Self.run("step", incident, "notice", "--as", "org-2", "--reason", "no licence", "--data", data)
    #expect(notice.code == 0, "\(notice)")

    let package = data + "/case.evidence"
    let made = try Self.run("evidence", incident, "--as", "org-1", "--out", package, "--data", data)
    #expect(made.code == 0, "\(made)")
    let held = try Self.run("verify", package, "--policy", policy, "--extract", data + "/case")
    #expect(held.code == 0 && held.output.contains("INFRINGING") && held.output.contains("computed again"), "\(held)")
    #expect(try Data(contentsOf: URL(filePath: data + "/case/capture")) == Data(contentsOf: URL(filePath: copy)))
    var bytes = try Data(contentsOf: URL(filePath: package))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: package))
    let altered = try Self.run("verify", package, "--policy", policy, "--json")
    #expect(altered.code == 1 && altered.output.contains("\"verified\":false"), "\(altered)")

    // The bytes go, the title stays.
    #expect(try Self.run("erase", "squares", "--as", "org-2", "--data", data).code == 1)
    #expect(try Self.run("erase", "circles", "--as", "org-1", "--data", data).code != 0)
    let erased = try Self.run("erase", "squares", "--as", "org-1", "--data", data, "--json")
    #expect(erased.code == 0 && erased.output.contains("\"erased\":1"), "\(erased)")
    #expect(try Self.run("erase", "squares", "--as", "org-1", "--data", data).code != 0)
    #expect(try Self.run("verify", proof, "--policy", policy).code == 0)
    let after = try Self.run("title", "squares", "--data", data, "--proof", data + "/after.proof")
    #expect(after.code == 0 && after.output.contains("org-3 owned 12.5 %"), "\(after)")
    #expect(try Self.run("verify", data + "/after.proof", "--policy", policy).code == 0)
    #expect(try Self.run("match", copy, "--data", data, "--json").output.contains("\"work\":\"squares\""))
    let taken = try Self.run("register", copy, "--title", "Mine", "--as", "org-3", "--data", data)
    #expect(taken.code == 1 && taken.error.contains("'squares'"), "\(taken)")
    let audit = try Self.run("audit", "--data", data, "--json")
    #expect(audit.code == 0 && audit.output.contains("\"ok\":true"), "\(audit)")
  }

  @Test("the demo plays to its end, and one seed gives one log root")
  func demo() throws {
    var roots: [Substring] = []
    for seed in ["7", "7", "8"] {
      let result = try Self.run("demo", "--seed", seed, "--devices", "60")
      #expect(result.code == 0, "\(result)")
      for words in ["near-duplicate", "licence-conflict", "infringing", "VERIFIED offline", "One bit of a copy"] {
        #expect(result.output.contains(words), "\(words), seed \(seed)")
      }
      #expect(result.output.contains("0 wrongly found"))
      roots.append(try #require(result.output.split(separator: "\n").first { $0.hasPrefix("Log: ") }))
    }
    #expect(roots[0] == roots[1] && roots[0] != roots[2])
  }
}
