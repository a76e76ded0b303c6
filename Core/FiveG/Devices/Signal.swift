/// The value of a quantity as a pure function of device, time and event number: no state is kept per device, so a value
/// can be worked out in any order and again, for a duplicate or a replay.
///
/// Integers only; raw values are in units of the channel's power of ten.
struct Signal: Sendable, Equatable {
  enum Shape: UInt8, Sendable {
    /// Base, an offset of the device, a daily wave, a slow wander shared by nothing, and noise.
    case level
    /// A register that only rises, faster in the morning and the evening.
    case counter
    /// A saw-tooth from 0 to `high` with a period of its own per device.
    case filling
    /// 0 or 1, constant for a while.
    case switching
    case latitude, longitude, speed, heading
    /// Eight bytes of a hash, by `base` 0 to 3.
    case digest
  }

  var shape: Shape
  var base: Int64 = 0
  /// Half the range of a device's own offset.
  var spread: Int64 = 0
  /// Half the height of the daily wave.
  var daily: Int64 = 0
  /// Half the range of the slow wander.
  var wander: Int64 = 0
  /// Half the range of the noise of each reading.
  var noise: Int64 = 0
  var low: Int64
  var high: Int64

  static func level(
    _ base: Int64, spread: Int64 = 0, daily: Int64 = 0, wander: Int64 = 0, noise: Int64, in range: ClosedRange<Int64>
  ) -> Signal {
    Signal(
      shape: .level, base: base, spread: spread, daily: daily, wander: wander, noise: noise, low: range.lowerBound,
      high: range.upperBound)
  }

  /// - Parameter perDay: the mean daily increase of a device; each has its own, within plus or minus half of it.
  static func counter(perDay: Int64) -> Signal {
    Signal(shape: .counter, base: perDay, spread: perDay / 2, low: 0, high: .max / 4)
  }

  static func filling(hours: Int64, top: Int64) -> Signal {
    Signal(shape: .filling, base: hours * 3_600_000_000, spread: hours * 1_800_000_000, low: 0, high: top)
  }

  static func switching(dwellSeconds: Int64, percentOn: Int64) -> Signal {
    Signal(shape: .switching, base: dwellSeconds * 1_000_000, spread: percentOn, low: 0, high: 1)
  }

  static func place(_ shape: Shape, in range: ClosedRange<Int64>) -> Signal {
    Signal(shape: shape, low: range.lowerBound, high: range.upperBound)
  }

  static func digest(word: Int64) -> Signal { Signal(shape: .digest, base: word, low: 0, high: 0) }
}

/// What a signal depends on.
struct SignalContext {
  var seed: UInt64
  var device: UInt32
  /// The event number, or another key for the noise.
  var key: UInt64
  /// Microseconds from the start, at midnight.
  var time: Int64
  var course: Course
  var area: Area
  var geography: Geography
}

extension Signal {
  static let day: Int64 = 86_400_000_000

  /// The raw value.
  ///
  /// - Parameter channel: the channel's number, so that channels of one shape differ.
  func value(_ context: SignalContext, channel: UInt64) -> Int64 {
    switch shape {
    case .level: return level(context, channel)
    case .counter: return counter(context, channel)
    case .filling:
      var own = device(context, channel)
      let period = base + own.between(-spread, spread)
      let phase = Int64(own.below(UInt64(period)))
      return Int64(((context.time + phase) % period) / (period / 1_000_000)) * high / 1_000_000
    case .switching:
      var random = CounterRandom(
        seed: context.seed, device: context.device, lane: .wander,
        counter: UInt64(bitPattern: context.time / base) << 3 | channel)
      return random.below(100) < UInt64(spread) ? 1 : 0
    case .latitude: return context.geography.latitude(context.course.position(at: context.time, in: context.area))
    case .longitude: return context.geography.longitude(context.course.position(at: context.time, in: context.area))
    case .speed: return context.course.speed
    case .heading: return context.course.heading * 1_745_329 / 100_000
    case .digest:
      var random = CounterRandom(
        seed: context.seed, device: context.device, lane: .payload, counter: context.key << 2 | UInt64(base))
      return Int64(bitPattern: random.next())
    }
  }

