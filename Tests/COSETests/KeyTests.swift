import COSE
import Testing

@Suite("Keys")
struct KeyTests {
  @Test("a generated key verifies what it signed", arguments: Algorithm.allCases)
  func signs(_ algorithm: Algorithm) throws {
    let key = PrivateKey.generate(algorithm)
    let message = Array("a message".utf8)
    let signature = try key.sign(message)
    #expect(signature.count == 64)
    #expect(key.publicKey.isValidSignature(signature[...], for: message))
    #expect(!key.publicKey.isValidSignature(signature[...], for: message + [0]))
  }
}
