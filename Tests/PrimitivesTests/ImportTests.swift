import Foundation
import Testing

/// Reads the import lines: the compiler refuses undeclared imports, but lets transitive ones through.
@Suite("The house")
struct ImportTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What each folder may import besides the standard library and Foundation.
  static let allowed: [(folder: String, modules: Set<String>)] = [
    ("Core/Primitives", ["CSHA256"]),
    ("Core/CBOR", ["Primitives"]),
    ("Core/JSON", ["Primitives"]),
    ("Core/SenML", ["Primitives", "CBOR", "JSON"]),
    ("Core/COSE", ["Primitives", "CBOR", "Crypto", "COpenSSL"]),
    ("Core/Merkle", ["Primitives"]),
    ("Core/FiveG", []),
    ("Core/FiveGScenario", ["FiveG", "Yams"]),
    ("Core/Ledger", ["Primitives", "CBOR", "COSE", "Merkle", "GRDB", "GRDBSQLite"]),
    ("Core/Edge", ["Primitives", "CBOR", "COSE", "Merkle", "Ledger", "GRDB", "GRDBSQLite"]),
    ("Core/MQTT", ["Primitives", "CMosquitto"]),
    ("Core/ReadingStream", ["Primitives", "FiveG"]),
    ("Core/EdgeIntake", ["Primitives", "SenML", "Edge", "MQTT"]),
    ("Core/EdgeFeed", ["Primitives", "COSE", "Ledger", "FiveG", "Edge"]),
    (
      "Core/LedgerServer",
      [
        "Primitives", "CBOR", "COSE", "Merkle", "Ledger", "Hummingbird", "HummingbirdCore", "AsyncHTTPClient",
        "HummingbirdTLS", "Mustache", "NIOHTTPTypes", "NIOSSL",
        "ServiceLifecycle", "UnixSignals", "ArgumentParser", "HTTPTypes", "Logging", "NIOCore", "NIOHTTP1",
      ]
    ),
    ("Apps/Traceability/EPCIS", ["Primitives", "JSON"]),
  ]

  static let always: Set<String> = [
    "Foundation", "FoundationEssentials", "Synchronization", "Dispatch", "Glibc", "Musl",
  ]

  @Test("modules import what the design lets them, and heavy dependencies have one importer", arguments: allowed)
  func imports(_ folder: String, _ modules: Set<String>) throws {
    let base = Self.root.appending(path: folder)
    let files =
      FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String }
      .filter { $0.hasSuffix(".swift") } ?? []
    #expect(!files.isEmpty)
    for file in files {
      let text = try String(contentsOf: base.appending(path: file), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ").filter {
          !["public", "internal", "package", "private", "@preconcurrency"].contains($0)
        }
        guard words.first == "import", words.count > 1 else { continue }
        let module = String(words[1])
        #expect(modules.contains(module) || Self.always.contains(module), "\(folder)/\(file) imports \(module)")
      }
    }
  }
}
