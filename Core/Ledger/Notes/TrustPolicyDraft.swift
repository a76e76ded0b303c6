extension TrustPolicy {
  /// A policy while it is put together: each part is checked against the parts before it.
  struct Draft {
    static let none: OctetText = "none"

    private(set) var logs: [Log] = []
    private(set) var witnesses: [Witness] = []
    private(set) var groups: [Group] = []
    /// Not set, or set to a name or to none at all.
    private(set) var quorum: OctetText??

    private var defined: Set<OctetText> = []
    private var grouped: Set<OctetText> = []
    private var publicKeys: Set<[UInt8]> = []
    private var identities: Set<VerifierKey.Identity> = []

    mutating func add(_ log: Log) throws(TrustPolicyFault) {
      try Self.checkItem(log.url)
      guard log.key.algorithm != .cosignature else { throw .keyType(expected: 0x01, found: log.key.type) }
      try claim(log.key)
      logs.append(log)
    }

    mutating func add(_ witness: Witness) throws(TrustPolicyFault) {
      try Self.checkItem(witness.url)
      guard witness.key.algorithm != .ed25519 else { throw .keyType(expected: 0x04, found: witness.key.type) }
      try checkNew(witness.name)
      try claim(witness.key)
      defined.insert(witness.name)
      witnesses.append(witness)
    }

    mutating func add(_ group: Group) throws(TrustPolicyFault) {
      try checkNew(group.name)
      guard !group.members.isEmpty else { throw .emptyGroup(group.name) }
      guard (1...group.members.count).contains(group.threshold) else {
        throw .threshold(k: group.threshold, members: group.members.count)
      }
      for member in group.members {
        guard member != Self.none else { throw .noneAsMember }
        guard defined.contains(member) else { throw .undefinedName(member) }
        // A draft is dropped at its first fault, so what has been inserted needs no undoing.
        guard grouped.insert(member).inserted else { throw .secondMembership(member) }
      }
      defined.insert(group.name)
      groups.append(group)
    }

    mutating func setQuorum(_ name: OctetText?) throws(TrustPolicyFault) {
      guard quorum == nil else { throw .secondQuorum }
      if let name { guard defined.contains(name) else { throw .undefinedName(name) } }
      quorum = .some(name)
    }

    private func checkNew(_ name: OctetText) throws(TrustPolicyFault) {
      try Self.checkItem(name)
      guard name != Self.none else { throw .reservedName }
      guard !defined.contains(name) else { throw .duplicateName(name) }
    }

    private mutating func claim(_ key: VerifierKey) throws(TrustPolicyFault) {
      guard !publicKeys.contains(key.publicKey) else { throw .duplicateKey(key.name) }
      guard identities.insert(key.identity).inserted else { throw .ambiguousKey(key.name) }
      publicKeys.insert(key.publicKey)
    }

    /// An item has octets, and neither white space nor what the format cannot carry.
    private static func checkItem(_ text: OctetText?) throws(TrustPolicyFault) {
      guard let text else { return }
      guard let bad = text.octets.firstIndex(where: { $0 <= 0x20 || $0 == 0x7F }) else {
        guard !text.octets.isEmpty else { throw .emptyItem }
        return
      }
      throw .octet(text.octets[bad])
    }
  }
}
