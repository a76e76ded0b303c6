import COSE
import FinanceRules
import Foundation
import Ledger
import LedgerServer
import Primitives

/// The keys of single lots that a member holds, in its own folder: `keys/<digest>.pem` and `keys/<digest>.sealing.pem`.
struct LotKeys: Sendable {
  let folder: String
  let member: String

  private var place: String { "\(folder)/\(member)/keys" }

  /// Makes a key and the sealing key beside it, and notes in the member's parties.txt whose it is; gives its party.
  func make() throws -> (party: String, path: String) {
    let key = PrivateKey.generate(.es256)
    let party = KeyParty.name(key.publicKey.id)
    do {
      try FileManager.default.createDirectory(
        atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let path = path(party)
      try key.save(to: path)
      try SealingKey.generate().save(to: SealingFile.beside(path))
      try Self.note("key \(party) = \(member)", in: "\(folder)/\(member)/parties.txt")
      return (party, path)
    } catch let error as COSEError {
      throw error
    } catch { throw LedgerError(.unavailable, "The folder \(place) cannot be written.") }
  }

  func path(_ party: String) -> String { "\(place)/\(party.dropFirst()).pem" }

  /// The parties whose keys are here.
  var parties: [String] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted()
    return names.filter { $0.hasSuffix(".pem") && !$0.hasSuffix(".sealing.pem") }.map { "~" + $0.dropLast(4) }
  }

  /// The key of a party; only names of 64 digits lead to a file.
  func key(_ party: String) -> PrivateKey? {
    guard party.hasPrefix("~"), Digest(hex: party.dropFirst()) != nil, parties.contains(party) else { return nil }
    return try? PrivateKey.load(from: path(party))
  }

  /// The sealing keys of the member and of its lots, by party.
  func sealingKeys() -> [(party: String, key: SealingKey)] {
    var found: [(party: String, key: SealingKey)] = []
    if let own = try? SealingKey.load(from: "\(folder)/\(member)/sealing.pem") { found.append((member, own)) }
    for party in parties {
      if let key = try? SealingKey.load(from: SealingFile.beside(path(party))) { found.append((party, key)) }
    }
    return found
  }

  /// Adds a line to a file of parties, once.
  private static func note(_ line: String, in path: String) throws {
    var text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    guard !text.split(separator: "\n").contains(line[...]) else { return }
    if !text.isEmpty, !text.hasSuffix("\n") { text += "\n" }
    try Data((text + line + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
  }
}

/// A key that the registrar admits: whose it is, and who may know.
struct Admission {
  /// Keys of one batch at most.
  static let limit = 64

  let party: String
  let holder: String
  /// Who may link the key to its holder, besides holder, registrar and supervisors: who passes lots to it.
  let readers: [String]

  /// The document of several, each sealed to its own readers; and who of them cannot open it.
  static func document(
    _ admissions: [Admission], by registrar: String, _ view: LedgerView
  ) throws -> (document: KeysAdmission, missing: [String]) {
    var (document, missing) = (KeysAdmission(), [String]())
    for admission in admissions {
      guard let digest = Digest(hex: admission.party.dropFirst()), admission.party.hasPrefix("~") else {
        throw LedgerError(.malformed, "'\(admission.party)' is no key's party: ~ and 64 hexadecimal digits.")
      }
      guard let bytes = try view.value(Family.members.key(.sha256(admission.holder))),
        try MemberEntry(decoding: bytes).status == .admitted
      else { throw LedgerError(.notFound, "There is no admitted organisation \(admission.holder).") }
      let result = try Sealer(view: view).seal(
        Array(admission.holder.utf8), salt: Sealer.salt(), to: [registrar, admission.holder] + admission.readers)
      missing += result.missing.filter { !missing.contains($0) }
      document.keys.append(AdmittedKey { ($0.key, $0.holder) = (digest, result.sealed) })
    }
    return (document, missing)
  }

  /// The admitted keys whose holders somebody can open.
  static func known(to keys: [SealingKey], _ view: LedgerView) throws -> [(party: String, holder: String)] {
    try FinanceServer.list(Family.holderKeys.prefix(), view, as: AdmittedKey.self).compactMap { _, admitted in
      for key in keys {
        if let opened = try? admitted.holder.open(with: key), let name = String(validating: opened.plain, as: UTF8.self)
        {
          return ("~" + admitted.key.hex, name)
        }
      }
      return nil
    }
  }
}

/// Bids for a lot, as far as keys open them.
struct OpenedBid {
  let financier: String
  let expires: UInt64
  /// What is bid, and the salt of its seal; nil where none of the keys opens it.
  let terms: (terms: Terms, salt: [UInt8])?

  static func all(_ note: Digest, _ lot: Digest, with keys: [SealingKey], _ view: LedgerView) throws -> [OpenedBid] {
    let events = try FinanceServer.list(Family.lives.prefix(note), view, as: NoteEvent.self).map(\.value)
    let bidders = Set(events.filter { $0.lot == lot && $0.kind == "finance-bid" }.map(\.actor))
    return try bidders.sorted().compactMap { name in
      guard let bid: Bid = try FinanceServer.record(Family.bids.key(note, lot, .sha256(name)), view) else { return nil }
      for key in keys {
        if let opened = try? bid.terms.open(with: key), let terms = try? Terms(decoding: opened.plain) {
          return OpenedBid(financier: name, expires: bid.expires, terms: (terms, opened.salt))
        }
      }
      return OpenedBid(financier: name, expires: bid.expires, terms: nil)
    }
  }
}
