/// The Mixed-Code: similarity of works of several media by the Content-Codes of their parts (ISO 24138:2024).
public enum MixedCode {
  /// The Mixed-Code of at least two Content-Codes that are no shorter than `bits`.
  ///
  /// Throws `badInput` for fewer, `badCombination` for another main type, `badLength` for a part that is too short or
  /// `bits` that are no length of a unit.
  public static func make(_ parts: [ISCCUnit], bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    guard parts.count >= 2 else { throw .badInput }
    guard bits >= 32, bits <= 256, bits % 32 == 0 else { throw .badLength }
    var hash = SimHash(bytes: bits / 8)
    for part in parts {
      guard part.mainType == .content else { throw .badCombination }
      guard part.bits >= bits else { throw .badLength }
      // The first byte of the header, which names the media, counts like a byte of the hash.
      let bytes = part.bytes.prefix(1) + part.digest.prefix(bits / 8 - 1)
      bytes.withUnsafeBytes { hash.add($0) }
    }
    return try ISCCUnit(.content, subType: ISCCContent.mixed.rawValue, bits: bits, digest: hash.digest)
  }
}
