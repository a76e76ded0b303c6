import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

extension CityBench {
  /// Pieces of the burst, 50 ms each.
  private static let pieces = 200

  /// TR 37.868's Beta(3, 4) over ten seconds: each device sends once, as time passes; until everything is on the ledger.
  mutating func burst(_ devices: Int) async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let parts = Self.cores
    let loads = try (0..<parts).map { part in
      try CityLoad(part, devices: devices / parts + (part < devices % parts ? 1 : 0))
    }
    let messages = Self.messages(loads)
    let peak = (0..<Self.pieces).map { piece in messages.reduce(0) { $0 + $1[piece].count } }.max() ?? 0
    var (after, memory): ([Double], [Double]) = ([], [])
    let progress = Progress("a burst of \(devices) devices within ten seconds")
    for run in 0..<runs {
      let place = folder + "/burst-\(run)"
      defer { try? FileManager.default.removeItem(atPath: place) }
      let ground = try await BenchGround(place, loads)
      let gateways = try loads.map { try $0.gateway(place, anchor: ground.anchor) }
      memory.append(await gateways[0].memoryBytesPerDevice)
      after.append(try await play(messages, gateways, ground, devices))
      for gateway in gateways { try await gateway.close() }
      await ground.open.close()
      progress.show(UInt64(run + 1), of: UInt64(runs))
    }
    report.add("burst-devices", [Double(devices)], unit: "devices")
    report.add("burst-peak-offered", [Double(peak * 20)], unit: "readings/s")
    report.add("burst-anchored-after-end", after, unit: "s", limits: after.map { _ in 5 })
    report.add("memory-per-device", memory, unit: "B", limits: memory.map { _ in 256 })
  }

  /// The messages of each gateway by the piece of the burst in which they come.
  private static func messages(_ loads: [CityLoad]) -> [[MessageBatch]] {
    // The third smallest of six uniform numbers is Beta(3, 4).
    var generator = SeededGenerator(seed: 38)
    let us = Int64(SystemClock().now()) * 1000
    return loads.map { load in
      var schedule = [[Int]](repeating: [], count: pieces)
      for device in load.sessions.indices {
        let third = (0..<6).map { _ in generator.next() >> 11 }.sorted()[2]
        schedule[min(pieces - 1, Int(third * UInt64(pieces) >> 53))].append(device)
      }
      return schedule.map { devices in
        var batch = MessageBatch(capacity: devices.count)
        for device in devices { batch.append(load.message(device, seq: 0, us: us), arrival: us) }
        return batch
      }
    }
  }

  /// Seconds from the end of the burst until the ledger has everything.
  private func play(
    _ messages: [[MessageBatch]], _ gateways: [Gateway], _ ground: BenchGround, _ devices: Int
  ) async throws -> Double {
    let start = ContinuousClock.now
    let accepted = Count()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (gateway, input) in zip(gateways, messages) {
        group.addTask {
          try await withThrowingTaskGroup(of: Void.self) { calls in
            for (piece, batch) in input.enumerated() {
              try await Task.sleep(until: start + .milliseconds(50 * piece))
              calls.addTask { accepted.add(try await gateway.submit(batch).count { $0.isAccepted }) }
              try await gateway.tick()
            }
            try await Task.sleep(until: start + .seconds(10))
            calls.addTask {
              // What is still waiting is taken in within this time; the clock goes on as it does in service.
              while !Task.isCancelled {
                try await gateway.tick()
                do { try await Task.sleep(for: .milliseconds(10)) } catch { return }
              }
            }
            for _ in input { _ = try await calls.next() }
            calls.cancelAll()
          }
        }
      }
      try await group.waitForAll()
    }
    try await ground.settle(gateways)
    let after = start.duration(to: .now) / .seconds(1) - 10
    guard accepted.value == devices else {
      throw LedgerError(.damaged, "The burst lost readings. This must not happen.")
    }
    return max(0, after)
  }
}
