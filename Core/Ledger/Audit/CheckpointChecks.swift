import GRDB
import Merkle
import Primitives

/// A checkpoint as it is stored.
struct StoredCheckpoint: Sendable {
  let note: [UInt8]
  let final: UInt64

  static func all(_ db: Database) throws -> [UInt64: StoredCheckpoint] {
    let rows = try SQL(db, "SELECT size, note, final FROM checkpoint").bind()
    var all: [UInt64: StoredCheckpoint] = [:]
    while try rows.next() { all[rows.number(0)] = StoredCheckpoint(note: rows.bytes(1), final: rows.number(2)) }
    return all
  }

  /// What is wrong with it, given the log's true root at its size and the policies that its signers answer to.
  ///
  /// One that is marked final must have its quorum; one that is not may have it, as a node that stopped between the two
  /// finds the quorum again in the signatures.
  func fault(size: UInt64, root: Digest, quorum: Quorum) -> AuditReport.Fault? {
    func fault(_ what: Message) -> AuditReport.Fault { AuditReport.Fault(what: what, place: "checkpoint \(size)") }
    guard let note = try? SignedNote(parsing: note), let checkpoint = try? Checkpoint(note) else {
      return fault("The checkpoint cannot be read.")
    }
    guard checkpoint.origin == quorum.origin, checkpoint.size == size, checkpoint.root == root else {
      return fault("The checkpoint's root is not that of the entries.")
    }
    guard note.encoded == self.note else { return fault("The checkpoint is not in its one form.") }
    let policies = [quorum.current] + (quorum.outgoing.map { [$0] } ?? [])
    var keys: [VerifierKey] = []
    for key in policies.flatMap({ $0.logs.map(\.key) + $0.witnesses.map(\.key) }) where !keys.contains(key) {
      keys.append(key)
    }
    do {
      let verified = try note.verify(against: keys)
      // A line whose name or key id was altered would pass as a stranger's: the ledger stores members' lines only.
      guard verified.count == note.signatures.count else {
        return fault("The checkpoint carries a signature line that is no member's.")
      }
      let signers = verified.map(\.key)
      let isFinal = policies.allSatisfy { policy in
        policy.witnesses.count { signers.contains($0.key) } >= policy.threshold
      }
      guard final == 0 || (final == 1 && isFinal) else {
        return fault("The checkpoint is marked as final, and too few members have co-signed it.")
      }
      return nil
    } catch { return fault("A signature under the checkpoint does not hold: \(error).") }
  }
}

/// The evidence against members: each note must show what it is kept for.
enum EvidenceChecks {
  /// - Parameters:
  ///   - keys: every co-signature key that the members have had, by the member's name.
  ///   - logs: every log key that they have had.
  ///   - tiles: the log's tiles, which have been compared before.
  static func faults(
    _ db: Database, origin: String, size: UInt64, keys: [String: [VerifierKey]], logs: [VerifierKey],
    tiles: StoredTiles
  ) throws -> [AuditReport.Fault] {
    let known = logs + keys.values.flatMap { $0 }
    let rows = try SQL(db, "SELECT number, member, size, note FROM evidence ORDER BY number").bind()
    var faults: [AuditReport.Fault] = []
    var expected: UInt64 = 0
    while try rows.next() {
      expected += 1
      let number = rows.number(0)
      let evidence = Evidence(member: rows.text(1), size: rows.number(2), note: rows.bytes(3))
      func fault(_ what: Message) {
        faults.append(AuditReport.Fault(what: what, place: "evidence \(number)"))
      }
      if number != expected { fault("The row's number does not follow on the one before.") }
      guard let note = try? SignedNote(parsing: evidence.note), let checkpoint = try? Checkpoint(note),
        checkpoint.origin == origin, checkpoint.size == evidence.size, note.encoded == evidence.note
      else {
        fault("The evidence against '\(evidence.member)' cannot be read, or is not about this log and size.")
        continue
      }
      let signs = (keys[evidence.member] ?? []).contains { key in
        note.signatures.contains {
          $0.name == key.name && $0.keyID == key.keyID && key.verify($0, over: note.text) != nil
        }
      }
      guard signs else {
        fault("The evidence does not carry a co-signature of '\(evidence.member)' that holds.")
        continue
      }
      // The ledger keeps lines that hold only.
      let isWhole = note.signatures.allSatisfy { line in known.contains { $0.verify(line, over: note.text) != nil } }
      guard isWhole else {
        fault("The evidence carries a signature line that does not hold.")
        continue
      }
      guard evidence.size > 0, evidence.size <= size else {
        fault("The evidence is about a size that the log has not.")
        continue
      }
      var prover = TileProver(size: evidence.size, reader: tiles)
      if try prover.root() == checkpoint.root { fault("The evidence is over this very log, so it is none.") }
    }
    return faults
  }
}
