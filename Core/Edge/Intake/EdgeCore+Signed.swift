internal import COSE
internal import Primitives

/// Messages that carry a device's own signature: epochs, and readings of tier 3.
extension EdgeCore {
  func acceptSigned(_ message: UnsafeRawBufferPointer, _ arrival: Int64) -> IntakeOutcome {
    guard message.count <= EdgeLimits.messageBytes, message.first == 0xd2 else {
      return reject(.malformed, message, arrival)
    }
    let bytes = Array(message)
    guard let payload = DeviceSignature.payload(bytes), !payload.isEmpty else {
      return reject(.malformed, message, arrival)
    }
    // An epoch is an array of seven that begins with a text, a reading one of maps.
    if bytes[payload.lowerBound] == 0x87, payload.count > 1, bytes[payload.lowerBound + 1] >> 5 == 3 {
      guard let epoch = try? DeviceEpoch(decoding: bytes[payload]) else { return reject(.malformed, message, arrival) }
      return acceptEpoch(epoch, bytes, message, arrival)
    }
    guard scan.read(message, payload) else { return reject(.notCanonical, message, arrival) }
    let urn = String(decoding: message[scan.device], as: UTF8.self)
    guard let (number, key) = signer(urn) else {
      return reject(.unknownDevice, message, arrival, incident: .sybil, kid: Digest.sha256(urn).prefix64)
    }
    let kid = devices.record(number).pointee.kid
    guard (try? DeviceSignature.verify(bytes, key: key)) != nil else {
      return reject(.notAuthentic, message, arrival, incident: .forgery, kid: kid)
    }
    if let cause = validity(devices.record(number), arrival) {
      return reject(cause, message, arrival, incident: .revokedKey, kid: kid)
    }
    return judge(message, payload, number, .signed, arrival)
  }

  func signer(_ urn: String) -> (UInt32, PublicKey)? {
    guard let (kid, key) = directory?.device(named: urn), let number = devices.find(kid),
      devices.record(number).pointee.state.contains(.enrolled)
    else { return nil }
    return (number, key)
  }

  private func acceptEpoch(
    _ epoch: DeviceEpoch, _ bytes: [UInt8], _ message: UnsafeRawBufferPointer, _ arrival: Int64
  ) -> IntakeOutcome {
    guard let (number, key) = signer(epoch.device) else {
      return reject(
        .unknownDevice, message, arrival, incident: .sybil, kid: Digest.sha256(epoch.device).prefix64)
    }
    let device = devices.record(number)
    let kid = device.pointee.kid
    guard (try? DeviceSignature.verify(bytes, key: key)) != nil else {
      return reject(.notAuthentic, message, arrival, incident: .forgery, kid: kid)
    }
    if let cause = validity(device, arrival) {
      return reject(cause, message, arrival, incident: .revokedKey, kid: kid)
    }
    if EdgeCore.isMarked(device, epoch.digest) {
      counters.duplicates += 1
      return .duplicate(RowID(raw: device.pointee.lastRow))
    }
    let isFirst = device.pointee.epochHigh == 0 && device.pointee.epochLow == 0
    guard isFirst || epoch.boot > device.pointee.boot || epoch.last > device.pointee.epochSeq else {
      return reject(.staleEpoch, message, arrival)
    }
    let isComparable =
      device.pointee.state.isSuperset(of: [.heard, .exact]) && epoch.boot == device.pointee.boot
      && epoch.last == device.pointee.lastSeq
    if isComparable && device.pointee.chain != epoch.chain {
      report(.alteration, kid: kid, number: epoch.last, arrival, message, nil)
    }
    EdgeCore.note(epoch, device)
    counters.epochs += 1
    return .accepted(append(message, number, .epoch, arrival, 0))
  }

  private static func isMarked(_ device: UnsafeMutablePointer<DeviceRecord>, _ digest: Digest) -> Bool {
    let (high, low) = mark(digest)
    return device.pointee.epochHigh == high && device.pointee.epochLow == low
  }

  private static func mark(_ digest: Digest) -> (UInt64, UInt64) {
    digest.withUnsafeBytes {
      ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }

  /// What an epoch changes about its device: with it the chain is the device's own again, after gaps or disorder.
  static func note(_ epoch: DeviceEpoch, _ device: UnsafeMutablePointer<DeviceRecord>) {
    (device.pointee.epochHigh, device.pointee.epochLow) = mark(epoch.digest)
    device.pointee.epochSeq = epoch.last
    guard device.pointee.state.contains(.heard), epoch.boot == device.pointee.boot,
      epoch.last == device.pointee.lastSeq
    else { return }
    device.pointee.chain = epoch.chain
    device.pointee.state.insert(.exact)
  }
}
