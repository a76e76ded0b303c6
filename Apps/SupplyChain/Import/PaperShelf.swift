import Foundation
import Invoices
import Ledger
import Primitives

/// The original files of a member, beside its part of the ledger: what it imported, with the salts of the commitments.
///
/// They never leave the member's folder; the ledger has their keyed names and salted hashes alone.
struct PaperShelf: Sendable {
  /// What is kept beside a file.
  struct Card: Codable, Sendable {
    /// The name of the document's root element.
    var kind: String
    var number: String
    /// The id on the ledger: an invoice's exact token, or a paper's keyed name.
    var id: String
    /// The keyed names of the orders that it belongs to.
    var orders: [String]
    /// What the commitment on the ledger was made with, 64 digits.
    var salt: String
    /// What was committed to and sealed: the document's key terms; absent where its file itself was.
    var terms: String?
  }

  /// Bytes of one file at most.
  static let fileLimit = XMLLimits.bytes
  /// Cards that are looked through at most.
  static let cardLimit = 20_000

  private let path: String

  init(folder: String, member: String) { path = "\(folder)/\(member)/papers" }

  /// Keeps a file and gives its card; the same bytes stay as they are, with the salt that they have.
  @discardableResult
  func keep(_ bytes: [UInt8], _ card: Card) throws(LedgerError) -> Card {
    let place = "\(path)/\(Digest.sha256(bytes).hex)"
    if let data = FileManager.default.contents(atPath: place + ".json") {
      return (try? JSONDecoder().decode(Card.self, from: data)) ?? card
    }
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(bytes).write(to: URL(filePath: place + ".xml"), options: .atomic)
      try JSONEncoder().encode(card).write(to: URL(filePath: place + ".json"), options: .atomic)
    } catch { throw LedgerError(.unavailable, "The folder \(path) cannot be written.") }
    return card
  }

  /// The documents of an order.
  func documents(ofOrder order: Digest) -> [TradeDocument] {
    cards().filter { $0.card.orders.contains(order.hex) }.prefix(64).compactMap { document($0.place) }
  }

  /// The file of an invoice.
  func invoice(_ token: Digest) -> [UInt8]? {
    guard let found = cards().first(where: { $0.card.id == token.hex && $0.card.kind == "Invoice" }) else { return nil }
    return bytes(found.place)
  }

  private func cards() -> [(place: String, card: Card)] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    return names.filter { $0.hasSuffix(".json") }.prefix(PaperShelf.cardLimit).compactMap { name in
      guard let data = FileManager.default.contents(atPath: "\(path)/\(name)"),
        let card = try? JSONDecoder().decode(Card.self, from: data)
      else { return nil }
      return ("\(path)/\(name.dropLast(5))", card)
    }
  }

  private func bytes(_ place: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: place + ".xml"), data.count <= PaperShelf.fileLimit else {
      return nil
    }
    return [UInt8](data)
  }

  private func document(_ place: String) -> TradeDocument? {
    bytes(place).flatMap { try? UBLImport($0, level: .lenient) }?.document
  }
}
