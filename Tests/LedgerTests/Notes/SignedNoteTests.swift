import Ledger
import Primitives
import Testing

@Suite struct SignedNoteTests {
  static let vkey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
  static let text = "This is an example message.\n"
  static let payload = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
  static let line = "— example.com/foo \(payload)\n"

  @Test func `the example of the C2SP text verifies and is written back`() throws {
    let bytes = "\(Self.text)\n\(Self.line)".octets
    let note = try SignedNote(parsing: bytes)
    #expect(note.text == Self.text.octets)
    #expect(note.signatures.map(\.keyID) == [0x530d_903a])
    #expect(note.signatures.map(\.payload.count) == [64])
    #expect(note.encoded == bytes)
    let key = try VerifierKey(parsing: Self.vkey)
    #expect(try note.verify(against: [key]).map(\.key) == [key])
  }

  @Test func `golang's note of two lines verifies, and its key signs the same bytes`() throws {
    // golang.org/x/mod sumdb/note: the seed is in the private key of its tests.
    let vkey = try VerifierKey(parsing: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    let text =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    let line =
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    let note = try SignedNote(parsing: "\(text)\n\(line)".octets)
    #expect(try note.verify(against: [vkey]).map(\.key) == [vkey])
    let seed = Base64.decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")!.dropFirst()
    let signer = TestSigner(bytes: Array(seed))
    #expect(signer.publicKey == vkey.publicKey)
    let own = try NoteSignature.signing(text.octets, as: vkey.name, with: signer)
    #expect(try SignedNote(text: text.octets, signatures: [own]).verify(against: [vkey]).count == 1)
    #expect(own.keyID == 0xc74f_20a3)
  }

  @Test(arguments: [
    ("", NoteError.missingFinalNewline),
    (text, .missingSeparator),
    ("\(text)\n", .noSignatures),
    ("\(text)\n\n", .noSignatures),
    ("\n\(line)", .missingSeparator),
    ("\(text)\(line)", .missingSeparator),
    ("\(text)\n\(line.dropLast())", .missingFinalNewline),
    ("\(text)\n\(line)\n", .noSignatures),
    ("\u{1}\(text)\n\(line)", .controlByte(1, offset: 0)),
    ("\(text)\t\n\(line)", .controlByte(9, offset: 28)),
    ("\(text)\r\n\(line)", .controlByte(13, offset: 28)),
    ("\(text)\n\(line)Unexpected line.\n", .signatureLine(.prefix, line: 4)),
    ("\(text)\n- example.com/foo \(payload)\n", .signatureLine(.prefix, line: 3)),
    ("\(text)\n– example.com/foo \(payload)\n", .signatureLine(.prefix, line: 3)),
    ("\(text)\n—example.com/foo \(payload)\n", .signatureLine(.prefix, line: 3)),
    ("\(text)\n—\u{A0}example.com/foo \(payload)\n", .signatureLine(.prefix, line: 3)),
    ("\(text)\n — example.com/foo \(payload)\n", .signatureLine(.prefix, line: 3)),
    ("\(text)\n— \n", .signatureLine(.name, line: 3)),
    ("\(text)\n—  \(payload)\n", .signatureLine(.name, line: 3)),
    ("\(text)\n— a+b \(payload)\n", .signatureLine(.name, line: 3)),
    ("\(text)\n— Bad Name \(payload)\n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— a\u{A0}b \(payload)\n", .signatureLine(.name, line: 3)),
    ("\(text)\n— a\u{2003}b \(payload)\n", .signatureLine(.name, line: 3)),
    ("\(text)\n— a\u{85}b \(payload)\n", .signatureLine(.name, line: 3)),
    ("\(text)\n— a\u{3000} \(payload)\n", .signatureLine(.name, line: 3)),
    ("\(text)\n— example.com/foo\n", .signatureLine(.missingPayload, line: 3)),
    ("\(text)\n— example.com/foo \n", .signatureLine(.missingPayload, line: 3)),
    ("\(text)\n— example.com/foo  \(payload)\n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— example.com/foo \(payload) \n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— example.com/foo \(payload.dropLast())\n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— example.com/foo \(payload.dropLast(2))N=\n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— example.com/foo ____\n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— example.com/foo UUU\u{212A}\n", .signatureLine(.base64, line: 3)),
    ("\(text)\n— example.com/foo Uw2Q\n", .signatureLine(.shortPayload(bytes: 3), line: 3)),
    ("\(text)\n— example.com/foo Uw2QOg==\n", .signatureLine(.shortPayload(bytes: 4), line: 3)),
    ("\(text)\n\(line)\(line)— x\n", .signatureLine(.missingPayload, line: 5)),
  ]) func `a malformed note is refused by name and place`(note: String, expected: NoteError) {
    #expect(throws: expected) { try SignedNote(parsing: note.octets) }
    #expect(!expected.description.isEmpty)
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    #expect(throws: NoteError.notUTF8) { try SignedNote(parsing: [0xFF] + "\(Self.text)\n\(Self.line)".octets) }
    #expect(throws: NoteError.notUTF8) { try SignedNote(parsing: [0xC0, 0x80] + "\(Self.text)\n\(Self.line)".octets) }
    #expect(throws: NoteError.notUTF8) { try SignedNote(text: [0xE2, 0x80, 0x0A]) }
  }

  @Test func `the last empty line parts text and signatures`() throws {
    for text in ["\n", "a\n\nb\n", "a\n\n", "a\n\n— example.com/foo AAAAAAA=\n"] {
      let note = try SignedNote(parsing: "\(text)\n\(Self.line)".octets)
      #expect(note.text == text.octets)
      #expect(note.signatures.count == 1)
      #expect(note.encoded == "\(text)\n\(Self.line)".octets)
    }
  }

  @Test func `limits of lines and bytes hold`() throws {
    let most = String(repeating: Self.line, count: Limits.noteSignatures)
    let note = try SignedNote(parsing: "\(Self.text)\n\(most)".octets)
    #expect(note.signatures.count == Limits.noteSignatures)
    // Repeated lines of one key count once.
    let key = try VerifierKey(parsing: Self.vkey)
    #expect(try note.verify(against: [key]).count == 1)
    #expect(throws: NoteError.tooManySignatures(Limits.noteSignatures + 1)) {
      try SignedNote(parsing: "\(Self.text)\n\(most)\(Self.line)".octets)
    }
    let filler = Limits.noteBytes - 2 - Self.line.utf8.count
    let largest = String(repeating: "a", count: filler) + "\n\n" + Self.line
    #expect(try SignedNote(parsing: largest.octets).encoded.count == Limits.noteBytes)
    #expect(throws: NoteError.tooLarge(bytes: Limits.noteBytes + 1)) { try SignedNote(parsing: "a\(largest)".octets) }
    var full = try SignedNote(parsing: largest.octets)
    let before = full
    let more = NoteSignature(name: NoteName("x")!, keyID: 1, payload: [1])!
    #expect(throws: NoteError.self) { try full.add(more) }
    #expect(full == before)
    #expect(throws: NoteError.self) { try SignedNote(text: before.text, signatures: before.signatures + [more]) }
    #expect(throws: NoteError.missingFinalNewline) { try SignedNote(text: "abc".octets) }
  }

