import JSON
import Primitives
import SenML
import Testing

struct UnitTests {
  @Test func `the registry is whole and consistent`() {
    #expect(Set(Units.all.map(\.symbol)).count == Units.all.count)
    #expect(Units.all.filter { $0.primary == nil }.count == 67)
    #expect(Units.all.filter { $0.primary != nil }.count == 39)
    // RFC 8428's table in order, then RFC 8798's and NTU; a star is not recommended.
    let symbols =
      "m kg g* s A K cd mol Hz rad sr N Pa J W C V F Ohm S Wb T H Cel lm lx Bq Gy Sv kat m2 m3 l* m/s m/s2 m3/s l/s* W/m2 "
      + "cd/m2 bit bit/s lat lon pH dB dBW Bspl* count / %* %RH %EL EL 1/s 1/min* beat/min* beats* S/m B VA VAs var vars "
      + "J/m kg/m3 deg* NTU"
    let found = Units.all.filter { $0.primary == nil }.map { $0.symbol + ($0.isRecommended ? "" : "*") }
    #expect(found.joined(separator: " ") == symbols)
    for unit in Units.all {
      #expect(Units.unit(unit.symbol) == unit)
      if let conversion = unit.primary {
        #expect(Units.unit(conversion.symbol).map { $0.primary == nil } == true, "\(unit.symbol)")
        #expect(conversion.factor > 0 && conversion.divisor > 0)
      }
      if let code = unit.code { #expect(code.utf8.count <= 3 && code == code.uppercased()) }
    }
    for wrong in ["k", "watt", "db", "//", "CEL", "KG", "celsius", "", "m ", "percent"] {
      #expect(Units.unit(wrong) == nil)
    }
  }

  @Test(
    arguments: [
      ("1", "ms", "0.001", "s"), ("1.5", "min", "90", "s"), ("0.25", "h", "900", "s"),
      ("868.1", "MHz", "868100000", "Hz"),
      ("1", "kWh", "3600000", "J"), ("1", "kVAh", "3600000", "VAs"), ("10", "Wh/km", "36", "J/m"),
      ("3", "KiB", "3072", "B"),
      ("2", "MB/s", "16000000", "bit/s"), ("-90", "dBm", "-120", "dBW"), ("35.2", "ug/m3", "0.0000000352", "kg/m3"),
      ("3.6", "mm/h", "0.000001", "m/s"), ("9", "m/h", "0.0025", "m/s"), ("36", "km/h", "10", "m/s"),
      ("400", "ppm", "0.0004", "/"), ("55", "/100", "0.55", "/"), ("1013.25", "hPa", "101325", "Pa"),
      ("7", "mg/l", "0.007", "kg/m3"), ("1", "ppt", "0.000000000001", "/"), ("21.5", "Cel", "21.5", "Cel"),
    ])
  func `secondary units become primary ones exactly`(value: String, unit: String, expected: String, primary: String)
    throws
  {
    let found = Units.primary(try number(value), in: unit)
    #expect(try found?.value == number(expected) && found?.unit == primary, "\(String(describing: found))")
  }

  @Test func `what has no end as a decimal, or does not fit, is not converted`() throws {
    #expect(Units.primary(SenMLNumber(1), in: "mm/h") == nil)
    #expect(Units.primary(SenMLNumber(1), in: "km/h") == nil)
    #expect(try Units.primary(number("1e127"), in: "kW") == nil)
    #expect(Units.primary(SenMLNumber(1), in: "furlong") == nil)
  }
}

struct ExportTests {
  private func written(_ value: JSONValue) -> String { text(JSONWriter.write(value)) }

  @Test func `NGSI-LD and SensorThings`() throws {
    let record = SenMLRecord(
      name: "urn:dev:a:t", unit: "Cel", value: .number(try number("23.10")), time: try number("1767225600.25"))
    #expect(
      written(SenMLExport.ngsiProperty(record))
        == #"{"type":"Property","value":23.1,"unitCode":"CEL","observedAt":"2026-01-01T00:00:00.250Z"}"#)
    #expect(
      written(
        SenMLExport.observation(
          record, resultTime: 1_767_225_601_000_001,
          parameters: [JSONMember("proof", JSONValue(.string("abc")))]))
        == #"{"phenomenonTime":"2026-01-01T00:00:00.250Z","resultTime":"2026-01-01T00:00:01.000001Z","result":23.1,"#
        + #""parameters":{"name":"urn:dev:a:t","unit":"Cel","proof":"abc"}}"#)
    for (unit, code) in [("%RH", "P1"), ("ug/m3", "GQ"), ("/", "C62"), ("lx", "LUX")] {
      let record = SenMLRecord(name: "a", unit: unit, value: .bool(true), time: .zero)
      #expect(
        written(SenMLExport.ngsiProperty(record))
          == #"{"type":"Property","value":true,"unitCode":"\#(code)","observedAt":"1970-01-01T00:00:00.000Z"}"#)
    }
    let data = SenMLRecord(name: "a", unit: "none", value: .data([0xfb, 0xff]), time: SenMLNumber(-1))
    #expect(written(SenMLExport.ngsiProperty(data)) == #"{"type":"Property","value":"-_8"}"#)
    #expect(
      written(SenMLExport.observation(data))
        == #"{"phenomenonTime":null,"resultTime":null,"result":"-_8","parameters":{"name":"a","unit":"none"}}"#)
  }

  @Test func `times beyond their bounds have no text`() throws {
    #expect(SenMLExport.time(SenMLNumber(253_402_300_799)) == "9999-12-31T23:59:59.000Z")
    #expect(SenMLExport.time(SenMLNumber(253_402_300_800)) == nil)
    #expect(try SenMLExport.time(number("0.0000001")) == nil)
    #expect(SenMLExport.time(SenMLNumber(-1)) == nil)
  }
}
