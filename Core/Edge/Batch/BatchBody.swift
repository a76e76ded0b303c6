internal import Primitives

/// What a batch's leaves are made of: kept beside the ledger as one blob.
///
/// Encoded: version 1 (u8), mode (u8), leaves (u32), rejects (u32), bytes of messages (u32); then in mode 0 the batch
/// secret (32 bytes), in mode 1, after a reading has been erased, the salts (16 bytes each); then 29 bytes a leaf: arrival
/// u64, flags u64, the device's row before (u64, the highest bit says that the reading was its device's newest), end of its
/// message u32, kind u8; the messages; 41 bytes a reject: cause, arrival, digest.
/// A leaf of kind 255 has been erased: its message is the leaf's own hash.
struct BatchBody: Sendable {
  static let erased: UInt8 = 255
  static let version: UInt8 = 1
  static let headBytes = 14
  static let rowBytes = 29

  let number: UInt64
  var messages: [UInt8] = []
  var ends: [UInt32] = []
  var arrivals: [Int64] = []
  var kinds: [UInt8] = []
  var flags: [UInt64] = []
  var previous: [UInt64] = []
  /// The batch secret, unless salts stand in its place.
  var secret: Digest?
  var salts: [UInt8] = []
  var rejects: [RejectRecord] = []
  /// All refused messages; `rejects` keeps the first ones.
  var rejectCount: UInt64 = 0

  init(number: UInt64, secret: Digest, capacity: Int) {
    self.number = number
    self.secret = secret
    messages.reserveCapacity(capacity * 160)
    ends.reserveCapacity(capacity)
    arrivals.reserveCapacity(capacity)
    kinds.reserveCapacity(capacity)
    flags.reserveCapacity(capacity)
    previous.reserveCapacity(capacity)
  }

  var count: Int { ends.count }

  func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index]) }

  func message(_ index: Int) -> [UInt8] { Array(messages[range(index)]) }

  func salt(_ index: Int) -> [UInt8] {
    secret.map { Leaf.salt(secret: $0, index: index) } ?? Array(salts[index * 16..<index * 16 + 16])
  }

  @inline(__always)
  mutating func append(
    _ message: UnsafeRawBufferPointer, arrival: Int64, kind: UInt8, flags: UInt64, previous: UInt64
  ) {
    messages.append(contentsOf: message)
    ends.append(UInt32(truncatingIfNeeded: messages.count))
    arrivals.append(arrival)
    kinds.append(kind)
    self.flags.append(flags)
    self.previous.append(previous)
  }

  mutating func reject(_ cause: RejectCause, arrival: Int64, message: UnsafeRawBufferPointer) {
    rejectCount += 1
    guard rejects.count < EdgeLimits.rejectRecords else { return }
    rejects.append(RejectRecord(cause: cause, arrival: arrival, message: Digest.sha256(message)))
  }

  /// Writes the leaves' hashes into `row`, which has room for them.
  func hashLeaves(into row: UnsafeMutableBufferPointer<Digest>) {
    withUnsafeTemporaryAllocation(byteCount: Leaf.scratchBytes, alignment: 8) { scratch in
      messages.withUnsafeBytes { hashLeaves(into: row, scratch, $0) }
    }
  }

  private func hashLeaves(
    into row: UnsafeMutableBufferPointer<Digest>, _ scratch: UnsafeMutableRawBufferPointer,
    _ messages: UnsafeRawBufferPointer
  ) {
    let secret = secret.map { HMACSHA256Key($0.bytes) }
    let salt = UnsafeMutableRawBufferPointer(rebasing: scratch[1..<17])
    var pair = Digest()
    var start = 0
    for index in 0..<count {
      let end = Int(ends[index])
      let message = UnsafeRawBufferPointer(rebasing: messages[start..<end])
      start = end
      if kinds[index] == BatchBody.erased {
        row[index] = message.count == 32 ? Digest(raw: message) : Digest()
        continue
      }
      if let secret {
        if index & 1 == 0 || index == 0 { pair = Leaf.salts(secret, UInt32(truncatingIfNeeded: index / 2)) }
        pair.withUnsafeBytes { raw in
          salt.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[(index & 1) * 16..<(index & 1) * 16 + 16]))
        }
      } else {
        salts.withUnsafeBytes { raw in
          salt.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[index * 16..<index * 16 + 16]))
        }
      }
      row[index] = Leaf.hash(
        scratch: scratch, arrival: arrivals[index], kind: kinds[index], flags: flags[index], message: message)
    }
  }

  var leaves: [Digest] {
    [Digest](unsafeUninitializedCapacity: count) { row, filled in
      row.initialize(repeating: Digest())
      hashLeaves(into: UnsafeMutableBufferPointer(rebasing: row[..<count]))
      filled = count
    }
  }

  /// The root over the kept rejects, zeros for none.
  var rejectRoot: Digest { rejects.isEmpty ? Digest() : BatchTree.root(rejects.map(\.leaf)) }

  /// Takes a leaf's content out and leaves its hash; every other leaf keeps its salt.
  mutating func erase(_ index: Int) {
    guard kinds[index] != BatchBody.erased else { return }
    let hash = leaves[index]
    if secret != nil {
      salts = (0..<count).flatMap { salt($0) }
      secret = nil
    }
    for place in index * 16..<index * 16 + 16 { salts[place] = 0 }
    let old = range(index)
    messages.replaceSubrange(old, with: hash.bytes)
    let change = 32 - old.count
    for place in index..<count { ends[place] = UInt32(Int(ends[place]) + change) }
    kinds[index] = BatchBody.erased
    arrivals[index] = 0
    flags[index] = 0
  }
}

