import CBOR
import COSE
import Copyright
import EPCIS
import Foundation
import Invoices
import Ledger
import LedgerServer
import LedgerTestKit
import Primitives
import Rights
import RoamingSettlement
import SmartCity
import SupplyChain
import Testing
import Traceability
import Value

/// The catalogues against the sources: nothing that people read is left out, nothing is left over.
///
/// Every string literal of the sources that reads like words counts as a sentence for people, wherever it stands, so
/// that no new way of saying something can be overlooked; what is for programs is listed here by its call or its text.
@Suite("Chinese catalogues")
struct CatalogueTests {
  static let everything = Catalogue.server.merging(.traceability).merging(.roaming).merging(.smartCity)
    .merging(.supplyChain).merging(.invoices).merging(.copyright).merging(.rights)

  /// Calls whose literals are never for people.
  static let calls: Set<String> = [
    "SQL", "execute", "fetchAll", "precondition", "preconditionFailure", "fatalError", "assertionFailure", "UInt8",
    "split", "hasPrefix", "hasSuffix", "contains", "derive", "sha256", "head", "Gauge", "Namespace", "add", "error",
    "warning", "info", "debug", "notice", "critical", "badRequest", "unprocessable", "Logger", "term", "key", "create",
    "prepare", "insert", "copyItem",
  ]

  /// What the demos put on their ledgers: names, titles and documents of the story, which are data in any language.
  static let story: Set<String> = [
    "Regulator and arbiter", "Platform operator and registrar", "Shengtai Warehouse", "Bank B, financier",
    "Bank A, financier and settlement bank", "Oubei Auto Trade, distributor", "Qiming Sand, tier 3",
    "Xinyi Castings, tier 2", "Hongda Brakes, tier 1", "Lantu Motors, core enterprise", "yearly review, order 2026/17",
    "compressor replaced, samples tested", "shut again, the room stayed cold",
    "adhesives and coatings, lot 77, to be kept between 2 and 8 degrees", "registry key of the demo",
    "invoice INV2026031: 4200 at 417.20", "{1} 4500017: 4200 brake sets at 417.20", "Picture agency",
    "Publishing house",
    "Record label", "Video platform", "Evening harbour", "Letters from a bridge", "My harbour", "Lantern song",
    "The orchard",
    "no licence: take the copy down", "regulator's page", "invoice {1}", "note {1}", "line {1}",
    "{1} of this claim is assigned to {2}. Only payment to {3} discharges it.", "The file's ISCC cannot be made: {1}.",
  ]

  /// Logs and instructions inside evidence, which is read by courts as it was written.
  static let evidence = ["Apps/Copyright/Rights/Evidence/EvidenceReport", "Apps/Copyright/Media/Atelier"]

  /// Texts for programs that read like words.
  static let exceptions: Set<String> = [
    "listener {1} 127.0.0.1", "persistence true", "log_dest file {1}/mosquitto.log", "user {1}",
    // Sealed key terms and lines of parties.txt: data.
    "from {1} to {2}", "of {1}", "key {1} = {2}", "{1} {2} of {3}:{4}", "file sha256 {1}",
    "tallystick goods reading v1\n", " xmlns:{1}=\"", "copyright 1",
    "read {1}, {2} bytes, at {3} by the system clock with {4}\n",
    "received over HTTP, {1} bytes, at {2} by {3}'s clock with {4}\n",
    "AND key < ?", "SELECT key, blind, value FROM state ORDER BY key", "log <key> [<url>]",
    "witness <name> <key> [<url>]", "group <name> <k|any|all> <member>...", "quorum <name|none>", "unknown origin\n",
    "old {1}\n", "old ", "extra ", "index ", "tallystick seeded key", "tallystick seeded sealing key",
    "tallystick sealed v1", "public, max-age=31536000, immutable",
    "private, max-age=31536000, immutable", "Bearer {1}", "unknown processor", "  %.2f of %@", "  ({1} runs)",
    "bytes with checkpoint", "tallystick member card v1\n", "refused; code={1}", "no answer to a registration",
    "retry: 2000\n\n", "data: ", "tallystick batch", "tallystick K_AUSF{1}", "dot f{1}", "cell alarmed", "cell lived",
    "attachment; filename=\"{1}.proof\"", "lost {1}",
    "attachment; filename=\"{1}\"", "attachment; filename=\"payments.xml\"", "key {1} = {2}\n", "knot gone", "knot {1}",
    "decode 2; {1}; {2}; {3}; iscc 1.5.0; {4}; chromaprint 2; blocks 2", "{1}, libchromaprint {2}",
    "the sender says: {1}\n",
    "pdq nearest-512 luma-f32 1", "passages 1",
    "vpdq 1", "variants 2", "works by entry 1", "f{1} ahead", "Picture {1}",
    "chart tree", "chart bar", "supplychain verify report.proof --policy policy.txt",
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
      + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ]

  /// Sources that say nothing to people, as the trial of store layouts and the schemas' SQL, and those that have no
  /// Chinese yet: what is wrong with a scenario or with SenML.
  static let silent = [
    "Core/Ledger/Store/LayoutTrial", "Core/Ledger/Store/Schema", "Core/Edge/Store", "Core/FiveG", "Core/JSON",
    "Core/SenML",
    "Apps/Copyright/MediaDecode/Robustness", "Apps/SupplyChain/Bench/PostgresPeer",
  ]

