import Ledger
import Primitives
import Testing

@Suite struct VerifierKeyTests {
  static let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

  @Test(arguments: [
    SignedNoteTests.vkey, peter, "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
  ]) func `public keys are read and written back`(text: String) throws {
    let key = try VerifierKey(parsing: text)
    #expect(key.text == text)
    #expect(key.algorithm == .ed25519)
    #expect(VerifierKey(log: key.name, publicKey: key.publicKey) == key)
  }

  @Test func `a cosigner's key of the same bytes has another key id`() throws {
    let log = try VerifierKey(parsing: Self.peter)
    let cosigner = VerifierKey(cosigner: log.name, publicKey: log.publicKey)!
    #expect(cosigner.keyID != log.keyID)
    #expect(cosigner.type == 4)
    #expect(try VerifierKey(parsing: cosigner.text) == cosigner)
    #expect(VerifierKey(cosigner: log.name, publicKey: Array(log.publicKey.dropLast())) == nil)
    #expect(VerifierKey(log: log.name, publicKey: log.publicKey + [0]) == nil)
  }

  @Test func `every part and every changed byte of a key is refused`() throws {
    let bytes = Self.peter.octets
    for start in 0..<bytes.count {
      for end in start + 1...bytes.count where end - start < bytes.count {
        #expect(throws: VerifierKeyError.self) { try VerifierKey(parsing: bytes[start..<end]) }
      }
    }
    for place in bytes.indices {
      for value in UInt8.min...UInt8.max where value != bytes[place] {
        var changed = bytes
        changed[place] = value
        // Another type byte makes a key that verifies nothing; anything else is refused.
        guard let key = try? VerifierKey(parsing: changed[...]) else { continue }
        #expect(!key.isSupported, "place \(place) value \(value)")
        #expect(key.text.octets == changed)
      }
    }
  }

  @Test(arguments: [
    ("", VerifierKeyError.form),
    ("name+00000000", .form),
    ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .name),
    ("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .name),
    ("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyID),
    ("example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyID),
    ("example.com/foo+530d903g+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", .keyID),
    ("example.com/foo+530d903a+", .base64),
    ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ", .base64),
    ("example.com/foo+530d903a+AQ==", .keyLength(bytes: 0)),
    ("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==", .base64),
    ("example.com/foo+530d903a+BQ==", .keyLength(bytes: 0)),
    (
      "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
      .keyIDMismatch(stated: 0x530d_903a, computed: 0)
    ),
  ]) func `a malformed key is refused by name`(text: String, expected: VerifierKeyError) {
    #expect {
      _ = try VerifierKey(parsing: text)
    } throws: { error in
      if case .keyIDMismatch = expected, case .keyIDMismatch(0x530d_903a, _)? = error as? VerifierKeyError {
        return true
      }
      return error as? VerifierKeyError == expected
    }
  }

  @Test func `a key of an unknown type is kept and verifies nothing`() throws {
    let text = "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    let key = try VerifierKey(parsing: text)
    #expect(key.algorithm == .unsupported(0x65))
    #expect(key.text == text)
    let line = NoteSignature(name: key.name, keyID: key.keyID, payload: [1])!
    let note = try SignedNote(text: "x\n".octets, signatures: [line])
    #expect(throws: NoteVerificationError.noKnownSignature) { try note.verify(against: [key]) }
  }
}
