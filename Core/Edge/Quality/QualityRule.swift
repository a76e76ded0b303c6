internal import CBOR
public import Primitives

/// A quality flag after IOOS QARTOD: a reading is flagged, stored and anchored, never dropped.
public enum QualityFlag: UInt8, Sendable, CaseIterable {
  /// Passed every test that could be made.
  case good = 1
  /// No test could be made.
  case notEvaluated = 2
  /// Unusual; somebody should look at it.
  case suspect = 3
  /// Impossible, or far off.
  case fail = 4
  /// Expected and not there.
  case missing = 9
}

/// What is usual at some time of the year and of the day (QARTOD, climatology test).
public struct Climate: Sendable, Equatable {
  /// The months, 1 to 12.
  public var months: ClosedRange<Int>
  /// The hours of the day in UTC, 0 to 23.
  public var hours: ClosedRange<Int>
  /// What the operator expects then; beyond it is suspect.
  public var span: ClosedRange<Int64>

  /// A span for these months and hours.
  public init(months: ClosedRange<Int> = 1...12, hours: ClosedRange<Int> = 0...23, span: ClosedRange<Int64>) {
    (self.months, self.hours, self.span) = (months, hours, span)
  }
}

/// The test for a signal that has gone faint (QARTOD, attenuated signal test).
public struct Attenuation: Sendable, Equatable {
  /// A channel that has not moved by this much, from its lowest to its highest value, is suspect; at least 1.
  public var range: Int64
  /// For so many milliseconds; at least 1.
  public var periodMs: UInt32

  /// A channel is suspect that stays within less than `range` for `periodMs`.
  public init(range: Int64, periodMs: UInt32) { (self.range, self.periodMs) = (range, periodMs) }
}

/// The test of a device's clock (QARTOD, timing test): a sample cannot be made after it has arrived.
public struct ClockRule: Sendable, Equatable {
  /// A sample time so many milliseconds ahead of the arrival makes a reading suspect.
  public var suspectMs: UInt32
  /// So many make it fail. What is further ahead than `IntakeLimits.aheadUs` is refused.
  public var failMs: UInt32

  /// A rule with these figures; 2 s and 60 s are those of the design.
  public init(suspectMs: UInt32 = 2000, failMs: UInt32 = 60_000) {
    (self.suspectMs, self.failMs) = (suspectMs, failMs)
  }
}

/// The tests of one channel; all figures are integers in units of `10^exponent`.
public struct QualityRule: Sendable, Equatable {
  /// The SenML name of the record after the device's.
  public var name: String
  /// The scale of the figures below: digits of a value beyond it are cut off towards zero. −18 to 0.
  public var exponent: Int8
  /// What the sensor can measure; beyond it fails.
  public var sensorSpan: ClosedRange<Int64>
  /// What the operator expects; beyond it is suspect.
  public var operatorSpan: ClosedRange<Int64>
  /// A deviation from the mean of the two values before that is suspect; nil for no test.
  ///
  /// QARTOD tests the middle of three values; a leaf's flags are final when it is made, so this one tests the newest.
  public var spike: Int64?
  /// A change per second that is suspect; nil for no test.
  public var ratePerSecond: Int64?
  /// Values within this distance of the one before count as repeated.
  public var flatTolerance: Int64
  /// So many values repeated are suspect, 0 for no test; four times as many, up to 255, fail.
  public var flatCount: UInt8
  /// After so many milliseconds without a value, spike and rate are not tested.
  public var gapMs: UInt32
  /// Whether a reading of the model that lacks this channel is flagged 9.
  public var isRequired: Bool
  /// What is usual by season and hour; of several, the first that holds the sample's month and hour counts. At most 24.
  public var climates: [Climate] = []
  /// When the channel counts as gone faint; nil for no test.
  public var attenuation: Attenuation?

  /// A rule with a span and no other test.
  public init(
    name: String, exponent: Int8, sensorSpan: ClosedRange<Int64>, operatorSpan: ClosedRange<Int64>,
    spike: Int64? = nil, ratePerSecond: Int64? = nil, flatTolerance: Int64 = 0, flatCount: UInt8 = 0,
    gapMs: UInt32 = 3_600_000, isRequired: Bool = true
  ) {
    self.name = name
    self.exponent = exponent
    self.sensorSpan = sensorSpan
    self.operatorSpan = operatorSpan
    self.spike = spike
    self.ratePerSecond = ratePerSecond
    self.flatTolerance = flatTolerance
    self.flatCount = flatCount
    self.gapMs = gapMs
    self.isRequired = isRequired
  }
}

