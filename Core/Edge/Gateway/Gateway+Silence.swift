/// Who has been heard when.
extension Gateway {
  /// The latest sample times of devices, microseconds since 1970; nil for who has not been heard, or is unknown.
  public func lastHeard(_ kids: [UInt64]) -> [Int64?] {
    kids.map { kid in
      guard let number = core.devices.find(kid) else { return nil }
      let record = core.devices.record(number)
      return record.pointee.state.contains(.heard) ? record.pointee.lastTime : nil
    }
  }

  /// Devices that have a session here, or had one that stored readings know.
  public var deviceCount: Int { core.deviceCount }
}
