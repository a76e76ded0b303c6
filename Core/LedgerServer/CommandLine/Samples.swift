internal import Foundation
public import Ledger
internal import Primitives

/// Where the project's `Samples` folder is.
public enum Samples {
  /// The path of a file or folder in `Samples`, beside the working folder or above the program; throws `.unavailable`.
  public static func path(_ name: String) throws(LedgerError) -> String {
    var places = [FileManager.default.currentDirectoryPath]
    var program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for _ in 0..<6 {
      program.deleteLastPathComponent()
      places.append(program.path)
    }
    for place in places where FileManager.default.fileExists(atPath: place + "/Samples/" + name) {
      return place + "/Samples/" + name
    }
    throw LedgerError(
      .unavailable, "Samples/\(name) is not found. Run this in the project's folder, where Samples is.")
  }
}
