internal import JSON
internal import Primitives

extension SenMLPack {
  /// Reads `application/senml+json` (RFC 8428, section 5).
  ///
  /// Throws for anything but an array of objects, for a known label with a value of another type or twice in a record, for an
  /// unknown one that ends in `_`, for a number that is not exactly held or has a capital `E`, and beyond the limits.
  public init(json bytes: [UInt8]) throws(SenMLError) {
    guard bytes.count <= Limits.senmlPackBytes else {
      throw SenMLError(.tooLarge, detail: "\(bytes.count) bytes, \(Limits.senmlPackBytes) are taken")
    }
    let root: JSONValue
    do {
      root = try JSONParser.parse(bytes, limit: Limits.senmlPackBytes)
    } catch { throw SenMLError(.malformed, offset: error.offset, detail: error.kind.rawValue) }
    guard let elements = root.array else {
      throw SenMLError(.wrongType, offset: root.range.lowerBound, detail: "a pack is an array")
    }
    guard elements.count <= Limits.senmlRecords else {
      throw SenMLError(.recordCount, detail: "\(elements.count), 1 to \(Limits.senmlRecords) are taken")
    }
    var records: [[Field]] = []
    records.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      do throws(SenMLError) { records.append(try Self.fields(element)) } catch { throw error.at(record: index) }
    }
    try self.init(records: records)
  }

  private static func fields(_ element: JSONValue) throws(SenMLError) -> [Field] {
    guard let members = element.members else {
      throw SenMLError(.wrongType, offset: element.range.lowerBound, detail: "a record is an object")
    }
    var fields: [Field] = []
    fields.reserveCapacity(members.count)
    for member in members {
      guard let label = SenMLLabel(json: member.name) else {
        try ignore(label: member.name)
        continue
      }
      fields.append(try field(label, member.value))
    }
    return fields
  }

  private static func field(_ label: SenMLLabel, _ value: JSONValue) throws(SenMLError) -> Field {
    func text() throws(SenMLError) -> String {
      guard let text = value.string else {
        throw SenMLError(.wrongType, label: label.json, offset: value.range.lowerBound, detail: "a string is asked for")
      }
      return text
    }
    func number() throws(SenMLError) -> SenMLNumber {
      guard let lexeme = value.numberLexeme else {
        throw SenMLError(.wrongType, label: label.json, offset: value.range.lowerBound, detail: "a number is asked for")
      }
      guard let number = SenMLNumber(lexeme) else {
        throw SenMLError(
          .number, label: label.json, offset: value.range.lowerBound, detail: SenMLError.quote(lexeme))
      }
      return number
    }
    switch label {
    case .baseVersion:
      let version = try number()
      guard version.exponent == 0, version.mantissa > 0 else {
        throw SenMLError(.version, label: label.json, offset: value.range.lowerBound, detail: "\(version)")
      }
      return .baseVersion(UInt64(version.mantissa))
    case .baseName: return .baseName(try text())
    case .baseTime: return .baseTime(try number())
    case .baseUnit: return .baseUnit(try text())
    case .baseValue: return .baseValue(try number())
    case .baseSum: return .baseSum(try number())
    case .name: return .name(try text())
    case .unit: return .unit(try text())
    case .value: return .value(try number())
    case .text: return .text(try text())
    case .sum: return .sum(try number())
    case .time: return .time(try number())
    case .updateTime: return .updateTime(try number())
    case .bool:
      guard let flag = value.bool else {
        throw SenMLError(
          .wrongType, label: label.json, offset: value.range.lowerBound, detail: "true or false is asked for")
      }
      return .bool(flag)
    case .data:
      guard let data = Base64URL.decode(try text()) else {
        throw SenMLError(
          .value, label: label.json, offset: value.range.lowerBound, detail: "base64url without padding is asked for")
      }
      return .data(data)
    }
  }

  /// The pack as `application/senml+json`, without spaces, records and fields in their order.
  ///
  /// Numbers stand in the shortest decimal form, so 1.10 as 1.1; reading the result gives an equal pack.
  public func json() -> [UInt8] {
    JSONWriter.write(
      JSONValue(
        .array(
          records.map { fields in
            JSONValue(.object(fields.map { JSONMember($0.label.json, JSONValue($0.json)) }))
          })))
  }
}

extension SenMLPack.Field {
  fileprivate var json: JSONValue.Content {
    switch self {
    case .baseVersion(let version): .number("\(version)")
    case .baseName(let text), .baseUnit(let text), .name(let text), .unit(let text), .text(let text): .string(text)
    case .baseTime(let number), .baseValue(let number), .baseSum(let number), .value(let number), .sum(let number),
      .time(let number), .updateTime(let number):
      .number(number.description)
    case .bool(let flag): .bool(flag)
    case .data(let bytes): .string(Base64URL.encode(bytes))
    }
  }
}