extension BatchBody {
  func encoded() -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(BatchBody.headBytes + 32 + count * 45 + messages.count + rejects.count * 41)
    out.append(BatchBody.version)
    out.append(secret == nil ? 1 : 0)
    out.append(u32: UInt32(count))
    out.append(u32: UInt32(rejects.count))
    out.append(u32: UInt32(messages.count))
    if let secret { out.append(secret) } else { out += salts }
    let start = out.count
    out.append(contentsOf: repeatElement(0, count: count * BatchBody.rowBytes))
    out.withUnsafeMutableBytes { raw in
      for index in 0..<count {
        let at = start + index * BatchBody.rowBytes
        raw.storeBytes(of: arrivals[index].bigEndian, toByteOffset: at, as: Int64.self)
        raw.storeBytes(of: flags[index].bigEndian, toByteOffset: at + 8, as: UInt64.self)
        raw.storeBytes(of: previous[index].bigEndian, toByteOffset: at + 16, as: UInt64.self)
        raw.storeBytes(of: ends[index].bigEndian, toByteOffset: at + 24, as: UInt32.self)
        raw.storeBytes(of: kinds[index], toByteOffset: at + 28, as: UInt8.self)
      }
    }
    out += messages
    for reject in rejects {
      out.append(reject.cause.rawValue)
      out.append(u64: UInt64(bitPattern: reject.arrival))
      out.append(reject.message)
    }
    return out
  }

  /// Reads what `encoded` writes; throws `damaged` for anything else.
  init(number: UInt64, decoding bytes: [UInt8], rejectCount: UInt64) throws(EdgeError) {
    guard let body = BatchBody(number, bytes, rejectCount) else {
      throw EdgeError(.damaged, "The stored body of batch \(number) is damaged.")
    }
    self = body
  }

  private init?(_ number: UInt64, _ bytes: [UInt8], _ rejectCount: UInt64) {
    var reader = ByteReader(bytes)
    guard reader.u8() == BatchBody.version, let mode = reader.u8(), mode <= 1, let count = reader.u32(),
      count <= UInt32(EdgeLimits.batchLeaves), let kept = reader.u32(), kept <= UInt32(EdgeLimits.rejectRecords),
      let size = reader.u32()
    else { return nil }
    self.number = number
    self.rejectCount = rejectCount
    if mode == 0 {
      guard let secret = reader.digest() else { return nil }
      self.secret = secret
    } else {
      guard let salts = reader.take(Int(count) * 16) else { return nil }
      self.salts = Array(salts)
    }
    var end: UInt32 = 0
    for _ in 0..<count {
      guard let arrival = reader.u64(), let flags = reader.u64(), let previous = reader.u64(), let next = reader.u32(),
        next >= end, next <= size, let kind = reader.u8(), kind != BatchBody.erased || next - end == 32
      else { return nil }
      end = next
      arrivals.append(Int64(bitPattern: arrival))
      self.flags.append(flags)
      self.previous.append(previous)
      ends.append(next)
      kinds.append(kind)
    }
    guard end == size, let messages = reader.take(Int(size)) else { return nil }
    self.messages = Array(messages)
    for _ in 0..<kept {
      guard let raw = reader.u8(), let cause = RejectCause(rawValue: raw), let arrival = reader.u64(),
        let digest = reader.digest()
      else { return nil }
      rejects.append(RejectRecord(cause: cause, arrival: Int64(bitPattern: arrival), message: digest))
    }
    guard reader.isAtEnd else { return nil }
  }
}
