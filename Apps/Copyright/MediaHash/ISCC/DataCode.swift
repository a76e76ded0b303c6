/// The Data-Code: similarity of bytes, whatever they mean (ISO 24138:2024 section 5.6).
///
/// Bytes are pushed in pieces of any size; the code does not depend on where they were cut. At most 16 KiB are kept.
public struct DataCode: Sendable {
  private static let least = 256
  private static let centre = 640
  private static let most = 8192
  private static let maskShort: UInt32 = 2047
  private static let maskLong: UInt32 = 511
  private static let batch = 512

  private var hash = MinHash()
  private var features: [UInt32] = []
  private var carry: [UInt8] = []
  private var isEmpty = true

  /// A Data-Code of nothing yet.
  public init() {}

  /// The Data-Code of some bytes.
  ///
  /// Throws `badLength` unless `bits` is a length of a unit.
  public static func make(_ bytes: [UInt8], bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    var code = DataCode()
    code.update(bytes)
    return try code.unit(bits: bits)
  }

  /// Takes more bytes.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// Takes more bytes.
  public mutating func update(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBytes { update($0) } }

  /// Takes more bytes; the pointer is not kept.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var position = 0
    // A chunk is only cut where the longest possible one is at hand: what is left waits.
    while !carry.isEmpty, position < bytes.count {
      let take = min(DataCode.most - carry.count, bytes.count - position)
      carry.append(contentsOf: bytes[position..<position + take])
      position += take
      guard carry.count == DataCode.most else { return }
      let cut = carry.withUnsafeBytes { chunk(UnsafeRawBufferPointer($0)) }
      let rest = carry.count - cut
      if rest <= position {
        // All that is left was in these bytes: go on in them.
        position -= rest
        carry.removeAll(keepingCapacity: true)
      } else {
        carry.removeFirst(cut)
      }
    }
    while bytes.count - position >= DataCode.most {
      position += chunk(UnsafeRawBufferPointer(rebasing: bytes[position..<position + DataCode.most]))
    }
    carry.append(contentsOf: bytes[position...])
  }

  /// The Data-Code of all bytes so far; more may be pushed afterwards.
  ///
  /// Throws `badLength` unless `bits` is a length of a unit.
  public func unit(bits: Int = 256) throws(ISCCFault) -> ISCCUnit {
    try ISCCUnit(.data, bits: bits, digest: digest)
  }

  private var digest: [UInt8] {
    var copy = self
    copy.carry.withUnsafeBytes { rest in
      var position = 0
      while position < rest.count {
        let cut = DataCode.cut(UnsafeRawBufferPointer(rebasing: rest[position...]))
        copy.features.append(XXHash32.hash(UnsafeRawBufferPointer(rebasing: rest[position..<position + cut])))
        copy.isEmpty = false
        position += cut
      }
    }
    if copy.isEmpty { copy.features.append(XXHash32.hash([])) }
    copy.hash.add(copy.features)
    return copy.hash.digest
  }

  /// Takes the feature of the first chunk of some bytes and gives its length.
  private mutating func chunk(_ bytes: UnsafeRawBufferPointer) -> Int {
    let cut = DataCode.cut(bytes)
    features.append(XXHash32.hash(UnsafeRawBufferPointer(rebasing: bytes[..<cut])))
    isEmpty = false
    if features.count == DataCode.batch {
      hash.add(features)
      features.removeAll(keepingCapacity: true)
    }
    return cut
  }

  /// The length of the first chunk.
  private static func cut(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard bytes.count > least, let base = bytes.baseAddress else { return bytes.count }
    return ISCCConstants.gear.withUnsafeBufferPointer { gear in
      guard let gear = gear.baseAddress else { return bytes.count }
      var pattern: UInt32 = 0
      var index = least
      var end = min(centre, bytes.count)
      while index < end {
        pattern = pattern &>> 1 &+ gear[Int((base + index).load(as: UInt8.self))]
        index += 1
        if pattern & maskShort == 0 { return index }
      }
      end = min(most, bytes.count)
      while index < end {
        pattern = pattern &>> 1 &+ gear[Int((base + index).load(as: UInt8.self))]
        index += 1
        if pattern & maskLong == 0 { return index }
      }
      return index
    }
  }
}
