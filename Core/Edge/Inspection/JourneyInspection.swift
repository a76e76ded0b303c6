internal import Glibc
internal import Primitives

/// Where one device has been heard: the same key in two places gives itself away (threat table, "cloned key").
///
/// A device counts its readings over all gateways, so that numbers rise with its clock wherever it is heard, and it cannot
/// move faster than what carries it.
struct JourneyInspection {
  /// Metres a second that nothing exceeds: 500 km/h (white paper, table 1; ITU-R M.2410, section 4.11).
  static let fastest = 500.0 / 3.6
  /// What two positions of a device at rest may differ by, metres.
  static let jitter = 200.0
  /// What a device's clock may be set back by, microseconds (threat table, "clock skew").
  static let setBackUs: Int64 = 60_000_000

  /// What the readings of one device over all gateways show; they are sorted here by boot and number.
  static func findings(_ device: String, _ readings: [InspectedReading], gateways: [String]) -> [InspectionFinding] {
    // Once of each kind: what follows on the first is its consequence.
    var found: [Incident.Kind: InspectionFinding] = [:]
    let ordered = readings.sorted {
      ($0.form.boot, $0.form.seq, $0.gateway) < ($1.form.boot, $1.form.seq, $1.gateway)
    }
    var latest: InspectedReading?
    for (earlier, later) in zip(ordered, ordered.dropFirst()) {
      if latest.map({ $0.form.timeUs < earlier.form.timeUs }) ?? true { latest = earlier }
      guard earlier.gateway != later.gateway || earlier.form.seq != later.form.seq else { continue }
      let places: Message = "\(gateways[earlier.gateway]) and \(gateways[later.gateway])"
      if earlier.form.boot == later.form.boot, earlier.form.seq == later.form.seq {
        // The same reading sent again through a second gateway is no fault.
        guard earlier.form != later.form else { continue }
        found[.clone] =
          found[.clone]
          ?? finding(
            .clone, device, earlier, later,
            "Number \(later.form.seq) of boot \(later.form.boot) has two readings, at \(places).")
      } else if let before = latest, before.gateway != later.gateway,
        before.form.timeUs - later.form.timeUs > setBackUs
      {
        found[.clone] =
          found[.clone]
          ?? finding(
            .clone, device, before, later,
            "Number \(later.form.seq) at \(gateways[later.gateway]) was sampled before number \(before.form.seq) at "
              + "\(gateways[before.gateway]): two senders use the key.")
      } else if let speed = speed(earlier, later), speed > fastest {
        found[.travel] =
          found[.travel]
          ?? finding(
            .travel, device, earlier, later,
            "From number \(earlier.form.seq) to \(later.form.seq) it moved at \(Int(min(speed * 3.6, 1e9))) km/h.")
      }
    }
    return [Incident.Kind.clone, .travel].compactMap { found[$0] }
  }

  private static func finding(
    _ kind: Incident.Kind, _ device: String, _ a: InspectedReading, _ b: InspectedReading, _ text: Message
  ) -> InspectionFinding {
    InspectionFinding(
      kind, device, number: b.form.seq, timeUs: max(a.form.timeUs, b.form.timeUs), evidence: [a.message, b.message],
      text)
  }

  /// Metres a second between two readings with positions, less what positions differ by at rest; nil without positions.
  private static func speed(_ a: InspectedReading, _ b: InspectedReading) -> Double? {
    guard let from = position(a), let to = position(b) else { return nil }
    let way = max(0, distance(from, to) - jitter)
    let seconds = Double(b.form.timeUs - a.form.timeUs) / 1e6
    return way == 0 ? 0 : way / max(0.001, abs(seconds))
  }

  private static func position(_ reading: InspectedReading) -> (lat: Double, lon: Double)? {
    guard let lat = reading.number("lat"), let lon = reading.number("lon"), abs(lat) <= 90, abs(lon) <= 180 else {
      return nil
    }
    return (lat, lon)
  }

  /// The great circle in metres, by the haversine formula: `2R·asin √(sin²(Δφ/2) + cos φ₁·cos φ₂·sin²(Δλ/2))`.
  static func distance(_ a: (lat: Double, lon: Double), _ b: (lat: Double, lon: Double)) -> Double {
    let radian = Double.pi / 180
    let (north, east) = (sin((b.lat - a.lat) * radian / 2), sin((b.lon - a.lon) * radian / 2))
    let chord = north * north + cos(a.lat * radian) * cos(b.lat * radian) * east * east
    return 2 * 6_371_000 * asin(min(1, chord.squareRoot()))
  }
}
