extension Scenario {
  /// The same scenario with about `devices` devices, each fleet keeping its share and at least one device.
  public func scaled(toDevices devices: Int) -> Scenario {
    let own = self.devices
    guard own > 0, devices > 0 else { return self }
    var copy = self
    for index in copy.fleets.indices {
      let product = Double(fleets[index].count) * Double(devices) / Double(own)
      copy.fleets[index].count = max(1, Int(min(product, Double(Self.maximumDevices)).rounded()))
    }
    return copy
  }
}
