import FiveG

/// What watches goods: a model of the simulated network, and the readings that are taken from it for the ledger.
enum SensorKind: String, CaseIterable {
  /// A cold-chain logger: temperature, humidity and its place.
  case cold
  /// A scale under the goods: their mass.
  case scale
  /// The door of the room: whether it is open.
  case door

  /// The simulated model.
  var model: DeviceModel {
    switch self {
    case .cold: .coldChain
    case .scale: .scale
    case .door: .door
    }
  }

  /// The kinds of readings, as rules name them.
  var readings: [String] {
    switch self {
    case .cold: ["temperature", "humidity", SensorFeed.position]
    case .scale: ["mass"]
    case .door: ["open"]
    }
  }
}
