import Foundation
import JSON

/// The public test data of media hashing, which lies beside the project and is not part of it.
enum PublicMedia {
  /// A file of `shared/data/media`, looked for beside every folder above this one.
  static func file(_ name: String) -> [UInt8]? {
    var folder = URL(filePath: #filePath).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "shared/data/media/\(name)")
      if let data = try? Data(contentsOf: candidate) { return [UInt8](data) }
      folder = folder.deletingLastPathComponent()
    }
    print("skipped: shared/data/media/\(name) is not here")
    return nil
  }

  /// The conformance vectors of iscc-core 1.5.0: all 58 from `ISCC_VECTORS` or the shared data, or the selection of 32.
  static func isccVectors() -> JSONValue? {
    let whole = ProcessInfo.processInfo.environment["ISCC_VECTORS"].flatMap { try? Data(contentsOf: URL(filePath: $0)) }
    let bytes =
      whole.map { [UInt8]($0) } ?? file("iscc/iscc-core-1.5.0-data.json")
      ?? file("iscc/iscc-core-1.5.0-data-reduced.json")
    return bytes.flatMap { try? JSONParser.parse($0) }
  }
}
