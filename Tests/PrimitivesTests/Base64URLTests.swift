import Primitives
import Testing

struct Base64URLTests {
  @Test(arguments: [("", []), ("Zg", [0x66]), ("Zm8", [0x66, 0x6f]), ("-_8", [0xfb, 0xff])] as [(String, [UInt8])])
  func `bytes and text`(text: String, bytes: [UInt8]) {
    #expect(Base64URL.encode(bytes) == text)
    #expect(Base64URL.decode(text) == bytes)
  }

  @Test(arguments: ["Z", "Zg==", "Zg=", "Zh", "+/8", "-_9", "Zm 8", "Zm8\n", "é", "ZZZZZ"])
  func `other spellings are refused`(text: String) { #expect(Base64URL.decode(text) == nil) }
}
