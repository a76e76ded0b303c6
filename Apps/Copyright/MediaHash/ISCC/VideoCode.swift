/// The Video-Code: similarity of moving pictures by MPEG-7 frame signatures (ISO 24138:2024 section 5.5).
public enum VideoCode {
  /// The values of a frame's signature.
  public static let signatureCount = 380

  /// The Video-Code of the frames' signatures, in any order; equal frames count once.
  ///
  /// Throws `badInput` without a frame or unless each has 380 values, `badLength` unless `bits` is a length of a unit.
  public static func make(_ frames: some Sequence<[UInt16]>, bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    var sums = [Int](repeating: 0, count: signatureCount)
    var seen: Set<[UInt16]> = []
    for frame in frames {
      guard frame.count == signatureCount else { throw .badInput }
      guard seen.insert(frame).inserted else { continue }
      for (index, value) in frame.enumerated() { sums[index] += Int(value) }
    }
    guard !seen.isEmpty else { throw .badInput }
    var digest = [UInt8](repeating: 0, count: 32)
    let pairs = ISCCConstants.videoPairs
    for bit in 0..<256 where sums[pairs[2 * bit + 1]] > sums[pairs[2 * bit]] {
      digest[bit / 8] |= 0x80 >> UInt8(bit % 8)
    }
    return try ISCCUnit(.content, subType: ISCCContent.video.rawValue, bits: bits, digest: digest)
  }
}
