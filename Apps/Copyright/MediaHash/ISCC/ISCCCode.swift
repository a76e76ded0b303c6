/// An ISCC-CODE: the units of one work under a common header.
///
/// The code carries 64 bits of each unit; the wide form carries 128 bits of Data-Code and Instance-Code and nothing else.
public struct ISCCCode: Sendable, Hashable {
  /// The units in the order of their main types, cut to the length that the code carries.
  public let units: [ISCCUnit]

  /// Whether it is of the wide form.
  public let isWide: Bool

  private static let mainType = 5
  private static let sum = 5
  private static let none = 6
  private static let wide = 7

  /// The code of some units in any order; longer ones are cut to 64 bits, or 128 for the wide form.
  ///
  /// Throws `badCombination` without Data-Code and Instance-Code, for a main type that stands twice or for contents of
  /// different media, and `badLength` for a unit shorter than 64 bits. `wide` has an effect for exactly a Data-Code
  /// and an Instance-Code of at least 128 bits each.
  public init(_ units: [ISCCUnit], wide: Bool = false) throws(ISCCFault) {
    let sorted = units.sorted { $0.mainType < $1.mainType }
    let types = sorted.map(\.mainType)
    guard types.suffix(2) == [.data, .instance], Set(types).count == types.count else { throw .badCombination }
    let media = Set(sorted.filter { $0.mainType == .semantic || $0.mainType == .content }.map(\.subType))
    guard media.count <= 1, sorted.allSatisfy({ $0.version == 0 }) else { throw .badCombination }
    guard sorted.allSatisfy({ $0.bits >= 64 }) else { throw .badLength }
    isWide = wide && sorted.count == 2 && sorted.allSatisfy { $0.bits >= 128 }
    let bits = isWide ? 128 : 64
    self.units = sorted.compactMap { $0.truncated(to: bits) }
  }

  /// The media of the content, or nil without one.
  public var content: ISCCContent? { units.lazy.compactMap(\.content).first }

  /// The unit of a main type.
  public subscript(mainType: ISCCMainType) -> ISCCUnit? { units.first { $0.mainType == mainType } }

  /// The header and the hashes.
  public var bytes: [UInt8] {
    let media = units.first { $0.mainType == .semantic || $0.mainType == .content }
    let subType =
      isWide ? ISCCCode.wide : media?.subType ?? (units.count == 2 ? ISCCCode.sum : ISCCCode.none)
    let optional: [(ISCCMainType, Int)] = [(.content, 1), (.semantic, 2), (.meta, 4)]
    let length = optional.reduce(0) { sum, part in sum + (self[part.0] == nil ? 0 : part.1) }
    return VarNibble.header(ISCCCode.mainType, subType, 0, length) + units.flatMap(\.digest)
  }

  /// The canonical text, `ISCC:` and base32.
  public var text: String { "ISCC:" + Base32.encode(bytes) }

  /// The code that `text` is, with or without `ISCC:`, dashes and in either case.
  public init(_ text: some StringProtocol) throws(ISCCFault) {
    let bytes = try ISCCText.bytes(text)
    let header = try VarNibble.readHeader(bytes, at: 0)
    let (mainType, subType, version, length) = header.fields
    guard mainType == ISCCCode.mainType, version == 0 else { throw .unsupportedType }
    guard length <= 7 else { throw .badHeader }
    let isWide = subType == ISCCCode.wide
    var types: [ISCCMainType] = []
    if length & 4 != 0 { types.append(.meta) }
    if length & 2 != 0 { types.append(.semantic) }
    if length & 1 != 0 { types.append(.content) }
    guard !isWide || types.isEmpty else { throw .badHeader }
    // Sum and none stand for «no media»: only a code without content may have them, and it must.
    let hasMedia = length & 3 != 0
    guard isWide || hasMedia == (subType != ISCCCode.sum && subType != ISCCCode.none) else { throw .badHeader }
    guard isWide || hasMedia || subType == (length == 0 ? ISCCCode.sum : ISCCCode.none) else { throw .badHeader }
    types += [.data, .instance]
    let size = isWide ? 16 : 8
    guard bytes.count == header.end + size * types.count else { throw .badLength }
    var units: [ISCCUnit] = []
    for (index, type) in types.enumerated() {
      let start = header.end + index * size
      let media = type == .semantic || type == .content ? subType : 0
      units.append(try ISCCUnit(type, subType: media, bits: size * 8, digest: bytes[start..<start + size]))
    }
    (self.units, self.isWide) = (units, isWide)
  }
}

extension ISCCCode: CustomStringConvertible {
  /// Same as `text`.
  public var description: String { text }
}

/// A sequence of units as bytes, the value of a C2PA soft binding `io.iscc.v0` (IEP-0020).
public enum ISCCSequence {
  /// The units one behind the other; throws `badInput` for none.
  public static func encode(_ units: [ISCCUnit]) throws(ISCCFault) -> [UInt8] {
    guard !units.isEmpty else { throw .badInput }
    return units.flatMap(\.bytes)
  }

  /// The units of a sequence; strict: encoding them gives the same bytes again.
  public static func decode(_ bytes: [UInt8]) throws(ISCCFault) -> [ISCCUnit] {
    guard !bytes.isEmpty else { throw .badInput }
    var units: [ISCCUnit] = []
    var position = 0
    while position < bytes.count {
      let (unit, end) = try ISCCUnit.read(bytes, at: position)
      guard unit.bytes == Array(bytes[position..<end]) else { throw .badHeader }
      units.append(unit)
      position = end
    }
    return units
  }
}
