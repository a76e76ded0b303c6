public import Primitives

/// BLAKE3 (O'Connor, Aumasson, Neves, Wilcox-O'Hearn, 2020), as a value that bytes are pushed into.
///
/// All modes of the specification: hash, keyed hash and key derivation, each with output of any length. The result does
/// not depend on how the input is cut. Four chunks are hashed at a time in vector registers, with no thread of its own.
/// Cost: see `bench`; 100 bytes a kibibyte of memory for the tree, bounded by 54 levels.
public struct BLAKE3: Sendable {
  /// The bytes of the default output.
  public static let digestBytes = 32

  /// The bytes of a key.
  public static let keyBytes = 32

  private let key: Words8
  private let flags: UInt32
  private var chunk: ChunkState
  private var stack: [Words8] = []

  /// The plain hash.
  public init() { self.init(key: Compression.initial, flags: 0) }

  /// The keyed hash, a MAC; nil unless the key has 32 bytes.
  public init?(key: some Collection<UInt8>) {
    guard key.count == BLAKE3.keyBytes else { return nil }
    self.init(key: Words8(littleEndian: Array(key)), flags: Compression.keyedHash)
  }

  /// Key derivation: `context` should be hard-coded, globally unique text; what is pushed is the key material.
  public init(derivingKeyFor context: String) {
    var hasher = BLAKE3(key: Compression.initial, flags: Compression.deriveKeyContext)
    hasher.update(Array(context.utf8))
    self.init(key: Words8(littleEndian: hasher.output(count: 32)), flags: Compression.deriveKeyMaterial)
  }

  private init(key: Words8, flags: UInt32) {
    self.key = key
    self.flags = flags
    chunk = ChunkState(key: key, counter: 0, flags: flags)
  }

  /// The 32-byte hash of some bytes.
  public static func hash(_ bytes: [UInt8]) -> Digest {
    var hasher = BLAKE3()
    hasher.update(bytes)
    return hasher.digest()
  }

  /// The 32-byte hash of some bytes.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
    var hasher = BLAKE3()
    hasher.update(bytes)
    return hasher.digest()
  }

  /// Takes more input.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// Takes more input.
  public mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }

  /// Takes more input; the pointer is not kept.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while !rest.isEmpty {
      if chunk.count == Compression.chunkBytes {
        push(chunk.output.chainingValue, chunks: chunk.counter + 1)
        chunk = ChunkState(key: key, counter: chunk.counter + 1, flags: flags)
      }
      if chunk.count == 0, let done = updateManyChunks(UnsafeRawBufferPointer(rebasing: rest)) {
        rest = rest.dropFirst(done)
        continue
      }
      let part = rest.prefix(Compression.chunkBytes - chunk.count)
      chunk.update(UnsafeRawBufferPointer(rebasing: part))
      rest = rest.dropFirst(part.count)
    }
  }

  /// Hashes a whole subtree of the input if one begins here and input follows it, which the last chunk must not.
  private mutating func updateManyChunks(_ input: UnsafeRawBufferPointer) -> Int? {
    var count = ManyChunks.most
    while count >= ManyChunks.least, chunk.counter % UInt64(count) != 0 || input.count <= count * Compression.chunkBytes
    {
      count /= 2
    }
    guard count >= ManyChunks.least else { return nil }
    let root = ManyChunks.subtree(input, chunks: count, key: key, counter: chunk.counter, flags: flags)
    push(root, chunks: chunk.counter + UInt64(count), weight: UInt64(count))
    chunk = ChunkState(key: key, counter: chunk.counter + UInt64(count), flags: flags)
    return count * Compression.chunkBytes
  }

  /// Adds a finished subtree and merges what is complete: the ones at the end of `chunks` are the merges to do.
  private mutating func push(_ value: Words8, chunks: UInt64, weight: UInt64 = 1) {
    var value = value
    var total = chunks / weight
    while total & 1 == 0, let left = stack.popLast() {
      value = Output(parentOf: left, value, key: key, flags: flags).chainingValue
      total >>= 1
    }
    stack.append(value)
  }

  private var root: Output {
    var output = chunk.output
    for left in stack.reversed() { output = Output(parentOf: left, output.chainingValue, key: key, flags: flags) }
    return output
  }

  /// The 32-byte hash of what was pushed so far; more may be pushed afterwards.
  public func digest() -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { buffer in
      root.rootBlock(0).store(to: buffer)
      return Digest(raw: UnsafeRawBufferPointer(rebasing: buffer[..<32]))
    }
  }

  /// `count` bytes of the extendable output, from byte `offset` on.
  ///
  /// - Precondition: `count` is not negative.
  public func output(count: Int, from offset: UInt64 = 0) -> [UInt8] {
    precondition(count >= 0)
    let root = root
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { buffer in
      var block = offset / 64
      var skip = Int(offset % 64)
      while bytes.count < count {
        root.rootBlock(block).store(to: buffer)
        bytes.append(contentsOf: buffer[skip..<min(64, skip + count - bytes.count)])
        skip = 0
        block &+= 1
      }
    }
    return bytes
  }
}
