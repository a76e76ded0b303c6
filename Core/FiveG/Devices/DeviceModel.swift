/// The kinds of devices that are simulated.
///
/// The raw values are part of the packet digest: append, never renumber.
public enum DeviceModel: UInt8, Sendable, CaseIterable {
  /// Electricity meter: energy register, power, voltage.
  case electricityMeter = 0
  /// Water meter: volume register, flow.
  case waterMeter = 1
  /// Gas meter: volume register.
  case gasMeter = 2
  /// Air quality: particles, nitrogen dioxide, temperature, humidity.
  case airQuality = 3
  /// Noise: equivalent and maximum level.
  case noise = 4
  /// Manhole: cover open, water level, methane.
  case manhole = 5
  /// Lamp and utility pole: power, voltage, tilt, brightness.
  case pole = 6
  /// Waste bin: fill, temperature, battery.
  case bin = 7
  /// Parking space: occupied, battery.
  case parking = 8
  /// Camera: the hash of a video frame.
  case camera = 9
  /// Vehicle: place, speed, heading.
  case vehicle = 10
  /// Drone: place, height, battery.
  case drone = 11
  /// Cold-chain logger: temperature, humidity, place.
  case coldChain = 12
  /// Soil station: moisture, temperature, conductivity, battery.
  case soil = 13
  /// Weather station: temperature, humidity, wind, pressure.
  case weather = 14
  /// Warehouse scale: mass, whether it stands still.
  case scale = 15
  /// Warehouse door: open, count of openings.
  case door = 16

  /// The most channels that a model has, and the stride of ``PacketBatch/values``.
  public static let maximumChannels = 4

  /// The name used in scenarios and reports.
  public var name: String {
    switch self {
    case .electricityMeter: "electricity-meter"
    case .waterMeter: "water-meter"
    case .gasMeter: "gas-meter"
    case .airQuality: "air-quality"
    case .noise: "noise"
    case .manhole: "manhole"
    case .pole: "pole"
    case .bin: "bin"
    case .parking: "parking"
    case .camera: "camera"
    case .vehicle: "vehicle"
    case .drone: "drone"
    case .coldChain: "cold-chain"
    case .soil: "soil"
    case .weather: "weather"
    case .scale: "scale"
    case .door: "door"
    }
  }

  /// The model of a name; nil if there is none.
  public init?(name: String) {
    guard let model = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = model
  }

  /// The slice that such devices use unless a scenario says otherwise.
  public var defaultSlice: SNSSAI {
    switch self {
    case .camera, .drone: SNSSAI(.eMBB)
    case .vehicle: SNSSAI(.v2x)
    case .scale, .door: SNSSAI(.hmtc)
    default: SNSSAI(.miot)
    }
  }

  /// The 5QI of reports unless a scenario says otherwise.
  public var defaultFiveQI: UInt8 {
    switch self {
    case .camera: 71
    case .drone: 67
    case .vehicle: 84
    case .scale, .door: 3
    case .manhole, .coldChain: 70
    default: 9
    }
  }

  /// When such devices report unless a scenario says otherwise.
  public var defaultArrivals: ArrivalProcess {
    switch self {
    case .electricityMeter: .periodic(period: 900_000_000, jitter: 1_000_000)
    case .waterMeter, .gasMeter, .manhole, .bin: .reports
    case .airQuality, .noise, .pole, .soil, .weather: .periodic(period: 60_000_000, jitter: 500_000)
    case .parking: .poisson(meanGap: 1_800_000_000)
    case .camera: .frames(perSecond: 25)
    case .vehicle: .periodic(period: 100_000, jitter: 0)
    case .drone: .periodic(period: 200_000, jitter: 10_000)
    case .coldChain: .periodic(period: 300_000_000, jitter: 1_000_000)
    case .scale: .periodic(period: 1_000_000, jitter: 10_000)
    case .door: .poisson(meanGap: 600_000_000)
    }
  }

  /// The size of such a device's payload unless a scenario says otherwise.
  public var defaultPayload: PayloadSize {
    switch self {
    case .waterMeter, .gasMeter, .manhole, .bin: .pareto
    // 5 Mbit/s at 25 frames a second.
    case .camera: .video(mean: 25_000)
    case .vehicle: .fixed(300)
    case .drone: .fixed(200)
    case .parking, .door: .fixed(32)
    default: .fixed(96)
    }
  }

  /// How such devices move unless a scenario says otherwise.
  public var defaultMobility: Mobility {
    switch self {
    case .vehicle: .streets(minimumKmh: 5, maximumKmh: 60)
    case .drone: .free(minimumKmh: 10, maximumKmh: 70)
    case .coldChain: .streets(minimumKmh: 30, maximumKmh: 80)
    default: .still
    }
  }
}
