public import FiveG
internal import Yams

/// A fault of a scenario file, with its place.
public struct ScenarioFileError: Error, Equatable, CustomStringConvertible {
  /// The line, from 1; nil when the fault is of the whole.
  public let line: Int?
  /// The key, such as `fleets[2].arrivals`; empty at the top.
  public let key: String
  /// What is wrong, with the limit or the possible values.
  public let reason: String

  /// An error of a place and a reason.
  public init(line: Int?, key: String, reason: String) {
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// For example `line 12, fleets[2].5qi: 75 is not a standardised 5QI`.
  public var description: String {
    let place = [line.map { "line \($0)" }, key.isEmpty ? nil : key].compactMap { $0 }.joined(separator: ", ")
    return place.isEmpty ? reason : "\(place): \(reason)"
  }
}

/// Reads scenarios from YAML; `Samples/scenarios` has examples with every key explained.
///
/// Numbers are read as decimals and never pass through binary floating point, so a file means the same everywhere.
public enum ScenarioFile {
  /// The largest file.
  public static let maximumBytes = 1 << 20
  /// The longest line: with the next limit it bounds the depth of nesting, which the YAML reader recurses over.
  public static let maximumLine = 240
  /// The most opening brackets and braces.
  public static let maximumBrackets = 1000

  /// The scenario that a YAML text describes, validated.
  public static func parse(_ text: String) throws(ScenarioFileError) -> Scenario {
    try checkBounds(text)
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw translated(error)
    } catch {
      throw ScenarioFileError(line: nil, key: "", reason: "not YAML")
    }
    guard let root else { throw ScenarioFileError(line: nil, key: "", reason: "the file is empty") }
    return try ScenarioReader.read(Section(root, ""))
  }

  /// The scenario that a file's bytes describe.
  public static func parse(bytes: [UInt8]) throws(ScenarioFileError) -> Scenario {
    guard bytes.count <= maximumBytes else { throw tooLarge(bytes.count) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ScenarioFileError(line: nil, key: "", reason: "not UTF-8")
    }
    return try parse(text)
  }

  private static func tooLarge(_ count: Int) -> ScenarioFileError {
    ScenarioFileError(line: nil, key: "", reason: "\(count) bytes, at most \(maximumBytes)")
  }

  /// Refuses what could make the YAML reader recurse too deep, and aliases, which could make a small file huge.
  ///
  /// A star that begins a word counts as an alias wherever it is, comments and quoted texts included, because telling
  /// these apart is the YAML reader's work.
  private static func checkBounds(_ text: String) throws(ScenarioFileError) {
    guard text.utf8.count <= maximumBytes else { throw tooLarge(text.utf8.count) }
    var line = 1
    var length = 0
    var brackets = 0
    var inLineBrackets = 0
    var previous = UInt8(ascii: "\n")
    var isStar = false
    for byte in text.utf8 {
      let before = previous
      previous = byte
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        if byte == UInt8(ascii: "\n") { line += 1 }
        length = 0
        inLineBrackets = 0
        isStar = false
        continue
      }
      if isStar, byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
        throw ScenarioFileError(line: line, key: "", reason: "aliases (*name) are not allowed")
      }
      isStar = byte == UInt8(ascii: "*") && " \t\n\r[{,:-?".utf8.contains(before)
      length += 1
      guard length <= maximumLine else {
        throw ScenarioFileError(line: line, key: "", reason: "longer than \(maximumLine) bytes")
      }
      if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        brackets += 1
        inLineBrackets += 1
        guard brackets <= maximumBrackets, inLineBrackets <= 16 else {
          throw ScenarioFileError(
            line: line, key: "", reason: "more than 16 brackets in a line or \(maximumBrackets) in all")
        }
      }
    }
  }

  private static func translated(_ error: YamlError) -> ScenarioFileError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      ScenarioFileError(line: mark.line, key: "", reason: "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      ScenarioFileError(line: context.mark.line, key: keys.first ?? "", reason: "the key occurs twice")
    default: ScenarioFileError(line: nil, key: "", reason: "not YAML: \(error)")
    }
  }
}