extension QualityRule {
  /// The location test of QARTOD for a device that reports where it is: a place that is none on the globe fails, one outside
  /// the box is suspect, and so is one further from the last than it can have moved.
  ///
  /// - Parameters:
  ///   - latitude: the box in units of `10^exponent` degrees; likewise `longitude`, which may not span the 180th meridian.
  ///   - perSecond: the most that either may change in a second; nil for no test.
  /// - Precondition: `exponent` is −7 to 0.
  public static func location(
    latitude: ClosedRange<Int64>, longitude: ClosedRange<Int64>, exponent: Int8 = -7, perSecond: Int64? = nil
  ) -> [QualityRule] {
    precondition((-7...0).contains(exponent), "a location has at most seven decimals")
    let degree = (0..<Int(-exponent)).reduce(1 as Int64) { unit, _ in unit * 10 }
    return [("lat", 90 * degree, latitude), ("lon", 180 * degree, longitude)].map { name, most, box in
      QualityRule(
        name: name, exponent: exponent, sensorSpan: -most...most, operatorSpan: box, ratePerSecond: perSecond,
        isRequired: false)
    }
  }
}

/// The rules of a gateway: for each device model those of its channels. The header names them by their digest.
public struct QualityRules: Sendable, Equatable {
  /// By model, at most eight rules each; spike, rate and flat line are tested for the first four.
  public let models: [[QualityRule]]
  /// The test of every device's clock.
  public let clock: ClockRule
  /// SHA-256 of the rules' encoding.
  public let digest: Digest

  /// Rules by model; throws `limit` for more than eight channels of a model, a scale that is not −18 to 0, more than 24
  /// climates, months and hours that are none, or an attenuation without range or period.
  public init(models: [[QualityRule]], clock: ClockRule = ClockRule()) throws(EdgeError) {
    for rules in models {
      guard rules.count <= EdgeLimits.records else {
        throw EdgeError(.limit, "A model has \(rules.count) quality rules, more than \(EdgeLimits.records).")
      }
      guard rules.allSatisfy({ (-18...0).contains($0.exponent) && (1...64).contains($0.name.utf8.count) }) else {
        throw EdgeError(.limit, "A quality rule has a scale outside -18 to 0, or a name not of 1 to 64 bytes.")
      }
      for rule in rules {
        let areClimates = rule.climates.allSatisfy { (1...12).contains($0.months) && (0...23).contains($0.hours) }
        guard areClimates, rule.climates.count <= EdgeLimits.climates else {
          throw EdgeError(
            .limit,
            "The climate of '\(rule.name)' has more than \(EdgeLimits.climates) parts, or months not of 1 to 12 or hours not of 0 to 23."
          )
        }
        guard rule.attenuation.map({ $0.range > 0 && $0.periodMs > 0 }) ?? true else {
          throw EdgeError(.limit, "The attenuation of '\(rule.name)' needs a range and a period above zero.")
        }
      }
    }
    self.models = models
    self.clock = clock
    digest = Digest.sha256(QualityRules.encode(models, clock))
  }

  /// No rules: every record is flagged 2.
  public static let none: QualityRules = {
    guard let rules = try? QualityRules(models: []) else { preconditionFailure("no rules break no limit") }
    return rules
  }()

  /// `[[suspect, fail], models]`: models are arrays of rules, each an array of its figures in the order of their declaration.
  private static func encode(_ models: [[QualityRule]], _ clock: ClockRule) -> [UInt8] {
    var writer = CBORWriter(capacity: 1024)
    writer.array(2)
    writer.array(2)
    writer.uint(UInt64(clock.suspectMs))
    writer.uint(UInt64(clock.failMs))
    writer.array(models.count)
    for rules in models {
      writer.array(rules.count)
      for rule in rules {
        writer.array(14)
        writer.text(rule.name)
        writer.int(Int64(rule.exponent))
        for bound in [
          rule.sensorSpan.lowerBound, rule.sensorSpan.upperBound, rule.operatorSpan.lowerBound,
          rule.operatorSpan.upperBound,
        ] { writer.int(bound) }
        for optional in [rule.spike, rule.ratePerSecond] {
          if let optional { writer.int(optional) } else { writer.null() }
        }
        writer.int(rule.flatTolerance)
        writer.uint(UInt64(rule.flatCount))
        writer.uint(UInt64(rule.gapMs))
        writer.bool(rule.isRequired)
        writer.array(rule.climates.count)
        for climate in rule.climates {
          writer.array(6)
          for bound in [climate.months, climate.hours] {
            writer.int(Int64(bound.lowerBound))
            writer.int(Int64(bound.upperBound))
          }
          writer.int(climate.span.lowerBound)
          writer.int(climate.span.upperBound)
        }
        guard let attenuation = rule.attenuation else {
          writer.null()
          continue
        }
        writer.array(2)
        writer.int(attenuation.range)
        writer.uint(UInt64(attenuation.periodMs))
      }
    }
    return writer.bytes
  }
}
