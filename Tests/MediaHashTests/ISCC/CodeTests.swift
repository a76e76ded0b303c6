import Crypto
import MediaHash
import Primitives
import Testing

/// Codes of inputs that follow from a seed; the expected ones were made with iscc-core 1.5.0 and Pillow 13.0.
@Suite struct ISCCCodeTests {
  private static let bytes: [UInt8] = {
    var generator = SeededGenerator(seed: 7)
    return generator.bytes(300_000)
  }()

  @Test func `Data-Codes are the reference's at every length that matters`() throws {
    let expected = [
      256: "ISCC:GAD3UOJCRO54WBP6EITTIC6C5UPLOKHNNCB3GXBRY3PMIBBZDYZT5EA",
      257: "ISCC:GADWY3NOXEUGCULZTB5VLUPFPTFSDOWZTHWNYXL2A7ZPLFAMUH7FAMA",
      8191: "ISCC:GADRZFS7DSU2FXI7TYDDA6GHGL353NQEV5EG22INGUKWYZPMVYSH5XQ",
      8192: "ISCC:GAD3ZFS3C2V2FXI5TILDI4XFEL257EQUXNFG6WIPGW2WYYPMRQCH5XA",
      8193: "ISCC:GAD3YBSTC3U3VWJ5D2DJI4VHFLZ56NQMDNFC2YILG6KWI2PMZY6HR7A",
      20_000: "ISCC:GADZJLGBCXGYFXQMCY2KQYNDFL25POQYDNIU24ILFYIVRW7FQM4X7TQ",
      300_000: "ISCC:GAD7L53U75QUC2Z3SP6SLMNGMXFRMIWZJOEEIFRTK7ABVFUNFNM6GJA",
    ]
    for (count, text) in expected { #expect(try DataCode.make(Array(Self.bytes.prefix(count))).text == text) }
    #expect(
      try DataCode.make([UInt8](repeating: 0, count: 100_000)).text
        == "ISCC:GADQAMPNAILL3KVJ2NVW4XZBAOSRYY65FQQUH222X5EK6QJKDVPJXMA")
  }

  @Test func `a Data-Code does not depend on the pieces its bytes come in`() throws {
    var generator = SeededGenerator(seed: 13)
    for count in [0, 1, 255, 256, 8_192, 8_193, 16_384, 100_000] {
      let bytes = Array(Self.bytes.prefix(count))
      let whole = try DataCode.make(bytes)
      for most in [1, 7, 300, 5_000, 8_191, 8_192, 8_193, 70_000] {
        if most == 1 && count > 20_000 { continue }
        var code = DataCode()
        var position = 0
        while position < count {
          let take = min(count - position, 1 + Int(generator.next() % UInt64(most)))
          code.update(bytes[position..<position + take])
          position += take
          if generator.next() % 64 == 0 { _ = try code.unit() }
        }
        #expect(try code.unit() == whole, "seed 13, \(count) bytes in pieces of at most \(most)")
      }
    }
  }

  @Test func `Instance-Codes are the reference's`() throws {
    var code = InstanceCode()
    code.update(Self.bytes)
    #expect(try code.unit().text == "ISCC:IAD225BNA4BKFJE7CINREXJDNZVPRLGDZZ5Y6KNWA53FLXIHLUW5FII")
    #expect(code.multihash == "1e20ad742d0702a2a49f121b125d236e6af8acc3ce7b8f29b6077655dd075d2dd2a1")
    #expect(code.byteCount == 300_000)
  }

  @Test func `xxHash32 is the reference's`() {
    let expected: [Int: UInt32] = [
      0: 0x2cc_5d05, 1: 0xcf65_b03e, 4: 0x8069_1e66, 15: 0x57c0_1ece, 16: 0xb728_37f4, 17: 0x7c77_adc2,
      31: 0xef24_f709, 32: 0x8307_41c1, 100: 0x7f89_ba44,
    ]
    for (count, hash) in expected { #expect(XXHash32.hash((0..<count).map { UInt8($0) }) == hash) }
  }

  private struct Picture {
    let width: Int, height: Int, channels: Int, border: Int
    let grey: String
    let code: String

    var pixels: [UInt8] {
      var generator = SeededGenerator(seed: UInt64(width * 1000 + height))
      var pixels: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width {
          if border > 0, x < border || y < border || x >= width - border || y >= height - border * 2 {
            pixels += [250, 240, 230].prefix(channels)
            continue
          }
          let noise = generator.next()
          for channel in 0..<channels {
            let base = [x * 255 / width, y * 255 / height, x * y % 256][channel]
            pixels.append(UInt8(truncatingIfNeeded: base + Int(noise >> UInt64(8 * channel) & 63)))
          }
        }
      }
      return pixels
    }
  }

