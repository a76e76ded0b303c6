public import COSE
import Merkle
public import Primitives

/// What a proof bundle proves, once it has been checked against a trust policy.
public struct VerifiedBundle: Sendable {
  /// The bundle's question.
  public let question: [String]
  /// The log's name.
  public let origin: String
  /// Size and root of the log that the answer is about.
  public let size: UInt64
  /// The root.
  public let root: Digest
  /// The seal that the log ends on: height, time, state root, contract version and configuration epoch.
  public let seal: Seal
  /// The members that co-signed, with the times of their clocks in seconds since 1970.
  public let signers: [(name: String, time: UInt64)]
  /// How many co-signatures the policy asks for.
  public let needed: Int
  /// The statements, by index.
  public let statements: [(index: UInt64, entry: [UInt8])]
  /// Keys of the state with their values; nil where the value is withheld.
  public let present: [(key: StateKey, value: [UInt8]?)]
  /// Keys that the state does not have.
  public let absent: [StateKey]
  /// Complete lists: for each prefix, all its keys with their values; nil where the value is withheld.
  public let lists: [(prefix: StatePrefix, pairs: [(key: StateKey, value: [UInt8]?)])]
  /// Documents beside the log, by the index of their envelope.
  public let documents: [(index: UInt64, bytes: [UInt8])]
  /// What only the application can check: nothing of it is proved until it has.
  public let evidence: [[UInt8]]

  /// The complete list under a prefix, if the bundle has it.
  public func list(_ prefix: StatePrefix) -> [(key: StateKey, value: [UInt8]?)]? {
    lists.first { $0.prefix == prefix }?.pairs
  }

  /// The statement at an index, if the bundle has it: content, without a second check of its signature.
  public func statement(_ index: UInt64) -> StatementContent? {
    statements.first { $0.index == index }.flatMap { try? StatementContent($0.entry) }
  }
}

/// What a statement of a proved entry says.
public struct StatementContent: Sendable {
  /// What the protected header says.
  public let header: StatementHeader
  /// The payload.
  public let payload: [UInt8]
  /// SHA-256 of the Sig_structure.
  public let id: Digest

  /// Reads an entry; the signature is not checked: members did so before it entered the log.
  public init(_ entry: [UInt8]) throws(LedgerError) {
    do {
      let message = try Sign1(entry)
      header = try StatementHeader(message)
      payload = Array(message.payload)
      id = message.statementID
    } catch { throw LedgerError(.malformed, "The statement cannot be read: \(error).") }
  }
}

extension ProofBundle {
  /// Checks every part of the bundle against a trust policy; needs nothing else.
  ///
  /// - Parameters:
  ///   - policy: whom the verifier trusts: the policy of the bundle's configuration, or an earlier one from which the
  ///     bundle's chain leads on.
  ///   - now: milliseconds since 1970, with `maxAgeMs`: how old the newest quorum of co-signatures may be.
  /// - Returns: what is proved. Throws `LedgerError` with `.notProved` and what does not hold.
  public func verify(
    policy: TrustPolicy, now: UInt64? = nil, maxAgeMs: UInt64? = nil
  ) throws(LedgerError) -> VerifiedBundle {
    let (result, policy) = try trusted(policy)
    guard let checkpoint = result.checkpoint else { throw fault("the checkpoint cannot be read") }
    let seal = try self.seal(in: checkpoint, entry: self.seal, path: sealPath)
    if let now, let maxAgeMs {
      let newest = result.cosigners.map(\.timestamp).sorted(by: >)
      let needed = max(1, policy.threshold)
      let time = newest.count >= needed ? newest[needed - 1] &* 1000 : 0
      guard time &+ maxAgeMs >= now else {
        throw fault("it is as of \(Timestamp.text(time)), older than the age that you allow; ask for a newer one")
      }
    }
    try verifyStatements(checkpoint)
    let present = try verifyState(seal.stateRoot)
    let lists = try verifyLists(seal.stateRoot)
    for item in absent {
      guard let proof = try? MapProof(bytes: item.proof, present: false),
        proof.verifyAbsent(key: item.key, root: seal.stateRoot)
      else { throw fault("the absence of the state key \(Hex.encode(item.key)) is not proved") }
    }
    try verifyDocuments()
    return VerifiedBundle(
      question: question, origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root, seal: seal,
      signers: result.cosigners.map { ($0.name.description, $0.timestamp) }, needed: policy.threshold,
      statements: statements.map { ($0.index, $0.bytes) }, present: present,
      absent: absent.map { StateKey(bytes: $0.key) }, lists: lists,
      documents: documents.map { ($0.index, $0.bytes) }, evidence: evidence)
  }

  private func fault(_ what: Message) -> LedgerError { LedgerError(.notProved, "The proof does not hold: \(what).") }

