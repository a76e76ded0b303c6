extension Int64 {
  /// Splits an amount by weights: largest remainder (Hamilton), ties by the lower index.
  ///
  /// Every part is the rounded-down share, or one minor unit more; the parts sum to the amount. Costs a sort.
  ///
  /// - Parameter weights: 1 to 65,535 numbers from 0 on, of which one is more than 0.
  public func split(by weights: [Int64]) throws(ValueError) -> [Int64] {
    guard !weights.isEmpty, weights.count <= 65_535, !weights.contains(where: { $0 < 0 }) else {
      throw .weightsInvalid
    }
    guard self >= 0 else { throw .amountNotPositive }
    let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
    guard total > 0 else { throw .weightsInvalid }
    var parts: [Int64] = []
    var remainders: [(remainder: Int128, index: Int)] = []
    var rest = self
    for (index, weight) in weights.enumerated() {
      let (share, remainder) = (Int128(self) * Int128(weight)).quotientAndRemainder(dividingBy: total)
      parts.append(try .checked(share))
      rest -= parts[index]
      remainders.append((remainder, index))
    }
    remainders.sort { $0.remainder != $1.remainder ? $0.remainder > $1.remainder : $0.index < $1.index }
    for place in 0..<Int(rest) { parts[remainders[place].index] += 1 }
    return parts
  }
}