  private static let pictures = [
    Picture(
      width: 97, height: 61, channels: 3, border: 0, grey: "5a9dfb4d4f80ed51",
      code: "ISCC:EEDZIQQO7YJ32KY6ETMDPWT2STMQO2YUPWCHRZSZ4FNVMKSIHLE6HLQ"),
    Picture(
      width: 640, height: 480, channels: 3, border: 13, grey: "d7d75a44ebc0c6e0",
      code: "ISCC:EEDZK3A4UFP7ILVBCXZAT4CH5FTK26SVVUHHDDTRZDBDXVFLQYV5IOQ"),
    Picture(
      width: 20, height: 16, channels: 3, border: 0, grey: "135361029a10c910",
      code: "ISCC:EEDZKISZWJK7KFHNQC7YKO4FNPVFCEXFT5JJ7IVNEL7IS2UBPKCXZII"),
    Picture(
      width: 32, height: 200, channels: 1, border: 0, grey: "29ba2385826620cc",
      code: "ISCC:EEDZKSSVVNK2KWSVESQVKVSUJL7NOKRVKJK52LRVKVKVFKDJLOKXKVI"),
    Picture(
      width: 33, height: 31, channels: 1, border: 0, grey: "2286df08e49b95f8",
      code: "ISCC:EEDZLK2ULJVKKVHKCUUNNLCVPMVOVKUVXFKFLVKUK2WSVKVBO2VKVMQ"),
    Picture(
      width: 1, height: 1, channels: 3, border: 0, grey: "738c7aebba29b335",
      code: "ISCC:EEDYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
    Picture(
      width: 1000, height: 7, channels: 3, border: 0, grey: "2020ada8962f47d0",
      code: "ISCC:EEDZIGDCSVV32K7KKTNCPFNPVCQG5XCCTQRO7NBEXVPVOUBKXGMC7FA"),
    Picture(
      width: 50, height: 50, channels: 3, border: 40, grey: "08a5c039af73119e",
      code: "ISCC:EEDYAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
  ]

  @Test func `pictures are trimmed, made grey and resized bit for bit as Pillow does`() throws {
    for picture in Self.pictures {
      let grey =
        picture.channels == 3
        ? try ImagePixels.grey32(rgb: picture.pixels, width: picture.width, height: picture.height)
        : try ImagePixels.grey32(grey: picture.pixels, width: picture.width, height: picture.height)
      let hash = Hex.encode(SHA256.hash(data: grey).prefix(8))
      #expect(hash == picture.grey, "\(picture.width) x \(picture.height)")
      #expect(try ImageCode.make(grey: grey).text == picture.code, "\(picture.width) x \(picture.height)")
    }
    #expect(throws: ISCCFault.badInput) { try ImagePixels.grey32(rgb: [1, 2, 3], width: 1, height: 2) }
    #expect(throws: ISCCFault.badInput) { try ImagePixels.grey32(rgb: [], width: 0, height: 0) }
    #expect(throws: ISCCFault.badInput) { try ImagePixels.grey32(rgb: [], width: .max, height: .max) }
    #expect(throws: ISCCFault.badInput) { try ImageCode.make(grey: [0]) }
  }

  @Test func `wrong inputs are refused`() {
    #expect(throws: ISCCFault.emptyName) { try MetaCode.make(name: " \u{200b}\n") }
    #expect(throws: ISCCFault.badMetadata) { try MetaCode.make(name: "a", metadata: .dataURL("data:;base64,*")) }
    #expect(throws: ISCCFault.badMetadata) { try MetaCode.make(name: "a", metadata: .dataURL("data:,%4")) }
    #expect(throws: ISCCFault.badMetadata) {
      try MetaCode.make(name: "a", metadata: .json([UInt8](repeating: 48, count: 128_001), linked: false))
    }
    #expect(throws: ISCCFault.badInput) { try VideoCode.make([[1, 2, 3]]) }
    #expect(throws: ISCCFault.badInput) { try VideoCode.make([]) }
    #expect(throws: ISCCFault.badInput) { try MixedCode.make([]) }
    #expect(throws: ISCCFault.badLength) { try TextCode.make("a", bits: 100) }
  }
}
