import Foundation
import MediaDecode
import MediaHash
import Primitives
import Testing

/// The public data beside the project, if it is there.
enum PublicData {
  static func folder(_ name: String) -> String? {
    var parts = #filePath.split(separator: "/")
    while !parts.isEmpty {
      parts.removeLast()
      let path = "/" + parts.joined(separator: "/") + "/shared/data/media/" + name
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    print("skipped: the public data media/\(name) is not beside the project")
    return nil
  }
}

/// The decoder's process for tests.
enum Child {
  /// The program `DecodeChild`, which is built beside the tests.
  static let path: String = {
    // The tests run in a program of the build's folder, or are loaded from there by one elsewhere.
    var candidates = [CommandLine.arguments.first ?? ""] + CommandLine.arguments
    candidates += [(try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""]
    for candidate in candidates where candidate.contains("/") {
      var url = URL(fileURLWithPath: candidate)
      for _ in 0..<3 {
        url.deleteLastPathComponent()
        let child = url.appendingPathComponent("DecodeChild").path
        if FileManager.default.isExecutableFile(atPath: child) { return child }
      }
    }
    return ""
  }()

  static func pool(
    workers: Int = 1, limits: DecodeLimits = .standard, files: Int = 256, waiting: Int = 256,
    arguments: [String] = [DecodeWorker.argument]
  ) -> DecodePool {
    DecodePool(
      workers: workers, limits: limits, filesPerWorker: files, waitingLimit: waiting, executable: path,
      arguments: arguments)
  }
}

/// Pictures for tests.
enum Pictures {
  static func picture(_ width: Int = 320, _ height: Int = 240, seed: UInt64 = 1) -> RGBImage {
    ProceduralPictures.picture(seed: seed, width: width, height: height)!
  }

  static func difference(_ a: RGBImage, _ b: RGBImage) -> Int {
    zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }
}
