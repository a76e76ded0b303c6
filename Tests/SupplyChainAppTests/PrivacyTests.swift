import COSE
import FinanceRules
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import SupplyChain
import Testing

/// What is sealed to its readers, keys of single lots, supervisors' reads, and orders: from the commands to the routes.
@Suite("Privacy of supply-chain finance", .serialized)
struct PrivacyTests {
  private final class Box: @unchecked Sendable { var (text, number) = ("", 0) }

  private static func today(_ ahead: Double = 0) -> String {
    Date(timeIntervalSinceNow: ahead * 86_400).formatted(.iso8601.year().month().day())
  }

  /// What `supplychain` answers; nil where it refuses.
  private static func answer(_ arguments: [String]) throws -> String? {
    let result = try Program.run("supplychain", arguments)
    return result.code == 0 ? result.output : nil
  }

  private static func publish(_ members: [String], _ folder: String) throws {
    for member in members { try Shop.run(["sealing", "publish", "--data", folder, "--as", member]) }
  }

  private static func entry(_ text: String) throws -> String {
    String(try #require(text.firstMatch(of: /[Ee]ntry ([0-9]+)/)?.1))
  }

  /// The supervisors' reads of a party's data that are on the ledger.
  static func reads(_ folder: String, of party: String) async throws -> [NoteEvent] {
    try await Consortium(path: folder).with(SupplyChainApp.suite, SystemClock()) { open in
      try open.sequencer.head.list(Family.reads.prefix(.sha256(party))).map { try NoteEvent(decoding: $0.value) }
    }
  }

  @Test("an imported paper is opened by its parties and their bank, and by nobody else")
  func imported() throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.publish(["jinhe", "bank", "platform", "grove"], folder)
    let first = try #require(try Shop.take(["order.xml"], as: "jinhe", in: folder, ["--reader", "bank"]).first)
    let said = try #require(first["unsealed"] as? String, "helan and watch have no key yet")
    #expect(said.contains("helan") && said.contains("watch") && !said.contains("bank"))
    let order = "\(try #require(first["entry"] as? Int64))"
    for member in ["jinhe", "bank"] {
      let text = try #require(try Self.answer(["sealing", "open", order, "--data", folder, "--as", member]))
      #expect(text.contains("Order") && text.contains("from helan to jinhe") && text.contains("file sha256"))
    }
    for member in ["platform", "grove"] {
      #expect(try Self.answer(["sealing", "open", order, "--data", folder, "--as", member]) == nil)
    }
    try Self.publish(["helan", "watch"], folder)
    let invoice = try #require(try Shop.take(["invoice.xml"], as: "helan", in: folder).first)
    #expect(invoice["unsealed"] == nil && invoice["outcome"] as? String == "registered", "\(invoice)")
    let filed = "\(try #require(invoice["entry"] as? Int64))"
    for member in ["helan", "jinhe", "watch"] {
      let text = try #require(try Self.answer(["sealing", "open", filed, "--data", folder, "--as", member]))
      #expect(text.contains("Invoice") && text.contains(" at "), "unit prices are within: \(text)")
    }
    for member in ["bank", "platform", "grove"] {
      #expect(try Self.answer(["sealing", "open", filed, "--data", folder, "--as", member]) == nil)
    }
  }

