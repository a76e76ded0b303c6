import CBOR
import COSE
import EPCIS
import Ledger
import Merkle
import Primitives
import Testing

/// Worked examples out of the example ledger.
struct ExamplesOfLedger {
  let ledger: ExampleLedger

  func all() throws -> [Example] {
    try [statement(), configuration(), seal(), state(), tree(), checkpoint(), policy(), receipt()]
  }

  private func statement() throws -> Example {
    var example = Example("statement")
    let entry = ledger.entries[2]
    let message = try Sign1(entry)
    let structure = Sign1.signatureStructure(protected: message.protected, payload: message.payload)
    example.hex("protected", Array(message.protected))
    example.hex("payload, the harvest event", Array(message.payload))
    example.hex("Sig_structure", structure)
    example.hex("id", message.statementID)
    #expect(message.statementID == Digest.sha256(structure))
    example.hex("signature by org-1/statement", Array(message.signature))
    example.hex("entry", entry)
    example.hex("leaf hash", TreeHash.leaf(entry))
    return example
  }

  private func configuration() throws -> Example {
    var example = Example("genesis")
    example.hex("configuration 0", ledger.genesis.configuration.encoded())
    example.hex("H(configuration)", ledger.genesis.configuration.digest)
    example.text("origin", ledger.genesis.origin)
    example.hex("genesis", ledger.genesis.encoded())
    #expect(ledger.genesis.encoded() == ledger.entries[0])
    return example
  }

  private func seal() throws -> Example {
    var example = Example("seal")
    let seal = try Seal(decoding: ledger.entries[6][...])
    #expect(seal.refused.map(\.code) == ["event-known"] && seal.refused.map(\.offset) == [4])
    example.hex("seal", ledger.entries[6])
    example.hex("leaf hash", TreeHash.leaf(ledger.entries[6]))
    return example
  }

  private func state() throws -> Example {
    var example = Example("state")
    example.text("item", ExampleLedger.lot)
    example.hex("H(item)", Digest.sha256(ExampleLedger.lot))
    let list = try #require(ledger.trace.prefixes.last)
    #expect(list.pairs.map { StateKey(bytes: $0.key).order } == [2, 3])
    for pair in list.pairs {
      guard case .open(let blind, let value) = pair.leaf else { continue }
      example.hex("key", pair.key)
      example.hex("value", value)
      example.hex("blind", blind.bytes)
      example.hex("commitment", pair.leaf.commitment)
      // The page's formulas, by hand.
      let entry = ledger.entries[Int(StateKey(bytes: pair.key).order)]
      #expect(
        blind.bytes == Array(Digest.sha256(Array("tallystick/state-blind/v1".utf8) + entry + pair.key).bytes[..<16]))
      #expect(pair.leaf.commitment == Digest.sha256(blind.bytes + value))
    }
    return example
  }

  private func tree() throws -> Example {
    var example = Example("tree")
    let leaves = ledger.entries.map { TreeHash.leaf($0) }
    for (index, leaf) in leaves.enumerated() { example.hex("leaf \(index)", leaf) }
    example.hex("root of 7", ledger.roots.first)
    example.hex("root of \(leaves.count)", ledger.roots.last)
    let path = try #require(ledger.trace.statements.first).path
    #expect(InclusionProof(index: 2, size: 7, path: path).verify(leaf: leaves[2], root: ledger.roots.first))
    for (place, hash) in path.enumerated() { example.hex("inclusion of 2 in 7, hash \(place)", hash) }
    for (place, hash) in ledger.trace.sealPath.enumerated() { example.hex("inclusion of 6 in 7, hash \(place)", hash) }
    for (place, hash) in ledger.consistency.enumerated() {
      example.hex("consistency of 7 and \(leaves.count), hash \(place)", hash)
    }
    return example
  }

  private func checkpoint() throws -> Example {
    var example = Example("checkpoint")
    let note = try SignedNote(parsing: ledger.trace.note)
    let checkpoint = try Checkpoint(note)
    example.hex("text", checkpoint.text)
    for line in note.signatures {
      let log = line.name.description == checkpoint.origin
      example.text("name", line.name)
      example.text("type", log ? "01" : "04")
      var payload: [UInt8] = []
      payload.append(u32: line.keyID)
      example.hex("key id", payload)
      if let cosignature = log ? nil : Cosignature(line) {
        example.text("time", cosignature.timestamp)
        example.hex("signed", Array("cosignature/v1\ntime \(cosignature.timestamp)\n".utf8) + checkpoint.text)
      }
      example.hex("payload", line.payload)
    }
    example.verbatim("note", String(String(decoding: ledger.trace.note, as: UTF8.self).dropLast()))
    return example
  }

  private func policy() throws -> Example {
    var example = Example("policy")
    example.only(String(String(decoding: ledger.policyText, as: UTF8.self).dropLast()))
    return example
  }

  private func receipt() throws -> Example {
    var example = Example("receipt")
    let entry = ledger.entries[2]
    for (receipt, keys) in zip(ledger.receipts, ledger.keys) {
      let read = try Receipt.verify(receipt, entry: entry, logKey: keys.log.publicKey.rawRepresentation)
      #expect(read.size == 7 && read.index == 2 && read.root == ledger.roots.first)
    }
    let message = try Sign1(transparent: ledger.receipts[0])
    example.hex("protected", Array(message.protected))
    example.hex("unprotected", Array(message.unprotected))
    example.hex(
      "Sig_structure",
      Sign1.signatureStructure(protected: message.protected, payload: ledger.roots.first.bytes[...]))
    example.hex("receipt of entry 2 by org-1", ledger.receipts[0])
    let transparent = try Receipt.transparent(entry, receipts: Array(ledger.receipts[..<1]))
    #expect(try Sign1(transparent: transparent).withoutUnprotected() == entry)
    example.hex("transparent statement", transparent)
    return example
  }
}
