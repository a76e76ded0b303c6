import COSE
import Foundation
import Primitives
import Testing

@Suite("SM2 keys as text, and with OpenSSL's command line")
struct SM2FileTests {
  private static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Runs `openssl` in a folder; its exit code and what it said.
  private static func run(_ path: String, _ arguments: [String], in folder: URL) throws -> (code: Int32, text: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// The DER form of r‖s.
  private static func der(_ signature: [UInt8]) -> [UInt8] {
    let numbers = [signature[..<32], signature[32...]].map { number -> [UInt8] in
      let short = Array(number.drop { $0 == 0 })
      let padded = short[0] > 127 ? [0] + short : short
      return [0x02, UInt8(padded.count)] + padded
    }
    return [0x30, UInt8(numbers[0].count + numbers[1].count)] + numbers[0] + numbers[1]
  }

  private static func raw(_ der: [UInt8]) -> [UInt8] {
    var (out, place) = ([] as [UInt8], 2)
    for _ in 0..<2 {
      let number = der[place + 2..<place + 2 + Int(der[place + 1])]
      let short = number.drop { $0 == 0 }
      out += [UInt8](repeating: 0, count: 32 - short.count) + short
      place = number.endIndex
    }
    return out
  }

  @Test("a key in PEM that OpenSSL 3.0 made, and the forms of other tools")
  func pem() throws {
    let pem = """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgsWpeLtYRj6F+d8GC
      QQuwQEixML5pNigPKMWZWVABt2ShRANCAAQT1aoXDiqfTehccnAy3D7ElB6d76OA
      WSX6bRCNmI3vqbGDj+efQdFIPTQ+AW4ts0B2hCono0HxpJmEKRzuOAfz
      -----END PRIVATE KEY-----

      """
    let key = try PrivateKey(pem: pem)
    #expect(key.algorithm == .sm2 && key.pem == pem)
    let publicPEM = """
      -----BEGIN PUBLIC KEY-----
      MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEE9WqFw4qn03oXHJwMtw+xJQene+j
      gFkl+m0QjZiN76mxg4/nn0HRSD00PgFuLbNAdoQqJ6NB8aSZhCkc7jgH8w==
      -----END PUBLIC KEY-----

      """
    #expect(key.publicKey.pem == publicPEM)
    #expect(try PublicKey(pem: publicPEM) == key.publicKey)

    let known = try PrivateKey(seed: SM2Tests.scalar, algorithm: .sm2)
    let point = SM2Tests.point
    let head = hex("020100 3013 06072a8648ce3d0201 06082a811ccf5501822d")
    let named = hex("a00a 06082a811ccf5501822d")
    let mark = hex("020101 0420") + SM2Tests.scalar
    let published = hex("a144 034200 04") + point
    func text(_ inner: [UInt8]) -> String {
      func item(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        (content.count < 128 ? [tag, UInt8(content.count)] : [tag, 0x81, UInt8(content.count)]) + content
      }
      let der = item(0x30, head + item(0x04, item(0x30, inner)))
      return "-----BEGIN PRIVATE KEY-----\n\(Data(der).base64EncodedString())\n-----END PRIVATE KEY-----\n"
    }
    for inner in [mark + published, mark + named + published, mark] {
      #expect(try PrivateKey(pem: text(inner)).publicKey == known.publicKey)
      for index in inner.indices {
        var changed = inner
        changed[index] ^= 1
        // Another d without a public key is another key; all else is refused.
        guard let read = try? PrivateKey(pem: text(changed)) else { continue }
        #expect(inner.count == mark.count && index >= 5 && read.publicKey != known.publicKey, "byte \(index)")
      }
      #expect(throws: COSEError.invalidPEM) { try PrivateKey(pem: text(inner + [0])) }
      #expect(throws: COSEError.invalidPEM) { try PrivateKey(pem: text(Array(inner.dropLast()))) }
    }
    #expect(known.pem.contains("\n") && known.pem == text(mark + published).wrapped)
    let bad = hex("020101 0420") + [UInt8](repeating: 0, count: 32)
    #expect(throws: COSEError.invalidPEM) { try PrivateKey(pem: text(bad)) }
  }

  @Test("the openssl command line verifies our signatures, and we verify its")
  func interop() throws {
    guard let openssl = Self.openssl else {
      print("skipped: no openssl command line on this machine, so SM2 was not compared with it")
      return
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
    guard try Self.run(openssl, ["genpkey", "-algorithm", "SM2", "-out", "theirs.pem"], in: folder).code == 0 else {
      print("skipped: the openssl command line has no SM2, so SM2 was not compared with it")
      return
    }
    let id = ["-pkeyopt", "distid:1234567812345678"]
    let digest = ["-rawin", "-digest", "sm3"]
    let message = Array("a message of a device".utf8)
    try Data(message).write(to: file("message"))

    let theirs = try PrivateKey(pem: try String(contentsOf: file("theirs.pem"), encoding: .utf8))
    #expect(theirs.algorithm == .sm2)
    let signed = try Self.run(
      openssl, ["pkeyutl", "-sign", "-in", "message", "-inkey", "theirs.pem", "-out", "signature"] + digest + id,
      in: folder)
    try #require(signed.code == 0, "\(signed.text)")
    let signature = Self.raw(Array(try Data(contentsOf: file("signature"))))
    #expect(theirs.publicKey.isValidSignature(signature[...], for: message))
    #expect(!theirs.publicKey.isValidSignature(signature[...], for: message + [0]))

    let ours = PrivateKey.generate(.sm2)
    try Data(ours.pem.utf8).write(to: file("ours.pem"))
    try Data(ours.publicKey.pem.utf8).write(to: file("ours.pub"))
    let converted = try Self.run(openssl, ["pkey", "-in", "ours.pem", "-pubout"], in: folder)
    #expect(converted.code == 0 && converted.text == ours.publicKey.pem, "\(converted.text)")
    try Data(Self.der(try ours.sign(message))).write(to: file("signature"))
    let arguments = ["pkeyutl", "-verify", "-in", "message", "-pubin", "-inkey", "ours.pub", "-sigfile", "signature"]
    let verified = try Self.run(openssl, arguments + digest + id, in: folder)
    #expect(verified.code == 0, "\(verified.text)")
    try Data(message + [0]).write(to: file("message"))
    #expect(try Self.run(openssl, arguments + digest + id, in: folder).code != 0)

    let hashed = try Self.run(openssl, ["dgst", "-sm3", "-r", "message"], in: folder)
    #expect(hashed.text.hasPrefix(SM3.digest(message + [0]).hex), "\(hashed.text)")
  }
}

extension String {
  /// PEM with its one line of Base64 broken after each 64 characters.
  fileprivate var wrapped: String {
    let lines = split(separator: "\n").map(String.init)
    let text = Array(lines[1])
    let broken = stride(from: 0, to: text.count, by: 64).map { String(text[$0..<Swift.min($0 + 64, text.count)]) }
    return ([lines[0]] + broken + [lines[2], ""]).joined(separator: "\n")
  }
}
