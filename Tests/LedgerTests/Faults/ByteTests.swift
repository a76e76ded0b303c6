import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// One changed byte anywhere in a database is found by the audit, and the finding names the row.
@Suite("Changed bytes")
struct ByteTests {
  static let suite = ContractSuite(CounterContract.self)

  /// The columns that tell a table's rows apart, and all columns.
  static let tables: [(name: String, key: [String], columns: [String])] = [
    ("meta", ["name"], ["name", "value"]),
    ("block", ["height"], ["height", "first", "size", "time", "ids", "writes"]),
    ("chunk", ["first"], ["first", "bytes"]),
    ("tile", ["place"], ["place", "bytes"]),
    ("checkpoint", ["size"], ["size", "note", "final"]),
    ("state", ["key"], ["key", "blind", "value"]),
    ("statement_id", ["prefix", "place"], ["prefix", "place"]),
    ("document", ["digest"], ["digest", "salt", "bytes"]),
    ("evidence", ["number"], ["number", "member", "size", "note"]),
  ]

  /// A byte of a row, and where an audit may say it is.
  struct Place: Sendable, CustomStringConvertible {
    let table: String
    let column: String
    let row: String
    let byte: Int
    let length: Int
    /// The finding's place: one of these, or one that begins so where the changed value is part of the name.
    let names: [String]
    let prefix: String?

    var description: String { "\(table).\(column), byte \(byte) of \(length) where \(row)" }
  }

  /// A ledger with something in every table: folded and unfolded blocks, a refusal, a document, evidence; with more
  /// blocks also full hash tiles and a change of the configuration.
  static func ledger(blocks: Int, statements: Int, changes: Bool) async throws -> TestLedger {
    let ledger = try TestLedger(members: 2)
    var number: UInt64 = 0
    func session(_ tuning: StoreTuning, _ blocks: Int, then work: ([Node]) async throws -> Void) async throws {
      var nodes: [Node] = []
      for name in ledger.consortium.names {
        let folder = ledger.consortium.folder(name)
        nodes.append(
          try await Node(
            path: folder.ledger, suite: suite, keys: try folder.keys(), member: name, clock: ledger.clock,
            genesis: try folder.genesis(), tuning: tuning))
      }
      await nodes[0].sequence(with: EmbeddedSequencer(clock: ledger.clock))
      for _ in 0..<blocks {
        let entries = try (0..<statements).map { place in
          number += 1
          return try ledger.statement(place % 2, "s\(place % 3)", place == 1 ? "no" : "yes", number: number).entry
        }
        _ = try await nodes[0].submit(entries)
        try await settle(nodes)
      }
      try await work(nodes)
      for node in nodes { await node.close() }
    }
    func settle(_ nodes: [Node]) async throws {
      ledger.clock.advance(by: 3000)
      try await nodes[0].propose()
      for _ in 0..<2 { _ = try await Follower(node: nodes[1], source: NodeSource(nodes[0])).step() }
    }
    try await session(StoreTuning(foldAfter: 1, checkpointPages: 50), blocks) { nodes in
      if changes {
        let current = nodes[0].head.configuration
        let next = try current.next(members: current.members.reversed())
        let proposal = try Membership.propose(
          next, issuer: "org-1", time: ledger.clock.now(), claimID: .random(), key: ledger.keys[0].statement)
        _ = try await nodes[0].submit([proposal.entry])
        try await settle(nodes)
        let approval = try Membership.approve(
          next.digest, issuer: "org-2", time: ledger.clock.now(), claimID: .random(), key: ledger.keys[1].statement)
        _ = try await nodes[0].submit([approval.entry])
        try await settle(nodes)
        #expect(nodes.allSatisfy { $0.final?.view.seal.epoch == 1 })
      }
    }
    try await session(StoreTuning(), blocks) { nodes in
      try nodes[0].keep(document: Array("confidential".utf8), salt: [UInt8](repeating: 3, count: 32))
      let lie = try Lie(ledger: ledger, member: 1, origin: nodes[0].genesis.origin, size: nodes[0].head.size)
      #expect(try await nodes[0].add(lie.request).status == 409)
    }
    return ledger
  }

