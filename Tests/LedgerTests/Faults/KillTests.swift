import COSE
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// kill -9 at random moments under load, over one and the same folder.
@Suite("Kill")
struct KillTests {
  static let suite = ContractSuite(CounterContract.self)

  /// A seed of the run, or the one given: `TALLYSTICK_SEED=… make test`.
  static let seed =
    ProcessInfo.processInfo.environment["TALLYSTICK_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...9999)
  static let rounds = ProcessInfo.processInfo.environment["TALLYSTICK_KILL_ROUNDS"].flatMap { Int($0) } ?? 100

  @Test("kill -9 a hundred times: no acknowledged statement is lost, the ledger opens, the audit passes")
  func rounds() async throws {
    print("kill -9: \(Self.rounds) rounds; again with TALLYSTICK_SEED=\(Self.seed)")
    let folder = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plan = Ledger.Consortium.Plan(
      members: [("org-1", "One", .member), ("org-2", "Two", .member)], time: SystemClock().now())
    let consortium = try Ledger.Consortium.found(at: folder, suite: Self.suite, plan: plan)
    var generator = SeededGenerator(seed: Self.seed)
    var promises = Promises()
    for round in 0..<Self.rounds {
      let moment = Moment.random(using: &generator)
      let lines = try await Child.run(folder: folder, seed: generator.next(), moment: moment)
      promises.take(lines, "seed \(Self.seed), round \(round), \(moment)")
      // Left as they are between, so that one round's recovery is killed in the next.
      if round % 20 == 19 || round == Self.rounds - 1 {
        try await promises.check(consortium, "seed \(Self.seed), after round \(round)")
      }
    }
    print(
      "kill -9: \(promises.statements.count) acknowledged statements in \(Self.rounds) rounds, "
        + "\(promises.opened) of which came to open, \(promises.roots.count) signed roots")
    #expect(promises.opened > Self.rounds / 4 && promises.statements.count > Self.rounds)
  }
}

/// When a child is killed.
private enum Moment: CustomStringConvertible {
  /// In the middle of this operation on a database file.
  case operation(Int)
  /// So many milliseconds after its start: while opening.
  case start(Int)
  /// So many milliseconds after it has opened: under load.
  case load(Int)

  static func random(using generator: inout SeededGenerator) -> Moment {
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: .operation(Int.random(in: 1...40, using: &generator))
    case 1, 2: .operation(Int.random(in: 40...1500, using: &generator))
    case 3: .start(Int.random(in: 0...60, using: &generator))
    default: .load(Int.random(in: 0...250, using: &generator))
    }
  }

  var description: String {
    switch self {
    case .operation(let number): "killed in operation \(number)"
    case .start(let milliseconds): "killed \(milliseconds) ms after the start"
    case .load(let milliseconds): "killed \(milliseconds) ms after opening"
    }
  }
}

private enum Child {
  /// Runs a child until it is killed; gives the whole lines that it wrote.
  static func run(folder: String, seed: UInt64, moment: Moment) async throws -> [[Substring]] {
    let process = Process()
    process.executableURL = Program.executable("CrashChild")
    var killAt = 0
    if case .operation(let number) = moment { killAt = number }
    process.arguments = [folder, "\(seed)", "\(killAt)"]
    let out = FileManager.default.temporaryDirectory.appending(path: "tallystick-child-\(UUID().uuidString)")
    let err = out.path + ".err"
    defer {
      try? FileManager.default.removeItem(at: out)
      try? FileManager.default.removeItem(atPath: err)
    }
    for path in [out.path, err] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: URL(filePath: err))
    try process.run()
    let deadline = ContinuousClock.now + .seconds(10)
    func wait(_ done: () throws -> Bool) async throws {
      while process.isRunning, ContinuousClock.now < deadline, try !done() {
        try await Task.sleep(for: .milliseconds(2))
      }
    }
    switch moment {
    case .operation: try await wait { false }
    case .start(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
    case .load(let milliseconds):
      try await wait { try Data(contentsOf: out).contains(0x0a) }
      try await Task.sleep(for: .milliseconds(milliseconds))
    }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let said = try String(contentsOfFile: err, encoding: .utf8)
    if !said.isEmpty { Issue.record("the child ended by itself, \(moment): \(said)") }
    let text = try String(contentsOf: out, encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { $0.split(separator: " ") }
  }
}

/// What children have acknowledged: it must hold for ever.
private struct Promises {
  var statements: [UInt64: (id: String, refusal: String?)] = [:]
  var roots: [UInt64: String] = [:]
  var sizes: [String: UInt64] = [:]
  var kept: Set<String> = []
  var erased: Set<String> = []
  var opened = 0

