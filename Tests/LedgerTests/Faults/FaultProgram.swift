import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// A fixed program over a ledger: opens, submits, lets members co-sign, folds, writes back, keeps and erases documents,
/// closes, and does it a second time. It goes on after every error, and remembers what it was told has been done.
final class FaultProgram {
  static let suite = ContractSuite(CounterContract.self)
  /// Folds and write-backs come several times.
  static let tuning = StoreTuning(foldAfter: 10, checkpointPages: 24)
  static let sessions = 2

  /// What every run begins with: a founded folder and signed statements.
  struct Start: Sendable {
    let ledger: TestLedger
    let statements: [Statement]
    let documents: [[UInt8]]
    let salt = [UInt8](repeating: 7, count: 32)

    init(members: Int) throws {
      ledger = try TestLedger(members: members, seed: 5)
      let ledger = ledger
      statements = try (0..<40).map { number in
        var payload = "yes"
        if number % 5 == 4 { payload = "no" } else if number % 7 == 3 { payload = "gone" }
        return try ledger.statement(0, "s\(number % 6)", payload, number: UInt64(number))
      }
      documents = (0..<2).map { number in
        var bytes = Array("a confidential document, number \(number): ".utf8)
        for place in 0..<2000 { bytes.append(UInt8(truncatingIfNeeded: place &* 31 &+ number)) }
        return bytes
      }
    }
  }

  let start: Start
  let folder: String
  private let consortium: Ledger.Consortium
  private var next = 0

  private(set) var stored: [(index: UInt64, statement: Statement, code: String?)] = []
  private(set) var signed: [(member: String, size: UInt64, root: Digest)] = []
  private(set) var kept: Set<Int> = []
  private(set) var erased: Set<Int> = []
  private(set) var failures: [LedgerError] = []
  /// Whether the last submission of the program went well.
  private(set) var endedWell = false

  /// A copy of the beginning in a folder of its own.
  init(_ start: Start) throws {
    self.start = start
    folder = FileManager.default.temporaryDirectory.path + "/tallystick-fault-\(UUID().uuidString)"
    try FileManager.default.copyItem(atPath: start.ledger.folder, toPath: folder)
    consortium = try Ledger.Consortium(path: folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func nodes(_ consortium: Ledger.Consortium) async throws -> [Node] {
    var nodes: [Node] = []
    for name in consortium.names {
      let folder = consortium.folder(name)
      do {
        nodes.append(
          try await Node(
            path: folder.ledger, suite: Self.suite, keys: try folder.keys(), member: name, clock: start.ledger.clock,
            genesis: try folder.genesis(), tuning: Self.tuning))
      } catch {
        for node in nodes { await node.close() }
        throw error
      }
    }
    return nodes
  }

  func run() async {
    for session in 0..<Self.sessions {
      await attempt {
        let nodes = try await self.nodes(self.consortium)
        await nodes[0].sequence(with: EmbeddedSequencer(clock: self.start.ledger.clock))
        await self.attempt { try await self.submit(5, to: nodes[0]) }
        await self.attempt { try await self.settle(nodes) }
        await self.attempt {
          try nodes[0].keep(document: self.start.documents[session], salt: self.start.salt)
          self.kept.insert(session)
        }
        await self.attempt { try await self.submit(4, to: nodes[0]) }
        await self.attempt { try await self.settle(nodes) }
        if session == 1 {
          await self.attempt {
            // From the attempt on it may be gone.
            self.kept.remove(0)
            if try nodes[0].erase(document: self.digest(0)) { self.erased.insert(0) }
          }
        }
        self.endedWell = false
        await self.attempt {
          try await self.submit(3, to: nodes[0])
          self.endedWell = true
        }
        await self.attempt { try await self.settle(nodes) }
        for node in nodes { await node.close() }
      }
    }
  }

  private func attempt(_ step: () async throws -> Void) async {
    do { try await step() } catch let error as LedgerError { failures.append(error) } catch {
      Issue.record("an error without a sentence: \(error)")
    }
  }

  private func digest(_ number: Int) -> Digest {
    HashEnvelope.digest(salt: start.salt, document: start.documents[number])
  }

  private func submit(_ count: Int, to node: Node) async throws {
    let statements = start.statements[next..<next + count]
    next += count
    for (statement, outcome) in zip(statements, try await node.submit(statements.map(\.entry))) {
      switch outcome {
      case .accepted(let index): stored.append((index, statement, nil))
      case .refused(let index, let refusal): stored.append((index, statement, refusal.code))
      default: Issue.record("\(outcome)")
      }
    }
  }

  private func settle(_ nodes: [Node]) async throws {
    try await nodes[0].propose()
    for node in nodes.dropFirst() { _ = try await Follower(node: node, source: NodeSource(nodes[0])).step() }
    for node in nodes {
      guard let note = node.candidateNote else { continue }
      let checkpoint = try Checkpoint(try SignedNote(parsing: note))
      signed.append((node.member, checkpoint.size, checkpoint.root))
    }
  }

  /// Opens what is left as another process would, looks for everything that was promised, goes on, and audits.
  func check(_ place: String) async throws {
    let copy = folder + "-reopened"
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try FileManager.default.copyItem(atPath: folder, toPath: copy)
    // Within a scope nothing waits for the disk.
    let quick = FaultScope(copy)
    defer { withExtendedLifetime(quick) {} }
    let consortium = try Ledger.Consortium(path: copy)
    for name in consortium.names {
      try? FileManager.default.removeItem(atPath: consortium.folder(name).ledger + "-shm")
    }
    let nodes: [Node]
    do { nodes = try await self.nodes(consortium) } catch {
      Issue.record("the ledger does not open: \(error) \(place)")
      return
    }
    let node = nodes[0]
    for (index, statement, code) in stored {
      #expect(try node.head.entry(index) == statement.entry, "entry \(index) is lost: \(place)")
      let seal = try node.head.seal(holding: index)
      #expect(
        seal?.refused.first { seal!.first + $0.offset == index }?.code == code,
        "entry \(index) has another outcome: \(place)")
    }
    for (member, size, root) in signed {
      let own = try #require(nodes.first { $0.member == member })
      guard own.head.size >= size else {
        Issue.record("\(member) signed \(size) entries and has \(own.head.size): \(place)")
        continue
      }
      #expect(try own.head.root(at: size) == root, "\(member) signed another root at \(size): \(place)")
    }
    for number in kept { #expect(try node.document(digest(number))?.bytes == start.documents[number], "\(place)") }
    for number in erased { #expect(try node.document(digest(number)) == nil, "\(place)") }
    // All is well again: a new statement is taken and co-signed.
    await node.sequence(with: EmbeddedSequencer(clock: start.ledger.clock))
    let outcome = try await node.submit([start.statements[38].entry])[0]
    #expect(outcome.isInLog, "\(outcome) \(place)")
    try await node.propose()
    for other in nodes.dropFirst() { _ = try await Follower(node: other, source: NodeSource(node)).step() }
    #expect(node.final?.view.size == node.head.size, "\(place)")
    for node in nodes { await node.close() }
    for name in consortium.names {
      let folder = consortium.folder(name)
      let faults = try await folder.audit(suite: Self.suite).faults
      #expect(faults == [], "\(name): \(place)")
      guard name == consortium.names[0], !erased.isEmpty else { continue }
      let bytes = try Data(contentsOf: URL(filePath: folder.ledger))
      for number in erased {
        #expect(bytes.range(of: Data(start.documents[number].prefix(200))) == nil, "erased bytes are there: \(place)")
      }
    }
  }
}
