import Foundation
import LedgerTestKit
import Primitives

/// The worked examples of docs/formats.md: fenced blocks, each below a line `<!-- example: NAME -->`.
struct FormatPage {
  /// Whether the blocks are to be written instead of compared.
  static let isWriting = ProcessInfo.processInfo.environment["TALLYSTICK_WRITE_FORMATS"] == "1"

  private static let file = Program.root.appending(path: "docs/formats.md")
  private static let mark = "<!-- example: "
  private static let fence = "```"

  /// The page's lines outside the blocks, and where each block is put back.
  private var lines: [String]

  init() throws { lines = try String(contentsOf: Self.file, encoding: .utf8).components(separatedBy: "\n") }

  /// The names of the blocks in their order.
  var names: [String] {
    lines.filter { $0.hasPrefix(Self.mark) }.map { String($0.dropFirst(Self.mark.count).dropLast(" -->".count)) }
  }

  /// The lines of a block, or nil when the page has no such block.
  func block(_ name: String) -> [String]? { range(name).map { Array(lines[$0]) } }

  /// Puts other lines into a block.
  mutating func replace(_ name: String, with block: [String]) {
    guard let range = range(name) else { return }
    lines.replaceSubrange(range, with: block)
  }

  /// Writes the page.
  func save() throws { try Data(lines.joined(separator: "\n").utf8).write(to: Self.file) }

  private func range(_ name: String) -> Range<Int>? {
    guard let mark = lines.firstIndex(of: Self.mark + name + " -->"), mark + 1 < lines.count,
      lines[mark + 1].hasPrefix(Self.fence),
      let end = lines[(mark + 2)...].firstIndex(of: Self.fence)
    else { return nil }
    return mark + 2..<end
  }
}

/// One block in the making: labelled values, long ones in lines of 64 bytes.
struct Example {
  let name: String
  private(set) var lines: [String] = []

  init(_ name: String) { self.name = name }

  /// A value in hex: beside its label, or below it when it is long.
  mutating func hex(_ label: String, _ bytes: [UInt8]) {
    guard bytes.count > 48 else { return lines.append("\(label): \(Hex.encode(bytes))") }
    lines.append("\(label) (\(bytes.count) bytes):")
    for start in stride(from: 0, to: bytes.count, by: 64) {
      lines.append(Hex.encode(bytes[start..<min(start + 64, bytes.count)]))
    }
  }

  mutating func hex(_ label: String, _ digest: Digest) { hex(label, digest.bytes) }

  /// A value in words.
  mutating func text(_ label: String, _ value: some CustomStringConvertible) { lines.append("\(label): \(value)") }

  /// Text as it stands, below a heading or an empty line.
  mutating func verbatim(_ heading: String, _ text: String = "") {
    lines.append(heading.isEmpty ? "" : heading + ":")
    if !text.isEmpty {
      lines.append(contentsOf: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
  }

  /// Text as it stands and nothing else.
  mutating func only(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
