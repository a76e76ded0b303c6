import COSE
import Edge
import EdgeIntake
import Foundation
import FoundationNetworking
import Ledger
import LedgerTestKit
import Primitives
import Synchronization
import Testing

/// `smartcity serve` as a process: devices post to it, it is killed, it comes back.
@Suite("A served gateway", .serialized)
struct ServeTests {
  /// A consortium with a gateway, and devices that share keys with it; the first has a certificate and signs epochs.
  struct Ground {
    static let urns = (0..<4).map { "urn:dev:os:32473-live-\($0)" }
    let data = Program.temporary()
    var sessions: [DeviceSession] = []

    init(algorithms: String = "es256,eddsa", key: String = "es256") throws {
      #expect(try run("init", "--members", "4", "--algorithms", algorithms).code == 0)
      for (role, member) in [("manufacturer", "org-2"), ("registrar", "org-3")] {
        #expect(try run("role", role, member, "--as", "org-1", "--as", "org-2", "--as", "org-3").code == 0)
      }
      let made = try Program.run("smartcity", ["key", "generate", "--out", data + "/device.pem", "--algorithm", key])
      #expect(made.code == 0, "\(made)")
      let added = try run(
        "device", "add", Self.urns[0], "--key", data + "/device.pem", "--owner", "org-1", "--manufacturer", "org-2",
        "--registrar", "org-3", "--cell", "cell-7", "--capability", "temperature:Cel:-2:-4000:6000:1:60")
      #expect(added.code == 0, "\(added)")
      for (index, urn) in Self.urns.enumerated() {
        let out = data + "/device-\(index).json"
        let epochs = index == 0 ? ["--epochs"] : []
        #expect(try run(["gateway", "device", "gw-1", urn, "--model", "weather", "--out", out] + epochs).code == 0)
        let secret = try JSONDecoder().decode(Secret.self, from: Data(contentsOf: URL(filePath: out)))
        sessions.append(
          try DeviceSession(
            device: urn, kAUSF: try #require(Hex.decode(secret.kAUSF)), supi: secret.supi, gateway: "gw-1"))
      }
      #expect(try run("gateway", "add", "gw-1", "--as", "org-1").code == 0)
    }

    private struct Secret: Decodable {
      let supi: String
      let kAUSF: String
    }

    func run(_ arguments: [String]) throws -> Program.Result {
      try Program.run("smartcity", arguments + ["--data", data])
    }

    func run(_ arguments: String...) throws -> Program.Result { try run(arguments) }

    func serve() throws -> RunningProgram {
      try RunningProgram("smartcity", ["serve", "--data", data, "--port", "0"])
    }

    func reading(_ device: Int, _ seq: UInt64, boot: UInt32 = 0) -> ReadingForm {
      ReadingForm(
        device: sessions[device].device, timeUs: Int64(Date().timeIntervalSince1970 * 1e6), seq: seq, boot: boot,
        records: [
          .init(name: "temperature", unit: "Cel", value: .number(mantissa: 1500 + Int64(seq % 100), exponent: -2))
        ])
    }

    func message(_ device: Int, _ seq: UInt64, boot: UInt32 = 0) -> [UInt8] {
      sessions[device].message(payload: reading(device, seq, boot: boot).encoded())
    }
  }

  private final class Answers: Sendable {
    let all = Mutex<[(body: [UInt8], answer: Data)]>([])
  }

  struct Answer: Decodable {
    let outcomes: [[String: String]]
    let acknowledgement: String?
  }

  static func post(_ body: [UInt8], to url: String, slice: String = "ordinary") async throws -> (Int, Data) {
    var request = URLRequest(url: try #require(URL(string: url + "/edge/readings?slice=\(slice)")))
    request.httpMethod = "POST"
    request.timeoutInterval = 20
    request.setValue("application/cose", forHTTPHeaderField: "Content-Type")
    let (data, response) = try await URLSession.shared.upload(for: request, from: Data(body))
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, data)
  }

  static func send(_ body: [UInt8], to url: String, slice: String = "ordinary") async throws -> (Answer, Data) {
    let (status, data) = try await post(body, to: url, slice: slice)
    #expect(status == 200, "\(String(decoding: data, as: UTF8.self))")
    return (try JSONDecoder().decode(Answer.self, from: data), data)
  }

  @Test(
    "killed under load it has lost no acknowledged reading, and repeats and skips no batch", .timeLimit(.minutes(3)))
  func killed() async throws {
    let ground = try Ground()
    defer { try? FileManager.default.removeItem(atPath: ground.data) }
    let acknowledged = Answers()
    for round in 0..<3 {
      let server = try ground.serve()
      let url = try await server.address()
      let known = acknowledged.all.withLock { $0 }
      let before = known.count
      // What was answered last before the kill is there: sent again it is the same reading at the same place.
      for (body, data) in known.suffix(8) {
        let rows = try JSONDecoder().decode(Answer.self, from: data).outcomes.map { $0["accepted"] }
        let (again, _) = try await Self.send(body, to: url)
        #expect(!rows.contains(nil) && again.outcomes.map { $0["duplicate"] } == rows)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for device in 0..<4 {
          group.addTask {
            for seq in 0..<100_000 as Range<UInt64> {
              let body = (0..<5).flatMap { ground.message(device, seq * 5 + $0, boot: UInt32(round)) }
              let slice = seq % 10 == 9 ? "alarm" : "ordinary"
              guard let (status, data) = try? await Self.post(body, to: url, slice: slice), status == 200 else {
                return
              }
              acknowledged.all.withLock { $0.append((body, data)) }
            }
          }
        }
        while acknowledged.all.withLock({ $0.count }) < before + 40 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await server.stop(SIGKILL) == -SIGKILL)
        try await group.waitForAll()
      }
    }
    let all = acknowledged.all.withLock { $0 }
    #expect(all.count >= 120)
    // The ledger and the gateway's file agree, and each acknowledgement is kept.
    let inspected = try ground.run("inspect")
    #expect(inspected.code == 0, "\(inspected)")
    let store = try EdgeStore(path: ground.data + "/edge/gw-1.sqlite", gateway: "gw-1")
    for (body, data) in all {
      let answer = try JSONDecoder().decode(Answer.self, from: data)
      let ends = try #require(COSESequence.ends(body))
      let messages = MessageBatch(body, ends: ends, arrival: 0)
      for (place, outcome) in answer.outcomes.enumerated() {
        let parts = try #require(outcome["accepted"]).split(separator: "/").compactMap { UInt64($0) }
        let leaf = try store.leaf(RowID(batch: parts[0], index: Int(parts[1])))
        #expect(leaf?.message == messages.message(place))
      }
    }
    store.close()
    for (number, (body, data)) in all.enumerated() where number % 40 == 0 {
      let (sent, answer) = (ground.data + "/body", ground.data + "/answer")
      try Data(body).write(to: URL(filePath: sent))
      try data.write(to: URL(filePath: answer))
      let checked = try ground.run("acknowledged", sent, answer)
      #expect(checked.code == 0 && checked.output.contains("5 readings; 5 are where it said"), "\(checked)")
      try Data(body + body).write(to: URL(filePath: sent))
      #expect(try ground.run("acknowledged", sent, answer).code != 0)
    }
    let batches = try ground.run("gateway", "batches", "gw-1", "--json")
    #expect(batches.code == 0, "\(batches)")
    #expect(try ground.run("audit").code == 0)
  }

