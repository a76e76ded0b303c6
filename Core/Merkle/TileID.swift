/// The place and width of a tile of a log tree (C2SP tlog-tiles v0.1.0).
///
/// Tile `index` of `level` l holds the roots of the perfect subtrees of 256^l leaves numbered index·256 and on.
public struct TileID: Sendable, Hashable {
  /// The number of hashes of a full tile.
  public static let fullWidth = 256

  /// The tree's height divided by eight, 0 to 63.
  public let level: Int

  /// The position among the tiles of the level.
  public let index: UInt64

  /// The number of hashes, 1 to 256; below 256 the tile is partial.
  public let width: Int

  /// The tile with these numbers, or nil for a level or width out of range.
  public init?(level: Int, index: UInt64, width: Int = TileID.fullWidth) {
    guard (0...63).contains(level), (1...TileID.fullWidth).contains(width) else { return nil }
    self.init(known: level, index, width)
  }

  /// For numbers that are in range by construction.
  init(known level: Int, _ index: UInt64, _ width: Int) {
    self.level = level
    self.index = index
    self.width = width
  }

  /// Whether the tile holds all of its 256 hashes and never changes again.
  public var isFull: Bool { width == TileID.fullWidth }

  /// Whether `minimum`, the first leaf that must stay provable, allows this tile to be pruned (C2SP tlog-tiles).
  public func isPrunable(minimum: UInt64) -> Bool {
    let shift = UInt64(8 * (level + 1))
    guard isFull, shift < 64 else { return false }
    let (next, overflow) = index.addingReportingOverflow(1)
    return !overflow && next <= minimum >> shift
  }

  /// The path under a log's prefix, for example `tile/0/x001/x234/067.p/5`.
  public var path: String { "tile/\(level)/" + indexPath }

  /// The path of the entry bundle with this index and width, for example `tile/entries/x001/067`; level 0 only.
  public var entriesPath: String { "tile/entries/" + indexPath }

  /// Reads what `path` writes, and nothing else.
  public init?(path: some StringProtocol) {
    guard path.utf8.count <= 64, path.hasPrefix("tile/") else { return nil }
    let rest = Array(path.utf8.dropFirst(5))
    guard let slash = rest.firstIndex(of: 0x2f), let level = TileID.number(rest[..<slash], digits: 2), level <= 63
    else { return nil }
    self.init(level: Int(level), indexPath: rest[(slash + 1)...])
  }

  /// Reads what `entriesPath` writes, and nothing else; the level is 0.
  public init?(entriesPath path: some StringProtocol) {
    guard path.utf8.count <= 64, path.hasPrefix("tile/entries/") else { return nil }
    self.init(level: 0, indexPath: Array(path.utf8)[13...])
  }

  private var indexPath: String {
    var text = TileID.threeDigits(index % 1000)
    var rest = index / 1000
    while rest > 0 {
      text = "x" + TileID.threeDigits(rest % 1000) + "/" + text
      rest /= 1000
    }
    return isFull ? text : text + ".p/\(width)"
  }

  private init?(level: Int, indexPath text: ArraySlice<UInt8>) {
    var parts = text.split(separator: 0x2f, omittingEmptySubsequences: false)
    guard let last = parts.popLast() else { return nil }
    var final = last
    var width = TileID.fullWidth
    if let whole = parts.last, whole.suffix(2).elementsEqual(".p".utf8) {
      guard let value = TileID.number(last, digits: 3), (1..<UInt64(TileID.fullWidth)).contains(value) else {
        return nil
      }
      width = Int(value)
      final = whole.dropLast(2)
      parts.removeLast()
    }
    var index: UInt64 = 0
    for (position, part) in parts.enumerated() {
      guard part.first == 0x78, let group = TileID.group(part.dropFirst()), position > 0 || group > 0,
        let next = TileID.shifted(index, adding: group)
      else { return nil }
      index = next
    }
    guard let group = TileID.group(final), let whole = TileID.shifted(index, adding: group) else { return nil }
    self.init(known: level, whole, width)
  }

  private static func shifted(_ index: UInt64, adding group: UInt64) -> UInt64? {
    let (product, tooLarge) = index.multipliedReportingOverflow(by: 1000)
    let (sum, overflow) = product.addingReportingOverflow(group)
    return tooLarge || overflow ? nil : sum
  }

  /// Exactly three decimal digits.
  private static func group(_ text: some Collection<UInt8>) -> UInt64? {
    guard text.count == 3 else { return nil }
    return decimal(text)
  }

  /// A decimal number without leading zeros, of at most `digits` digits.
  private static func number(_ text: some Collection<UInt8>, digits: Int) -> UInt64? {
    guard (1...digits).contains(text.count), text.count == 1 || text.first != 0x30 else { return nil }
    return decimal(text)
  }

  private static func decimal(_ text: some Collection<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for digit in text {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + UInt64(digit - 0x30)
    }
    return value
  }

  private static func threeDigits(_ value: UInt64) -> String {
    let text = String(value)
    return String(repeating: "0", count: 3 - text.count) + text
  }
}