  private func device(_ context: SignalContext, _ channel: UInt64) -> CounterRandom {
    CounterRandom(seed: context.seed, device: context.device, lane: .device, counter: 16 + channel)
  }

  private func level(_ context: SignalContext, _ channel: UInt64) -> Int64 {
    var value = base
    if spread > 0 {
      var own = device(context, channel)
      value += own.between(-spread, spread)
    }
    if daily > 0 { value += Self.wave(context.time, daily) }
    if wander > 0 { value += wandering(context, channel) }
    var random = CounterRandom(
      seed: context.seed, device: context.device, lane: .payload, counter: context.key << 2 | channel)
    value += random.between(-noise, noise)
    return min(max(value, low), high)
  }

  /// A smooth daily wave of two parabolas, lowest at 3 h and highest at 15 h, between minus and plus `height`.
  static func wave(_ time: Int64, _ height: Int64) -> Int64 {
    // The phase from 9 h on, in 2^16 parts of a half day.
    let half = day / 2
    let since = (time % day + day - 32_400_000_000) % day
    let part = (since % half) * 65_536 / half
    let bow = part * (65_536 - part) / 16_384
    return (since < half ? bow : -bow) * height / 65_536
  }

  /// Values at every quarter of an hour, joined by straight lines.
  private func wandering(_ context: SignalContext, _ channel: UInt64) -> Int64 {
    let quarter: Int64 = 900_000_000
    let index = UInt64(bitPattern: context.time / quarter)
    let part = context.time % quarter
    func knot(_ index: UInt64) -> Int64 {
      var random = CounterRandom(
        seed: context.seed, device: context.device, lane: .wander, counter: index << 3 | channel)
      return random.between(-wander, wander)
    }
    let start = knot(index)
    return start + (knot(index + 1) - start) * (part / 1024) / (quarter / 1024)
  }

  /// Thousandths of a day's use by the end of each hour.
  private static let dayProfile: [Int64] = [
    0, 20, 38, 54, 69, 85, 107, 145, 200, 258, 306, 348, 388, 432, 474, 514, 556, 604, 664, 736, 812, 882, 938, 976,
    1000,
  ]

  private func counter(_ context: SignalContext, _ channel: UInt64) -> Int64 {
    var own = device(context, channel)
    let perDay = base + own.between(-spread, spread)
    let start = Int64(own.below(UInt64(base) * 1000))
    let hourLength: Int64 = 3_600_000_000
    let inDay = context.time % Self.day
    let hour = Int(inDay / hourLength)
    let before = Self.dayProfile[hour]
    let millionths = before * 1000 + (Self.dayProfile[hour + 1] - before) * (inDay % hourLength) / 3_600_000
    return start + context.time / Self.day * perDay + perDay * millionths / 1_000_000
  }
}

/// Where the map lies on the globe: the south-west corner in 10^-7 degrees and the length of a degree of longitude there.
public struct Geography: Sendable, Equatable {
  /// Latitude of the south-west corner in 10^-7 degrees.
  public let latitudeE7: Int64
  /// Longitude of the south-west corner in 10^-7 degrees.
  public let longitudeE7: Int64
  /// Centimetres of a degree of longitude at that latitude.
  let degreeOfLongitude: Int64

  /// Centimetres of a degree of latitude on the sphere of mean radius.
  static let degreeOfLatitude: Int64 = 11_119_493

  /// A corner; latitudes beyond 85 degrees are brought back to 85, longitudes to plus or minus 180.
  public init(latitudeE7: Int64, longitudeE7: Int64) {
    self.latitudeE7 = min(max(latitudeE7, -850_000_000), 850_000_000)
    self.longitudeE7 = min(max(longitudeE7, -1_800_000_000), 1_800_000_000)
    let cosine = PortableMath.cosine(degrees: Double(self.latitudeE7) / 1e7)
    degreeOfLongitude = max(1, Int64(Double(Self.degreeOfLatitude) * cosine))
  }

  /// The latitude of a point in 10^-7 degrees.
  public func latitude(_ point: Point) -> Int64 { latitudeE7 + point.y * 10_000_000 / Self.degreeOfLatitude }

  /// The longitude of a point in 10^-7 degrees.
  public func longitude(_ point: Point) -> Int64 { longitudeE7 + point.x * 10_000_000 / degreeOfLongitude }
}
