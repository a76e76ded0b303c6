import EPCIS
import Foundation
import JSON

/// Public interoperability data beside the project; absent data skips a test loudly.
enum PublicData {
  static let root: URL = {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    return url.deletingLastPathComponent().appendingPathComponent("shared/data/epcis")
  }()

  static func bytes(_ path: String) -> [UInt8]? {
    guard let data = try? Data(contentsOf: root.appendingPathComponent(path)) else {
      print("skipped: public data \(root.path)/\(path) is absent")
      return nil
    }
    return [UInt8](data)
  }

  /// All official example documents, in byte order of their paths.
  static func examples() -> [(name: String, bytes: [UInt8])] {
    let folder = root.appendingPathComponent("gs1-EPCIS/JSON")
    guard let files = FileManager.default.enumerator(atPath: folder.path) else {
      print("skipped: public data \(folder.path) is absent")
      return []
    }
    let names = files.compactMap { $0 as? String }.filter { $0.hasSuffix(".jsonld") }.sorted()
    if names.isEmpty { print("skipped: public data \(folder.path) is absent") }
    return names.compactMap { name in bytes("gs1-EPCIS/JSON/\(name)").map { (name, $0) } }
  }
}

/// The rounds of a fuzz test: TALLYSTICK_FUZZ_ROUNDS, else a number that suits every run.
func fuzzRounds(_ usual: Int = 20_000) -> Int {
  ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap { Int($0) } ?? usual
}

/// A parsed text; only for texts that are JSON.
func json(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }
