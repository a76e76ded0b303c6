import Edge
import EdgeFeed
import FiveG
import Foundation
import LedgerTestKit
import MQTT
import Testing

/// `smartcity stream` into a file, a broker and a running gateway.
@Suite("Streams into other systems", .serialized)
struct StreamTests {
  static let scenario = Program.root.appending(path: "Samples/scenarios/warehouse.yaml").path

  static func stream(_ arguments: String...) throws -> Program.Result {
    try Program.run("smartcity", ["stream", "--scenario", scenario, "--devices", "60"] + arguments)
  }

  /// The number of readings that the program says it has sent.
  static func count(_ result: Program.Result) throws -> Int {
    #expect(result.code == 0, "\(result)")
    return try #require(result.error.firstMatch(of: #/([0-9]+) readings of /#).flatMap { Int($0.1) }, "\(result)")
  }

  @Test("a file holds each reading once, the same bytes each time", arguments: ["senml", "senml-cbor", "ndjson"])
  func file(_ format: String) throws {
    let folder = Program.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let paths = [folder + "/one", folder + "/two", folder + "/three"]
    let counts = try zip(paths, ["1", "1", "2"]).map { path, seed in
      try Self.count(
        try Self.stream("--seconds", "30", "--seed", seed, "--format", format, "--out", path))
    }
    let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
    #expect(bytes[0] == bytes[1] && bytes[0] != bytes[2] && counts[0] == counts[1] && counts[0] > 0)
    if format == "ndjson" {
      let names = try String(decoding: bytes[0], as: UTF8.self).split(separator: "\n").map { line in
        let item = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(item?["n"] as? String)
      }
      #expect(names.count >= counts[0])
    }
    #expect(try Self.stream("--out", "/nowhere/x").code != 0)
    #expect(try Self.stream("--out", folder + "/x", "--mqtt", "mqtt://127.0.0.1:1").code == 64)
    let broken = try Program.run("smartcity", ["stream", "--scenario", paths[0], "--out", folder + "/x"])
    #expect(broken.code != 0 && broken.error.contains(paths[0]), "\(broken)")
  }

  @Test(
    "a broker and a server pass every reading on to a gateway, in the class of its slice", .timeLimit(.minutes(2)),
    .enabled(if: Broker.installed != nil, "mosquitto is not installed"))
  func gateway() async throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    func run(_ arguments: String...) throws -> Program.Result {
      try Program.run("smartcity", arguments + ["--data", data])
    }
    #expect(try run("init", "--members", "4").code == 0)
    #expect(try run("gateway", "add", "gw-1", "--as", "org-1", "--bridge", "stream").code == 0)
    let made = try run("token", "make", "--for", "stream", "--role", "reader")
    let token = String(try #require(made.output.firstMatch(of: #/ts_[A-Za-z0-9_-]+/#), "\(made)").0)
    let broker = try await Broker.start()
    let address = "mqtt://" + broker.address.text
    let server = try RunningProgram(
      "smartcity", ["serve", "--data", data, "--port", "0", "--mqtt", address])
    let url = try await server.address()
    let published = try Self.count(
      try Self.stream("--seconds", "20", "--speed", "0", "--now", "--mqtt", address))
    let posted = try Self.count(
      try Self.stream(
        "--seconds", "20", "--speed", "0", "--now", "--seed", "2", "--batch", "50", "--http",
        url + "/edge/readings?slice={class}", "--token", token))
    #expect(try Self.stream("--seconds", "1", "--http", url + "/edge/readings", "--token", "ts_no").code != 0)
    // A bridge's readings of one moment that stand side by side in a pack are one reading at the gateway.
    let (least, most) = (published + posted - posted / 100, published + posted)
    var (figures, accepted) = ("", 0)
    for _ in 0..<500
    where !(least...most).contains(accepted) || !figures.contains("\"accepted\":\(published),\"dropped\":0") {
      figures = try await Self.get("/edge/status", url)
      accepted = figures.firstMatch(of: #/\[\{"accepted":([0-9]+),"anchored"/#).flatMap { Int($0.1) } ?? 0
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect((least...most).contains(accepted), "\(published) + \(posted): \(figures)")
    #expect(figures.contains("\"payloads\":\(published)") && figures.contains("\"late\":0"), "\(figures)")
    #expect(try await server.stop() == 0)
    // What a full gateway refused came again: beside tests that load every core there may be some.
    #expect(server.words.contains("took in \(accepted) readings, refused "), "\(server.words)")
    await broker.stop()
  }

  /// What a server answers on a path, over a plain connection.
  static func get(_ path: String, _ url: String, until: String? = nil, _ during: () async throws -> Void = {})
    async throws
    -> String
  {
    let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
    let connection = try RawConnection(port: port)
    let close = until == nil ? "Connection: close\r\n" : ""
    connection.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\(close)\r\n")
    try await during()
    let answer = await connection.receive(seconds: 5, until: until).text
    connection.shut()
    return answer
  }

  @Test("the live map tells of what changes", .timeLimit(.minutes(2)))
  func live() async throws {
    let ground = try ServeTests.Ground()
    defer { try? FileManager.default.removeItem(atPath: ground.data) }
    let server = try ground.serve()
    let url = try await server.address()
    let events = try await Self.get("/events/city", url, until: "\ndata:") {
      _ = try await ServeTests.send(ground.message(1, 0), to: url)
    }
    #expect(events.contains("text/event-stream") && events.contains("\ndata:"), "\(events)")
    #expect(try await server.stop() == 0)
  }

  @Test("a packet's 5QI decides the class in which a gateway serves it")
  func classes() {
    for row in FiveQI.table {
      #expect(IntakeClass(.alarm, fiveQI: row.value) == .alarm)
      let expected: IntakeClass =
        switch row.value {
        case 69: .alarm
        case 3, 65, 67, 70, 82...90: .critical
        default: .ordinary
        }
      #expect(IntakeClass(.report, fiveQI: row.value) == expected, "\(row.value)")
    }
    #expect(IntakeClass(.report, fiveQI: 200) == .ordinary)
  }
}
