/// A string literal of a source file, or several joined by `+`, as a message's template.
struct SwiftLiteral {
  /// The text with `{1}`, `{2}` and so on for the interpolations.
  let template: String
  let line: Int
  /// The name before the innermost open parenthesis, for example `LedgerError`.
  let call: String
}

/// Finds the string literals of Swift source: enough of the language's lexical structure for that and no more.
struct SwiftLiterals {
  private let source: [Character]
  private var position = 0
  private var line = 1
  private var calls: [String] = []
  private var word = ""
  /// The literal that a `+` would go on with, by its index.
  private var open: Int?
  private var isJoined = false
  private(set) var found: [(pieces: [String], line: Int, call: String)] = []

  static func all(in text: String) -> [SwiftLiteral] {
    var scanner = SwiftLiterals(source: Array(text))
    scanner.code(until: nil)
    return scanner.found.map { pieces, line, call in
      let rest = pieces.dropFirst().enumerated().map { "{\($0 + 1)}" + $1 }
      return SwiftLiteral(template: pieces[0] + rest.joined(), line: line, call: call)
    }
  }

  private init(source: [Character]) { self.source = source }

  private func peek(_ offset: Int = 0) -> Character? {
    position + offset < source.count ? source[position + offset] : nil
  }

  private mutating func advance() -> Character? {
    guard let character = peek() else { return nil }
    position += 1
    if character.isNewline { line += 1 }
    return character
  }

  /// Scans code up to the closing parenthesis of an interpolation, or to the end.
  private mutating func code(until end: Character?) {
    let depth = calls.count
    while let character = peek() {
      switch character {
      case "/" where peek(1) == "/":
        while let next = peek(), !next.isNewline {
          _ = next
          _ = advance()
        }
        continue
      case "#" where peek(1) == "\"":
        _ = advance()
        _ = advance()
        while let next = advance(), !(next == "\"" && peek() == "#") {}
        _ = advance()
        (open, isJoined, word) = (nil, false, "")
        continue
      case "\"":
        literal()
        word = ""
        continue
      case "(":
        calls.append(word)
        (open, isJoined, word) = (nil, false, "")
      case ")":
        if calls.count == depth, end == ")" { return }
        _ = calls.popLast()
        (open, isJoined, word) = (nil, false, "")
      case "+":
        isJoined = open != nil
        word = ""
      case _ where character.isLetter || character.isNumber || character == "_":
        if !word.isEmpty, position > 0, !(source[position - 1].isLetter || source[position - 1].isNumber) { word = "" }
        word.append(character)
        (open, isJoined) = (nil, false)
      case _ where character.isWhitespace: break
      default:
        (open, isJoined, word) = (nil, false, "")
      }
      _ = advance()
    }
  }

  private mutating func literal() {
    let (start, call) = (line, calls.last ?? "")
    let joined = isJoined ? open : nil
    var pieces = [""]
    _ = advance()
    let isLong = peek() == "\"" && peek(1) == "\""
    if isLong {
      _ = advance()
      _ = advance()
    }
    while let character = advance() {
      if character == "\"" {
        if !isLong { break }
        if peek() == "\"", peek(1) == "\"" {
          _ = advance()
          _ = advance()
          break
        }
      }
      guard character == "\\" else {
        pieces[pieces.count - 1].append(character)
        continue
      }
      switch advance() {
      case "(":
        let (outer, outerWord) = (open, word)
        (open, isJoined, word) = (nil, false, "")
        calls.append("\\")
        let depth = calls.count
        code(until: ")")
        while calls.count >= depth { calls.removeLast() }
        _ = advance()
        (open, word) = (outer, outerWord)
        pieces.append("")
      case "n": pieces[pieces.count - 1].append("\n")
      case "r": pieces[pieces.count - 1].append("\r")
      case "t": pieces[pieces.count - 1].append("\t")
      case "u":
        while let next = advance(), next != "}" {}
      case let next?: pieces[pieces.count - 1].append(next)
      case nil: break
      }
    }
    if let joined {
      found[joined].pieces[found[joined].pieces.count - 1] += pieces.removeFirst()
      found[joined].pieces += pieces
      open = joined
    } else {
      found.append((pieces, start, call))
      open = found.count - 1
    }
    isJoined = false
  }
}
