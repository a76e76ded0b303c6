/// The Audio-Code: similarity of sound by its Chromaprint fingerprint (ISO 24138:2024 section 5.4).
public enum AudioCode {
  /// The Audio-Code of a raw fingerprint, as `fpcalc -raw -signed -length 0` writes it; empty gives all zeroes.
  ///
  /// Throws `badLength` unless `bits` is a length of a unit.
  public static func make(_ fingerprint: [Int32], bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    try ISCCUnit(.content, subType: ISCCContent.audio.rawValue, bits: bits, digest: digest(fingerprint))
  }

  private static func digest(_ fingerprint: [Int32]) -> [UInt8] {
    guard !fingerprint.isEmpty else { return [UInt8](repeating: 0, count: 32) }
    var out = simhash(fingerprint[...])
    for part in parts(4, fingerprint) { out += simhash(part) }
    for part in parts(3, fingerprint.sorted()) { out += simhash(part) }
    return out
  }

  /// `count` parts in order, the first ones longer by one where it does not divide.
  private static func parts(_ count: Int, _ values: [Int32]) -> [ArraySlice<Int32>] {
    let (size, longer) = values.count.quotientAndRemainder(dividingBy: count)
    var start = 0
    return (0..<count).map { index in
      let end = start + size + (index < longer ? 1 : 0)
      defer { start = end }
      return values[start..<end]
    }
  }

  private static func simhash(_ values: ArraySlice<Int32>) -> [UInt8] {
    guard !values.isEmpty else { return [0, 0, 0, 0] }
    var hash = SimHash(bytes: 4)
    for value in values { withUnsafeBytes(of: value.bigEndian) { hash.add($0) } }
    return hash.digest
  }
}
