/// xxHash32 (Yann Collet's specification, version 0.1.1) with seed 0, the feature hash of ISO 24138.
public enum XXHash32 {
  private static let prime1: UInt32 = 0x9e37_79b1
  private static let prime2: UInt32 = 0x85eb_ca77
  private static let prime3: UInt32 = 0xc2b2_ae3d
  private static let prime4: UInt32 = 0x27d4_eb2f
  private static let prime5: UInt32 = 0x1656_67b1

  /// The hash of some bytes.
  public static func hash(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { hash($0) } }

  /// The hash of some bytes.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return finish(prime5) }
    let count = bytes.count
    var position = 0
    var hash: UInt32
    if count >= 16 {
      var a = prime1 &+ prime2
      var b = prime2
      var c: UInt32 = 0
      var d = 0 &- prime1
      while position <= count - 16 {
        a = round(a, word(base + position))
        b = round(b, word(base + position + 4))
        c = round(c, word(base + position + 8))
        d = round(d, word(base + position + 12))
        position += 16
      }
      hash = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
    } else {
      hash = prime5
    }
    hash = hash &+ UInt32(truncatingIfNeeded: count)
    while position <= count - 4 {
      hash = rotate(hash &+ word(base + position) &* prime3, 17) &* prime4
      position += 4
    }
    while position < count {
      let byte = UInt32((base + position).load(as: UInt8.self))
      hash = rotate(hash &+ byte &* prime5, 11) &* prime1
      position += 1
    }
    return finish(hash)
  }

  @inline(__always) private static func word(_ at: UnsafeRawPointer) -> UInt32 {
    UInt32(littleEndian: at.loadUnaligned(as: UInt32.self))
  }

  @inline(__always) private static func round(_ sum: UInt32, _ input: UInt32) -> UInt32 {
    rotate(sum &+ input &* prime2, 13) &* prime1
  }

  @inline(__always) private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x &<< n | x &>> (32 - n) }

  private static func finish(_ hash: UInt32) -> UInt32 {
    var hash = hash
    hash = (hash ^ hash &>> 15) &* prime2
    hash = (hash ^ hash &>> 13) &* prime3
    return hash ^ hash &>> 16
  }
}
