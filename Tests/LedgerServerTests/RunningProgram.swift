import Foundation
import LedgerTestKit
import Synchronization

/// A program of this package that runs until the test stops it.
final class RunningProgram: @unchecked Sendable {
  private let process = Process()
  private let log: URL

  init(_ name: String, _ arguments: [String]) throws {
    var program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
    if !FileManager.default.fileExists(atPath: program.path) {
      program = Program.root.appending(path: ".build/release").appending(path: name)
    }
    log = FileManager.default.temporaryDirectory.appending(path: "tallystick-log-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
  }

  deinit {
    if process.isRunning { process.terminate() }
    try? FileManager.default.removeItem(at: log)
  }

  /// What it has said on standard error so far.
  var words: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// Waits until it has said something that `pattern` finds; gives the first group.
  func said(_ pattern: Regex<(Substring, Substring)>) async throws -> String {
    for _ in 0..<1500 {
      if let match = words.firstMatch(of: pattern) { return String(match.1) }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw RunningProgramError(words: "it did not say so: \(words)")
  }

  /// The address that a server says it listens on.
  func address() async throws -> String { try await said(#/at (https?://[^ ]+:[0-9]+) /#) }

  /// Sends a signal and waits for the end; gives the exit code.
  func stop(_ signal: Int32 = SIGTERM) async throws -> Int32 {
    kill(process.processIdentifier, signal)
    return try await end()
  }

  /// Waits for the end; gives the exit code.
  func end() async throws -> Int32 {
    for _ in 0..<3000 where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    guard !process.isRunning else {
      kill(process.processIdentifier, SIGKILL)
      throw RunningProgramError(words: "it did not end: \(words)")
    }
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }
}

struct RunningProgramError: Error {
  let words: String
}
