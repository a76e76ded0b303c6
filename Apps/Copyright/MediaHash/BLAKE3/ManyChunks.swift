/// Whole subtrees of chunks, four at a time: word i of every lane's state stands in one vector.
enum ManyChunks {
  /// The chunks of the smallest and largest subtree hashed in one go, both powers of two.
  static let least = 4
  static let most = 64

  private static let laneCount = 4

  /// The chaining value of the subtree of `chunks` whole chunks at the start of `input`; it must not be the root.
  static func subtree(
    _ input: UnsafeRawBufferPointer, chunks: Int, key: Words8, counter: UInt64, flags: UInt32
  ) -> Words8 {
    precondition(chunks >= least && chunks <= most && input.count >= chunks * Compression.chunkBytes)
    return withUnsafeTemporaryAllocation(of: Words8.self, capacity: most) { values in
      guard let base = input.baseAddress, let out = values.baseAddress else { return key }
      for first in stride(from: 0, to: chunks, by: laneCount) {
        hash(
          Lanes4(base: base + first * Compression.chunkBytes, stride: Compression.chunkBytes, blocks: 16), key: key,
          counter: counter + UInt64(first), step: 1, flags: flags, first: Compression.chunkStart,
          last: Compression.chunkEnd, into: out + first)
      }
      var count = chunks
      while count > laneCount {
        // Four parents read eight children before they write in the place of earlier ones.
        for first in stride(from: 0, to: count / 2, by: laneCount) {
          hash(
            Lanes4(base: UnsafeRawPointer(out + 2 * first), stride: 64, blocks: 1), key: key, counter: 0, step: 0,
            flags: flags | Compression.parent, first: 0, last: 0, into: out + first)
        }
        count /= 2
      }
      while count > 1 {
        for index in 0..<count / 2 {
          out[index] = Output(parentOf: out[2 * index], out[2 * index + 1], key: key, flags: flags).chainingValue
        }
        count /= 2
      }
      return out[0]
    }
  }

  /// Four inputs of equally many whole blocks, `stride` bytes apart.
  private struct Lanes4 {
    let base: UnsafeRawPointer
    let stride: Int
    let blocks: Int

    @inline(__always) func word(_ index: Int, ofBlock block: Int) -> SIMD4<UInt32> {
      let at = base + block * Compression.blockBytes + index * 4
      return SIMD4(
        UInt32(littleEndian: at.loadUnaligned(as: UInt32.self)),
        UInt32(littleEndian: (at + stride).loadUnaligned(as: UInt32.self)),
        UInt32(littleEndian: (at + 2 * stride).loadUnaligned(as: UInt32.self)),
        UInt32(littleEndian: (at + 3 * stride).loadUnaligned(as: UInt32.self)))
    }
  }

