public import Foundation

/// A program of this package that runs until the test stops it.
public final class RunningProgram: @unchecked Sendable {
  private let process = Process()
  private let log: URL

  /// Starts the program that was built beside the tests.
  public init(_ name: String, _ arguments: [String]) throws {
    log = FileManager.default.temporaryDirectory.appending(path: "tallystick-log-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.executableURL = Program.executable(name)
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
  public var words: String { (try? String(contentsOf: log, encoding: .utf8)) ?? "" }

  /// Waits until it has said something that `pattern` finds; gives the first group.
  public func said(_ pattern: Regex<(Substring, Substring)>) async throws -> String {
    for _ in 0..<1500 {
      if let match = words.firstMatch(of: pattern) { return String(match.1) }
      guard process.isRunning else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw RunningProgramError(words: "it did not say so: \(words)")
  }

  /// The address that a server says it listens on.
  public func address() async throws -> String { try await said(#/at (https?://[^ ]+:[0-9]+) /#) }

  /// Sends a signal and waits for the end; gives the exit code.
  public func stop(_ signal: Int32 = SIGTERM) async throws -> Int32 {
    kill(process.processIdentifier, signal)
    return try await end()
  }

  /// Waits for the end; gives the exit code.
  public func end() async throws -> Int32 {
    for _ in 0..<3000 where process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
    guard !process.isRunning else {
      kill(process.processIdentifier, SIGKILL)
      throw RunningProgramError(words: "it did not end: \(words)")
    }
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
  }
}

/// A program did not do what was waited for.
public struct RunningProgramError: Error {
  /// What it has said.
  public let words: String

  /// An error with what it has said.
  public init(words: String) { self.words = words }
}
