internal import Primitives

/// What has been heard of devices, as it is kept in a snapshot; keys are not.
extension DeviceTable {
  /// Bytes of one device without signals.
  static let snapshotBytes = 188

  /// The devices with these numbers, one after another.
  func snapshot(_ numbers: Range<Int>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(numbers.count * DeviceTable.snapshotBytes)
    for number in numbers {
      let device = record(UInt32(number)).pointee
      out.append(u64: device.kid)
      out.append(u32: device.boot)
      out.append(device.state.intersection([.heard, .exact, .revoked]).rawValue)
      out.append(device.known)
      out.append(u64: device.lastSeq)
      out.append(u64: device.window)
      out.append(u64: UInt64(bitPattern: device.lastTime))
      out.append(u64: device.lastRow)
      out.append(device.chain)
      out.append(device.digest)
      out.append(u64: device.epochHigh)
      out.append(u64: device.epochLow)
      out.append(u64: device.epochSeq)
      for channel in 0..<4 { out.append(u64: UInt64(bitPattern: device.last[channel])) }
      for channel in 0..<4 { out.append(u32: UInt32(bitPattern: device.step[channel])) }
      for channel in 0..<4 { out.append(device.repeats[channel]) }
      signals.append(device, to: &out)
      out.append(0)
    }
    return out
  }

  /// Takes in what `snapshot` gave; throws `damaged` for anything else.
  func restore(_ bytes: [UInt8]) throws(EdgeError) {
    var reader = ByteReader(bytes)
    while !reader.isAtEnd {
      guard let kid = reader.u64(), restore(record(insert(kid)), &reader) else {
        throw EdgeError(.damaged, "The snapshot of the devices is damaged.")
      }
    }
  }

  private func restore(_ pointer: UnsafeMutablePointer<DeviceRecord>, _ reader: inout ByteReader) -> Bool {
    guard let boot = reader.u32(), let state = reader.u8(), let known = reader.u8(), let lastSeq = reader.u64(),
      let window = reader.u64(), let lastTime = reader.u64(), let lastRow = reader.u64(), let chain = reader.digest(),
      let digest = reader.digest(), let epochHigh = reader.u64(), let epochLow = reader.u64(),
      let epochSeq = reader.u64()
    else { return false }
    pointer.pointee.boot = boot
    pointer.pointee.state.formUnion(DeviceRecord.State(rawValue: state))
    pointer.pointee.known = known
    pointer.pointee.lastSeq = lastSeq
    pointer.pointee.window = window
    pointer.pointee.lastTime = Int64(bitPattern: lastTime)
    pointer.pointee.lastRow = lastRow
    pointer.pointee.chain = chain
    pointer.pointee.digest = digest
    pointer.pointee.epochHigh = epochHigh
    pointer.pointee.epochLow = epochLow
    pointer.pointee.epochSeq = epochSeq
    for channel in 0..<4 {
      guard let value = reader.u64() else { return false }
      pointer.pointee.last[channel] = Int64(bitPattern: value)
    }
    for channel in 0..<4 {
      guard let value = reader.u32() else { return false }
      pointer.pointee.step[channel] = Int32(bitPattern: value)
    }
    for channel in 0..<4 {
      guard let value = reader.u8() else { return false }
      pointer.pointee.repeats[channel] = value
    }
    return signals.restore(pointer, &reader) && reader.u8() == 0
  }
}
