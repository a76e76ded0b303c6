public import ArgumentParser
internal import Foundation
internal import Primitives

extension LedgerApp {
  /// Runs a program's command line in the language of its surroundings; an `@main` type's `main` calls it.
  ///
  /// In English this is the argument parser's own `main`. In Chinese the parser's help and usage errors are translated
  /// line by line as well.
  public static func main<Root: AsyncParsableCommand>(_ root: Root.Type) async {
    guard Language(environment: ProcessInfo.processInfo.environment) == .chinese else { return await root.main(nil) }
    let words = Catalogue.server.merging(chinese)
    await Catalogue.$current.withValue(words) {
      do {
        var command = try await root.asyncParseAsRoot()
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      } catch {
        let code = root.exitCode(for: error)
        // So wide that no sentence is broken before it is translated.
        let text = HelpText.translate(root.fullMessage(for: error, columns: 10_000), words)
        if !text.isEmpty {
          Console.write(text + "\n", to: code == .success ? STDOUT_FILENO : STDERR_FILENO)
        }
        Foundation.exit(code.rawValue)
      }
    }
  }
}

/// The argument parser's text in another language.
enum HelpText {
  /// Columns of the terminal that lines are broken for.
  static let columns = 80
  /// Where the parser's help has its second column.
  static let indent = 26

  /// Translates each line: a heading, a sentence, or a name with what it is for.
  static func translate(_ text: String, _ words: Catalogue) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0), words) }
      .joined(separator: "\n")
  }

  private static func line(_ line: String, _ words: Catalogue) -> String {
    let margin = line.prefix { $0 == " " }
    let content = line.dropFirst(margin.count)
    guard margin.count == 2, let gap = nameEnd(in: content) else {
      let said = Message(said: String(content)).text(in: words)
      return margin.isEmpty ? said : wrap(said, String(margin), indent: margin.count)
    }
    let name = String(margin) + content[..<gap]
    let purpose = Message(said: String(content[gap...].drop { $0 == " " })).text(in: words)
    return wrap(purpose, name.padded(toColumns: indent), indent: indent)
  }

  /// Where the name of an option or a command ends: at two spaces, or at one where the name fills its column.
  private static func nameEnd(in content: Substring) -> Substring.Index? {
    if let gap = content.firstRange(of: "  ") { return gap.lowerBound }
    guard content.first == "-" || content.first == "<",
      let end = content.index(content.startIndex, offsetBy: indent - 3, limitedBy: content.endIndex),
      end < content.endIndex, content[end] == " "
    else { return nil }
    return end
  }

  /// Breaks text at spaces and between Chinese characters, but not before closing marks.
  static func wrap(_ text: String, _ head: String, indent: Int) -> String {
    var lines = [head]
    var width = head.columns
    var piece = ""
    func flush() {
      if width + piece.columns > columns, width > indent {
        lines.append(String(repeating: " ", count: indent))
        width = indent
        piece = String(piece.drop { $0 == " " })
      }
      lines[lines.count - 1] += piece
      width += piece.columns
      piece = ""
    }
    for character in text {
      let closes = "，。；：、）”！？".contains(character)
      let opens = piece.last.map { "（“".contains($0) } ?? false
      if !closes, !opens, character == " " || character.isWide || piece.last?.isWide == true { flush() }
      piece.append(character)
    }
    flush()
    return lines.joined(separator: "\n")
  }
}
