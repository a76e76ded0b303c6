import EPCIS
import Foundation
import Testing

struct GenealogySeasonTests {
  struct Expected: Decodable {
    struct Back: Decodable {
      let carton: String, items: [String], material: [String], carriers: [String], all: [String]
    }
    struct Forward: Decodable { let items: [String], carriers: [String], material: [String], all: [String] }
    let back: Back
    let forward: [String: Forward]
    let items: [String: [String]]
  }

  private let season: Season
  private let expected: Expected
  private let prefix = "https://id.gs1.org/"

  init() throws {
    season = try Season()
    let data = try Data(contentsOf: Season.folder.appendingPathComponent("expected.json"))
    expected = try JSONDecoder().decode(Expected.self, from: data)
  }

  private func material(_ trace: Trace) -> [String] { trace.items.filter { $0.relation.isMaterial }.map(\.id).sorted() }

  @Test func `the events name the expected items`() {
    #expect(season.events.count == 70 && expected.items.count == 70)
    for (place, name) in season.names.enumerated() {
      #expect(Set(season.events[place].event.items.map(\.id)).sorted() == expected.items[name], "\(name)")
    }
  }

  @Test func `the carton is traced back to its plots`() throws {
    let trace = try season.trace(expected.back.carton, .back)
    #expect(material(trace) == expected.back.items)
    #expect(trace.ids(.carrier) == expected.back.carriers)
    #expect(trace.ids(.device) == [prefix + "8004/9521103LOG-0041"])
    #expect(season.names(trace.events.filter(\.isMaterial)) == expected.back.material)
    #expect(season.names(trace.events) == expected.back.all)
    #expect(trace.origins == ["A", "B"].map { "\(prefix)414/9521101000016/254/PLOT-\($0)" })
    #expect(trace.events.map(\.traced.event.eventTimeMs) == trace.events.map(\.traced.event.eventTimeMs).sorted())
  }

  @Test func `each lot is traced forward to its shops`() throws {
    #expect(expected.forward.count == 4)
    for (lot, want) in expected.forward {
      let trace = try season.trace(lot, .forward)
      #expect(material(trace) == want.items, "\(lot)")
      #expect(trace.ids(.carrier).sorted() == want.carriers, "\(lot)")
      #expect(season.names(trace.events.filter(\.isMaterial)) == want.material, "\(lot)")
      #expect(season.names(trace.events) == want.all, "\(lot)")
    }
  }

  @Test(arguments: [
    ("01/99521101000019/10/PLOTA-2026", [29, 36, 43]), ("01/99521101000019/10/PLOTB-2026", [29, 36, 43]),
    ("01/99521101000019/10/PLOTC-2026", [43]), ("01/09521104000754/10/JB-0910", [29, 36]),
  ])
  func `the shops of a recall`(_ lot: String, _ shops: [Int]) throws {
    let all = [29, 36, 43].map { "\(prefix)414/95211050000\($0)" }
    let reached = Set(try season.trace(prefix + lot, .forward).businessLocations())
    #expect(all.filter { reached.contains($0) } == shops.map { "\(prefix)414/95211050000\($0)" })
  }

  @Test func `the tables of the README hold for each item`() throws {
    let text = try String(contentsOf: Season.folder.appendingPathComponent("README.md"), encoding: .utf8)
    var trace: Trace?
    var awaited: Trace.Direction?
    var rows = 0
    for line in text.split(separator: "\n") {
      if line.hasPrefix("#") {
        trace = nil
        awaited = line.hasPrefix("### Trace back") ? .back : line.hasPrefix("### Trace forward") ? .forward : nil
      } else if let direction = awaited, line.hasPrefix("`https:") {
        trace = try season.trace(String(line.filter { $0 != "`" }), direction)
        awaited = nil
      } else if let trace, line.hasPrefix("|") {
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count >= 3, cells[1].hasPrefix("`") else { continue }
        let id = prefix + cells[1].filter { $0 != "`" }
        let names = cells[2].split(separator: " ").dropFirst().map(String.init)
        #expect(season.names(trace.events(of: id)) == names, "\(trace.item) \(trace.direction): \(id)")
        #expect(cells[2].hasPrefix("\(names.count):"), "\(id)")
        rows += 1
      }
    }
    #expect(rows == 9 + 20 + 7)
  }

  @Test func `the wrong weight is shown and marked`() throws {
    let trace = try season.trace(prefix + "01/99521101000019/10/PLOTB-2026", .forward)
    let wrong = trace.events.filter { $0.isDeclaredInError || $0.isErrorDeclaration }
    #expect(season.names(wrong) == ["06.2", "07.1"])
    let event = try #require(wrong.first { $0.isDeclaredInError })
    #expect(event.declaredInErrorBy.map { season.names[Int($0)] } == ["07.1"] && !event.isErrorDeclaration)
    #expect(event.correctiveEventIDs == ["urn:uuid:6f1c2c1e-5a0b-4c55-9d3e-0b6f0c1a7e02"])
    #expect(season.names(trace.events.filter { $0.traced.event.eventID == event.correctiveEventIDs[0] }) == ["07.2"])
  }

  @Test func `a transformation of two events is one link with its amounts`() throws {
    let trace = try season.trace(prefix + "01/09521104000754/10/JB-0910", .back)
    let link = try #require(trace.links.first { $0.transformationID != nil })
    #expect(link.how == .transformation && link.places.map { season.names[Int($0)] } == ["10.2", "10.3"])
    #expect(link.from.map(\.quantity) == ["54", "46"] && link.from.map(\.uom) == ["KGM", "KGM"])
    #expect(link.to.map(\.quantity) == ["70"] && link.to.map(\.item) == [prefix + "01/99521104000016/10/TANK-2-0908"])
    #expect(trace.askedTransformations.count == 1)
    #expect(trace.edges.filter { trace.links[$0.link] == link }.count == 2)
    #expect(trace.items.first { $0.id == link.to[0].item }?.steps == 1)
    #expect(trace.ids(.ancestor).filter { $0.contains("PLOT") }.count == 2)
  }

  @Test func `any spelling asks for the same, and both ways are the union`() throws {
    let id = "urn:epc:id:sgtin:9521102.100101.101"
    let back = try season.trace(id, .back)
    #expect(back.text == (try season.trace(expected.back.carton, .back)).text)
    let lot = prefix + "01/09521102001012/10/BAG-A-0903"
    let both = try season.trace(lot, .both)
    let parts = [try season.trace(lot, .back), try season.trace(lot, .forward)]
    #expect(Set(both.items.map(\.id)) == Set(parts.flatMap { $0.items.map(\.id) }))
    #expect(Set(season.names(both.events)) == Set(parts.flatMap { season.names($0.events) }))
    #expect(Set(both.askedItems) == Set(parts.flatMap(\.askedItems)))
  }

  @Test func `what was asked is enough and needed`() throws {
    for direction in Trace.Direction.allCases {
      let trace = try season.trace(expected.back.carton, direction)
      var store = GenealogyStore(season.events)
      store.knownItems = Set(trace.askedItems)
      store.knownTransformations = Set(trace.askedTransformations)
      #expect(try Genealogy.trace(trace.item, direction, in: &store).text == trace.text)
      #expect(store.asked.count == trace.askedItems.count + trace.askedTransformations.count)
      for id in trace.askedItems {
        var less = store
        less.knownItems?.remove(id)
        #expect(throws: GenealogyStore.Unknown(id: id)) { try Genealogy.trace(trace.item, direction, in: &less) }
      }
    }
  }
}