  @Test("a bid over HTTP is sealed to the holder and the bank; the holder's node opens and chooses it")
  func bid() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let note = try ImportTests.liveNote(folder, try ImportTests.approved(folder), Self.today(60))
    let place = "/notes/\(note)/lots/\(note)"
    try Self.publish(["jinhe", "platform"], folder)
    let box = Box()
    try await Shop.serve(folder, as: "helan") { client in
      let asked = try await client.post(place + "/finance-requests", #"{"invited":["bank"]}"#)
      #expect(asked.status == .created && asked.json["note"] == nil, "\(asked.json)")
      #expect(try await client.post("/sealing-keys", "{}").status == .created)
      #expect(try await client.post(place + "/finance-requests", #"{"invited":["helan"]}"#).status == .conflict)
    }
    try await Shop.serve(folder, as: "bank") { client in
      let body = #"{"rate":60000,"valueDay":"\#(Self.today())"}"#
      let first = try await client.post(place + "/bids", body)
      #expect((first.json["note"] as? String)?.contains("bank") == true, "it has no key yet: \(first.json)")
      #expect(try await client.post("/sealing-keys", "{}").status == .created)
      let made = try await client.post(place + "/bids", body)
      #expect(made.status == .created && made.json["note"] == nil, "\(made.json)")
      box.number = made.json["entry"] as? Int ?? 0
      let own = try #require(try await client.json(place + "/bids") as? [[String: Any]])
      #expect(own.first?["rate"] as? Int == 60_000)
      // On the bank's node the holder sees that there is a bid; what it says it opens at its own.
      let holder = try #require(try await client.other("helan").json(place + "/bids") as? [[String: Any]])
      #expect(holder.count == 1 && holder.first?["rate"] == nil)
      #expect(try await client.other("jinhe").get(place + "/bids", accept: "application/json").status == .notFound)
    }
    for member in ["jinhe", "platform"] {
      #expect(try Self.answer(["sealing", "open", "\(box.number)", "--data", folder, "--as", member]) == nil)
    }
    #expect(try Self.answer(["sealing", "open", "\(box.number)", "--data", folder, "--as", "helan"]) != nil)
    try await Shop.serve(folder, as: "helan") { client in
      let bids = try #require(try await client.json(place + "/bids") as? [[String: Any]])
      #expect(bids.first?["financier"] as? String == "bank" && bids.first?["rate"] as? Int == 60_000)
      let chosen = try await client.post(place + "/choices", #"{"financier":"bank"}"#)
      #expect(chosen.status == .created, "\(chosen.json)")
    }
  }

  @Test("a tier-2 supplier lives by the key of its lot: admitted, paid, asking, opening bids, choosing")
  func lotKey() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let note = try ImportTests.liveNote(folder, try ImportTests.approved(folder), Self.today(60))
    try Self.publish(["jinhe", "helan", "bank", "platform", "grove", "watch"], folder)
    let made = try Shop.run(["lot-key", "make", "--data", folder, "--as", "grove"]).split(separator: "\n").map(
      String.init)
    let (party, key) = (made[0], made[1])
    let sign = ["--data", folder, "--key", key]
    let early = try Self.answer(["sealing", "publish"] + sign)
    #expect(early == nil, "a key acts once it is admitted")
    try Shop.run(["lot-key", "admit", "\(party)=grove,helan", "--data", folder, "--as", "platform"])
    #expect(try Shop.run(["lot-key", "known", "--data", folder, "--as", "helan"]).contains("\(party) = grove"))
    for member in ["jinhe", "bank"] {
      #expect(try !Shop.run(["lot-key", "known", "--data", folder, "--as", member]).contains("grove"), "\(member)")
    }
    let published = try Self.entry(try Shop.run(["sealing", "publish"] + sign))
    #expect(Int(published) != nil)
    let parts = try Shop.run(
      ["note", "split", note, "--parts", "50000.00", "20512.85", "--data", folder, "--as", "helan"])
    let lot = String(try #require(parts.split(separator: "\n").filter { $0.count == 64 }.last))
    let place = [note, "--lot", lot]
    try Shop.run(["note", "transfer"] + place + ["--to", party, "--data", folder, "--as", "helan"])
    try Shop.run(["note", "accept-transfer"] + place + sign)
    #expect(
      try Self.answer(["holder"] + place + ["--data", folder, "--as", "jinhe"]) == nil, "the obligor does not learn")
    #expect(try Self.answer(["holder"] + place + ["--data", folder, "--as", "grove"])?.contains("20512") != nil)
    try Shop.run(["note", "finance"] + place + ["--invite", "bank"] + sign)
    let bid = try Shop.run(
      ["note", "bid"] + place + ["--rate", "60000", "--value-day", Self.today(), "--data", folder, "--as", "bank"])
    #expect(try Self.answer(["sealing", "open", try Self.entry(bid), "--data", folder, "--as", "helan"]) == nil)
    let bids = try Shop.run(["note", "bids"] + place + sign)
    #expect(bids.contains("bank: rate 60000 ppm"), "\(bids)")
    #expect(try Shop.run(["note", "bids"] + place + ["--data", folder, "--as", "helan"]).contains("sealed to others"))
    try Shop.run(["note", "choose"] + place + ["--financier", "bank"] + sign)

    // The same over HTTP: a second key, made, admitted, published and acting.
    let box = Box()
    try await Shop.serve(folder, as: "grove") { client in
      let made = try await client.post("/lot-keys", "{}")
      #expect(made.status == .created)
      box.text = try #require(made.json["key"] as? String)
      let early = try await client.post("/sealing-keys?as=\(box.text)", "{}")
      #expect(early.json["code"] as? String == "signer-unknown" || early.status != .created, "\(early.json)")
      #expect(try await client.other("helan").get("/lot-keys", accept: "application/json").status == .forbidden)
    }
    try await Shop.serve(folder, as: "platform") { client in
      let body = #"{"keys":[{"key":"\#(box.text)","holder":"grove","readers":["helan"]}]}"#
      let admitted = try await client.post("/lot-keys/admissions", body)
      #expect(admitted.status == .created && admitted.json["note"] == nil, "\(admitted.json)")
      #expect(try await client.post("/lot-keys/admissions", body).json["code"] as? String == "key-in-use")
    }
    let rest = String(try #require(parts.split(separator: "\n").filter { $0.count == 64 }.first))
    try await Shop.serve(folder, as: "helan") { client in
      let offer = #"{"step":"offer-transfer","party":"\#(box.text)"}"#
      let offered = try await client.post("/notes/\(note)/lots/\(rest)/actions", offer)
      #expect(offered.status == .created, "\(offered.json)")
    }
    try await Shop.serve(folder, as: "grove") { client in
      #expect(try await client.post("/sealing-keys?as=\(box.text)", "{}").status == .created)
      let accept = #"{"step":"accept-transfer"}"#
      #expect(try await client.post("/notes/\(note)/lots/\(rest)/actions", accept).status == .conflict)
      let taken = try await client.post("/notes/\(note)/lots/\(rest)/actions?as=\(box.text)", accept)
      #expect(taken.status == .created, "\(taken.json)")
      let stranger = "~" + String(repeating: "0", count: 64)
      #expect(try await client.post("/notes/\(note)/lots/\(rest)/actions?as=\(stranger)", accept).status == .notFound)
      let keys = try #require(try await client.json("/lot-keys") as? [[String: Any]])
      #expect(keys.count == 2 && keys.allSatisfy { $0["holder"] as? String == "grove" })
      #expect(keys.allSatisfy { $0["isAdmitted"] as? Bool == true && $0["isPublished"] as? Bool == true })
      let desk = try #require(try await client.json("/desk") as? [String: Any])
      #expect((desk["holds"] as? [[String: Any]])?.count == 2, "\(desk)")
    }
  }

  @Test("every read by a regulator is on record for all whose data it carries, on the command line and over HTTP")
  func reads() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let note = try ImportTests.liveNote(folder, try ImportTests.approved(folder), Self.today(60))
    let made = try Shop.run(["lot-key", "make", "--data", folder, "--as", "grove"]).split(separator: "\n").map(
      String.init)
    let (party, key) = (made[0], made[1])
    try Shop.run(["lot-key", "admit", "\(party)=grove,helan", "--data", folder, "--as", "platform"])
    try Shop.run(["note", "transfer", note, "--to", party, "--data", folder, "--as", "helan"])
    try Shop.run(["note", "accept-transfer", note, "--data", folder, "--key", key])
    func count(_ party: String) async throws -> Int { try await Self.reads(folder, of: party).count }
    func told(_ arguments: [String], _ parties: [String]) async throws {
      var before: [Int] = []
      for party in parties { before.append(try await count(party)) }
      try Shop.run(arguments + ["--data", folder, "--as", "watch"])
      for (party, before) in zip(parties, before) {
        #expect(try await count(party) > before, "\(arguments): \(party)")
      }
    }
    try await told(["report", "--regulator"], ["jinhe", "helan", party])
    try await told(["chain", note], ["jinhe", "helan", party])
    try await told(["holder", note], ["jinhe", party])
    try await told(["holdings", party], [party])
    try await told(["line", "obligor/jinhe"], ["jinhe"])
    try await told(["line", "pair/bank/jinhe"], ["jinhe", "bank"])
    #expect(try await count("watch") == 0)
    for (arguments, member) in [
      (["report", "--regulator"], "bank"), (["chain", note], "bank"), (["holdings", "helan"], "jinhe"),
      (["line", "pair/bank/jinhe"], "helan"), (["exceptions", "--proof", "\(folder)/x.proof"], "helan"),
      (["chain", note, "--proof", "\(folder)/x.proof"], "jinhe"), (["report"], "nobody"),
    ] {
      #expect(try Self.answer(arguments + ["--data", folder, "--as", member]) == nil, "\(arguments) \(member)")
    }
    #expect(try Shop.run(["chain", note, "--data", folder, "--as", "jinhe"]).contains("left out"))
    #expect(try !Shop.run(["chain", note, "--data", folder, "--as", "jinhe"]).contains(party.prefix(11)))
    // Where the regulator's keys are not, its read cannot be put on record, and nothing is shown.
    let keys = "\(folder)/watch"
    try FileManager.default.moveItem(atPath: keys, toPath: folder + "/away")
    #expect(try Self.answer(["report", "--data", folder, "--as", "watch"]) == nil)
    try FileManager.default.moveItem(atPath: folder + "/away", toPath: keys)

    let box = Box()
    let before = try await count(party)
    try await Shop.serve(folder, as: "watch", live: true) { client in
      let watch = try client.other("watch", .regulator)
      for path in ["/notes/\(note)", "/report", "/holdings/\(party)/proof", "/notes/\(note)/lots/\(note)/proof"] {
        #expect(try await watch.get(path, accept: "*/*").status == .ok, "\(path)")
        box.number += 1
      }
      // The routes that every application has.
      let state = Hex.encode(Family.lots.prefix(try #require(Digest(hex: note))).bytes)
      #expect(try await watch.get("/state/\(state)?prefix=1", accept: "application/json").status == .ok)
      #expect(try await watch.get("/entries/\(note)", accept: "application/json").status == .ok)
      #expect(try await watch.event("/events/exceptions").contains("data: "))
    }
    #expect(try await count(party) >= before + box.number + 1)
    let purposes = try await Self.entryReads(folder)
    for purpose in ["entry", "report", "holdings"] {
      #expect(purposes.contains { $0.hasPrefix(purpose) }, "\(purpose): \(purposes)")
    }
    #expect(purposes.contains { $0.hasPrefix("state 49") })
  }

  /// The purposes of every read in the log.
  private static func entryReads(_ folder: String) async throws -> Set<String> {
    try await Consortium(path: folder).with(SupplyChainApp.suite, SystemClock()) { open in
      let view = open.sequencer.head
      var found: Set<String> = []
      for index in 0..<view.size {
        guard let bytes = try view.entry(index), let statement = try? StatementContent(bytes),
          statement.header.contentType == RegulatorRead.contentType
        else { continue }
        found.insert(try RegulatorRead(decoding: statement.payload).purpose)
      }
      return found
    }
  }

  @Test("a buyer sees its own orders live, how far each has come, and exceptions on their goods")
  func orders() async throws {
    let folder = try Shop.found()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try #require(try Shop.take(["order.xml"], as: "jinhe", in: folder).first)
    let order = try #require(first["id"] as? String)
    @Sendable func state(_ client: Client) async throws -> String? {
      let rows = try #require(try await client.json("/orders") as? [[String: Any]])
      #expect(rows.count == 1 && rows.first?["order"] as? String == order)
      return rows.first?["state"] as? String
    }
    try await Shop.serve(folder, as: "jinhe") { client in
      let now = try await state(client)
      #expect(now == "ordered")
      #expect(try await (client.other("bank").json("/orders") as? [Any])?.isEmpty == true)
    }
    _ = try ImportTests.approved(folder)
    let goods = Digest.sha256("goods").hex
    try Shop.run([
      "pledge", "receive", goods, "--owner", "helan", "--value", "70000.00", "--paper", order, "--data", folder, "--as",
      "platform",
    ])
    try await Shop.serve(folder, as: "jinhe", live: true) { client in
      #expect(["received", "invoiced"].contains(try await state(client) ?? ""))
      let live = try await client.event("/events/orders")
      #expect(live.contains("\"count\":\"1\"") && live.contains("\"open\":\"0\""), "\(live)")
    }
    try Shop.run(["sensors", goods, "--temperature", "12", "--data", folder, "--as", "platform"])
    try await Shop.serve(folder, as: "jinhe", live: true) { client in
      let row = try #require((try await client.json("/orders") as? [[String: Any]])?.first)
      #expect(row["openExceptions"] as? Int == 1, "\(row)")
      let exception = try #require((try await client.json("/exceptions") as? [[String: Any]])?.first)
      #expect(exception["order"] as? String == order && exception["owner"] as? String == "helan")
      #expect(try await client.event("/events/orders").contains("\"open\":\"1\""))
      #expect(try await client.event("/events/exceptions").contains("\"open\":\"1\""))
      let page = try await client.html("/orders")
      #expect(page.contains("data-live=\"/events/orders\"") && page.contains("helan"))
      #expect(try await !client.other("bank").html("/orders").contains("helan"))
      #expect(try await (client.other("bank").json("/exceptions") as? [Any])?.isEmpty == true)
    }
  }
}
