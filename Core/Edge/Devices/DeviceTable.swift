internal import Primitives

/// The devices of a gateway by their key ids: open addressing over records in chunks of memory.
///
/// A record never moves, so its number and pointer stay good. Costs 240 bytes and 5.3 to 10.7 bytes of index a device.
final class DeviceTable {
  private static let chunkBits = 12
  private static let chunkCount = 1 << chunkBits

  @exclusivity(unchecked) private var chunks: [UnsafeMutablePointer<DeviceRecord>] = []
  /// Record numbers and one more; 0 is empty.
  @exclusivity(unchecked) private var slots: UnsafeMutablePointer<UInt32>
  @exclusivity(unchecked) private var slotBits: UInt64
  /// Nobody outside knows it, so nobody can choose key ids that fall together.
  private let multiplier = UInt64.random(in: .min ... .max) | 1

  /// What is known of the channels that are tested for attenuation.
  let signals = SignalTable()

  /// The number of devices.
  @exclusivity(unchecked) private(set) var count = 0

  init() {
    slotBits = 10
    slots = .allocate(capacity: 1 << 10)
    slots.initialize(repeating: 0, count: 1 << 10)
  }

  deinit {
    slots.deallocate()
    for chunk in chunks { chunk.deallocate() }
  }

  /// Bytes that the table holds.
  var memoryBytes: Int {
    chunks.count * DeviceTable.chunkCount * MemoryLayout<DeviceRecord>.stride + 4 << slotBits + chunks.capacity * 8
      + signals.memoryBytes
  }

  @inline(__always)
  func record(_ number: UInt32) -> UnsafeMutablePointer<DeviceRecord> {
    chunks[Int(number) >> DeviceTable.chunkBits] + Int(number) & (DeviceTable.chunkCount - 1)
  }

  /// The record's number of a key id, or nil.
  @inline(__always)
  func find(_ kid: UInt64) -> UInt32? {
    let mask = Int(truncatingIfNeeded: (1 as UInt64) << slotBits - 1)
    var slot = start(kid)
    while true {
      let entry = slots[slot]
      if entry == 0 { return nil }
      if record(entry - 1).pointee.kid == kid { return entry - 1 }
      slot = (slot + 1) & mask
    }
  }

  /// The record's number of a key id; makes an empty record where there is none.
  func insert(_ kid: UInt64) -> UInt32 {
    if let found = find(kid) { return found }
    precondition(count < Int(UInt32.max) - 1, "a gateway has at most 2^32 devices")
    if (count + 1) * 4 > 3 << slotBits { grow() }
    if count & (DeviceTable.chunkCount - 1) == 0 {
      let chunk = UnsafeMutablePointer<DeviceRecord>.allocate(capacity: DeviceTable.chunkCount)
      chunks.append(chunk)
    }
    let number = UInt32(count)
    count += 1
    let pointer = record(number)
    pointer.initialize(to: DeviceRecord())
    pointer.pointee.kid = kid
    place(number, kid)
    return number
  }

  @inline(__always)
  private func start(_ kid: UInt64) -> Int { Int(truncatingIfNeeded: (kid &* multiplier) >> (64 - slotBits)) }

  private func place(_ number: UInt32, _ kid: UInt64) {
    let mask = Int(truncatingIfNeeded: (1 as UInt64) << slotBits - 1)
    var slot = start(kid)
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = number + 1
  }

  private func grow() {
    slots.deallocate()
    slotBits += 1
    slots = .allocate(capacity: 1 << slotBits)
    slots.initialize(repeating: 0, count: 1 << slotBits)
    for number in 0..<UInt32(count) { place(number, record(number).pointee.kid) }
  }
}

extension DeviceTable {
  /// Enrols a session, or renews what is known of its device; what has been heard of it stays.
  func enrol(_ session: DeviceSession) {
    let pointer = record(insert(session.kid))
    pointer.pointee.state.insert(.enrolled)
    if session.signsEpochs { pointer.pointee.state.insert(.signsEpochs) }
    pointer.pointee.state.remove(.revoked)
    let rules = session.rules.map { UInt16(truncatingIfNeeded: $0 + 1) } ?? 0
    // Another model has other channels. What a snapshot has restored is of this one.
    if pointer.pointee.rules != 0, pointer.pointee.rules != rules { pointer.pointee.signals = 0 }
    pointer.pointee.rules = rules
    pointer.pointee.validFrom = session.validFrom
    pointer.pointee.validTo = session.validTo
    pointer.pointee.key = session.key
    pointer.pointee.digest = session.digest
    pointer.pointee.nameMark = Array(session.device.utf8).withUnsafeBytes { DeviceTable.mark($0) }
  }

  /// A mark of a URN under this process's own random key (SipHash), for which nobody can look for a second name.
  @inline(__always)
  static func mark(_ name: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: name)
    return hasher.finalize()
  }
}
