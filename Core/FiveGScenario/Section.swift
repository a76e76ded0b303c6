internal import Yams

/// A node of the file with the path to it; each getter says what it expected where, when it finds something else.
struct Section {
  let node: Node
  let path: String

  init(_ node: Node, _ path: String) {
    self.node = node
    self.path = path
  }

  func fault(_ reason: String) -> ScenarioFileError {
    ScenarioFileError(line: node.mark?.line, key: path, reason: reason)
  }

  /// The line of a path such as `fleets[2].5qi`, as far as the file has it.
  func line(of path: String) -> Int? {
    var node = self.node
    var found: Int?
    for part in path.split(whereSeparator: { $0 == "." || $0 == "[" || $0 == "]" }) {
      if let index = Int(part), case .sequence(let sequence) = node, sequence.indices.contains(index) {
        node = sequence[index]
      } else if case .mapping(let mapping) = node, let next = mapping.first(where: { $0.key.string == String(part) }) {
        node = next.value
      } else {
        break
      }
      found = node.mark?.line
    }
    return found
  }

  /// The keys and values of a mapping, of which all keys must be known.
  func mapping(_ known: [String]) throws(ScenarioFileError) -> Fields {
    guard case .mapping(let mapping) = node else { throw fault("must be a list of keys and values") }
    var fields: [String: Section] = [:]
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else { throw fault("has a key that is not a word") }
      let name = scalar.string
      let place = path.isEmpty ? name : path + "." + name
      guard known.contains(name) else {
        throw ScenarioFileError(
          line: key.mark?.line, key: place, reason: "unknown key; known are \(known.joined(separator: ", "))")
      }
      guard fields[name] == nil else {
        throw ScenarioFileError(line: key.mark?.line, key: place, reason: "the key occurs twice")
      }
      fields[name] = Section(value, place)
    }
    return Fields(owner: self, fields: fields)
  }

  /// The elements of a list.
  func list(most: Int) throws(ScenarioFileError) -> [Section] {
    guard case .sequence(let sequence) = node else { throw fault("must be a list") }
    guard sequence.count <= most else { throw fault("\(sequence.count) elements, at most \(most)") }
    return sequence.enumerated().map { Section($0.element, "\(path)[\($0.offset)]") }
  }

  /// A single word, number or sentence.
  func text() throws(ScenarioFileError) -> String {
    guard case .scalar(let scalar) = node else { throw fault("must be a single value") }
    return scalar.string
  }

  var isScalar: Bool {
    if case .scalar = node { return true }
    return false
  }

  /// A whole number within bounds.
  func integer(_ range: ClosedRange<Int64>) throws(ScenarioFileError) -> Int64 {
    let text = try text().filter { $0 != "_" }
    guard let value = Int64(text) else { throw fault("'\(text)' is not a whole number") }
    guard range.contains(value) else {
      throw fault("\(value) is not within \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func boolean() throws(ScenarioFileError) -> Bool {
    switch try text() {
    case "true", "yes": return true
    case "false", "no": return false
    case let other: throw fault("'\(other)' is neither true nor false")
    }
  }

  /// A decimal number with one of the given units, in the smallest one; without a unit only 0.
  func quantity(_ units: [(name: String, factor: Int64)], _ range: ClosedRange<Int64>) throws(ScenarioFileError)
    -> Int64
  {
    let text = try text()
    guard let decimal = Decimal(text, units) else {
      throw fault("'\(text)' is not a number with a unit of \(units.map(\.name).joined(separator: ", "))")
    }
    guard let value = decimal.value, range.contains(value) else { throw fault("'\(text)' is out of range") }
    return value
  }

  /// A time in microseconds.
  func time(_ range: ClosedRange<Int64>) throws(ScenarioFileError) -> Int64 {
    try quantity(
      [
        ("us", 1), ("ms", 1000), ("s", 1_000_000), ("min", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
      ], range)
  }

  /// A length in centimetres, up to 10,000 km.
  func length() throws(ScenarioFileError) -> Int64 {
    try quantity([("cm", 1), ("m", 100), ("km", 100_000)], 0...1_000_000_000)
  }

  /// A share in parts per million.
  func share() throws(ScenarioFileError) -> UInt32 {
    UInt32(try quantity([("ppm", 1), ("%", 10_000)], 0...1_000_000))
  }

  /// An angle in 10^-7 degrees.
  func degrees(_ most: Int64) throws(ScenarioFileError) -> Int64 {
    let text = try text()
    guard let value = Decimal(text, [("", 10_000_000)])?.value, abs(value) <= most * 10_000_000 else {
      throw fault("'\(text)' is not an angle of at most \(most) degrees")
    }
    return value
  }
}

/// The fields of a mapping.
struct Fields {
  let owner: Section
  let fields: [String: Section]

  subscript(_ key: String) -> Section? { fields[key] }

  func required(_ key: String) throws(ScenarioFileError) -> Section {
    guard let section = fields[key] else { throw owner.fault("the key '\(key)' is missing") }
    return section
  }
}

/// A decimal number with a unit, exact in integers; digits beyond the smallest unit are cut off.
struct Decimal {
  /// Nil when it does not fit into 64 bits.
  let value: Int64?

  init?(_ text: String, _ units: [(name: String, factor: Int64)]) {
    var digits: [UInt8] = []
    var rest = Substring(text)
    var fraction = 0
    let negative = rest.first == "-"
    if negative { rest.removeFirst() }
    var point = false
    while let character = rest.first, let ascii = character.asciiValue {
      if character == "_" {
      } else if character == ".", !point {
        point = true
      } else if (48...57).contains(ascii) {
        guard digits.count < 30 else { return nil }
        digits.append(ascii - 48)
        if point { fraction += 1 }
      } else {
        break
      }
      rest.removeFirst()
    }
    while rest.first == " " { rest.removeFirst() }
    guard !digits.isEmpty else { return nil }
    let unit = String(rest)
    if unit.isEmpty, !units.contains(where: { $0.name.isEmpty }) {
      guard digits.allSatisfy({ $0 == 0 }) else { return nil }
      value = 0
      return
    }
    guard let factor = units.first(where: { $0.name == unit })?.factor else { return nil }
    value = Self.scaled(digits, fraction: fraction, factor: factor).map { negative ? -$0 : $0 }
  }

  private static func scaled(_ digits: [UInt8], fraction: Int, factor: Int64) -> Int64? {
    let whole = digits.dropLast(fraction)
    var value: Int64 = 0
    for digit in whole {
      let (tens, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = tens.addingReportingOverflow(Int64(digit))
      if over || more { return nil }
      value = sum
    }
    let (scaled, over) = value.multipliedReportingOverflow(by: factor)
    if over { return nil }
    // Each further digit is worth a tenth of the one before; the remainder keeps what does not divide.
    var sum = scaled
    var unit = factor
    for digit in digits.suffix(fraction) {
      guard unit % 10 == 0 else {
        return sum.addingReportingOverflow(unit * Int64(digit) / 10).partialValue
      }
      unit /= 10
      let (next, more) = sum.addingReportingOverflow(unit * Int64(digit))
      if more { return nil }
      sum = next
    }
    return sum
  }
}
