import CBOR
import COSE
import Foundation
import Primitives
import Testing

@Suite("SM2 and SM3")
struct SM2Tests {
  /// GB/T 32918.5-2017, annex A.2: the sample signature on the recommended curve, id 1234567812345678.
  static let scalar = hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
  static let point = hex(
    """
    09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020
    CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13
    """)
  static let message = Array("message digest".utf8)
  static let signature = hex(
    """
    F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
    B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
    """)
  /// The order of the group.
  static let order = hex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123")

  /// A big-endian number less a small one.
  static func less(_ number: [UInt8], _ amount: Int) -> [UInt8] {
    var (out, borrow) = (number, amount)
    for index in out.indices.reversed() where borrow > 0 {
      let difference = Int(out[index]) - borrow
      out[index] = UInt8(truncatingIfNeeded: difference)
      borrow = difference < 0 ? 1 : 0
    }
    return out
  }

  @Test("GB/T 32905, annex A: SM3 of one block and of two")
  func sm3() {
    #expect(SM3.digest(Array("abc".utf8)).hex == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
    let two = Array(String(repeating: "abcd", count: 16).utf8)
    #expect(SM3.digest(two).hex == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")
    #expect(SM3.digest([]).hex == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")
  }

  @Test("GB/T 32918.5, annex A.2: key and signature of the sample")
  func sample() throws {
    let key = try PrivateKey(seed: Self.scalar, algorithm: .sm2)
    #expect(key.publicKey.rawRepresentation == Self.point && key.algorithm == .sm2)
    let published = try PublicKey(sm2: Self.point)
    #expect(published == key.publicKey)
    #expect(published.isValidSignature(Self.signature[...], for: Self.message))
    #expect(key.publicKey.isValidSignature(Self.signature[...], for: Self.message))
    let signature = try key.sign(Self.message)
    #expect(signature != Self.signature, "signatures are randomised")
    #expect(published.isValidSignature(signature[...], for: Self.message))
  }

  @Test("what a signature covers is SM3(Z ‖ message), with the default id in Z")
  func preimage() throws {
    let a = hex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC")
    let b = hex("28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93")
    let base = hex(
      """
      32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
      BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
      """)
    let z = SM3.digest([0x00, 0x80] + Array("1234567812345678".utf8) + a + b + base + Self.point)
    // Printed in the standard.
    #expect(z.hex == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3")
    #expect(
      SM3.digest(z.bytes + Self.message).hex == "f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
  }

