/// How the devices of a fleet move.
public enum Mobility: Sendable, Equatable {
  /// They stay where they were installed.
  case still
  /// They drive along streets, east-west or north-south, at a constant speed of their own between two bounds in km/h, and
  /// turn round at the border of their area.
  case streets(minimumKmh: UInt16, maximumKmh: UInt16)
  /// They cross the area on slanted lines, like drones, at a constant speed of their own between two bounds in km/h.
  case free(minimumKmh: UInt16, maximumKmh: UInt16)
}

/// A device's whole course: where it is at any time, as a pure function.
struct Course: Sendable {
  var start: Point
  /// Centimetres per second, signed.
  var vx: Int64 = 0
  var vy: Int64 = 0

  /// The course of a device; draws from its `device` lane at counter 0.
  @inline(__always)
  init(seed: UInt64, device: UInt32, area: Area, mobility: Mobility) {
    var random = CounterRandom(seed: seed, device: device, lane: .device, counter: 0)
    start = Point(
      x: area.origin.x + Int64(random.below(UInt64(area.width))),
      y: area.origin.y + Int64(random.below(UInt64(area.height))))
    switch mobility {
    case .still: break
    case .streets(let low, let high):
      let speed = Self.speed(&random, low, high)
      let bits = random.next()
      let signed = bits & 1 == 0 ? speed : -speed
      if bits & 2 == 0 { vx = signed } else { vy = signed }
    case .free(let low, let high):
      // A 3-4-5 triangle keeps the speed exact in integers.
      let fifth = Self.speed(&random, low, high) / 5
      let bits = random.next()
      let (long, short) = bits & 1 == 0 ? (4 * fifth, 3 * fifth) : (3 * fifth, 4 * fifth)
      vx = bits & 2 == 0 ? long : -long
      vy = bits & 4 == 0 ? short : -short
    }
  }

  private static func speed(_ random: inout CounterRandom, _ low: UInt16, _ high: UInt16) -> Int64 {
    random.between(Int64(low), Int64(high)) * 250 / 9
  }

  /// Centimetres per second.
  var speed: Int64 { vx == 0 || vy == 0 ? abs(vx) + abs(vy) : (abs(vx) + abs(vy)) / 7 * 5 }

  /// The heading in degrees clockwise from north, at a time before any turning round.
  var heading: Int64 {
    if vx == 0 { return vy >= 0 ? 0 : 180 }
    if vy == 0 { return vx > 0 ? 90 : 270 }
    // Only the 3-4-5 slants occur: 36.87 or 53.13 degrees from the north-south line.
    let slant: Int64 = abs(vx) > abs(vy) ? 53 : 37
    if vx > 0 { return vy > 0 ? slant : 180 - slant }
    return vy > 0 ? 360 - slant : 180 + slant
  }

  /// The position at a time in microseconds.
  @inline(__always)
  func position(at time: Int64, in area: Area) -> Point {
    if vx == 0 && vy == 0 { return start }
    return Point(
      x: area.origin.x + Self.folded(start.x - area.origin.x, vx, time, area.width),
      y: area.origin.y + Self.folded(start.y - area.origin.y, vy, time, area.height))
  }

  /// start + v t, reflected at 0 and at `length`.
  private static func folded(_ start: Int64, _ v: Int64, _ time: Int64, _ length: Int64) -> Int64 {
    if v == 0 { return start }
    // v t in whole centimetres, split so that it cannot overflow within centuries.
    let way = v * (time / 1_000_000) + v * (time % 1_000_000) / 1_000_000
    var place = (start + way) % (2 * length)
    if place < 0 { place += 2 * length }
    return place < length ? place : 2 * length - 1 - place
  }
}
