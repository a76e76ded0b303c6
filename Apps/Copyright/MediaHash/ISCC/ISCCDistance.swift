/// How alike two units are, over the bits that both have.
public struct ISCCSimilarity: Sendable, Hashable {
  /// The kind of the two units.
  public let mainType: ISCCMainType

  /// The number of differing bits.
  public let distance: Int

  /// The number of bits compared: the shorter of the two lengths.
  public let bits: Int

  /// The share of equal bits, from 0 to 1; for an Instance-Code 1 if all are equal, else 0.
  public var similarity: Double {
    guard mainType != .instance else { return distance == 0 ? 1 : 0 }
    return 1 - Double(distance) / Double(bits)
  }
}

extension ISCCUnit {
  /// Whether two units can be compared: the same main type, subtype and version.
  public func isComparable(to other: ISCCUnit) -> Bool {
    mainType == other.mainType && subType == other.subType && version == other.version
  }

  /// The number of differing bits, or nil unless the headers, and so the lengths, are the same.
  public func distance(to other: ISCCUnit) -> Int? {
    guard isComparable(to: other), bits == other.bits else { return nil }
    return commonDistance(other, bits)
  }

  /// The similarity over the common prefix (normalised prefix Hamming), or nil for units of different kinds.
  public func similarity(to other: ISCCUnit) -> ISCCSimilarity? {
    guard isComparable(to: other) else { return nil }
    let common = min(bits, other.bits)
    return ISCCSimilarity(mainType: mainType, distance: commonDistance(other, common), bits: common)
  }

  private func commonDistance(_ other: ISCCUnit, _ common: Int) -> Int {
    var sum = 0
    for index in 0..<4 {
      let inside = min(64, max(0, common - index * 64))
      guard inside > 0 else { break }
      sum += ((words[index] ^ other.words[index]) >> UInt64(64 - inside)).nonzeroBitCount
    }
    return sum
  }
}

extension ISCCCode {
  /// The similarities of the kinds of unit that both codes have, in the order of the main types.
  public func similarities(to other: ISCCCode) -> [ISCCSimilarity] {
    units.compactMap { unit in
      other.units.lazy.compactMap { unit.similarity(to: $0) }.first
    }
  }
}
