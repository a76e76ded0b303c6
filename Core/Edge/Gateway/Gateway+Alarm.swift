internal import Primitives

extension Gateway {
  /// For each message, whether the key of a device in service vouches for it.
  ///
  /// Alarms are never held back, and anybody can write that word in a topic or an address: who takes messages from outside
  /// asks this before it believes it. Costs what a message's first check costs; nothing is taken in.
  package func vouch(_ messages: MessageBatch) -> [Bool] {
    messages.bytes.withUnsafeBytes { bytes in
      var start = 0
      return messages.ends.map { end in
        defer { start = end }
        return core.isAuthentic(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      }
    }
  }
}

extension EdgeCore {
  /// Whether a message is vouched for by the key of a device that is in service.
  func isAuthentic(_ message: UnsafeRawBufferPointer) -> Bool {
    if let form = MacForm(message) {
      guard let number = devices.find(form.kid), isInService(number) else { return false }
      return SessionKey.isAuthentic(message, form, devices.record(number).pointee.key, scratch: scratch)
    }
    guard message.count <= EdgeLimits.messageBytes, message.first == 0xd2 else { return false }
    let bytes = Array(message)
    guard let urn = signerName(bytes, message), let (number, key) = signer(urn), isInService(number) else {
      return false
    }
    return (try? DeviceSignature.verify(bytes, key: key)) != nil
  }

  private func isInService(_ number: UInt32) -> Bool {
    let state = devices.record(number).pointee.state
    return state.contains(.enrolled) && !state.contains(.revoked)
  }

  private func signerName(_ bytes: [UInt8], _ message: UnsafeRawBufferPointer) -> String? {
    guard let payload = DeviceSignature.payload(bytes) else { return nil }
    if let epoch = try? DeviceEpoch(decoding: bytes[payload]) { return epoch.device }
    return scan.read(message, payload) ? String(decoding: message[scan.device], as: UTF8.self) : nil
  }
}
