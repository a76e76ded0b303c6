import Copyright
import Foundation
import Ledger
import LedgerTestKit
import MediaAudio
import MediaDecode
import MediaHash
import Primitives
import Rights
import Testing

/// Files of every kind become codes by which copies are found, and an ISCC.
@Suite("Copyright: codes of files", .serialized)
struct LibraryHasherTests {
  static let hasher = LibraryHasher(
    pool: DecodePool(workers: 1, executable: Program.executable("copyright").path))

  static func matches(_ registered: [UInt8], _ seen: [UInt8]) throws -> [Match] {
    var index = CodeIndex()
    index.insert(CodeRecord(work: "work", entry: 1, codes: try hasher.registered(registered, title: "T").codes))
    return index.matches(try hasher.seen(seen).codes)
  }

  @Test("copied passages, recorded sound, altered pictures and films are found; others are not")
  func found() throws {
    for seed in UInt64(1)...3 {
      var atelier = Atelier(seed: seed)
      let (text, sound, film) = (atelier.text(), atelier.melody(), atelier.scenes(8))
      let picture = atelier.picture()
      let files = [
        Array(text.utf8), Atelier.sound(sound, as: .flac), Atelier.film(film), Atelier.jpeg(picture),
      ]
      let copies = [
        Array(atelier.copying(text).utf8), atelier.recorded(sound), Atelier.film(film.dropLast(), brighter: 8),
        atelier.altered(picture, .cropped),
      ]
      let others = [
        Array(atelier.text().utf8), Atelier.sound(atelier.melody(), as: .mp3), Atelier.film(atelier.scenes(8)),
        Atelier.jpeg(atelier.picture()),
      ]
      let algorithms: [MediaCode.Algorithm] = [.passage, .sound, .frame, .pdq]
      for number in files.indices {
        let found = try Self.matches(files[number], copies[number])
        #expect(found.map(\.algorithm) == [algorithms[number]], "seed \(seed), kind \(number)")
        #expect(try Self.matches(files[number], others[number]).isEmpty, "seed \(seed), kind \(number)")
        #expect(try Self.matches(files[number], files[number]).first?.distance == 0, "seed \(seed), kind \(number)")
      }
      for change in Atelier.Change.allCases {
        let copy = atelier.altered(picture, change)
        #expect(try Self.matches(files[3], copy).count == 1, "seed \(seed), \(change)")
        // Registered in its turn, the copy is told from a new work by the same forms.
        var index = CodeIndex()
        index.insert(CodeRecord(work: "work", entry: 1, codes: try Self.hasher.registered(files[3], title: "T").codes))
        let newcomer = try Self.hasher.registered(copy, title: "T")
        #expect(index.matches(newcomer.codes + newcomer.probes).count == 1, "seed \(seed), \(change) registered")
      }
      // Where the passage begins in both texts.
      let match = try #require(try Self.matches(files[0], copies[0]).first)
      let (upload, work) = (String(decoding: copies[0], as: UTF8.self), text)
      func letters(_ text: String, from place: UInt64) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.dropFirst(Int(place)).prefix(80))).lowercased()
          .filter(\.isLetter)
      }
      #expect(letters(upload, from: match.probe).prefix(24) == letters(work, from: match.variant).prefix(24))
    }
  }

  @Test("the ISCC is the standard's, and the entry that it makes fits the log")
  func iscc() throws {
    var atelier = Atelier(seed: 4)
    let picture = atelier.picture()
    let file = Atelier.jpeg(picture)
    let hashed = try Self.hasher.registered(file, title: "Evening harbour")
    let code = try ISCCCode(hashed.iscc)
    #expect(code.content == .image && code[.data] != nil && code[.instance] != nil)
    // Seen, it has no title.
    #expect(try code[.meta] == MetaCode.make(name: "Evening harbour").unit.truncated(to: 64))
    #expect(try ISCCCode(Self.hasher.seen(file).iscc).units == code.units.filter { $0.mainType != .meta })
    #expect(try ISCCCode(Self.hasher.registered(file, title: "\u{200b}").iscc)[.meta] == nil)
    #expect(hashed.instance == BLAKE3.hash(file))
    let long = Array(atelier.text(sentences: 6000).utf8)
    let codes = try Self.hasher.registered(long, title: "T").codes
    #expect(codes.count == 961 && Matching.codes.contains(codes.count))
    #expect(CodeRecord(work: "w", entry: 1, codes: codes).encoded().count < 60_000)
    for wrong in [[], [0, 1, 2], Array(file.prefix(900))] as [[UInt8]] {
      #expect(throws: LedgerError.self) { try Self.hasher.seen(wrong) }
    }
  }
}
