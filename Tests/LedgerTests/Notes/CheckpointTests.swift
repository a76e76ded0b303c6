import Crypto
import Ledger
import Primitives
import Testing

@Suite struct CheckpointTests {
  static let rootText = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
  static let text = "example.com/behind-the-sofa\n20852163\n\(rootText)\n"
  /// The example of the C2SP tlog-cosignature text.
  static let cosigned = """
    \(text)
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
    — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

    """

  @Test func `the example of the C2SP text`() throws {
    let note = try SignedNote(parsing: Self.cosigned.octets)
    #expect(note.encoded == Self.cosigned.octets)
    let checkpoint = try Checkpoint(note)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.size == 20_852_163)
    #expect(checkpoint.root.bytes == Base64.decode(Self.rootText))
    #expect(checkpoint.text == Self.text.octets)
    #expect(Checkpoint(origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root) == checkpoint)
    let cosignature = try #require(Cosignature(note.signatures[1]))
    #expect(cosignature.keyID == 0x8d66_cf3f)
    #expect(cosignature.timestamp == 1_679_315_147)
    #expect(cosignature.line == note.signatures[1])
    #expect(Cosignature(note.signatures[0]) == nil)
  }

  @Test(arguments: [
    ("", CheckpointError.missingFinalNewline),
    ("o", .missingFinalNewline),
    ("\n1\n\(rootText)\n", .origin),
    ("o\n", .size),
    ("o\n\n\(rootText)\n", .size),
    ("o\n01\n\(rootText)\n", .size),
    ("o\n00\n\(rootText)\n", .size),
    ("o\n+1\n\(rootText)\n", .size),
    ("o\n-1\n\(rootText)\n", .size),
    ("o\n 1\n\(rootText)\n", .size),
    ("o\n1 \n\(rootText)\n", .size),
    ("o\n0x1\n\(rootText)\n", .size),
    ("o\n١\n\(rootText)\n", .size),
    ("o\n18446744073709551616\n\(rootText)\n", .size),
    ("o\n99999999999999999999\n\(rootText)\n", .size),
    ("o\n1\n", .root),
    ("o\n1\n\n", .root),
    ("o\n1\n\(rootText.dropLast())\n", .root),
    ("o\n1\n\(rootText.dropLast(2))J=\n", .root),
    ("o\n1\nAAAA\n", .root),
    ("o\n1\n\(rootText) \n", .root),
    ("o\n1\n\(rootText)\n\n", .emptyLine(line: 4)),
    ("o\n1\n\(rootText)\next\n\nmore\n", .emptyLine(line: 5)),
    ("o\r\n1\n\(rootText)\n", .characters),
  ]) func `a malformed checkpoint is refused by name`(text: String, expected: CheckpointError) {
    #expect(throws: expected) { try Checkpoint(parsing: text.octets) }
  }

  @Test func `sizes at the bounds, extension lines, and origins`() throws {
    for size in ["0", "1", "18446744073709551615"] {
      let text = "o\n\(size)\n\(Self.rootText)\n".octets
      #expect(try Checkpoint(parsing: text).text == text)
    }
    let extended = "o\n1\n\(Self.rootText)\nfirst\n second \n".octets
    let checkpoint = try Checkpoint(parsing: extended)
    #expect(checkpoint.extensionLines == ["first".octets, " second ".octets])
    #expect(checkpoint.text == extended)
    #expect(checkpoint != Checkpoint(origin: "o", size: 1, root: checkpoint.root))
    #expect(Checkpoint(origin: "", size: 1, root: Digest()) == nil)
    #expect(Checkpoint(origin: "a\nb", size: 1, root: Digest()) == nil)
    let named = try #require(Checkpoint(origin: "go.sum database tree", size: 1, root: Digest()))
    #expect(throws: NoteError.self) { try named.signed(with: TestSigner(1)) }
  }

  @Test func `cosignatures verify for their checkpoint, time and key only`() throws {
    let house = Consortium()
    let checkpoint = house.checkpoint()
    let name = house.names[0]
    let cosignature = try Cosignature(checkpoint, timestamp: 5, as: name, with: house.signers[0])
    let key = house.witnesses[0].key
    #expect(cosignature.line.payload.count == 72)
    #expect(cosignature.isValid(for: checkpoint, key: key))
    #expect(!cosignature.isValid(for: house.checkpoint(43), key: key))
    #expect(!cosignature.isValid(for: checkpoint, key: house.witnesses[1].key))
    #expect(!cosignature.isValid(for: checkpoint, key: VerifierKey(log: name, publicKey: key.publicKey)!))
    for place in 0..<72 {
      var payload = cosignature.line.payload
      payload[place] ^= 1
      let line = NoteSignature(name: name, keyID: key.keyID, payload: payload)!
      #expect(key.verify(line, over: checkpoint.text) == nil)
    }
    // A plain signature over the text is no cosignature, also with the other's key id.
    let plain = try NoteSignature.signing(checkpoint.text, as: name, with: house.signers[0])
    let dressed = NoteSignature(name: name, keyID: key.keyID, payload: Array(repeating: 0, count: 8) + plain.payload)!
    #expect(key.verify(dressed, over: checkpoint.text) == nil)
  }

  @Test func `what is signed is the text of the standard`() throws {
    let house = Consortium()
    let checkpoint = house.checkpoint(7, .sha256([UInt8]()))
    let text = "log.example/one\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    let cosignature = try Cosignature(checkpoint, timestamp: 5, as: house.names[0], with: house.signers[0])
    let key = house.signers[0].key.publicKey
    #expect(key.isValidSignature(cosignature.signature, for: "cosignature/v1\ntime 5\n\(text)".octets))
    let log = try checkpoint.signed(with: house.logSigner)
    #expect(house.logSigner.key.publicKey.isValidSignature(log.signatures[0].payload, for: text.octets))
  }

  @Test func `times of cosignatures stay within their bounds`() throws {
    let house = Consortium()
    let key = house.witnesses[0].key
    let last = Cosignature.maximumTimestamp
    let cosignature = try Cosignature(house.checkpoint(), timestamp: last, as: key.name, with: house.signers[0])
    #expect(cosignature.isValid(for: house.checkpoint(), key: key))
    for time in [0, last + 1, .max] {
      #expect(throws: NoteSigningError.timestamp(time)) {
        try Cosignature(house.checkpoint(), timestamp: time, as: key.name, with: house.signers[0])
      }
    }
    var payload = cosignature.line.payload
    payload.replaceSubrange(0..<8, with: [0x80, 0, 0, 0, 0, 0, 0, 0])
    #expect(Cosignature(NoteSignature(name: key.name, keyID: key.keyID, payload: payload)!) == nil)
    #expect(Cosignature(NoteSignature(name: key.name, keyID: key.keyID, payload: payload + [0])!) == nil)
  }

  @Test func `signers of wrong lengths are refused`() throws {
    struct Broken: NoteSigning {
      var publicKey: [UInt8]
      var length: Int
      func signature(for message: [UInt8]) throws -> [UInt8] { Array(repeating: 0, count: length) }
    }
    let checkpoint = Consortium().checkpoint()
    #expect(throws: NoteSigningError.publicKeyLength(31)) {
      try checkpoint.signed(with: Broken(publicKey: Array(repeating: 0, count: 31), length: 64))
    }
    #expect(throws: NoteSigningError.signatureLength(65)) {
      try checkpoint.signed(with: Broken(publicKey: Array(repeating: 0, count: 32), length: 65))
    }
  }
}