  /// The checkpoint under the policy, or under a later one that the chain leads to.
  private func trusted(_ policy: TrustPolicy) throws(LedgerError) -> (PolicyResult, TrustPolicy) {
    let note: SignedNote
    do { note = try SignedNote(parsing: self.note) } catch {
      throw fault("the checkpoint is no signed note (\(error))")
    }
    var policy = policy
    let direct = policy.evaluate(note)
    if direct.isAccepted { return (direct, policy) }
    var refusal = direct.refusal.map { $0.explanation } ?? "the policy does not accept the checkpoint"
    for link in chain {
      guard let linkNote = try? SignedNote(parsing: link.note) else {
        throw fault("a link of the chain is no signed note")
      }
      let accepted = policy.evaluate(linkNote)
      guard accepted.isAccepted, let checkpoint = accepted.checkpoint else { continue }
      let seal = try self.seal(in: checkpoint, entry: link.seal, path: link.path)
      guard let next = try? Configuration(decoding: link.configuration[...]), next.epoch == seal.epoch,
        Digest.sha256(link.configuration) == seal.configuration
      else { throw fault("a link of the chain carries a configuration that is not the seal's") }
      let nextPolicy = try next.policy(origin: checkpoint.origin)
      guard nextPolicy.evaluate(linkNote).isAccepted else {
        throw fault("the configuration of epoch \(next.epoch) is not co-signed by its own quorum")
      }
      policy = nextPolicy
      let result = policy.evaluate(note)
      if result.isAccepted { return (result, policy) }
      refusal = result.refusal.map { $0.explanation } ?? refusal
    }
    throw fault(refusal)
  }

  private func seal(in checkpoint: Checkpoint, entry: [UInt8], path: [Digest]) throws(LedgerError) -> Seal {
    guard checkpoint.size > 1 else { throw fault("the checkpoint has no seal") }
    let proof = InclusionProof(index: checkpoint.size - 1, size: checkpoint.size, path: path)
    guard proof.verify(leaf: TreeHash.leaf(entry), root: checkpoint.root) else {
      throw fault("the seal is not the last entry of the co-signed log")
    }
    do { return try Seal(decoding: entry[...]) } catch { throw fault("the log's last entry is no seal") }
  }

  private func verifyStatements(_ checkpoint: Checkpoint) throws(LedgerError) {
    var last: UInt64?
    for statement in statements {
      if let last, last >= statement.index { throw fault("the statements are not in order") }
      last = statement.index
      let proof = InclusionProof(index: statement.index, size: checkpoint.size, path: statement.path)
      guard proof.verify(leaf: TreeHash.leaf(statement.bytes), root: checkpoint.root) else {
        throw fault("entry \(statement.index) is not in the co-signed log as it stands here")
      }
    }
  }

  private func verifyState(_ root: Digest) throws(LedgerError) -> [(key: StateKey, value: [UInt8]?)] {
    var pairs: [(key: StateKey, value: [UInt8]?)] = []
    for item in present {
      guard let proof = try? MapProof(bytes: item.proof, present: true),
        proof.verifyPresent(key: item.key, value: item.leaf.commitment, root: root)
      else { throw fault("the value of the state key \(Hex.encode(item.key)) is not what the members computed") }
      pairs.append((StateKey(bytes: item.key), item.leaf.value))
    }
    return pairs
  }

  private func verifyLists(
    _ root: Digest
  ) throws(LedgerError) -> [(prefix: StatePrefix, pairs: [(key: StateKey, value: [UInt8]?)])] {
    var lists: [(prefix: StatePrefix, pairs: [(key: StateKey, value: [UInt8]?)])] = []
    for item in prefixes {
      guard let proof = try? PrefixProof(bytes: item.proof, isEmpty: item.pairs.isEmpty),
        proof.verify(
          prefix: item.prefix, pairs: item.pairs.map { (key: $0.key, value: $0.leaf.commitment) }, root: root)
      else {
        throw fault("the list under \(Hex.encode(item.prefix)) is not all, or not only, what the members computed")
      }
      lists.append((StatePrefix(bytes: item.prefix), item.pairs.map { (StateKey(bytes: $0.key), $0.leaf.value) }))
    }
    return lists
  }

  private func verifyDocuments() throws(LedgerError) {
    for document in documents {
      guard let entry = statements.first(where: { $0.index == document.index }),
        let content = try? StatementContent(entry.bytes), content.header.envelope != nil,
        // Of another length, a salt could take in the document's first bytes, or leave it some of its own.
        document.salt.count == HashEnvelope.saltBytes,
        HashEnvelope.digest(salt: document.salt, document: document.bytes).bytes == content.payload
      else { throw fault("a document is not the one whose salted hash is entry \(document.index)") }
    }
  }
}
