import Primitives
import Rights
import Testing

@Suite("Copyright: the search over registered codes")
struct CodeIndexTests {
  @Test(
    "the table finds exactly what a scan finds, chained or not, also after codes were taken out",
    arguments: [0, 64, 100_000])
  func equalsScan(scanned: Int) {
    for seed in UInt64(1)...8 {
      var generator = SeededGenerator(seed: seed)
      var table = CodeTable(scanned: scanned)
      var model: [Int: Bits256] = [:]
      let centres = (0..<12).map { Made.bits(seed &* 100 + UInt64($0)) }
      for number in 0..<600 {
        let centre = centres[number % centres.count]
        let code = Bits256(Made.bits(centre, flipping: Int(generator.next() % 48), seed: generator.next()))
        model[table.insert(code)] = code
        if number % 5 == 4, let gone = model.keys.sorted().randomElement(using: &generator) {
          table.remove(at: gone)
          model[gone] = nil
        }
      }
      #expect(table.count == model.count)
      var hits = 0
      for number in 0..<200 {
        let query = Bits256(
          Made.bits(centres[number % centres.count], flipping: Int(generator.next() % 40), seed: generator.next()))
        var found: [Int: Int] = [:]
        table.each(near: query) { place, distance in
          #expect(found[place] == nil, "twice, seed \(seed)")
          found[place] = distance
        }
        let expected = model.mapValues { $0.distance(to: query) }.filter { $0.value <= Matching.radius }
        #expect(found == expected, "seed \(seed), query \(number)")
        hits += expected.count
      }
      #expect(hits > 1000, "the seeds must make neighbours")
    }
  }

  @Test("the radius is exact: 31 is near, 32 is not, wherever the bits are")
  func radius() {
    for seed in UInt64(1)...400 {
      let code = Made.bits(seed)
      var table = CodeTable(scanned: 0)
      _ = table.insert(Bits256(code))
      for (flips, isNear) in [(0, true), (31, true), (32, false)] {
        var found = 0
        table.each(near: Bits256(Made.bits(code, flipping: flips, seed: seed))) { _, distance in
          #expect(distance == flips)
          found += 1
        }
        #expect(found == (isNear ? 1 : 0), "seed \(seed), \(flips) bits")
      }
    }
  }

  @Test("two bits in each word but one: the pigeon-hole that the chains stand on")
  func pigeonhole() {
    var bytes = [UInt8](repeating: 0, count: 32)
    for word in 0..<15 { bytes[word * 2] = 3 }
    bytes[30] = 1
    var table = CodeTable(scanned: 0)
    _ = table.insert(Bits256(Digest()))
    var found: [Int] = []
    table.each(near: Bits256(Digest(bytes) ?? Digest())) { found.append($1) }
    #expect(found == [31])
  }

  @Test("the digest follows from the content, not from the order or from how it is looked through")
  func digest() {
    let records = (0..<40).map { number in
      CodeRecord(
        work: "work \(number)", entry: UInt64(number),
        codes: (0..<3).map {
          MediaCode(.pdq, variant: UInt64($0), quality: 80, bits: Made.bits(UInt64(number * 3 + $0)))
        })
    }
    func digest(_ records: [CodeRecord], scanned: Int = 768, without: CodeRecord? = nil) -> Digest {
      var index = CodeIndex(scanned: scanned)
      for record in records { index.insert(record) }
      if let without { index.remove(without) }
      return index.digest
    }
    let truth = digest(records)
    #expect(digest(records.reversed()) == truth)
    #expect(digest(records, scanned: 0) == truth)
    #expect(digest(Array(records.dropLast())) != truth)
    #expect(digest(records, scanned: 0, without: records[7]) == digest(records.filter { $0.work != "work 7" }))
    var changed = records
    changed[3] = CodeRecord(work: "work 3", entry: 3, codes: [MediaCode(.pdq, quality: 80, bits: Made.bits(9999))])
    #expect(digest(changed) != truth)
  }

  @Test("matches name each work once, what is nearer first, what is older first where it is as near")
  func order() {
    var index = CodeIndex()
    let bits = Made.bits(1)
    index.insert(
      CodeRecord(work: "b", entry: 9, codes: [MediaCode(.pdq, quality: 60, bits: Made.bits(bits, flipping: 5))]))
    index.insert(
      CodeRecord(
        work: "a", entry: 7,
        codes: [
          MediaCode(.pdq, quality: 60, bits: Made.bits(bits, flipping: 9)),
          MediaCode(.pdq, variant: 3, quality: 60, bits: Made.bits(bits, flipping: 5, seed: 2)),
        ]))
    index.insert(CodeRecord(work: "c", entry: 1, codes: [MediaCode(.text, quality: 60, bits: bits)]))
    index.insert(CodeRecord(work: "d", entry: 2, codes: [MediaCode(.pdq, quality: 49, bits: bits)]))
    let found = index.matches([MediaCode(.pdq, variant: 4, quality: 90, bits: bits)])
    #expect(found.map(\.work) == ["a", "b"])
    #expect(found[0].variant == 3 && found[0].distance == 5 && found[0].probe == 4)
  }

  @Test("a video is found by eight frames in ten, not by seven")
  func frames() {
    var index = CodeIndex()
    let frames = (0..<10).map { MediaCode(.frame, variant: UInt64($0), quality: 90, bits: Made.bits(UInt64(500 + $0))) }
    index.insert(CodeRecord(work: "film", entry: 3, codes: frames))
    func probe(_ count: Int) -> [MediaCode] {
      frames.prefix(count).map { MediaCode(.frame, quality: 90, bits: Made.bits($0.bits, flipping: 10)) }
    }
    #expect(index.matches(probe(7)).isEmpty)
    let found = index.matches(probe(8))
    #expect(found.map(\.work) == ["film"] && found[0].percent == 80 && found[0].distance == 10)
    #expect(index.matches([MediaCode(.frame, quality: 20, bits: frames[0].bits)]).isEmpty)
  }
}