  struct Sentence {
    let template: String
    let place: String
  }

  static let literals: [SwiftLiteral] = sources.flatMap { $0.literals }

  static let sources: [(path: String, literals: [SwiftLiteral])] = ["Core", "Apps", "Samples"].flatMap { folder in
    let root = Program.root.appending(path: folder).path
    let paths = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".swift") && !$0.contains("Chinese") }.sorted().map { path in
      let text = (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? ""
      return ("\(folder)/\(path)", SwiftLiterals.all(in: text))
    }
  }

  /// The sentences for people: two words or more, or one with a value.
  static let sentences: [Sentence] = sources.filter { source in
    !(silent + evidence).contains { source.path.hasPrefix($0) }
  }.flatMap { path, literals in
    literals.compactMap { literal in
      guard !calls.contains(literal.call), !exceptions.contains(literal.template),
        !story.contains(literal.template), !literal.template.contains("upload by device {1} in cell"),
        !literal.template.contains("bytes received at {3}; {4}; simulated network"),
        isProse(literal.template)
      else {
        return nil
      }
      return Sentence(template: literal.template, place: "\(path):\(literal.line)")
    }
  }

  static func isProse(_ template: String) -> Bool {
    guard template.contains(" ") else { return false }
    let words = template.replacing(/\{\d+\}/, with: "")
    return words.contains(/(^|[ (])[A-Za-z][a-z]+[ ,.:;?!)]/) || words.contains(/\s[a-z]+ [a-z]+$/)
      || words.contains(/^[a-z]+ [a-z]+$/)
  }

  @Test("every sentence for people has its Chinese")
  func complete() {
    #expect(Self.sentences.count > 400, "the sources were not found at \(Program.root.path)")
    var known: Set<String> = []
    for sentence in Self.sentences where Self.everything[sentence.template] == nil {
      guard known.insert(sentence.template).inserted else { continue }
      Issue.record("\(sentence.place): no Chinese for \(sentence.template.debugDescription)")
    }
  }

  @Test("every Chinese sentence has the places of its English one")
  func places() {
    for template in Self.everything.templates {
      let chinese = Self.everything[template] ?? ""
      #expect(Self.places(chinese) == Self.places(template), "\(template)")
      #expect(!chinese.isEmpty && chinese != template, "\(template)")
    }
  }

  @Test("no Chinese sentence is left over")
  func used() {
    var written = Set(Self.literals.map(\.template))
    written.formUnion(CBORError.Fault.allCases.map(\.rawValue))
    // Words that the code derives: an enumeration's cases, titles made of a name.
    written.formUnion(["A source", "A destination", "back", "forward", "both", "asked", "ancestor", "descendant"])
    written.formUnion(["withdrawn", "resolved", "noisy", "mirrored", "live", "issued", "escalated", "discharged"])
    written.formUnion(["checked", "approved", "known", "lenient", "fatal", "warning"])
    written.formUnion(["cropped", "consumed", "brighter", "acknowledged"])
    written.formUnion(["member", "regulator", "carrier", "device", "object", "parent", "child", "input", "output"])
    for template in Self.everything.templates where Catalogue.foreign[template] == nil {
      let isWritten = written.contains(template)
      #expect(isWritten, "no source says \(template.debugDescription)")
    }
  }

  @Test("Chinese sentences are Chinese: full-width marks, no half-width ones after a Chinese character")
  func marks() {
    for template in Self.everything.templates {
      let chinese = Self.everything[template] ?? ""
      #expect(!chinese.contains(/\p{Han}[,;:?!]/), "\(chinese)")
      #expect(!chinese.contains(/\p{Han}[.]($|[^a-z])/), "\(chinese)")
    }
  }

  @Test("the season tells every line in Chinese")
  func season() throws {
    struct Season: Decodable {
      struct Line: Decodable {
        let line: String
        let line_zh: String
      }
      let documents: [Line]
    }
    let data = try Data(contentsOf: Program.root.appending(path: "Samples/orchard/season.json"))
    let season = try JSONDecoder().decode(Season.self, from: data)
    #expect(!season.documents.isEmpty && season.documents.allSatisfy { !$0.line_zh.isEmpty })
  }

  private static func places(_ template: String) -> [String] {
    template.matches(of: /\{\d+\}/).map { String($0.output) }.sorted()
  }
}

/// The scanner of the sources that the catalogues are held against.
@Suite("String literals of Swift")
struct SwiftLiteralsTests {
  @Test("interpolations, joined lines, comments and nested literals")
  func scan() {
    let source = #"""
      // "not this"
      throw LedgerError(.limit, "One \(a.map { "inner \($0)" } ?? "none") two "
        + "three \(b) \"quoted\"")
      say(x ? "yes it is" : "no it is not") + "apart"
      let raw = #"raw "text""#
      let sum = "a" + name + "b"
      """#
    let found = SwiftLiterals.all(in: source).map { "\($0.call)|\($0.template)" }
    #expect(
      Set(found) == [
        #"LedgerError|One {1} two three {2} "quoted""#, #"\|inner {1}"#, #"\|none"#, "say|yes it is",
        "say|no it is not", "|apart", "|a", "|b",
      ], "\(found)")
  }
}
