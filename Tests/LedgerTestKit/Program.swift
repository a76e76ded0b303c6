public import Foundation

/// A program of this package as a user runs it.
public enum Program {
  /// What a run gave.
  public struct Result: Sendable {
    public let code: Int32
    public let output: String
    public let error: String
  }

  /// The package's folder.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The program that was built beside the tests.
  public static func executable(_ name: String) -> URL {
    let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
    if FileManager.default.fileExists(atPath: beside.path) { return beside }
    return root.appending(path: ".build/release").appending(path: name)
  }

  /// Runs the program that was built beside the tests, to its end.
  ///
  /// `LANG` is `language`, whoever runs the tests; `variables` come beside those of the tests.
  public static func run(
    _ name: String, _ arguments: [String], language: String = "en", environment variables: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = executable(name)
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("LC_") }
    environment["TALLYSTICK_LANG"] = nil
    environment["LANG"] = language
    process.environment = environment.merging(variables) { $1 }
    let folder = FileManager.default.temporaryDirectory.appending(path: "tallystick-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: a full pipe would stop the program.
    let (out, err) = (folder.appending(path: "out"), folder.appending(path: "err"))
    for file in [out, err] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: try String(contentsOf: out, encoding: .utf8),
      error: try String(contentsOf: err, encoding: .utf8))
  }

  /// Runs the program on a thread of its own: what it talks to may be a server in the tests' own process, which answers on
  /// the threads that a wait for the program would hold.
  public static func runAside(
    _ name: String, _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(with: Swift.Result { try run(name, arguments, environment: environment) })
      }
    }
  }

  /// A path for a data folder that is not there yet.
  public static func temporary() -> String {
    FileManager.default.temporaryDirectory.path + "/tallystick-data-\(UUID().uuidString)"
  }
}
