/// The first header field of an ISCC: what kind of similarity a unit encodes.
public enum ISCCMainType: UInt8, Sendable, Hashable, Comparable, CaseIterable {
  /// Similarity of the descriptive metadata.
  case meta = 0
  /// Similarity of the meaning; reserved by the standard.
  case semantic = 1
  /// Similarity of the content as people perceive it.
  case content = 2
  /// Similarity of the bytes.
  case data = 3
  /// Identity of the bytes.
  case instance = 4

  /// The order of the units in an ISCC-CODE.
  public static func < (a: ISCCMainType, b: ISCCMainType) -> Bool { a.rawValue < b.rawValue }
}

/// The media of a Content-Code and of the ISCC-CODE that holds it.
public enum ISCCContent: Int, Sendable, Hashable, CaseIterable {
  /// Plain text.
  case text = 0
  /// A still picture.
  case image = 1
  /// Sound.
  case audio = 2
  /// Moving pictures.
  case video = 3
  /// Several of these.
  case mixed = 4
}

/// One ISCC-UNIT (ISO 24138:2024): a header and a similarity hash of 32 to 256 bits, held inline.
///
/// Units of versions and subtypes that this library does not know are kept as they are.
public struct ISCCUnit: Sendable, Hashable {
  /// What the unit encodes.
  public let mainType: ISCCMainType

  /// The second header field; for a Content-Code a raw value of `ISCCContent`, else 0.
  public let subType: Int

  /// The version of the algorithm; 0 is ISO 24138:2024.
  public let version: Int

  /// The length of the hash: a multiple of 32 from 32 to 256.
  public let bits: Int

  /// The hash, most significant first, zeroes behind its end.
  let words: SIMD4<UInt64>

  /// A unit with the first `bits` bits of `digest`.
  ///
  /// Throws `badLength` unless `bits` is a multiple of 32 from 32 to 256 and the digest is that long, and `badHeader`
  /// unless the fields lie in 0..<4680.
  public init(
    _ mainType: ISCCMainType, subType: Int = 0, version: Int = 0, bits: Int, digest: some Collection<UInt8>
  ) throws(ISCCFault) {
    guard bits >= 32, bits <= 256, bits % 32 == 0, digest.count * 8 >= bits else { throw .badLength }
    guard (0..<VarNibble.end).contains(subType), (0..<VarNibble.end).contains(version) else { throw .badHeader }
    (self.mainType, self.subType, self.version, self.bits) = (mainType, subType, version, bits)
    var words = SIMD4<UInt64>()
    for (index, byte) in digest.prefix(bits / 8).enumerated() {
      words[index >> 3] |= UInt64(byte) << UInt64(56 - (index & 7) * 8)
    }
    self.words = words
  }

  /// The bytes of the hash.
  public var digest: [UInt8] {
    (0..<bits / 8).map { UInt8(truncatingIfNeeded: words[$0 >> 3] >> UInt64(56 - ($0 & 7) * 8)) }
  }

  /// The media of a Content-Code, or nil for another unit or an unknown subtype.
  public var content: ISCCContent? { mainType == .content ? ISCCContent(rawValue: subType) : nil }

  /// The header and the hash.
  public var bytes: [UInt8] {
    VarNibble.header(Int(mainType.rawValue), subType, version, bits / 32 - 1) + digest
  }

  /// The canonical text, `ISCC:` and base32.
  public var text: String { "ISCC:" + Base32.encode(bytes) }

  /// The unit that `text` is, with or without `ISCC:`, dashes and in either case.
  ///
  /// Throws for anything that is not exactly one unit of META, SEMANTIC, CONTENT, DATA or INSTANCE.
  public init(_ text: some StringProtocol) throws(ISCCFault) {
    let bytes = try ISCCText.bytes(text)
    let (unit, end) = try ISCCUnit.read(bytes, at: 0)
    guard end == bytes.count else { throw .badLength }
    self = unit
  }

  /// Reads one unit at an offset and says where it ends; strict, as ISCC sequences demand.
  static func read(_ bytes: [UInt8], at offset: Int) throws(ISCCFault) -> (ISCCUnit, end: Int) {
    let header = try VarNibble.readHeader(bytes, at: offset)
    guard let raw = UInt8(exactly: header.fields.0), let mainType = ISCCMainType(rawValue: raw) else {
      throw .unsupportedType
    }
    guard header.fields.3 <= 7 else { throw .badLength }
    let end = header.end + 4 * (header.fields.3 + 1)
    guard end <= bytes.count else { throw .badLength }
    let unit = try ISCCUnit(
      mainType, subType: header.fields.1, version: header.fields.2, bits: 32 * (header.fields.3 + 1),
      digest: bytes[header.end..<end])
    return (unit, end)
  }

  /// The first `bits` of the hash as a unit of its own, or nil if there are fewer or it is no unit length.
  public func truncated(to bits: Int) -> ISCCUnit? {
    bits <= self.bits ? try? ISCCUnit(mainType, subType: subType, version: version, bits: bits, digest: digest) : nil
  }
}

extension ISCCUnit: CustomStringConvertible {
  /// Same as `text`.
  public var description: String { text }
}

/// Why something is no ISCC, or cannot be made into one.
public enum ISCCFault: Error, Sendable, Hashable {
  /// The text is no base32, or has another scheme than `iscc`.
  case badText
  /// A header field is cut off, not in its shortest form, or out of range.
  case badHeader
  /// The body is shorter or longer than the header says, or the bits are no length of a unit.
  case badLength
  /// The main type is none of those this library makes and compares.
  case unsupportedType
  /// Units that do not go together: Data-Code and Instance-Code are mandatory, no main type may stand twice, contents
  /// must be of one media.
  case badCombination
  /// An input has the wrong shape: pixels not 1024, a video frame not 380 values, fewer than two parts, no frame.
  case badInput
  /// The title is empty once it is normalised.
  case emptyName
  /// The metadata exceed `MetaCode.payloadLimit`, or are no data URL.
  case badMetadata
}
