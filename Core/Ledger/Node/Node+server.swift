public import COSE
import Merkle
import Primitives

/// What a server of the node asks beside proofs.
extension Node {
  /// Statements that are in flight in this process: submitted, not yet sealed.
  ///
  /// At `Limits.pendingStatements` and above a further `submit` waits; a server answers "busy" instead.
  public nonisolated func pendingStatements() async -> Int { await gate.depth }
}

extension ContractSuite {
  /// The rules of a version, with an empty derived index: who may read what is asked of them.
  ///
  /// Throws `.unavailable` for a version that this program does not have.
  public func rules(version: UInt64) throws(LedgerError) -> any Contract { try contract(version: version) }
}

extension LedgerView {
  /// The number of keys of the state that begin with these bytes; does not read them.
  public func count(_ prefix: StatePrefix) throws(LedgerError) -> Int {
    try search { try $0.count(prefix: prefix.bytes) }
  }

  /// Longer prefixes that together have exactly the keys under this one, with the number of keys under each.
  public func narrower(_ prefix: StatePrefix) throws(LedgerError) -> [(prefix: StatePrefix, count: Int)] {
    try search { map in
      try map.narrower(prefix: prefix.bytes).map { (prefix: StatePrefix(bytes: $0.prefix), count: $0.count) }
    }
  }

  /// The log keys of all members of all configurations so far, oldest first, each once: receipts may carry any of them.
  public func logKeys() throws(LedgerError) -> [PublicKey] {
    var keys: [PublicKey] = []
    for epoch in 0...configuration.epoch {
      guard let bytes = try value(Membership.configurations.key(order: epoch)) else { continue }
      for member in try Configuration(decoding: bytes[...]).members {
        if let key = try? PublicKey(ed25519: member.logKey), !keys.contains(key) { keys.append(key) }
      }
    }
    return keys
  }

  /// The proposals of the next configuration that are waiting, with the names of the members that approve each.
  public func proposals() throws(LedgerError) -> [(configuration: Configuration, approvals: [String])] {
    var found: [(configuration: Configuration, approvals: [String])] = []
    for (_, value) in try list(Membership.proposals.prefix()) {
      guard let next = try? Configuration(decoding: value[...]), next.epoch == configuration.epoch + 1 else { continue }
      let approvals = try list(Membership.approvals.prefix(next.digest)).map {
        String(decoding: $0.value, as: UTF8.self)
      }
      found.append((next, approvals.filter { configuration.member($0) != nil }.sorted()))
    }
    return found
  }

  /// The seal of the block that holds entry `index`, or nil when the view does not reach it; two reads.
  public func seal(holding index: UInt64) throws(LedgerError) -> Seal? {
    let size = size
    guard index < size else { return nil }
    return try read { db in
      guard let block = try Store.block(db, holding: index), block.size <= size, index < block.size, block.size > 0,
        let entry = try Store.entry(db, block.size - 1), Seal.isSeal(entry[...])
      else { return nil }
      return try Seal(decoding: entry[...])
    }
  }

  /// Who may see an entry of the log, as the contract says; the genesis and seals are for everyone.
  ///
  /// A statement whose key is no longer known here is for members. The signature is not checked again: it was before
  /// the entry came into the log.
  public func readers(of entry: [UInt8], by rules: any Contract) -> Audience {
    guard !Seal.isSeal(entry[...]), let message = try? Sign1(entry), let header = try? StatementHeader(message) else {
      return .everyone
    }
    let known = configuration.members.lazy.flatMap(\.statementKeys).first { $0.key.id == header.keyID }?.key
    guard let key = known ?? (try? header.confirmationKey()) else { return .members }
    return rules.readers(
      of: Statement(entry: entry, id: message.statementID, header: header, payload: message.payload, key: key))
  }
}
