internal import Primitives

/// A SenML pack (RFC 8428) as it was written: records of labelled fields in their order.
///
/// Numbers are exact decimals, names and units are not yet put together: `resolved` does that. Reading is strict where
/// the standard says MUST and keeps its rule that unknown labels are ignored, so they are not written again. What is
/// read is bounded by `Limits.senmlPackBytes`, `senmlRecords` and the limits of names, units and values.
public struct SenMLPack: Sendable, Equatable {
  /// One field of a record.
  public enum Field: Sendable, Equatable {
    /// `bver`: the version, a sum of the features' bits (RFC 9100).
    case baseVersion(UInt64)
    /// `bn`: what stands before the names.
    case baseName(String)
    /// `bt`: what is added to the times, in seconds.
    case baseTime(SenMLNumber)
    /// `bu`: the unit of records without one.
    case baseUnit(String)
    /// `bv`: what is added to the values.
    case baseValue(SenMLNumber)
    /// `bs`: what is added to the sums.
    case baseSum(SenMLNumber)
    /// `n`: the name, after the base name.
    case name(String)
    /// `u`: the unit.
    case unit(String)
    /// `v`: a number.
    case value(SenMLNumber)
    /// `vs`: a string.
    case text(String)
    /// `vb`: a truth value.
    case bool(Bool)
    /// `vd`: data.
    case data([UInt8])
    /// `s`: the integrated sum over time.
    case sum(SenMLNumber)
    /// `t`: the time in seconds, after the base time.
    case time(SenMLNumber)
    /// `ut`: the greatest time in seconds until the next value.
    case updateTime(SenMLNumber)

    var label: SenMLLabel {
      switch self {
      case .baseVersion: .baseVersion
      case .baseName: .baseName
      case .baseTime: .baseTime
      case .baseUnit: .baseUnit
      case .baseValue: .baseValue
      case .baseSum: .baseSum
      case .name: .name
      case .unit: .unit
      case .value: .value
      case .text: .text
      case .bool: .bool
      case .data: .data
      case .sum: .sum
      case .time: .time
      case .updateTime: .updateTime
      }
    }
  }

  /// The records, each with its fields in the order written.
  public let records: [[Field]]

  /// A pack of these records.
  ///
  /// Throws for none or too many records, for a label twice in a record, and for texts and data beyond their limits. Whether
  /// names, versions and values make sense together is seen by `resolved`.
  public init(records: [[Field]]) throws(SenMLError) {
    guard !records.isEmpty, records.count <= Limits.senmlRecords else {
      throw SenMLError(.recordCount, detail: "\(records.count), 1 to \(Limits.senmlRecords) are taken")
    }
    for (index, fields) in records.enumerated() {
      do throws(SenMLError) {
        var seen: UInt32 = 0
        for field in fields {
          let bit = UInt32(1) << UInt32(field.label.rawValue + 6)
          guard seen & bit == 0 else { throw SenMLError(.duplicateLabel, label: field.label.json) }
          seen |= bit
          try Self.check(field)
        }
      } catch { throw error.at(record: index) }
    }
    self.records = records
  }

  /// A pack of resolved records.
  ///
  /// Each record stands for itself; a version other than 10 stands in all of them (RFC 8428, section 4.6).
  public init(resolved records: [SenMLRecord]) throws(SenMLError) {
    try self.init(
      records: records.map { record in
        var fields: [Field] = record.version == 10 ? [] : [.baseVersion(record.version)]
        fields.append(.name(record.name))
        if let unit = record.unit { fields.append(.unit(unit)) }
        fields.append(.time(record.time))
        switch record.value {
        case .number(let number): fields.append(.value(number))
        case .text(let text): fields.append(.text(text))
        case .bool(let flag): fields.append(.bool(flag))
        case .data(let bytes): fields.append(.data(bytes))
        case nil: break
        }
        if let sum = record.sum { fields.append(.sum(sum)) }
        if let updateTime = record.updateTime { fields.append(.updateTime(updateTime)) }
        return fields
      })
  }

  /// The bounds of one field.
  static func check(_ field: Field) throws(SenMLError) {
    let (count, limit, fault): (Int, Int, SenMLError.Fault)
    switch field {
    case .baseName(let text), .name(let text): (count, limit, fault) = (text.utf8.count, Limits.senmlNameBytes, .name)
    case .baseUnit(let text), .unit(let text): (count, limit, fault) = (text.utf8.count, Limits.senmlUnitBytes, .unit)
    case .text(let text): (count, limit, fault) = (text.utf8.count, Limits.senmlValueBytes, .value)
    case .data(let bytes): (count, limit, fault) = (bytes.count, Limits.senmlValueBytes, .value)
    default: return
    }
    guard count <= limit else {
      throw SenMLError(fault, label: field.label.json, detail: "\(count) bytes, \(limit) are taken")
    }
  }

  /// What an unknown label means for the reader (RFC 8428, section 4.4): nothing, unless it ends in `_`.
  static func ignore(label: String) throws(SenMLError) {
    guard label.utf8.last != UInt8(ascii: "_") else {
      throw SenMLError(.mustUnderstand, label: SenMLError.quote(label))
    }
  }
}