  @Test("every changed byte of message, signature and key fails")
  func mutations() throws {
    let key = try PublicKey(sm2: Self.point)
    for index in Self.signature.indices {
      for bit in 0..<8 {
        var changed = Self.signature
        changed[index] ^= 1 << UInt8(bit)
        #expect(!key.isValidSignature(changed[...], for: Self.message), "signature byte \(index) bit \(bit)")
      }
    }
    for index in Self.message.indices {
      for bit in 0..<8 {
        var changed = Self.message
        changed[index] ^= 1 << UInt8(bit)
        #expect(!key.isValidSignature(Self.signature[...], for: changed), "message byte \(index) bit \(bit)")
      }
    }
    for index in Self.point.indices {
      for bit in 0..<8 {
        var changed = Self.point
        changed[index] ^= 1 << UInt8(bit)
        #expect(throws: COSEError.invalidPoint, "key byte \(index) bit \(bit)") { try PublicKey(sm2: changed) }
      }
    }
    for index in Self.scalar.indices {
      var changed = Self.scalar
      changed[index] ^= 1
      let other = try PrivateKey(seed: changed, algorithm: .sm2)
      #expect(!other.publicKey.isValidSignature(Self.signature[...], for: Self.message))
      #expect(!key.isValidSignature(try other.sign(Self.message)[...], for: Self.message))
    }
    for count in 0..<64 { #expect(!key.isValidSignature(Self.signature[..<count], for: Self.message)) }
    #expect(!key.isValidSignature((Self.signature + [0])[...], for: Self.message))
    #expect(!key.isValidSignature(Self.signature[...], for: Self.message + [0]))
    #expect(!key.isValidSignature(Self.signature[...], for: []))
    // r and s that are 0, the order, and beyond it; the negative s, which ECDSA would take.
    let (r, s) = (Array(Self.signature[..<32]), Array(Self.signature[32...]))
    let zero = [UInt8](repeating: 0, count: 32)
    let most = [UInt8](repeating: 255, count: 32)
    var negative = zero
    var borrow = 0
    for index in (0..<32).reversed() {
      let difference = Int(Self.order[index]) - Int(s[index]) - borrow
      negative[index] = UInt8(truncatingIfNeeded: difference)
      borrow = difference < 0 ? 1 : 0
    }
    for pair in [
      r + zero, zero + s, zero + zero, r + Self.order, Self.order + s, r + most, most + s, s + r, r + negative,
    ] {
      #expect(!key.isValidSignature(pair[...], for: Self.message))
    }
  }

  @Test("signatures with short numbers are read: r and s keep their zeros")
  func shortNumbers() throws {
    let key = try PrivateKey(seed: Self.scalar, algorithm: .sm2)
    var short = 0
    for number in 0..<1500 {
      let message = Array("\(number)".utf8)
      let signature = try key.sign(message)
      guard signature[0] == 0 || signature[32] == 0 else { continue }
      short += 1
      #expect(key.publicKey.isValidSignature(signature[...], for: message))
    }
    // Some twelve are expected; that there is none has a chance of one in a hundred thousand.
    #expect(short > 0)
  }

  @Test("keys that are none are refused")
  func refusesKeys() throws {
    let zero = [UInt8](repeating: 0, count: 32)
    for bad in [zero, Self.order, Self.less(Self.order, 1), [UInt8](repeating: 255, count: 32), [], [1], zero + [1]] {
      #expect(throws: COSEError.invalidKeyBytes, "\(Hex.encode(bad))") { try PrivateKey(seed: bad, algorithm: .sm2) }
    }
    for good in [zero.dropLast() + [1], Self.less(Self.order, 2)] {
      let key = try PrivateKey(seed: Array(good), algorithm: .sm2)
      #expect(key.publicKey.isValidSignature(try key.sign([1])[...], for: [1]))
    }
    #expect(throws: COSEError.invalidKeyBytes) { try PublicKey(sm2: Array(Self.point.dropLast())) }
    #expect(throws: COSEError.invalidPoint) { try PublicKey(sm2: zero + zero) }
    // The point with x = 1, and the second spelling of that x: with the prime added.
    let y = hex("9f7a091433a81e3f218f405f792355bf2aa98b5ffa95982f03870800065279a3")
    #expect(throws: Never.self) { try PublicKey(sm2: zero.dropLast() + [1] + y) }
    #expect(throws: COSEError.invalidPoint) {
      try PublicKey(sm2: hex("fffffffeffffffffffffffffffffffffffffffff000000010000000000000000") + y)
    }
    // A point of P-256.
    #expect(throws: COSEError.invalidPoint) {
      try PublicKey(sm2: PrivateKey.generate(.es256).publicKey.rawRepresentation)
    }
    #expect(throws: COSEError.invalidPoint) { try PublicKey(p256: Self.point) }
  }

  @Test("a COSE_Key of SM2 carries the private-use curve")
  func coseKey() throws {
    let key = try PublicKey(sm2: Self.point)
    let (x, y) = (CBORValue.bytes(Array(Self.point[..<32])), CBORValue.bytes(Array(Self.point[32...])))
    #expect(key.coseKey == hex("a4010220 3a009b9934 215820") + Self.point[..<32] + hex("225820") + Self.point[32...])
    #expect(key.id == KeyID(Digest.sha256(key.coseKey).bytes[..<16]))
    func fault(_ value: CBORValue) throws -> COSEError? {
      do { _ = try PublicKey(coseKey: value.encoded()) } catch let error as COSEError { return error }
      return nil
    }
    #expect(try fault([1: 2, -1: -10_197_301, -2: x, -3: y]) == nil)
    #expect(try fault([1: 2, 3: -10_197_501, -1: -10_197_301, -2: x, -3: y]) == nil)
    #expect(
      try fault([1: 2, 3: -7, -1: -10_197_301, -2: x, -3: y])
        == .invalid(.key, label: 3, "-10197501 (SM2)"))
    #expect(try fault([1: 2, -1: -10_197_301, -2: x]) == .missing(.key, label: -3))
    #expect(try fault([1: 2, -1: -10_197_301, -2: y, -3: x]) == .invalidPoint)
    #expect(try fault([1: 2, -1: 1, -2: x, -3: y]) == .invalidPoint)
    #expect(try fault([1: 1, -1: -10_197_301, -2: x]) == .invalid(.key, label: -1, "6 (Ed25519)"))
  }

  @Test("signatures of one algorithm are none under another")
  func across() throws {
    let key = try PrivateKey(seed: Self.scalar, algorithm: .sm2)
    let other = try PrivateKey(seed: Self.scalar, algorithm: .es256)
    #expect(!other.publicKey.isValidSignature(try key.sign(Self.message)[...], for: Self.message))
    #expect(!key.publicKey.isValidSignature(try other.sign(Self.message)[...], for: Self.message))
  }

  @Test("OpenSSL beside swift-crypto's BoringSSL: all algorithms at once on many threads")
  func concurrency() async throws {
    let keys = [
      try PrivateKey(seed: Self.scalar, algorithm: .sm2), PrivateKey.generate(.sm2), PrivateKey.generate(.es256),
      PrivateKey.derive(seed: 1, label: "x"),
    ]
    let published = try PublicKey(sm2: Self.point)
    let faults = try await withThrowingTaskGroup(of: Int.self) { group in
      for task in 0..<16 {
        group.addTask {
          var faults = 0
          for round in 0..<40 {
            let key = keys[(task + round) % keys.count]
            let message = Array("\(task) \(round)".utf8)
            let signature = try key.sign(message)
            if !key.publicKey.isValidSignature(signature[...], for: message) { faults += 1 }
            if key.publicKey.isValidSignature(signature[...], for: message + [0]) { faults += 1 }
            if !published.isValidSignature(Self.signature[...], for: Self.message) { faults += 1 }
            if SM3.digest(message) != SM3.digest(message) { faults += 1 }
            if round % 10 == 0 {
              let fresh = PrivateKey.generate(Algorithm.allCases[round / 10 % Algorithm.allCases.count])
              if try PrivateKey(pem: fresh.pem).publicKey != fresh.publicKey { faults += 1 }
            }
          }
          return faults
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(faults == 0)
  }
}
