import Foundation
import Ledger
import Primitives

/// The sample season that the demo plays: `Samples/orchard/season.json` and the documents beside it.
struct Season: Decodable {
  struct Member: Decodable {
    let name: String
    let title: String
  }

  struct Document: Decodable {
    let file: String
    let member: String
    /// When it is captured, RFC 3339.
    let day: String
    /// What happened, in a sentence.
    let line: String
  }

  struct Shop: Decodable {
    let sgln: String
    let name: String
  }

  let title: String
  let members: [Member]
  let documents: [Document]
  /// The carton that is traced back.
  let carton: String
  /// The harvest lot that is traced forward.
  let lot: String
  let shops: [Shop]

  /// Where the samples are: beside the working folder, or above the program.
  static func folder() throws(LedgerError) -> String {
    var places = [FileManager.default.currentDirectoryPath]
    var program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for _ in 0..<6 {
      program.deleteLastPathComponent()
      places.append(program.path)
    }
    for place in places where FileManager.default.fileExists(atPath: place + "/Samples/orchard/season.json") {
      return place + "/Samples/orchard"
    }
    throw LedgerError(
      .unavailable, "The sample season is not found. Run the demo in the project's folder, where Samples/orchard is.")
  }

  static func load(from folder: String) throws(LedgerError) -> Season {
    guard let data = FileManager.default.contents(atPath: folder + "/season.json") else {
      throw LedgerError(.unavailable, "\(folder)/season.json cannot be read.")
    }
    do { return try JSONDecoder().decode(Season.self, from: data) } catch {
      throw LedgerError(.malformed, "\(folder)/season.json is not a season: \(error)")
    }
  }
}
