import Primitives
import SenML
import Testing

/// What the gateway pays for a reading; printed, and bounded generously, as other tests may run at the same time.
@Suite(.serialized) struct MeasureTests {
  @Test func `scanning a reading`() throws {
    let records: [CanonicalReading.Record] = [
      .init("temp", unit: "Cel", .number(try number("23.1"))), .init("hum", unit: "%RH", .number(try number("41.25"))),
      .init("pm25", unit: "ug/m3", .number(SenMLNumber(12))), .init("open", .bool(true)),
      .init("lat", unit: "lat", .number(try number("48.137154"))),
      .init("lon", unit: "lon", .number(try number("11.576124"))),
      .init("bat", unit: "%EL", .number(SenMLNumber(98))), .init("frame", .data(Array(repeating: 7, count: 32))),
    ]
    for count in [1, 4, 8] {
      let bytes = try CanonicalReading(
        device: "urn:dev:ow:10e2073a01080063", boot: 7, seq: 1_000_000, time: 1_767_225_600_250_000,
        records: Array(records.prefix(count))
      ).encoded()
      var best = Duration.seconds(1)
      var sum: UInt64 = 0
      for _ in 0..<20 {
        let spent = try ContinuousClock().measure {
          try bytes.withUnsafeBytes { buffer in
            for _ in 0..<10_000 {
              let scan = try CanonicalReading.Scan(buffer)
              sum &+= scan.seq &+ UInt64(scan[scan.count - 1].name.start)
            }
          }
        }
        best = min(best, spent)
      }
      let each = Double(best.components.attoseconds) / 1e9 / 10_000
      print("scan of \(count) records, \(bytes.count) bytes: \((each * 10).rounded() / 10) ns (\(sum & 1))")
      #expect(each < 5000)
    }
  }
}