  /// Every byte of every row.
  static func places(_ path: String) throws -> [Place] {
    var places: [Place] = []
    for table in tables {
      let key = table.key.map { "quote(\($0))" }.joined(separator: ", ")
      for column in table.columns {
        let sql =
          "SELECT typeof(\(column)), length(CAST(\(column) AS BLOB)), hex(CAST(\(column) AS BLOB)), \(key) FROM "
          + table.name
        for row in try #require(Tamper.select(path, sql)) {
          let length = row[0] == "integer" ? 8 : Int(row[1])!
          let values = Array(row.dropFirst(3))
          let condition = zip(table.key, values).map { "\($0) = \($1)" }.joined(separator: " AND ")
          var entries: [Int] = []
          if table.name == "chunk" && column == "bytes" { entries = entryPlaces(row[2], first: Int(values[0])!) }
          for byte in 0..<length {
            let (names, prefix) = expected(table.name, column, values, entries.isEmpty ? nil : entries[byte])
            places.append(
              Place(
                table: table.name, column: column, row: condition, byte: byte, length: length, names: names,
                prefix: prefix))
          }
        }
      }
    }
    return places
  }

  /// For each byte of a row of entries, the entry that it belongs to.
  private static func entryPlaces(_ hex: String, first: Int) -> [Int] {
    guard let bytes = Hex.decode(hex.lowercased()) else { return [] }
    var places: [Int] = []
    var index = first
    var at = 0
    while at < bytes.count {
      let length = Int(bytes[at]) << 8 | Int(bytes[at + 1])
      places += Array(repeating: index, count: length + 2)
      at += length + 2
      index += 1
    }
    return places
  }

  private static func expected(
    _ table: String, _ column: String, _ key: [String], _ entry: Int?
  ) -> (names: [String], prefix: String?) {
    let hex = key[0].dropFirst(2).dropLast().lowercased()
    switch (table, column) {
    case ("meta", "name"): return ([], "meta ")
    case ("meta", _): return (["meta \(key[0].dropFirst().dropLast())"], nil)
    case ("block", "ids"): return (["block \(key[0]) ids", "block \(key[0])"], nil)
    case ("block", "writes"): return (["block \(key[0]) state writes", "block \(key[0])"], nil)
    case ("block", _): return (["block \(key[0])"], nil)
    case ("chunk", "bytes"): return (["entry \(entry!)"], nil)
    case ("chunk", _): return ([], "entry ")
    case ("tile", _): return ([], "tile/")
    case ("checkpoint", "size"): return ([], "checkpoint ")
    case ("checkpoint", _): return (["checkpoint \(key[0])"], nil)
    case ("state", "key"): return ([], "state ")
    case ("state", _): return (["state \(hex)"], nil)
    case ("statement_id", _): return (["id of entry \(key[1])"], nil)
    case ("document", "digest"): return ([], "document ")
    case ("document", _): return (["document \(hex)"], nil)
    case ("evidence", "number"): return ([], "evidence ")
    default: return (["evidence \(key[0])"], nil)
    }
  }

  /// Changes one byte of a copy and audits it.
  static func audit(_ ledger: TestLedger, _ place: Place, mask: UInt8) async throws {
    let member = ledger.consortium.folder("org-1")
    let folder = ledger.folder + "/altered-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/ledger.sqlite"
    try FileManager.default.copyItem(atPath: member.ledger, toPath: path)
    let sql =
      "UPDATE \(place.table) SET \(place.column) = flip(\(place.column), \(place.byte), \(mask)) WHERE \(place.row)"
    // Another row has that key already.
    guard Tamper.run(path, sql) else { return }
    let faults: [AuditReport.Fault]
    do throws(LedgerError) {
      faults = try await Auditor(path: path, suite: suite, genesis: try member.genesis()).run().faults
    } catch {
      Issue.record("the audit gave up: \(error) (\(place))")
      return
    }
    if place.table == "checkpoint" && place.column == "final" && faults.isEmpty {
      // Less than it was: the quorum is found again in the signatures.
      #expect(Tamper.select(path, "SELECT final FROM checkpoint WHERE \(place.row)") == [["0"]], "\(place)")
      return
    }
    guard let fault = faults.first else {
      Issue.record("a changed byte was not found: \(place), mask \(mask)")
      return
    }
    let isRight =
      place.names.contains(fault.place.english) || place.prefix.map { fault.place.english.hasPrefix($0) } == true
    #expect(isRight, "\(place), mask \(mask): found at \(fault.place): \(fault.what)")
  }

  @Test("every byte of every row of a small ledger", arguments: 0..<2)
  func everyByte(_ half: Int) async throws {
    let ledger = try await Self.ledger(blocks: 1, statements: 2, changes: false)
    // Within a scope nothing waits for the disk.
    let quick = FaultScope(ledger.folder)
    defer { withExtendedLifetime(quick) {} }
    let path = ledger.consortium.folder("org-1").ledger
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).faults == [])
    let places = try Self.places(path)
    for table in Self.tables where table.name != "tile" {
      #expect(places.contains { $0.table == table.name }, "nothing in \(table.name)")
    }
    var generator = SeededGenerator(seed: UInt64(half) + 1)
    let began = ContinuousClock.now
    var done = 0
    for (number, place) in places.enumerated() where number % 2 == half {
      let bit = UInt8.random(in: 0..<8, using: &generator)
      try await Self.audit(ledger, place, mask: UInt8(1) << bit)
      done += 1
    }
    print("changed bytes: \(done) of \(places.count) bytes in \(ContinuousClock.now - began)")
  }

  @Test("sampled bytes of a ledger with full hash tiles and a changed configuration")
  func sampledBytes() async throws {
    let ledger = try await Self.ledger(blocks: 2, statements: 140, changes: true)
    let path = ledger.consortium.folder("org-1").ledger
    #expect(try await ledger.consortium.folder("org-1").audit(suite: Self.suite).faults == [])
    var generator = SeededGenerator(seed: 3)
    let places = try Self.places(path)
    let samples = TestScale.isThorough ? 200 : 20
    for table in Self.tables {
      let own = places.filter { $0.table == table.name }
      #expect(!own.isEmpty, "nothing in \(table.name)")
      for _ in 0..<samples {
        let place = try #require(own.randomElement(using: &generator))
        try await Self.audit(ledger, place, mask: UInt8.random(in: 1...255, using: &generator))
      }
    }
    // The rows of which there are few, whole.
    for place in places where place.table == "meta" && place.row.contains("link-") {
      try await Self.audit(ledger, place, mask: 1 << UInt8.random(in: 0..<8, using: &generator))
    }
  }

  @Test("random bytes of the file: reported, or in free space where nothing is stored")
  func rawBytes() async throws {
    let ledger = try await Self.ledger(blocks: 1, statements: 2, changes: false)
    let quick = FaultScope(ledger.folder)
    defer { withExtendedLifetime(quick) {} }
    let member = ledger.consortium.folder("org-1")
    let sound = [UInt8](try Data(contentsOf: URL(filePath: member.ledger)))
    let contents = Self.contents(member.ledger)
    #expect(contents != nil)
    var generator = SeededGenerator(seed: 4)
    var free = 0
    var reported = 0
    let rounds = TestScale.isThorough ? 20_000 : 400
    for round in 0..<rounds {
      // Every page has its header and cell pointers at its beginning: half of the changes go there.
      var offset = Int.random(in: 0..<sound.count, using: &generator)
      if round % 2 == 0 { offset = offset / 4096 * 4096 + Int.random(in: 0..<112, using: &generator) }
      var changed = sound
      changed[offset] ^= UInt8.random(in: 1...255, using: &generator)
      let folder = ledger.folder + "/raw"
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.copyItem(atPath: member.path, toPath: folder)
      let copy = MemberFolder(path: folder)
      for file in [copy.ledger, folder + "/dumped"] { try Data(changed).write(to: URL(filePath: file)) }
      let isSame = Self.contents(folder + "/dumped") == contents
      do throws(LedgerError) {
        let report = try await Auditor(path: copy.ledger, suite: Self.suite, genesis: try member.genesis()).run()
        if report.isSound { free += 1 } else { reported += 1 }
        #expect(!report.isSound || isSame, "byte \(offset) changed the contents, and the audit passed")
      } catch {
        reported += 1
        #expect(error.kind == .damaged || error.kind == .unavailable, "byte \(offset): \(error)")
      }
      // Opening never brings the process down, and never goes on from contents whose head is another.
      do throws(LedgerError) {
        try Data(changed).rewrite(copy.ledger)
        let node = try await Node(
          path: copy.ledger, suite: Self.suite, keys: nil, member: "org-1", clock: ledger.clock,
          genesis: try member.genesis())
        await node.close()
      } catch {
        #expect([.damaged, .unavailable, .diverged, .malformed].contains(error.kind), "byte \(offset): \(error)")
      }
    }
    print("raw bytes: \(reported) reported, \(free) where nothing is stored")
    #expect(reported > rounds / 20)
  }

  /// All rows of all tables as text, or nil when SQLite cannot read them.
  private static func contents(_ path: String) -> [[[String]]]? {
    var all: [[[String]]] = []
    for table in tables {
      let columns = table.columns.map { "quote(\($0))" }.joined(separator: ", ")
      guard let rows = Tamper.select(path, "SELECT \(columns) FROM \(table.name) ORDER BY \(table.key[0])") else {
        return nil
      }
      all.append(rows)
    }
    return all
  }
}

extension Data {
  fileprivate func rewrite(_ path: String) throws(LedgerError) {
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    do { try write(to: URL(filePath: path)) } catch { throw LedgerError(.unavailable, "\(error)") }
  }
}
