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

/// The rules of a gateway: for each device model those of its channels. The header names them by their digest.
public struct QualityRules: Sendable, Equatable {
  /// By model, at most eight rules each; spike, rate and flat line are tested for the first four.
  public let models: [[QualityRule]]
  /// SHA-256 of the rules' encoding.
  public let digest: Digest

  /// Rules by model; throws `limit` for more than eight channels of a model or a scale that is not −18 to 0.
  public init(models: [[QualityRule]]) throws(EdgeError) {
    for rules in models {
      guard rules.count <= EdgeLimits.records else {
        throw EdgeError(.limit, "A model has \(rules.count) quality rules, more than \(EdgeLimits.records).")
      }
      guard rules.allSatisfy({ (-18...0).contains($0.exponent) && (1...64).contains($0.name.utf8.count) }) else {
        throw EdgeError(.limit, "A quality rule has a scale outside -18 to 0, or a name not of 1 to 64 bytes.")
      }
    }
    self.models = models
    digest = Digest.sha256(QualityRules.encode(models))
  }

  /// No rules: every record is flagged 2.
  public static let none: QualityRules = {
    guard let rules = try? QualityRules(models: []) else { preconditionFailure("no rules break no limit") }
    return rules
  }()

  /// An array of models, each an array of rules, each an array of its figures in the order of their declaration.
  private static func encode(_ models: [[QualityRule]]) -> [UInt8] {
    var writer = CBORWriter(capacity: 1024)
    writer.array(models.count)
    for rules in models {
      writer.array(rules.count)
      for rule in rules {
        writer.array(12)
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
      }
    }
    return writer.bytes
  }
}
