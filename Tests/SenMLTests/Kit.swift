import Foundation
import SenML

/// The bytes of a text.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// The text of bytes.
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// A number of the tests; only for texts that are numbers.
func number(_ text: String) throws -> SenMLNumber {
  guard let number = SenMLNumber(text) else { throw SenMLError(.number, detail: text) }
  return number
}

/// The fault that a body throws, or nil.
func fault(_ body: () throws -> Void) -> SenMLError? {
  do {
    try body()
    return nil
  } catch { return error as? SenMLError }
}

/// The rounds of a seeded test: TALLYSTICK_FUZZ_ROUNDS, else a number that suits every run.
func rounds(_ usual: Int) -> Int {
  ProcessInfo.processInfo.environment["TALLYSTICK_FUZZ_ROUNDS"].flatMap { Int($0) } ?? usual
}

/// Official files beside the project; absent ones skip a test loudly.
enum OfficialFiles {
  static func read(_ name: String) -> [UInt8]? {
    var url = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { url.deleteLastPathComponent() }
    let file = url.deletingLastPathComponent().appendingPathComponent("shared/data/senml/\(name)")
    guard let data = try? Data(contentsOf: file) else {
      print("skipped: public data \(file.path) is absent")
      return nil
    }
    return [UInt8](data)
  }
}
