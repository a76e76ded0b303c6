package import FinanceRules
import Foundation
import JSON
package import Ledger
import Primitives

/// The policy as a JSON document: what `rules --file` and `POST /policies` take, and `rules --show` prints.
///
/// Members are named as the fields of `Policy`; a member that is left out keeps its default, one that is unknown is
/// refused, and so is a number out of its range, by its name. Amounts are in minor units, shares in parts per million.
package enum PolicyFile {
  /// Bytes of a document at most.
  package static let limit = 64 << 10

  private typealias Numbers<Root> = [(name: String, path: any WritableKeyPath<Root, Int64> & Sendable)]
  private typealias Counts<Root> = [(name: String, path: any WritableKeyPath<Root, UInt64> & Sendable)]

  private static let numbers: Numbers<Policy> = [
    ("maxTenorDays", \.maxTenorDays), ("plainTenorDays", \.plainTenorDays), ("smallPaymentDays", \.smallPaymentDays),
    ("graceDays", \.graceDays), ("defaultDays", \.defaultDays), ("minimumFinanceDays", \.minimumFinanceDays),
    ("maxOfferDays", \.maxOfferDays), ("advanceRate", \.advanceRate), ("haircut", \.haircut),
    ("callTrigger", \.callTrigger), ("callTarget", \.callTarget), ("readDelayDays", \.readDelayDays),
    ("silenceMinutes", \.silenceMinutes), ("silenceHaircut", \.silenceHaircut), ("minimumFinance", \.minimumFinance),
  ]
  private static let counts: Counts<Policy> = [
    ("version", \.version), ("maxDepth", \.maxDepth), ("maxParts", \.maxParts),
  ]
  private static let sensorNumbers: Numbers<SensorRule> = [
    ("low", \.low), ("high", \.high), ("hysteresis", \.hysteresis), ("haircut", \.haircut), ("latitude", \.latitude),
    ("longitude", \.longitude), ("disagreement", \.disagreement),
  ]
  private static let sensorCounts: Counts<SensorRule> = [
    ("breaches", \.breaches), ("window", \.window), ("dwellMinutes", \.dwellMinutes),
    ("togetherMinutes", \.togetherMinutes),
  ]

  // MARK: Reading

  /// The policy in a document.
  ///
  /// Throws `.malformed` with the place and what is wrong there, and `.refused` for values that are each in their range and
  /// do not fit each other.
  package static func read(_ bytes: [UInt8]) throws(LedgerError) -> Policy {
    let value: JSONValue
    do throws(JSONError) { value = try JSONParser.parse(bytes, limit: limit) } catch {
      throw LedgerError(.malformed, error.explanation)
    }
    var policy = Policy()
    for member in try members(value, at: "/") {
      let place = "/\(member.name)"
      if let number = numbers.first(where: { $0.name == member.name }) {
        try set(&policy, number.path, try int(member.value, place), place)
      } else if let count = counts.first(where: { $0.name == member.name }) {
        try set(&policy, count.path, try uint(member.value, place), place)
      } else {
        try read(member, into: &policy, place)
      }
    }
    // A number by itself may be in its range and not beside another.
    guard (try? Policy(decoding: policy.encoded())) != nil else {
      throw LedgerError(.refused, "The policy's values do not fit each other, or a list names something twice.")
    }
    return policy
  }

  private static func read(_ member: JSONMember, into policy: inout Policy, _ place: String) throws(LedgerError) {
    switch member.name {
    case "dayCount": try set(&policy, \.dayCount, try text(member.value, place), place)
    case "dayCounts":
      for item in try members(member.value, at: place) {
        let dayCount = try text(item.value, "\(place)/\(item.name)")
        try expect(
          isValid(CurrencyDayCount { ($0.currency, $0.dayCount) = ("EUR", dayCount) }), "\(place)/\(item.name)")
        policy.dayCounts.append(CurrencyDayCount { ($0.currency, $0.dayCount) = (item.name, dayCount) })
      }
      policy.dayCounts.sort { $0.currency < $1.currency }
    case "currencies": policy.currencies = try names(member.value, place)
    case "obligors": policy.obligors = try names(member.value, place)
    case "sensors":
      guard let items = member.value.array, items.count <= 16 else { throw fault(place) }
      for (number, item) in items.enumerated() { policy.sensors.append(try sensor(item, "\(place)/\(number)")) }
    default: throw LedgerError(.malformed, "\(place): a policy has no such member. See: supplychain rules --show")
    }
  }

  private static func sensor(_ value: JSONValue, _ place: String) throws(LedgerError) -> SensorRule {
    var rule = SensorRule()
    rule.reading = "?"
    for member in try members(value, at: place) {
      let place = "\(place)/\(member.name)"
      if let number = sensorNumbers.first(where: { $0.name == member.name }) {
        try set(&rule, number.path, try int(member.value, place), place)
      } else if let count = sensorCounts.first(where: { $0.name == member.name }) {
        try set(&rule, count.path, try uint(member.value, place), place)
      } else if member.name == "reading" {
        try set(&rule, \.reading, try text(member.value, place), place)
      } else if member.name == "blocks" {
        guard let blocks = member.value.bool else { throw fault(place) }
        rule.blocks = blocks
      } else if member.name == "shape" {
        guard let shape = SensorShape(rawValue: try text(member.value, place)) else { throw fault(place) }
        rule.shape = shape
      } else {
        throw LedgerError(.malformed, "\(place): a rule of sensors has no such member. See: supplychain rules --show")
      }
    }
    if rule.shape == .fence {
      // Members compute with whole numbers alone; the document's reader computes the cosine once.
      rule.cosine = Int64((cos(Double(rule.latitude) / 1e6 * .pi / 180) * 1e6).rounded())
    }
    try expect(rule.reading != "?", place)
    return rule
  }

  private static func set<Value>(
    _ policy: inout Policy, _ path: WritableKeyPath<Policy, Value>, _ value: Value, _ place: String
  ) throws(LedgerError) {
    var alone = Policy()
    // The days until default are never fewer than those of grace.
    (alone.graceDays, alone.defaultDays) = (0, 3_660)
    alone[keyPath: path] = value
    try expect(isValid(alone), place)
    policy[keyPath: path] = value
  }

  private static func set<Value>(
    _ rule: inout SensorRule, _ path: WritableKeyPath<SensorRule, Value>, _ value: Value, _ place: String
  ) throws(LedgerError) {
    var alone = SensorRule()
    // Any limits and any count of breaches fit these.
    (alone.reading, alone.window) = ("x", 32)
    alone[keyPath: path] = value
    try expect(isValid(alone), place)
    rule[keyPath: path] = value
  }

  private static func isValid<Part: Fields>(_ part: Part) -> Bool { (try? Part(decoding: part.encoded())) != nil }

  private static func expect(_ condition: Bool, _ place: String) throws(LedgerError) {
    if !condition { throw fault(place) }
  }

  private static func fault(_ place: String) -> LedgerError {
    LedgerError(.malformed, "\(place): the value is not of the kind, or not in the range, that a policy has there.")
  }

  private static func members(_ value: JSONValue, at place: String) throws(LedgerError) -> [JSONMember] {
    guard let members = value.members else { throw LedgerError(.malformed, "\(place) is a JSON object.") }
    return members
  }

  private static func int(_ value: JSONValue, _ place: String) throws(LedgerError) -> Int64 {
    guard let number = value.wholeNumber else { throw fault(place) }
    return number
  }

  private static func uint(_ value: JSONValue, _ place: String) throws(LedgerError) -> UInt64 {
    guard let number = value.wholeNumber.flatMap({ UInt64(exactly: $0) }) else { throw fault(place) }
    return number
  }

  private static func text(_ value: JSONValue, _ place: String) throws(LedgerError) -> String {
    guard let text = value.string, (1...80).contains(text.utf8.count) else { throw fault(place) }
    return text
  }

  private static func names(_ value: JSONValue, _ place: String) throws(LedgerError) -> [PolicyName] {
    guard let items = value.array, items.count <= 64 else { throw fault(place) }
    var names: [String] = []
    for item in items { names.append(try text(item, place)) }
    return names.sorted().map { name in PolicyName { $0.name = name } }
  }

  // MARK: Writing

  /// The policy in force, or the defaults before the first was decided.
  static func inForce(_ view: LedgerView) throws(LedgerError) -> Policy {
    let lists: Lists = { prefix throws(LedgerError) in try view.list(prefix) }
    return try Records.policy(lists) ?? Policy()
  }

  /// The document in lines, as people edit it.
  static func text(_ policy: Policy) -> String {
    let data = Data(write(policy))
    guard let value = try? JSONSerialization.jsonObject(with: data),
      let lines = try? JSONSerialization.data(withJSONObject: value, options: [.prettyPrinted, .sortedKeys])
    else { return String(decoding: data, as: UTF8.self) }
    return String(decoding: lines, as: UTF8.self)
  }

  /// The document of a policy; reading it gives the policy again.
  package static func write(_ policy: Policy) -> [UInt8] {
    func number(_ value: some BinaryInteger) -> JSONValue { JSONValue(.number("\(value)")) }
    func text(_ text: String) -> JSONValue { JSONValue(.string(text)) }
    var members: [JSONMember] = counts.map { JSONMember($0.name, number(policy[keyPath: $0.path])) }
    members += numbers.map { JSONMember($0.name, number(policy[keyPath: $0.path])) }
    members.append(JSONMember("dayCount", text(policy.dayCount)))
    let dayCounts = policy.dayCounts.map { JSONMember($0.currency, text($0.dayCount)) }
    members.append(JSONMember("dayCounts", JSONValue(.object(dayCounts))))
    members.append(JSONMember("currencies", JSONValue(.array(policy.currencies.map { text($0.name) }))))
    members.append(JSONMember("obligors", JSONValue(.array(policy.obligors.map { text($0.name) }))))
    let sensors = policy.sensors.map { rule in
      var members = [JSONMember("reading", text(rule.reading)), JSONMember("shape", text(rule.shape.rawValue))]
      // A limit that is open has no number.
      members += sensorNumbers.filter { ![.min, .max].contains(rule[keyPath: $0.path]) }
        .map { JSONMember($0.name, number(rule[keyPath: $0.path])) }
      members += sensorCounts.map { JSONMember($0.name, number(rule[keyPath: $0.path])) }
      members.append(JSONMember("blocks", JSONValue(.bool(rule.blocks))))
      return JSONValue(.object(members))
    }
    members.append(JSONMember("sensors", JSONValue(.array(sensors))))
    return JSONWriter.write(JSONValue(.object(members)))
  }
}