  @Test func `a size that is counted is the size that is written`() throws {
    for payload in 1...7 {
      let line = NoteSignature(name: NoteName("é")!, keyID: 7, payload: Array(repeating: 1, count: payload))!
      let text = Array(repeating: UInt8(0x61), count: Limits.noteBytes - 1 - line.line.count - 1) + [0x0A]
      #expect(try SignedNote(text: text, signatures: [line]).encoded.count == Limits.noteBytes)
      #expect(throws: NoteError.tooLarge(bytes: Limits.noteBytes + 1)) {
        try SignedNote(text: [0x61] + text, signatures: [line])
      }
    }
  }

  @Test func `known and unknown pairs of name and key id`() throws {
    let key = try VerifierKey(parsing: Self.vkey)
    let base = try SignedNote(parsing: "\(Self.text)\n\(Self.line)".octets)
    let good = base.signatures[0]
    let junk: [UInt8] = [1, 2, 3]
    let sameName = NoteSignature(name: good.name, keyID: good.keyID ^ 1, payload: junk)!
    let sameID = NoteSignature(name: NoteName("other")!, keyID: good.keyID, payload: junk)!
    let forged = NoteSignature(name: good.name, keyID: good.keyID, payload: junk)!

    #expect(try SignedNote(text: base.text, signatures: [sameName, sameID, good]).verify(against: [key]).count == 1)
    #expect(throws: NoteVerificationError.noKnownSignature) {
      try SignedNote(text: base.text, signatures: [sameName, sameID]).verify(against: [key])
    }
    #expect(throws: NoteVerificationError.noKnownSignature) { try base.verify(against: []) }
    for order in [[good, forged], [forged, good]] {
      #expect(throws: NoteVerificationError.badSignature(name: good.name, keyID: good.keyID)) {
        try SignedNote(text: base.text, signatures: order).verify(against: [key])
      }
    }
    #expect(throws: NoteVerificationError.badSignature(name: good.name, keyID: good.keyID)) {
      try SignedNote(text: "This is another message.\n".octets, signatures: [good]).verify(against: [key])
    }
    // The same key listed twice is one key.
    #expect(try base.verify(against: [key, key]).count == 1)
  }

  @Test func `names are equal by their bytes`() throws {
    let composed = NoteName("caf\u{E9}")!
    let decomposed = NoteName("cafe\u{301}")!
    #expect(composed.description == decomposed.description)
    #expect(composed != decomposed)
    #expect(NoteName("") == nil)
    #expect(NoteName(utf8: [0xC3]) == nil)
  }

  @Test func `adding a line replaces the one by the same key in its place`() throws {
    let a1 = NoteSignature(name: NoteName("a")!, keyID: 1, payload: [1])!
    let a2 = NoteSignature(name: NoteName("a")!, keyID: 1, payload: [2])!
    let b = NoteSignature(name: NoteName("b")!, keyID: 1, payload: [3])!
    var note = try SignedNote(text: Self.text.octets)
    for line in [a1, b, a2, b] { try note.add(line) }
    #expect(note.signatures == [a2, b])
    #expect(try SignedNote(parsing: note.encoded) == note)
    for number in 2..<Limits.noteSignatures {
      try note.add(NoteSignature(name: NoteName("n")!, keyID: UInt32(number), payload: [1])!)
    }
    #expect(throws: NoteError.tooManySignatures(Limits.noteSignatures + 1)) {
      try note.add(NoteSignature(name: NoteName("n")!, keyID: 0, payload: [1])!)
    }
  }
}