  @Test(
    "takes epochs, refuses a revoked device, and forgets what is erased", .timeLimit(.minutes(3)),
    arguments: [("es256,eddsa", "es256"), ("es256,sm2", "sm2")])
  func life(_ algorithms: String, _ algorithm: String) async throws {
    let ground = try Ground(algorithms: algorithms, key: algorithm)
    defer { try? FileManager.default.removeItem(atPath: ground.data) }
    let key = try PrivateKey.load(from: ground.data + "/device.pem")
    var server = try ground.serve()
    var url = try await server.address()
    // Tier 2: the readings, then the epoch that counts them.
    let payloads = (0..<4).map { ground.reading(0, UInt64($0)).encoded() }
    let epoch = DeviceEpoch(
      device: Ground.urns[0], boot: 0, first: 0, last: 3,
      chain: payloads.reduce(Digest()) { DeviceEpoch.chain($0, payload: $1) }, previous: Digest(),
      timeUs: Int64(Date().timeIntervalSince1970 * 1e6))
    let body = payloads.flatMap { ground.sessions[0].message(payload: $0) } + (try epoch.signed(key: key))
    // The gateway asks the ledger for its devices once a second.
    var (answer, data) = try await Self.send(body, to: url)
    #expect(answer.outcomes.allSatisfy { $0["accepted"] != nil }, "\(answer.outcomes)")
    // A reading of tier 3 as an alarm.
    let signed = try DeviceSignature.sign(payload: ground.reading(0, 4).encoded(), key: key)
    let (alarm, _) = try await Self.send(signed, to: url, slice: "alarm")
    #expect(alarm.outcomes[0]["accepted"] != nil, "\(alarm.outcomes)")
    #expect(try await server.stop() == 0)
    let id = try #require(answer.outcomes[1]["accepted"])
    let shown = try ground.run("reading", id)
    #expect(shown.code == 0 && shown.output.contains("epoch by epoch"), "\(shown)")
    let (signedID, signedProof) = (try #require(alarm.outcomes[0]["accepted"]), ground.data + "/signed.proof")
    let third = try ground.run("reading", signedID, "--proof", signedProof)
    #expect(third.code == 0 && third.output.contains("The device itself signed it"), "\(third)")
    let checked = try Program.run("smartcity", ["verify", signedProof, "--policy", ground.data + "/policy.txt"])
    #expect(checked.code == 0 && checked.output.contains("The device itself signed it"), "\(checked)")
    #expect(try ground.run("alarms").output.contains("1 alarms"))

    // What is erased is gone, stated, and no accusation.
    #expect(try ground.run("erase", id, "--as", "org-2", "--reason", "x").code == 1)
    #expect(try ground.run("erase", "gw-1/1", "--as", "nobody", "--reason", "x").code != 0)
    #expect(try ground.run("erase", "gw-1", "--as", "org-1", "--reason", "x").code == 64)
    let erased = try ground.run("erase", id, "--as", "org-1", "--reason", "the owner asked")
    #expect(erased.code == 0, "\(erased)")
    #expect(try ground.run("reading", id).code != 0)
    #expect(try ground.run("erase", id, "--as", "org-1", "--reason", "again").code != 0)
    #expect(try ground.run("operations").output.contains("erase: the owner asked"))
    let other = try #require(answer.outcomes[2]["accepted"])
    #expect(try ground.run("reading", other, "--proof", ground.data + "/other.proof").code == 0)
    #expect(
      try Program.run(
        "smartcity", ["verify", ground.data + "/other.proof", "--policy", ground.data + "/policy.txt"]
      ).code == 0)
    try Data(body).write(to: URL(filePath: ground.data + "/body"))
    try data.write(to: URL(filePath: ground.data + "/answer"))
    let kept = try ground.run("acknowledged", ground.data + "/body", ground.data + "/answer")
    #expect(kept.code == 0 && kept.output.contains("4 readings; 3 are"), "\(kept)")
    #expect(kept.output.contains("1 cannot be looked at"))
    #expect(try ground.run("inspect").code == 0)

    // Revoked on the ledger, the gateway refuses it from its next look on.
    #expect(try ground.run("device", "revoke", Ground.urns[0], "--as", "org-1", "--reason", "stolen").code == 0)
    server = try ground.serve()
    url = try await server.address()
    var isRefused = false
    for seq in 5..<105 as Range<UInt64> where !isRefused {
      (answer, data) = try await Self.send(ground.message(0, seq), to: url)
      isRefused = answer.outcomes[0]["refused"] == "revoked"
      if !isRefused { try await Task.sleep(for: .milliseconds(20)) }
    }
    #expect(isRefused)
    (answer, _) = try await Self.send(ground.message(1, 0), to: url)
    #expect(answer.outcomes[0]["accepted"] != nil)
    #expect(try await server.stop() == 0)
  }

