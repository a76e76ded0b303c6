import Foundation
import LedgerTestKit
import Testing

@Suite("Roaming settlement")
struct RoamingTests {
  @Test("records are matched within the tolerance, netted, disputed; a month is proved complete by its own sum")
  func month() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    func run(_ arguments: String...) throws -> Program.Result { try Program.run("RoamingSettlement", arguments) }
    func post(_ member: String, _ home: String, _ visited: String, _ session: String, _ charge: Int) throws
      -> Program.Result
    {
      try run(
        "post", "--data", data, "--as", member, "--home", home, "--visited", visited, "--month", "2026-10",
        "--session", session, "--charge", "\(charge)")
    }
    #expect(try run("init", "--data", data, "--names", "alfa,bravo,office", "--regulators", "office").code == 0)
    // bravo's subscribers in alfa's network: 1000 agreed within 1 %; alfa's in bravo's: 300 agreed, one in dispute.
    for (member, home, visited, session, charge) in [
      ("alfa", "bravo", "alfa", "s1", 1000), ("bravo", "bravo", "alfa", "s1", 995),
      ("bravo", "alfa", "bravo", "s2", 300), ("alfa", "alfa", "bravo", "s2", 300),
      ("bravo", "alfa", "bravo", "s3", 500), ("alfa", "alfa", "bravo", "s3", 200), ("alfa", "bravo", "alfa", "s4", 70),
    ] {
      #expect(try post(member, home, visited, session, charge).code == 0)
    }
    let again = try post("alfa", "bravo", "alfa", "s1", 1000)
    #expect(again.code == 1 && again.error.contains("record-known"))
    #expect(try post("office", "bravo", "alfa", "s5", 1).error.contains("not-a-party"))
    let proof = data + "/month.proof"
    let settled = try run("settlement", "2026-10", "alfa", "bravo", "--data", data, "--proof", proof)
    #expect(settled.output.contains("bravo owes alfa 700 net, over 2 agreed sessions"), "\(settled)")
    #expect(settled.output.contains("1 sessions are in dispute, 1 have one side's word only; these are all 4"))
    let verified = try run("verify", proof, "--policy", data + "/policy.txt")
    #expect(verified.code == 0 && verified.output.contains("700 net"))
    #expect(try run("audit", "--data", data).code == 0)
  }
}
