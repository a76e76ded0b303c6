import COSE
import Ledger
import LedgerTestKit
import Primitives
import Testing

/// A checkpoint over another log than the members', signed by the members named.
struct Lie {
  let note: SignedNote
  let request: AddCheckpointRequest

  struct Key: NoteSigning {
    let key: PrivateKey
    var publicKey: [UInt8] { key.publicKey.rawRepresentation }
    func signature(for message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
  }

  init(ledger: TestLedger, member: Int, others: [Int] = [], origin: String, size: UInt64) throws {
    let lie = try #require(Checkpoint(origin: origin, size: size, root: .sha256("another log")))
    var note = try lie.signed(with: Key(key: ledger.keys[member].log))
    for place in [member] + others {
      let name = try #require(NoteName("\(origin)/\(ledger.keys[place].name)"))
      try note.add(
        try Cosignature(
          lie, timestamp: ledger.clock.now() / 1000, as: name, with: Key(key: ledger.keys[place].cosignature)
        ).line)
    }
    self.note = note
    request = try #require(AddCheckpointRequest(oldSize: size, proof: [], note: note))
  }
}