  mutating func take(_ lines: [[Substring]], _ place: String) {
    for words in lines {
      switch words[0] {
      case "open":
        opened += 1
        let needed = statements.keys.max().map { $0 + 2 } ?? 1
        #expect(UInt64(words[1])! >= needed, "org-1 lost entries: \(place)")
        for (name, size) in zip(["org-1", "org-2"], words.dropFirst()) {
          #expect(UInt64(size)! >= sizes[name] ?? 1, "\(name) lost what it had signed: \(place)")
        }
      case "accepted", "refused":
        let index = UInt64(words[1])!
        #expect(statements[index] == nil, "entry \(index) was acknowledged twice: \(place)")
        statements[index] = (String(words[2]), words.count > 3 ? String(words[3]) : nil)
      case "signed", "final":
        let size = UInt64(words[2])!
        #expect(roots[size] ?? String(words[3]) == words[3], "two roots for size \(size): \(place)")
        roots[size] = String(words[3])
        sizes[String(words[1])] = max(size, sizes[String(words[1])] ?? 1)
      case "kept": kept.insert(String(words[1]))
      case "erasing": kept.remove(String(words[1]))
      case "erased": erased.insert(String(words[1]))
      case "end": break
      default: Issue.record("\(words.joined(separator: " ")): \(place)")
      }
    }
  }

  func check(_ consortium: Ledger.Consortium, _ place: String) async throws {
    let open = try await consortium.open(suite: KillTests.suite, clock: SystemClock())
    let node = open.sequencer
    let size = node.head.size
    var index: UInt64 = 0
    var found = 0
    var codes: [UInt64: String] = [:]
    while index < size {
      let entries = try node.head.entries(from: index, to: index + 5000)
      for (offset, entry) in entries.enumerated() {
        let at = index + UInt64(offset)
        if let seal = try? Seal(decoding: entry[...]) {
          for refused in seal.refused { codes[seal.first + refused.offset] = refused.code }
        } else if let promise = statements[at] {
          #expect(try Sign1(entry).statementID.hex == promise.id, "entry \(at) is another statement: \(place)")
          found += 1
        }
      }
      index += UInt64(entries.count)
    }
    #expect(found == statements.count, "\(statements.count - found) acknowledged statements are lost: \(place)")
    for (index, promise) in statements {
      #expect(codes[index] == promise.refusal, "entry \(index) has another outcome: \(place)")
    }
    for (index, promise) in statements.sorted(by: { $0.key < $1.key }).suffix(20) {
      #expect(try node.head.index(of: try #require(Digest(hex: promise.id))) == index, "\(place)")
      // The same statement again: nothing new, the first receipt.
      let again = try #require(try node.head.entry(index))
      #expect(try await node.submit([again]) == [.duplicate(index: index)], "\(place)")
    }
    for (size, root) in roots {
      #expect(try node.head.root(at: size).hex == root, "another root than signed at size \(size): \(place)")
    }
    for digest in kept { #expect(try node.document(try #require(Digest(hex: digest))) != nil, "\(place)") }
    for digest in erased { #expect(try node.document(try #require(Digest(hex: digest))) == nil, "\(place)") }
    try await open.settle()
    #expect(open.nodes.allSatisfy { $0.head.root == node.head.root }, "\(place)")
    await open.close()
    for name in consortium.names {
      #expect(try await consortium.folder(name).audit(suite: KillTests.suite).faults == [], "\(name), \(place)")
    }
  }
}
