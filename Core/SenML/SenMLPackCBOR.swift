internal import CBOR
internal import Primitives

extension SenMLPack {
  /// Reads `application/senml+cbor` (RFC 8428, section 6).
  ///
  /// Takes what the standard's examples write: map keys in any order, floats of every width, decimal fractions (tag 4), and
  /// arrays and maps of indefinite length, as streams have them. A float becomes the shortest decimal of the double that it
  /// is. Throws as `init(json:)` does, and for integer labels outside the table and known labels written as text.
  public init(cbor bytes: [UInt8]) throws(SenMLError) {
    guard bytes.count <= Limits.senmlPackBytes else {
      throw SenMLError(.tooLarge, detail: "\(bytes.count) bytes, \(Limits.senmlPackBytes) are taken")
    }
    var reader = LooseCBORReader(bytes)
    var records: [[Field]] = []
    var count = try reader.count(.array)
    while try reader.another(&count) {
      guard records.count < Limits.senmlRecords else {
        throw SenMLError(.recordCount, detail: "more than \(Limits.senmlRecords)")
      }
      do throws(SenMLError) { records.append(try Self.fields(&reader)) } catch { throw error.at(record: records.count) }
    }
    guard reader.isAtEnd else {
      throw SenMLError(.malformed, offset: reader.position, detail: "something follows the pack")
    }
    try self.init(records: records)
  }

  private static func fields(_ reader: inout LooseCBORReader) throws(SenMLError) -> [Field] {
    var fields: [Field] = []
    var count = try reader.count(.map)
    while try reader.another(&count) {
      if try reader.peek() == .text {
        let label = try reader.text()
        try ignore(label: label)
        guard SenMLLabel(json: label) == nil else {
          throw SenMLError(.unknownLabel, label: label, detail: "CBOR writes it as an integer")
        }
        try reader.skip(depth: 2)
        continue
      }
      let start = reader.position
      let key = try reader.integer()
      guard let label = SenMLLabel(rawValue: key) else {
        throw SenMLError(.unknownLabel, label: "\(key)", offset: start)
      }
      // One more than there are labels is a label twice, which is seen when the pack is made.
      guard fields.count <= SenMLLabel.allCases.count else { throw SenMLError(.duplicateLabel, label: label.json) }
      do throws(SenMLError) {
        fields.append(try field(label, &reader))
      } catch {
        throw SenMLError(error.fault, label: label.json, offset: error.offset, detail: error.detail)
      }
    }
    return fields
  }

  private static func field(_ label: SenMLLabel, _ reader: inout LooseCBORReader) throws(SenMLError) -> Field {
    switch label {
    case .baseVersion:
      let start = reader.position
      guard try reader.peek() == .unsigned else {
        throw SenMLError(.wrongType, offset: start, detail: "an unsigned integer is asked for")
      }
      let version = try reader.integer()
      guard version > 0 else { throw SenMLError(.version, offset: start, detail: "\(version)") }
      return .baseVersion(UInt64(version))
    case .baseName: return .baseName(try reader.text())
    case .baseTime: return .baseTime(try reader.number())
    case .baseUnit: return .baseUnit(try reader.text())
    case .baseValue: return .baseValue(try reader.number())
    case .baseSum: return .baseSum(try reader.number())
    case .name: return .name(try reader.text())
    case .unit: return .unit(try reader.text())
    case .value: return .value(try reader.number())
    case .text: return .text(try reader.text())
    case .bool: return .bool(try reader.bool())
    case .sum: return .sum(try reader.number())
    case .time: return .time(try reader.number())
    case .updateTime: return .updateTime(try reader.number())
    case .data: return .data(try reader.bytes())
    }
  }

  /// The pack as `application/senml+cbor`: definite lengths, records and fields in their order.
  ///
  /// A number is an integer where it is whole; else the shortest float that is the double whose shortest decimal it is;
  /// else, with more digits than a double has, a decimal fraction (tag 4). So reading the result gives an equal pack, and
  /// RFC 8428's example comes out byte for byte.
  public func cbor() -> [UInt8] {
    var writer = CBORWriter(capacity: 64 * records.count)
    writer.array(records.count)
    for fields in records {
      writer.map(fields.count)
      for field in fields {
        writer.int(field.label.rawValue)
        field.write(to: &writer)
      }
    }
    return writer.bytes
  }
}

extension SenMLPack.Field {
  fileprivate func write(to writer: inout CBORWriter) {
    switch self {
    case .baseVersion(let version): writer.uint(version)
    case .baseName(let text), .baseUnit(let text), .name(let text), .unit(let text), .text(let text): writer.text(text)
    case .baseTime(let number), .baseValue(let number), .baseSum(let number), .value(let number), .sum(let number),
      .time(let number), .updateTime(let number):
      number.writeFloat(to: &writer)
    case .bool(let flag): writer.bool(flag)
    case .data(let bytes): writer.bytes(bytes)
    }
  }
}

extension SenMLNumber {
  /// An integer, the shortest float that keeps the value, or a decimal fraction.
  func writeFloat(to writer: inout CBORWriter) {
    guard exponent != 0 else { return writer.int(mantissa) }
    let double = self.double
    guard SenMLNumber(double: double) == self else { return writeDecimal(to: &writer) }
    let single = Float(double)
    guard Double(single) == double else {
      writer.bytes.append(0xfb)
      writer.bytes.append(u64: double.bitPattern)
      return
    }
    let half = Float16(single)
    if Float(half) == single {
      writer.bytes.append(0xf9)
      writer.bytes.append(u16: half.bitPattern)
    } else {
      writer.bytes.append(0xfa)
      writer.bytes.append(u32: single.bitPattern)
    }
  }

  /// An integer, or a decimal fraction (RFC 8949, section 3.4.4).
  func writeDecimal(to writer: inout CBORWriter) {
    guard exponent != 0 else { return writer.int(mantissa) }
    writer.tag(4)
    writer.array(2)
    writer.int(Int64(exponent))
    writer.int(mantissa)
  }
}
