import COSE
import Foundation
import Primitives
import Testing

@Suite("Keys as text and in files")
struct KeyFileTests {
  @Test("RFC 8410, section 10.3: an Ed25519 key in PEM")
  func ed25519() throws {
    let pem = """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
      -----END PRIVATE KEY-----

      """
    let key = try PrivateKey(pem: pem)
    #expect(key.algorithm == .edDSA)
    #expect(
      key.publicKey.rawRepresentation == hex("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"))
    #expect(key.pem == pem)
  }

  @Test("a P-256 key in PEM that OpenSSL 3.0 made")
  func p256() throws {
    let pem = """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvatkjVKxdisU5U0z
      YSsw9M2IOkvhcja0uC78T6i0gWmhRANCAASgTpf92kpqamH2WjrcRMPOlsR/K33d
      ev/PGZgh0SKIfAGytLeM16wgxxjLApzCrk+J4NZgRU7AepCVBJnj4MTX
      -----END PRIVATE KEY-----

      """
    let key = try PrivateKey(pem: pem)
    #expect(key.algorithm == .es256)
    #expect(
      key.publicKey.rawRepresentation
        == hex(
          """
          a04e97fdda4a6a6a61f65a3adc44c3ce96c47f2b7ddd7affcf199821d122887c
          01b2b4b78cd7ac20c718cb029cc2ae4f89e0d660454ec07a90950499e3e0c4d7
          """))
    #expect(key.pem == pem)
    #expect(try PrivateKey(pem: pem.replacing("\n", with: "\r\n")).publicKey == key.publicKey)
  }

  @Test("texts that are no key in PEM are refused")
  func refuses() {
    let good = PrivateKey.generate(.edDSA).pem
    for bad in [
      "", "x", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", good.replacing("PRIVATE", with: "PUBLIC"),
      good + good, "x\n" + good, String(good.dropLast(5)), good.replacing("MC4C", with: "MC4D"),
    ] { #expect(throws: COSEError.invalidPEM, "\(bad)") { try PrivateKey(pem: bad) } }
  }

  @Test("a key of another curve is refused, not taken for one of P-256")
  func otherCurve() {
    let secp256k1 = """
      -----BEGIN PRIVATE KEY-----
      MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgu+JBZcOT52j7Fj/5cvdr
      4tNzwSTTTbUM8AExcwHBrnqhRANCAASb9/PQbyZkuScUC0lTQmOfR3WdD4PCnEJq
      fqCMfOW0vLf3xvCBT21ZjH0uirIXHAOFrGrfoMO8xuuhUtVtJDGk
      -----END PRIVATE KEY-----

      """
    #expect(throws: COSEError.invalidPEM) { try PrivateKey(pem: secp256k1) }
  }

  @Test("a saved key is for its owner only, is never overwritten, and loads", arguments: Algorithm.allCases)
  func files(_ algorithm: Algorithm) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("key.pem").path
    let key = PrivateKey.generate(algorithm)
    try key.save(to: path)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    #expect(try PrivateKey.load(from: path).publicKey == key.publicKey)

    let again = COSEError.keyFile(path: path, "exists already and is not overwritten")
    #expect(throws: again) { try PrivateKey.generate(algorithm).save(to: path) }
    #expect(try PrivateKey.load(from: path).publicKey == key.publicKey)

    for mode in [0o640, 0o604, 0o620, 0o601] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      let expected = COSEError.keyFile(
        path: path, "has mode 0\(String(mode, radix: 8)), so others can use it; run: chmod 600 '\(path)'")
      #expect(throws: expected) { try PrivateKey.load(from: path) }
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
    #expect(try PrivateKey.load(from: path).publicKey == key.publicKey)

    #expect(throws: COSEError.keyFile(path: folder.path, "is not a regular file")) {
      try PrivateKey.load(from: folder.path)
    }
    let missing = folder.appendingPathComponent("none/key.pem").path
    #expect(throws: COSEError.keyFile(path: missing, "No such file or directory")) {
      try PrivateKey.load(from: missing)
    }
    #expect(throws: COSEError.keyFile(path: missing, "No such file or directory")) { try key.save(to: missing) }
  }
}
