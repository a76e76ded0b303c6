/// Eight words: a key or a chaining value.
typealias Words8 = SIMD8<UInt32>

/// Sixteen words: a block, or the whole state after a compression.
typealias Words16 = SIMD16<UInt32>

extension SIMD8<UInt32> {
  /// The words of 32 bytes.
  init(littleEndian bytes: [UInt8]) {
    self.init()
    for index in 0..<8 {
      self[index] = bytes.withUnsafeBytes {
        UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
      }
    }
  }
}

extension SIMD16<UInt32> {
  /// Writes the words as 64 little-endian bytes.
  func store(to buffer: UnsafeMutableRawBufferPointer) {
    for index in 0..<16 { buffer.storeBytes(of: self[index].littleEndian, toByteOffset: index * 4, as: UInt32.self) }
  }

  /// The block at `pointer`.
  init(blockAt pointer: UnsafeRawPointer) {
    self.init()
    for index in 0..<16 {
      self[index] = UInt32(littleEndian: pointer.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
  }
}

/// The compression function of BLAKE3 (section 2.2) and its constants.
enum Compression {
  static let chunkBytes = 1024
  static let blockBytes = 64

  static let chunkStart: UInt32 = 1
  static let chunkEnd: UInt32 = 2
  static let parent: UInt32 = 4
  static let root: UInt32 = 8
  static let keyedHash: UInt32 = 16
  static let deriveKeyContext: UInt32 = 32
  static let deriveKeyMaterial: UInt32 = 64

  static let initial = Words8(
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19)

  /// One compression; the words 0 to 7 of the result are the chaining value.
  @inline(__always) static func compress(
    _ value: Words8, _ block: Words16, counter: UInt64, count: UInt32, flags: UInt32
  ) -> Words16 {
    // The rows of the state; a round works on columns, then on diagonals by turning the rows.
    var a = value.lowHalf
    var b = value.highHalf
    var c = initial.lowHalf
    var d = SIMD4<UInt32>(
      UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32), count, flags)
    var m = block
    for round in 0..<7 {
      mix(&a, &b, &c, &d, m.lowHalf.evenHalf, m.lowHalf.oddHalf)
      b = SIMD4(b[1], b[2], b[3], b[0])
      c = SIMD4(c[2], c[3], c[0], c[1])
      d = SIMD4(d[3], d[0], d[1], d[2])
      mix(&a, &b, &c, &d, m.highHalf.evenHalf, m.highHalf.oddHalf)
      b = SIMD4(b[3], b[0], b[1], b[2])
      c = SIMD4(c[2], c[3], c[0], c[1])
      d = SIMD4(d[1], d[2], d[3], d[0])
      if round < 6 {
        m = Words16(
          m[2], m[6], m[3], m[10], m[7], m[0], m[4], m[13], m[1], m[11], m[12], m[5], m[9], m[14], m[15], m[8])
      }
    }
    return Words16(
      lowHalf: Words8(lowHalf: a ^ c, highHalf: b ^ d),
      highHalf: Words8(lowHalf: c ^ value.lowHalf, highHalf: d ^ value.highHalf))
  }

  /// The quarter round on four columns at once.
  @inline(__always) static func mix<V: SIMD<UInt32>>(
    _ a: inout V, _ b: inout V, _ c: inout V, _ d: inout V, _ x: V, _ y: V
  ) {
    a = a &+ b &+ x
    d = rotate(d ^ a, 16)
    c = c &+ d
    b = rotate(b ^ c, 12)
    a = a &+ b &+ y
    d = rotate(d ^ a, 8)
    c = c &+ d
    b = rotate(b ^ c, 7)
  }

  @inline(__always) private static func rotate<V: SIMD<UInt32>>(_ x: V, _ n: UInt32) -> V {
    (x &>> V(repeating: n)) | (x &<< V(repeating: 32 - n))
  }
}

/// A compression not done yet: the last one of a chunk or parent is done differently if it is the root.
struct Output {
  let value: Words8
  let block: Words16
  let counter: UInt64
  let count: UInt32
  let flags: UInt32

  init(value: Words8, block: Words16, counter: UInt64, count: UInt32, flags: UInt32) {
    (self.value, self.block, self.counter, self.count, self.flags) = (value, block, counter, count, flags)
  }

  init(parentOf left: Words8, _ right: Words8, key: Words8, flags: UInt32) {
    self.init(
      value: key, block: Words16(lowHalf: left, highHalf: right), counter: 0, count: 64,
      flags: flags | Compression.parent)
  }

  var chainingValue: Words8 {
    Compression.compress(value, block, counter: counter, count: count, flags: flags).lowHalf
  }

  /// Block `number` of the output of the root.
  func rootBlock(_ number: UInt64) -> Words16 {
    Compression.compress(value, block, counter: number, count: count, flags: flags | Compression.root)
  }
}

/// A chunk of at most 1024 bytes on its way; its last block waits, because it may be the root.
///
/// Bytes are copied into the words as they are: the machines of this project are little-endian.
struct ChunkState {
  private var value: Words8
  let counter: UInt64
  private let flags: UInt32
  private var block = Words16()
  private var blockCount = 0
  private var blocksDone = 0

  init(key: Words8, counter: UInt64, flags: UInt32) {
    value = key
    self.counter = counter
    self.flags = flags
  }

  var count: Int { blocksDone * Compression.blockBytes + blockCount }

  private var startFlag: UInt32 { blocksDone == 0 ? Compression.chunkStart : 0 }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    while position < bytes.count {
      if blockCount == 64 {
        value = Compression.compress(value, block, counter: counter, count: 64, flags: flags | startFlag).lowHalf
        blocksDone += 1
        blockCount = 0
        block = Words16()
      }
      let take = min(64 - blockCount, bytes.count - position)
      withUnsafeMutableBytes(of: &block) {
        $0[blockCount..<blockCount + take].copyBytes(from: bytes[position..<position + take])
      }
      blockCount += take
      position += take
    }
  }

  var output: Output {
    Output(
      value: value, block: block, counter: counter, count: UInt32(blockCount),
      flags: flags | startFlag | Compression.chunkEnd)
  }
}
