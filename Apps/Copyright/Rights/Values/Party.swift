internal import CBOR
internal import Primitives

/// Whoever holds or uses rights: a member, or someone under a pseudonym for whom a member speaks.
///
/// `org-1` is the member itself, `org-1/author-7` an author whom it represents; the ledger has no other name of them, so
/// it holds no personal data. The member signs for its own parties, and for no one else's.
package enum Party {
  /// Bytes of a party's name.
  package static let length = 1...64

  /// The member that speaks for a party: what comes before the first stroke.
  package static func member(of party: String) -> String {
    String(party.prefix { $0 != "/" })
  }

  /// Whether `member` speaks for `party`.
  package static func isRepresented(_ party: String, by member: String) -> Bool { self.member(of: party) == member }
}

/// A part of a right, in millionths.
package struct Share: Sendable, Hashable {
  /// Who holds it.
  package let party: String
  /// How many millionths of the whole, at least one.
  package let ppm: UInt64

  /// So many millionths of the whole for a party.
  package init(_ party: String, _ ppm: UInt64) { (self.party, self.ppm) = (party, ppm) }
}

/// Who owns a work: shares by the names of their holders, which add up to a million.
package struct Shares: Sendable, Hashable {
  /// The whole.
  package static let whole: UInt64 = 1_000_000
  /// How many may hold shares of one work: a value of the state holds them all.
  package static let limit = 256

  /// By name; each holder once, each with at least a millionth.
  package private(set) var list: [Share]

  /// Shares in any order; nil unless each holder is there once with at least a millionth, and they add up to the whole.
  package init?(_ shares: [Share]) {
    guard (1...Shares.limit).contains(shares.count) else { return nil }
    var sum: UInt64 = 0
    for share in shares {
      guard share.ppm > 0, share.ppm <= Shares.whole, Party.length.contains(share.party.utf8.count) else { return nil }
      sum += share.ppm
    }
    list = shares.sorted { $0.party.utf8.lexicographicallyPrecedes($1.party.utf8) }
    guard sum == Shares.whole, zip(list, list.dropFirst()).allSatisfy({ $0.party != $1.party }) else { return nil }
  }

  /// What a party holds.
  package subscript(party: String) -> UInt64 { list.first { $0.party == party }?.ppm ?? 0 }

  /// What the parties of a member hold together.
  package func represented(by member: String) -> UInt64 {
    list.reduce(0) { $0 + (Party.isRepresented($1.party, by: member) ? $1.ppm : 0) }
  }

  /// The shares after `ppm` of `giver` went to `taker`; nil where the giver has not as many, or too many would hold some.
  package func moving(_ ppm: UInt64, from giver: String, to taker: String) -> Shares? {
    let held = self[giver]
    guard ppm > 0, held >= ppm, giver != taker else { return nil }
    var rest = list.filter { $0.party != giver && $0.party != taker }
    if held > ppm { rest.append(Share(giver, held - ppm)) }
    rest.append(Share(taker, self[taker] + ppm))
    return Shares(rest)
  }

  func write(to cbor: inout CBORWriter) {
    cbor.array(list.count)
    for share in list {
      cbor.array(2)
      cbor.text(share.party)
      cbor.uint(share.ppm)
    }
  }

  init(_ cbor: inout CBORReader) throws(CBORError) {
    let count = try cbor.array()
    var shares: [Share] = []
    guard count <= Shares.limit else { throw CBORError(.outOfRange, at: cbor.position) }
    for _ in 0..<count {
      try cbor.tuple(2)
      shares.append(Share(try cbor.shortText(Party.length), try cbor.number(max: Shares.whole)))
    }
    guard let all = Shares(shares), all.list == shares else { throw CBORError(.outOfRange, at: cbor.position) }
    self = all
  }
}
