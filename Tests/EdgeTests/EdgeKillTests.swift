import COSE
import Edge
import Foundation
import Primitives
import Testing

/// A gateway killed under load in a process of its own.
@Suite("Edge killed", .serialized)
struct EdgeKillTests {
  static let devices = 40

  /// Sends without an end and writes down what was acknowledged, until the process kills itself.
  static func load(path: String, acknowledged: String, milliseconds: Int) async throws {
    let kit = try EdgeKit(devices: devices)
    var configuration = GatewayConfiguration(name: EdgeKit.gateway, key: EdgeKit.key)
    configuration.batchMs = 1
    let gateway = try Gateway(configuration, path: path, sessions: kit.sessions)
    let file = open(acknowledged, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    Thread.detachNewThread {
      usleep(UInt32(milliseconds) * 1000)
      kill(getpid(), SIGKILL)
    }
    let ticker = Task {
      while true {
        try await gateway.tick()
        try await Task.sleep(for: .milliseconds(1))
      }
    }
    defer { ticker.cancel() }
    // A number of this run: no reading of an earlier one comes again.
    let boot = UInt32(await gateway.durable) + 1
    for seq in 0..<1_000_000 as Range<UInt64> {
      var messages = MessageBatch()
      let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
      for device in 0..<devices {
        messages.append(kit.message(device, seq: seq, time: now, boot: boot), arrival: now)
      }
      for (device, outcome) in try await gateway.submit(messages).enumerated() {
        guard case .accepted(let row) = outcome else { exit(70) }
        let line = Array("\(row.batch) \(row.index) \(device) \(boot) \(seq)\n".utf8)
        guard write(file, line, line.count) == line.count else { exit(71) }
      }
    }
  }

  @Test("kill -9 loses no acknowledged reading and repeats or skips no batch", .timeLimit(.minutes(3)))
  func killed() async throws {
    let path = EdgeKit.temporaryPath()
    let acknowledged = path + ".acknowledged"
    let kit = try EdgeKit(devices: Self.devices)
    var generator = SeededGenerator(seed: 99)
    for _ in 0..<6 {
      let milliseconds = Int.random(in: 60...400, using: &generator)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, acknowledged = acknowledged as String, milliseconds = milliseconds as Int] in
        try await EdgeKillTests.load(path: path, acknowledged: acknowledged, milliseconds: milliseconds)
      }
    }
    let store = try EdgeStore(path: path, gateway: EdgeKit.gateway)
    var stored: [RowID: ReadingForm] = [:]
    try store.eachReading { row, reading, _ in stored[row] = reading }
    var watch = HeaderWatch(gateway: EdgeKit.gateway, key: EdgeKit.key.publicKey, toleranceUs: .max)
    for number in 1...(try store.lastNumber()) {
      let statement = try #require(try store.statement(number))
      #expect(try watch.see(statement, nowUs: 0) == nil)
    }
    let lines = try String(contentsOfFile: acknowledged, encoding: .utf8).split(separator: "\n")
    for line in lines {
      let parts = line.split(separator: " ").compactMap { UInt64($0) }
      guard parts.count == 5 else { continue }
      let reading = stored[RowID(batch: parts[0], index: Int(parts[1]))]
      #expect(reading?.device == kit.sessions[Int(parts[2])].device && reading?.seq == parts[4])
      #expect(reading.map { UInt64($0.boot) } == parts[3])
    }
    print("killed six times: \(lines.count) acknowledged readings, all there, \(try store.lastNumber()) batches")
    #expect(lines.count > 0)
    store.close()
  }
}
