extension DeviceModel {
  /// The quantities that the model reports, at most ``maximumChannels``.
  ///
  /// Units are symbols of the IANA SenML registry; `ug/m3` and `ppm` are secondary units of RFC 8798.
  public var channels: [Channel] { Self.allChannels[Int(rawValue)] }

  private static let latitude = Channel("lat", "lat", -7, .place(.latitude, in: -900_000_000...900_000_000))
  private static let longitude = Channel("lon", "lon", -7, .place(.longitude, in: -1_800_000_000...1_800_000_000))
  private static let battery = Channel("battery", "%EL", -1, .level(700, spread: 250, noise: 2, in: 0...1000))

  /// By raw value of the model.
  private static let allChannels: [[Channel]] = [
    // electricity meter
    [
      Channel("energy", "Wh", 0, .counter(perDay: 9000)),
      Channel("power", "W", 0, .level(380, spread: 200, daily: 150, wander: 90, noise: 40, in: 0...23_000)),
      Channel("voltage", "V", -1, .level(2300, spread: 20, daily: 15, wander: 15, noise: 6, in: 2070...2530)),
    ],
    // water meter
    [
      Channel("volume", "m3", -3, .counter(perDay: 250)),
      Channel("flow", "m3/s", -6, .level(5, spread: 4, daily: 4, wander: 6, noise: 3, in: 0...1000)),
    ],
    // gas meter
    [Channel("volume", "m3", -3, .counter(perDay: 3500))],
    // air quality
    [
      Channel("pm2.5", "ug/m3", -1, .level(140, spread: 40, daily: 30, wander: 60, noise: 10, in: 0...10_000)),
      Channel("no2", "ug/m3", -1, .level(260, spread: 80, daily: 90, wander: 70, noise: 15, in: 0...10_000)),
      Channel("temperature", "Cel", -2, .level(1500, spread: 80, daily: 500, wander: 120, noise: 8, in: -4000...6000)),
      Channel("humidity", "%RH", -1, .level(600, spread: 50, daily: 120, wander: 50, noise: 5, in: 0...1000)),
    ],
    // noise
    [
      Channel("laeq", "dB", -1, .level(560, spread: 60, daily: 70, wander: 40, noise: 25, in: 250...1300)),
      Channel("lamax", "dB", -1, .level(700, spread: 60, daily: 70, wander: 40, noise: 80, in: 250...1400)),
    ],
    // manhole
    [
      Channel("open", "", 0, .switching(dwellSeconds: 86_400, percentOn: 1)),
      Channel("level", "m", -3, .level(300, spread: 150, wander: 80, noise: 5, in: 0...6000)),
      Channel("ch4", "ppm", 0, .level(60, spread: 30, wander: 30, noise: 4, in: 0...50_000)),
    ],
    // pole
    [
      Channel("power", "W", -1, .level(420, spread: 30, wander: 10, noise: 4, in: 0...4000)),
      Channel("voltage", "V", -1, .level(2300, spread: 20, daily: 15, wander: 15, noise: 6, in: 2070...2530)),
      Channel("tilt", "rad", -4, .level(0, spread: 80, noise: 3, in: -7000...7000)),
      Channel("brightness", "lx", 0, .level(6000, daily: 6000, wander: 500, noise: 50, in: 0...120_000)),
    ],
    // bin
    [
      Channel("fill", "/", -3, .filling(hours: 72, top: 1000)),
      Channel("temperature", "Cel", -1, .level(150, spread: 20, daily: 60, wander: 10, noise: 2, in: -400...1000)),
      battery,
    ],
    // parking
    [Channel("occupied", "", 0, .switching(dwellSeconds: 2400, percentOn: 65)), battery],
    // camera: the 32 bytes of the frame's hash
    [
      Channel("frame/0", "", 0, .digest(word: 0)), Channel("frame/1", "", 0, .digest(word: 1)),
      Channel("frame/2", "", 0, .digest(word: 2)), Channel("frame/3", "", 0, .digest(word: 3)),
    ],
    // vehicle
    [
      latitude, longitude,
      Channel("speed", "m/s", -2, .place(.speed, in: 0...20_000)),
      Channel("heading", "rad", -3, .place(.heading, in: 0...6284)),
    ],
    // drone
    [
      latitude, longitude, Channel("alt", "m", -1, .level(800, spread: 300, wander: 100, noise: 5, in: 0...1500)),
      battery,
    ],
    // cold chain
    [
      Channel("temperature", "Cel", -2, .level(350, spread: 60, daily: 20, wander: 60, noise: 10, in: 0...800)),
      Channel("humidity", "%RH", -1, .level(850, spread: 40, wander: 30, noise: 5, in: 0...1000)), latitude, longitude,
    ],
    // soil
    [
      Channel("moisture", "/", -3, .level(260, spread: 60, daily: 10, wander: 15, noise: 2, in: 0...600)),
      Channel("temperature", "Cel", -1, .level(140, spread: 15, daily: 25, wander: 6, noise: 1, in: -300...600)),
      Channel("conductivity", "S/m", -4, .level(450, spread: 150, wander: 25, noise: 5, in: 0...20_000)), battery,
    ],
    // weather
    [
      Channel("temperature", "Cel", -2, .level(1500, spread: 50, daily: 600, wander: 100, noise: 5, in: -5000...6000)),
      Channel("humidity", "%RH", -1, .level(600, spread: 30, daily: 150, wander: 40, noise: 3, in: 0...1000)),
      Channel("wind", "m/s", -1, .level(35, spread: 10, daily: 15, wander: 25, noise: 8, in: 0...600)),
      Channel("pressure", "Pa", 0, .level(101_300, spread: 60, daily: 40, wander: 80, noise: 5, in: 85_000...110_000)),
    ],
    // scale
    [
      Channel("mass", "kg", -3, .level(240_000, spread: 150_000, wander: 80_000, noise: 40, in: 0...1_500_000)),
      Channel("steady", "", 0, .switching(dwellSeconds: 7, percentOn: 85)),
    ],
    // door
    [
      Channel("open", "", 0, .switching(dwellSeconds: 90, percentOn: 20)),
      Channel("openings", "count", 0, .counter(perDay: 160)),
    ],
  ]
}
