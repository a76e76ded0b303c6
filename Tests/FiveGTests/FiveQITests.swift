import FiveG
import Testing

@Suite("5QI and slices")
struct FiveQITests {
  /// TS 23.501 table 5.7.4-1 typed a second time, in the order of the standard: value, type, priority, budget in ms,
  /// error rate, burst volume.
  static let standard = """
    1 G 20 100 1e-2 -; 2 G 40 150 1e-3 -; 3 G 30 50 1e-3 -; 4 G 50 300 1e-6 -; 65 G 7 75 1e-2 -; 66 G 20 100 1e-2 -
    67 G 15 100 1e-3 -; 71 G 56 150 1e-6 -; 72 G 56 300 1e-4 -; 73 G 56 300 1e-8 -; 74 G 56 500 1e-8 -
    76 G 56 500 1e-4 -; 5 N 10 100 1e-6 -; 6 N 60 300 1e-6 -; 7 N 70 100 1e-3 -; 8 N 80 300 1e-6 -
    9 N 90 300 1e-6 -; 10 N 90 1100 1e-6 -; 69 N 5 60 1e-6 -; 70 N 55 200 1e-6 -; 79 N 65 50 1e-2 -
    80 N 68 10 1e-6 -; 82 D 19 10 1e-4 255; 83 D 22 10 1e-4 1354; 84 D 24 30 1e-5 1354; 85 D 21 5 1e-5 255
    86 D 18 5 1e-4 1354; 87 D 25 5 1e-3 500; 88 D 25 10 1e-3 1125; 89 D 25 15 1e-4 17000; 90 D 25 20 1e-4 63000
    """

  @Test("the table has each row of the standard and no other")
  func table() throws {
    let types: [String: FiveQI.Resource] = ["G": .guaranteed, "N": .nonGuaranteed, "D": .delayCritical]
    var seen: Set<UInt8> = []
    for line in Self.standard.split(whereSeparator: { $0 == ";" || $0 == "\n" }) {
      let words = line.split(separator: " ").map(String.init)
      let value = try #require(UInt8(words[0]))
      let row = try #require(FiveQI.standard(value), "5QI \(value)")
      #expect(row.resource == types[words[1]], "5QI \(value)")
      #expect(row.priority == UInt8(words[2]), "5QI \(value)")
      #expect(row.delayBudgetMs == UInt16(words[3]), "5QI \(value)")
      #expect(row.errorRate == Double(words[4]), "5QI \(value)")
      #expect(row.maximumBurstBytes == UInt32(words[5]), "5QI \(value)")
      #expect(row.averagingWindowMs == (row.resource == .nonGuaranteed ? nil : 2000), "5QI \(value)")
      seen.insert(value)
    }
    #expect(seen.count == 31)
    #expect(Set(FiveQI.table.map(\.value)) == seen)
    #expect(FiveQI.table.map(\.value) == FiveQI.table.map(\.value).sorted())
    #expect(FiveQI.standard(75) == nil)
    #expect(FiveQI.standard(0) == nil)
  }

  @Test("the core takes the static values of the notes and leaves the radio something")
  func core() {
    let expected: [UInt8: UInt16] = [82: 1, 83: 1, 85: 2, 86: 2, 80: 2, 84: 5, 65: 10, 69: 10, 9: 20, 1: 20, 79: 20]
    for (value, share) in expected { #expect(FiveQI.standard(value)?.coreShareMs == share, "5QI \(value)") }
    for row in FiveQI.table { #expect(row.coreShareMs < row.delayBudgetMs, "5QI \(row.value)") }
  }

  @Test("a late packet is lost on delay-critical rows within the burst volume, and nowhere else")
  func late() {
    for row in FiveQI.table {
      #expect(row.countsLateAsLost(bytes: 100) == (row.resource == .delayCritical), "5QI \(row.value)")
    }
    #expect(FiveQI.standard(82)?.countsLateAsLost(bytes: 255) == true)
    #expect(FiveQI.standard(82)?.countsLateAsLost(bytes: 256) == false)
  }

  @Test("a slice is a type and an optional differentiator")
  func slices() {
    #expect(SNSSAI.Standard.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6, 7])
    #expect(SNSSAI(.miot).encoded == 0x03ff_ffff)
    #expect(SNSSAI(sst: 3, sd: 0xff_ffff) == SNSSAI(.miot))
    #expect(SNSSAI(sst: 3, sd: 42).description == "MIoT/00002a")
    #expect(SNSSAI(sst: 3, sd: 42).encoded == 0x0300_002a)
    #expect(SNSSAI(sst: 200).description == "SST 200")
    #expect(SNSSAI(sst: 200).standard == nil)
  }

  @Test("the peak rate of a 100 MHz carrier with 4 layers and 256QAM is the well-known 2.34 Gbit/s")
  func peakRate() { #expect(abs(Carrier().bitsPerSecond / 1e9 - 2.337) < 0.001) }
}