  private static func hash(
    _ lanes: Lanes4, key: Words8, counter: UInt64, step: UInt64, flags: UInt32, first: UInt32, last: UInt32,
    into out: UnsafeMutablePointer<Words8>
  ) {
    var low = SIMD4<UInt32>()
    var high = SIMD4<UInt32>()
    for lane in 0..<4 {
      let number = counter &+ UInt64(lane) &* step
      low[lane] = UInt32(truncatingIfNeeded: number)
      high[lane] = UInt32(truncatingIfNeeded: number >> 32)
    }
    var s = LaneState(key)
    for block in 0..<lanes.blocks {
      var flags = flags
      if block == 0 { flags |= first }
      if block == lanes.blocks - 1 { flags |= last }
      s.begin(low, high, flags)
      let m = (
        lanes.word(0, ofBlock: block), lanes.word(1, ofBlock: block),
        lanes.word(2, ofBlock: block), lanes.word(3, ofBlock: block),
        lanes.word(4, ofBlock: block), lanes.word(5, ofBlock: block),
        lanes.word(6, ofBlock: block), lanes.word(7, ofBlock: block),
        lanes.word(8, ofBlock: block), lanes.word(9, ofBlock: block),
        lanes.word(10, ofBlock: block), lanes.word(11, ofBlock: block),
        lanes.word(12, ofBlock: block), lanes.word(13, ofBlock: block),
        lanes.word(14, ofBlock: block), lanes.word(15, ofBlock: block)
      )
      s.round(m.0, m.1, m.2, m.3, m.4, m.5, m.6, m.7, m.8, m.9, m.10, m.11, m.12, m.13, m.14, m.15)
      s.round(m.2, m.6, m.3, m.10, m.7, m.0, m.4, m.13, m.1, m.11, m.12, m.5, m.9, m.14, m.15, m.8)
      s.round(m.3, m.4, m.10, m.12, m.13, m.2, m.7, m.14, m.6, m.5, m.9, m.0, m.11, m.15, m.8, m.1)
      s.round(m.10, m.7, m.12, m.9, m.14, m.3, m.13, m.15, m.4, m.0, m.11, m.2, m.5, m.8, m.1, m.6)
      s.round(m.12, m.13, m.9, m.11, m.15, m.10, m.14, m.8, m.7, m.2, m.5, m.3, m.0, m.1, m.6, m.4)
      s.round(m.9, m.14, m.11, m.5, m.8, m.12, m.15, m.1, m.13, m.3, m.0, m.10, m.2, m.6, m.4, m.7)
      s.round(m.11, m.15, m.5, m.0, m.1, m.9, m.8, m.6, m.14, m.10, m.2, m.12, m.3, m.4, m.7, m.13)
      s.finish()
    }
    for lane in 0..<4 {
      out[lane] = Words8(
        s.a0[lane], s.a1[lane], s.a2[lane], s.a3[lane], s.b0[lane], s.b1[lane], s.b2[lane], s.b3[lane])
    }
  }
}

/// The state of four compressions, one vector for each of its sixteen words.
private struct LaneState {
  typealias V = SIMD4<UInt32>

  var a0, a1, a2, a3, b0, b1, b2, b3: V
  var c0 = V()
  var c1 = V()
  var c2 = V()
  var c3 = V()
  var d0 = V()
  var d1 = V()
  var d2 = V()
  var d3 = V()

  @inline(__always) init(_ key: Words8) {
    (a0, a1, a2, a3) = (V(repeating: key[0]), V(repeating: key[1]), V(repeating: key[2]), V(repeating: key[3]))
    (b0, b1, b2, b3) = (V(repeating: key[4]), V(repeating: key[5]), V(repeating: key[6]), V(repeating: key[7]))
  }

  @inline(__always) mutating func begin(_ low: V, _ high: V, _ flags: UInt32) {
    let constant = Compression.initial
    (c0, c1) = (V(repeating: constant[0]), V(repeating: constant[1]))
    (c2, c3) = (V(repeating: constant[2]), V(repeating: constant[3]))
    (d0, d1, d2, d3) = (low, high, V(repeating: 64), V(repeating: flags))
  }

  @inline(__always) mutating func round(
    _ m0: V, _ m1: V, _ m2: V, _ m3: V, _ m4: V, _ m5: V, _ m6: V, _ m7: V, _ m8: V, _ m9: V, _ m10: V, _ m11: V,
    _ m12: V, _ m13: V, _ m14: V, _ m15: V
  ) {
    Compression.mix(&a0, &b0, &c0, &d0, m0, m1)
    Compression.mix(&a1, &b1, &c1, &d1, m2, m3)
    Compression.mix(&a2, &b2, &c2, &d2, m4, m5)
    Compression.mix(&a3, &b3, &c3, &d3, m6, m7)
    Compression.mix(&a0, &b1, &c2, &d3, m8, m9)
    Compression.mix(&a1, &b2, &c3, &d0, m10, m11)
    Compression.mix(&a2, &b3, &c0, &d1, m12, m13)
    Compression.mix(&a3, &b0, &c1, &d2, m14, m15)
  }

  @inline(__always) mutating func finish() {
    (a0, a1, a2, a3) = (a0 ^ c0, a1 ^ c1, a2 ^ c2, a3 ^ c3)
    (b0, b1, b2, b3) = (b0 ^ d0, b1 ^ d1, b2 ^ d2, b3 ^ d3)
  }
}