  @Test("a certificate that runs out while the gateway runs is taken note of", .timeLimit(.minutes(2)))
  func expiry() async throws {
    let ground = try Ground()
    defer { try? FileManager.default.removeItem(atPath: ground.data) }
    // A day that ends in a few seconds.
    let added = try ground.run(
      "device", "add", Ground.urns[1], "--key", ground.data + "/short.pem", "--owner", "org-1", "--manufacturer",
      "org-2", "--registrar", "org-3", "--cell", "cell-7", "--capability", "temperature:Cel:-2:-4000:6000:1:60",
      "--days", "1", "--from", CommandTests.time(6 - 86_400))
    #expect(added.code == 0, "\(added)")
    let server = try ground.serve()
    let url = try await server.address()
    var outcomes: [String?] = []
    for seq in 0..<300 as Range<UInt64> where outcomes.last != "revoked" {
      let (answer, _) = try await Self.send(ground.message(1, seq), to: url)
      outcomes.append(answer.outcomes[0]["refused"])
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(outcomes.first == .some(nil) && outcomes.last == "revoked", "\(outcomes)")
    #expect(try await Self.send(ground.message(2, 0), to: url).0.outcomes[0]["accepted"] != nil)
    #expect(try await server.stop() == 0)
  }

  @Test("names that could be another's, or a path, are refused")
  func names() throws {
    let ground = try Ground()
    defer { try? FileManager.default.removeItem(atPath: ground.data) }
    for name in ["../gw", "a/b", ".gw", "gw 1", "gw+1", String(repeating: "g", count: 65)] {
      let added = try ground.run("gateway", "add", name, "--as", "org-1")
      #expect(added.code != 0 && added.error.contains("letters, digits"), "\(added)")
    }
    #expect(try ground.run("gateway", "add", "gw", "--as", "org-1", "--bridge", "1-a").output.contains("registered"))
    let bridge = try ground.run("gateway", "bridge", "gw-1", "a")
    #expect(bridge.output.contains("urn:dev:os:32473-gw-1_a"), "\(bridge)")
    let long = try ground.run("gateway", "bridge", "gw-1", String(repeating: "b", count: 60))
    #expect(long.code != 0 && long.error.contains("64"), "\(long)")
  }
}
