import Foundation
import Ledger
import LedgerServer
import Primitives

/// The sample season that the demo plays: `Samples/orchard/season.json` and the documents beside it.
struct Season: Decodable {
  struct Member: Decodable {
    let name: String
    let title: String
    let titleChinese: String?

    enum CodingKeys: String, CodingKey {
      case name, title
      case titleChinese = "title_zh"
    }
  }

  struct Document: Decodable {
    let file: String
    let member: String
    /// When it is captured, RFC 3339.
    let day: String
    /// What happened, in a sentence.
    let line: String
    let lineChinese: String?

    enum CodingKeys: String, CodingKey {
      case file, member, day, line
      case lineChinese = "line_zh"
    }
  }

  struct Shop: Decodable {
    let sgln: String
    let name: String
    let nameChinese: String?

    enum CodingKeys: String, CodingKey {
      case sgln, name
      case nameChinese = "name_zh"
    }
  }

  let title: String
  let titleChinese: String?
  let members: [Member]
  let documents: [Document]
  /// The carton that is traced back.
  let carton: String
  /// The harvest lot that is traced forward.
  let lot: String
  let shops: [Shop]

  enum CodingKeys: String, CodingKey {
    case title, members, documents, carton, lot, shops
    case titleChinese = "title_zh"
  }

  /// What the season itself says in Chinese, where it does.
  var chinese: Catalogue {
    let pairs =
      [(title, titleChinese)] + members.map { ($0.title, $0.titleChinese) }
      + documents.map { ($0.line, $0.lineChinese) } + shops.map { ($0.name, $0.nameChinese) }
    let known = pairs.compactMap { english, chinese in chinese.map { (english, $0) } }
    return Catalogue(Dictionary(known) { first, _ in first })
  }

  /// Where the season is.
  static func folder() throws(LedgerError) -> String {
    let file = try Samples.path("orchard/season.json")
    return String(file.dropLast("/season.json".count))
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
