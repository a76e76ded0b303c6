import COSE
import FaultVFS
import Foundation
import Ledger
import LedgerTestKit
import Primitives
import Synchronization

/// A sequencing node and a following one under load, made to be killed: `CrashChild FOLDER SEED KILL-AT`.
///
/// Says on standard output what it has acknowledged, a line each, after the acknowledgement. With KILL-AT above 0 it kills
/// itself in the middle of that write, sync, truncation or deletion of a database file; with 0 it waits to be killed.
@main
struct CrashChild {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let seed = UInt64(arguments[2]), let killAt = Int64(arguments[3]) else { exit(64) }
    let consortium = try Consortium(path: arguments[1])
    if killAt > 0 {
      guard fault_vfs_install() == 0 else { exit(70) }
      fault_scope_arm(fault_scope_begin(arguments[1] + "/"), Int32(FAULT_KILL), killAt, 0)
    }
    var generator = SeededGenerator(seed: seed)
    // Small figures: folds and write-backs come many times in a second.
    let tuning = StoreTuning(
      foldAfter: Int.random(in: 20...200, using: &generator),
      checkpointPages: Int.random(in: 20...200, using: &generator)
    )
    let clock = SystemClock()
    var nodes: [Node] = []
    for name in consortium.names {
      let folder = consortium.folder(name)
      nodes.append(
        try await Node(
          path: folder.ledger, suite: ContractSuite(CounterContract.self), keys: try folder.keys(), member: name,
          clock: clock, genesis: try folder.genesis(), tuning: tuning))
    }
    say("open " + nodes.map { "\($0.head.size)" }.joined(separator: " "))
    await nodes[0].sequence(with: EmbeddedSequencer(clock: clock))
    let work = Work(nodes: nodes, key: try consortium.folder(consortium.names[0]).keys().statement, clock: clock)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<3 {
        let seed = generator.next()
        group.addTask { try await work.submit(task, seed) }
      }
      group.addTask { try await work.settle() }
      group.addTask { try await work.documents(seed) }
      try await group.waitForAll()
    }
    for node in nodes { await node.close() }
    say("end")
  }

  /// One line in one write: what a killed process has written stays.
  static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
  }

  /// Where nobody kills it, it ends by itself.
  static let rounds = 200
}

/// What goes on at the same time.
private struct Work: Sendable {
  let nodes: [Node]
  let key: PrivateKey
  let clock: SystemClock

  func submit(_ task: Int, _ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<CrashChild.rounds {
      let statements = try (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        try Statement.sign(
          payload: Array(["yes", "yes", "no", "gone"].randomElement(using: &generator)!.utf8),
          contentType: "text/plain", issuer: nodes[0].member, subject: "s\(Int.random(in: 0..<40, using: &generator))",
          time: clock.now(), claimID: .random(), key: key)
      }
      let outcomes = try await nodes[0].submit(statements.map(\.entry))
      for (statement, outcome) in zip(statements, outcomes) {
        switch outcome {
        case .accepted(let index): CrashChild.say("accepted \(index) \(statement.id.hex)")
        case .refused(let index, let refusal): CrashChild.say("refused \(index) \(statement.id.hex) \(refusal.code)")
        default: CrashChild.say("unexpected \(outcome)")
        }
      }
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...12, using: &generator)))
    }
  }

  func settle() async throws {
    let follower = Follower(node: nodes[1], source: NodeSource(nodes[0]))
    for _ in 0..<CrashChild.rounds {
      try await nodes[0].propose()
      if nodes[0].candidateNote != nil { try await step(follower) }
      // What has been signed and given out binds the member for ever.
      for node in nodes {
        if let note = node.candidateNote, let checkpoint = try? Checkpoint(try SignedNote(parsing: note)) {
          CrashChild.say("signed \(node.member) \(checkpoint.size) \(checkpoint.root.hex)")
        }
        if let (view, _) = node.final { CrashChild.say("final \(node.member) \(view.size) \(view.root.hex)") }
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// Where the sequencing node has moved on, the next step signs its newer checkpoint.
  private func step(_ follower: Follower) async throws {
    let error: LedgerError
    do {
      _ = try await follower.step()
      return
    } catch let caught { error = caught }
    if error.kind != .unavailable { throw error }
  }

  func documents(_ seed: UInt64) async throws {
    var generator = SeededGenerator(seed: seed)
    for number in 0..<CrashChild.rounds {
      let document = Array("document \(number) of \(seed)".utf8) + generator.bytes(3000)
      let salt = generator.bytes(32)
      let digest = HashEnvelope.digest(salt: salt, document: document)
      try nodes[0].keep(document: document, salt: salt)
      CrashChild.say("kept \(digest.hex)")
      if number % 3 == 1 {
        CrashChild.say("erasing \(digest.hex)")
        if try nodes[0].erase(document: digest) { CrashChild.say("erased \(digest.hex)") }
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
