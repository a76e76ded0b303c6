public import JSON
internal import Primitives

/// Resolved records in the words of other worlds, for people and their systems; nothing of this is signed.
public enum SenMLExport {
  /// A property of NGSI-LD (ETSI GS CIM 009, section 4.5.2): `type`, `value`, `unitCode` where UN/CEFACT has a code for
  /// the unit, and `observedAt`.
  ///
  /// Data becomes base64url text. A sum without a value gives null.
  public static func ngsiProperty(_ record: SenMLRecord) -> JSONValue {
    var members = [JSONMember("type", text("Property")), JSONMember("value", value(record))]
    if let code = record.unit.flatMap(Units.unit)?.code { members.append(JSONMember("unitCode", text(code))) }
    if let time = time(record.time) { members.append(JSONMember("observedAt", text(time))) }
    return JSONValue(.object(members))
  }

  /// An Observation of the OGC SensorThings API (15-078r6, section 8.2.7): `phenomenonTime`, `resultTime`, `result` and, as
  /// `parameters`, the SenML name and unit and what the caller adds, such as a proof.
  ///
  /// `resultTime` is when the value was stated, in microseconds since 1970; without it, the time of the sample.
  public static func observation(
    _ record: SenMLRecord, resultTime: Int64? = nil, parameters: [JSONMember] = []
  ) -> JSONValue {
    let sampled = time(record.time).map(text) ?? JSONValue(.null)
    let stated = resultTime.map { time(SenMLNumber(microseconds: $0)).map(text) ?? JSONValue(.null) }
    var all = [JSONMember("name", text(record.name))]
    if let unit = record.unit { all.append(JSONMember("unit", text(unit))) }
    return JSONValue(
      .object([
        JSONMember("phenomenonTime", sampled), JSONMember("resultTime", stated ?? sampled),
        JSONMember("result", value(record)), JSONMember("parameters", JSONValue(.object(all + parameters))),
      ]))
  }

  /// RFC 3339 in UTC with milliseconds, or with microseconds where there are any; nil before 1970, after the year 9999, and for
  /// anything finer.
  public static func time(_ seconds: SenMLNumber) -> String? {
    guard let microseconds = seconds.microseconds, microseconds >= 0, microseconds < 253_402_300_800_000_000 else {
      return nil
    }
    let text = Timestamp.text(UInt64(microseconds / 1000))
    let rest = microseconds % 1000
    guard rest != 0 else { return text }
    return text.dropLast() + String(rest + 1000).dropFirst() + "Z"
  }

  private static func text(_ text: String) -> JSONValue { JSONValue(.string(text)) }

  private static func value(_ record: SenMLRecord) -> JSONValue {
    switch record.value {
    case .number(let number): JSONValue(.number(number.description))
    case .text(let string): text(string)
    case .bool(let flag): JSONValue(.bool(flag))
    case .data(let bytes): text(Base64URL.encode(bytes))
    case nil: JSONValue(.null)
    }
  }
}
