import Edge
import Primitives
import Testing

/// Values computed by an independent program (Python's hmac and hashlib, with CBOR written by hand).
@Suite("Edge vectors")
struct VectorTests {
  static let session: DeviceSession = {
    try! DeviceSession(
      device: "urn:dev:os:32473-1", kAUSF: Array(0..<32), supi: "imsi-001010000000001", gateway: "gw-1.edge.example")
  }()

  static let reading = ReadingForm(
    device: "urn:dev:os:32473-1", timeUs: 1_798_761_600_250_000, seq: 300, boot: 2,
    records: [
      ReadingForm.Record(name: "temperature", unit: "Cel", value: .number(mantissa: -1234, exponent: -2)),
      ReadingForm.Record(name: "open", value: .boolean(true)),
    ])

  static let message = Hex.decode(
    "d18443a10104a10448022cc670fdbf59ae585382a7006b74656d7065726174757265016343656c02c482213904d1217375726e3a6465763a6f"
      + "733a33323437332d313a22c482211b00000029e17462196373657119012c64626f6f7402a200646f70656e04f548c5e9f7d2c4cc4d48")!

  @Test("AKMA's keys")
  func akma() {
    let anchor = Akma.anchorKey(kAUSF: Array(0..<32), supi: "imsi-001010000000001")
    #expect(anchor.hex == "84edc04fc5dd17bafc6faf001218e9945a4fd10a66dde6f9ce312b6a496298f4")
    #expect(Self.session.kid == 0x022c_c670_fdbf_59ae)
    #expect(Self.session.key.hex == "38c36e7f8f719019efecec029a0c47381ca283b65403882e6f3e0918f540b79a")
  }

  @Test("a reading's bytes")
  func message() {
    let payload = Self.reading.encoded()
    #expect(Self.session.message(payload: payload) == Self.message)
    #expect(ReadingForm(decoding: payload[...]) == Self.reading)
    let long = Self.session.message(payload: payload, long: true)
    #expect(long.count == Self.message.count + 25)
  }

  @Test("a leaf, a chain and a high-water mark")
  func hashes() {
    let salt = Leaf.salt(secret: Digest(Array(32..<64))!, index: 7)
    let leaf = Leaf.hash(
      salt: salt, arrival: 1_798_761_600_300_000, kind: 1, flags: 0x0202 << 48, message: Self.message)
    #expect(leaf.hex == "bae05930fb848de51a8e8192d0b984e84d5af5d4e9fade252289826f8878061e")
    let chain = DeviceEpoch.chain(Digest(), payload: Self.reading.encoded())
    #expect(chain.hex == "bd6bee902481ccd004ecc8fe0f9f5c62c4fddc17115fb139d87c2949100b1814")
    let mark = HighWater(device: Self.session.digest, boot: 2, lastSeq: 300, chain: chain)
    #expect(mark.leaf.hex == "c2443217f55b4eefa7ccaa28149c0de0306f31b40471429abe4257ddb5e5387e")
  }

  @Test("no other bytes have a reading's meaning, and none make the reader fail")
  func mutations() {
    let payload = Self.reading.encoded()
    var accepted = 0
    for place in payload.indices {
      for bit in 0..<8 {
        var changed = payload
        changed[place] ^= 1 << UInt8(bit)
        guard let reading = ReadingForm(decoding: changed[...]) else { continue }
        accepted += 1
        #expect(reading != Self.reading)
        #expect(reading.encoded() == changed)
      }
    }
    #expect(accepted > 0)
    for count in 0..<payload.count { #expect(ReadingForm(decoding: payload[..<count]) == nil) }
    #expect(ReadingForm(decoding: (payload + [0])[...]) == nil)
  }

  @Test("a header's encoding is strict")
  func header() throws {
    let header = HeaderMaker.header(number: 7)
    let bytes = header.encoded()
    #expect(try BatchHeader(decoding: bytes[...]) == header)
    for place in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[place] ^= 1 << UInt8(bit)
        guard let other = try? BatchHeader(decoding: changed[...]) else { continue }
        #expect(other != header)
        #expect(other.encoded() == changed)
      }
    }
    for count in 0..<bytes.count { #expect(throws: EdgeError.self) { try BatchHeader(decoding: bytes[..<count]) } }
  }
}

enum HeaderMaker {
  static func header(number: UInt64, previous: Digest = Digest()) -> BatchHeader {
    BatchHeader(
      gateway: "gw-1.edge.example", number: number, previous: previous, root: Digest.sha256("root"), count: 4096,
      earliest: 1_798_761_600_000_000, latest: 1_798_761_601_000_000, opened: 1_798_761_600_500_000,
      closed: 1_798_761_601_500_000, highWaterRoot: Digest.sha256("marks"), highWaterCount: 900, kind: .ordinary,
      rejectCount: 3, rejectRoot: Digest.sha256("rejects"), quality: [4000, 50, 30, 16, 0],
      rules: Digest.sha256("rules"))
  }
}
