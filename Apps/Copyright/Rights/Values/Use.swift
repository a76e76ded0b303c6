/// The ways of using a work that its owner may allow: the economic rights of article 10 of China's Copyright Law.
package enum Use: UInt64, Sendable, CaseIterable {
  /// Copies (article 10 item 5).
  case reproduction
  /// Selling or giving away copies (6).
  case distribution
  /// Renting out (7).
  case rental
  /// Showing the work or copies of it in public (8).
  case exhibition
  /// Performing in public (9).
  case performance
  /// Screening by technical means (10).
  case screening
  /// Broadcasting (11).
  case broadcasting
  /// Making available on a network at a time that each chooses (12).
  case network
  /// Filming (13).
  case filming
  /// A new work made out of this one (14).
  case adaptation
  /// Another language (15).
  case translation
  /// Into a collection (16).
  case compilation

  /// The use's name on command lines and in JSON.
  package var name: String { String(describing: self) }

  /// The use of a name.
  package init?(name: some StringProtocol) {
    guard let use = Use.allCases.first(where: { $0.name == name }) else { return nil }
    self = use
  }
}

/// A set of uses.
package struct Uses: OptionSet, Sendable, Hashable {
  /// Bit n for the use with the number n.
  package let rawValue: UInt64
  /// The uses of these bits.
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  /// These uses.
  package init(_ uses: some Sequence<Use>) { rawValue = uses.reduce(0) { $0 | 1 << $1.rawValue } }

  /// All of them.
  package static let all = Uses(Use.allCases)

  /// The uses in the order of the law.
  package var list: [Use] { Use.allCases.filter { contains(Uses([$0])) } }
}

/// Where a licence holds: countries by their two letters of ISO 3166-1, or the world.
package struct Territory: Sendable, Hashable {
  /// Countries in alphabetical order, or `*` alone.
  package let countries: [String]

  /// Everywhere.
  package static let world = Territory(known: ["*"])

  private init(known: [String]) { countries = known }

  /// Countries in any order; nil unless each is two capital letters and there once, or `*` is alone.
  package init?(_ countries: [String]) {
    let sorted = countries.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard (1...256).contains(sorted.count) else { return nil }
    let isWorld = sorted == ["*"]
    guard
      isWorld || sorted.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x41...0x5a).contains($0) } }),
      zip(sorted, sorted.dropFirst()).allSatisfy({ $0 != $1 })
    else { return nil }
    self.countries = sorted
  }

  /// Whether it is everywhere.
  package var isWorld: Bool { countries == ["*"] }

  /// Whether some place is in both.
  package func overlaps(_ other: Territory) -> Bool {
    isWorld || other.isWorld || countries.contains { other.countries.contains($0) }
  }

  /// Whether all of the other lies within.
  package func contains(_ other: Territory) -> Bool {
    isWorld || (!other.isWorld && other.countries.allSatisfy { countries.contains($0) })
  }
}
