import AsyncHTTPClient
import Foundation
import Ledger
import Logging
import NIOCore
import NIOHTTP1
import Primitives

/// The same sealing, with the statements coming in over HTTP from another process.
extension Bench {
  /// Signed statements a second, from this process to durable and sealed in a server of its own.
  mutating func http(_ count: Int) async throws {
    let ledger = try BenchLedger(in: folder)
    defer { ledger.remove() }
    let (server, port) = try Bench.startServer(on: ledger.folder)
    defer {
      server.terminate()
      server.waitUntilExit()
    }
    var rates: [Double] = []
    var limits: [Double] = []
    for round in 0..<runs {
      let entries = try await ledger.statements(count, from: round * count, subjects: count / 4)
      let bodies = Bench.bodies(of: entries)
      let before = try await Bench.verifyRate()
      let time = try await Bench.seconds { try await Bench.post(bodies, to: "http://127.0.0.1:\(port)/entries/batch") }
      let after = try await Bench.verifyRate()
      rates.append(Double(count) / time)
      limits.append((before + after) / 2)
    }
    report.add("statements-http", rates, unit: "statements/s", limits: limits)
  }

  /// Serves a ledger of `BenchLedger` until SIGTERM; says the port on standard output.
  static func serve(_ ledger: BenchLedger) async throws {
    let open = try await ledger.open()
    var logger = Logger(label: "bench")
    logger.logLevel = .warning
    let server = LedgerApplication(node: open.sequencer, suite: BenchLedger.suite, logger: logger)
    do { try await server.run { port in Console.answer("\(port)") } } catch {
      await open.close()
      throw error
    }
    await open.close()
  }

  private static func startServer(on folder: String) throws -> (Process, Int) {
    let (process, output) = try start(.serve, on: folder)
    let line = String(decoding: output.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      process.terminate()
      throw LedgerError(.unavailable, "The server that is measured did not start; see above.")
    }
    return (process, port)
  }

  /// Bodies of three quarters of a batch's bytes each.
  private static func bodies(of entries: [[UInt8]]) -> [ByteBuffer] {
    var bodies: [ByteBuffer] = []
    var body = ByteBuffer()
    for entry in entries {
      if body.readableBytes + entry.count > Limits.batchBytes * 3 / 4 {
        bodies.append(body)
        body = ByteBuffer()
      }
      body.writeBytes(entry)
    }
    return bodies + [body]
  }

  /// Posts the bodies, several at a time, and checks that every statement was carried out.
  private static func post(_ bodies: [ByteBuffer], to url: String) async throws {
    let accepted = [UInt8]("accepted".utf8)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (place, body) in bodies.enumerated() {
        if place >= 6 { try await group.next() }
        group.addTask {
          var request = HTTPClientRequest(url: url)
          request.method = .POST
          request.headers.add(name: "Content-Type", value: BatchRoutes.sequence)
          request.body = .bytes(body)
          let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
          let answer = Array(buffer: try await response.body.collect(upTo: 8 << 20))
          let outcomes = response.status == .ok ? try BatchRoutes.split(answer) : []
          guard !outcomes.isEmpty, outcomes.allSatisfy({ $0.dropFirst(2).starts(with: accepted) }) else {
            throw LedgerError(
              .refused, "A batch was not carried out: \(String(decoding: answer.prefix(500), as: UTF8.self))")
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
