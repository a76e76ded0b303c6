internal import COSE
internal import Ledger
internal import Primitives

/// Who the organisations are, who acts for them, and by what numbers: decided on the ledger.
extension SupplyChainContract {
  /// The member whose admin key states something.
  private func admin(_ statement: Statement, _ context: Context) throws(Refusal) -> String {
    let key = context.configuration.member(statement.issuer)?.statementKeys.first { $0.key.id == statement.key.id }
    try require(key?.role == .admin, .notAdmin)
    return statement.issuer
  }

  /// Counts an approval of a decision; true when it is the one that makes the quorum.
  private func approve(
    _ decision: some Document, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) -> Bool {
    let approver = try admin(statement, context)
    let digest = Digest.sha256(Array(statement.contentType.utf8) + decision.encoded())
    state.set(Family.approvals.key(digest, .sha256(approver)), Array(approver.utf8))
    let approvals = state.list(Family.approvals.prefix(digest)).filter {
      context.configuration.member(String(decoding: $0.value, as: UTF8.self)) != nil
    }
    return approvals.count >= context.configuration.quorum
  }

  /// Decisions of one kind are numbered, so that an old one cannot be brought up again.
  private func isNext(_ what: String, _ number: UInt64, _ state: inout State) throws(Refusal) -> StateKey {
    let key = Family.heads.key(.sha256(what))
    var reader = ByteReader(state[key] ?? [0, 0, 0, 0, 0, 0, 0, 0])
    try require(number == (reader.u64() ?? 0) + 1, .decisionStale)
    return key
  }

  private func advance(_ key: StateKey, to number: UInt64, _ state: inout State) {
    var bytes: [UInt8] = []
    bytes.append(u64: number)
    state.set(key, bytes)
  }

  func decide(
    _ change: RosterChange, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let head = try isNext("roster", change.number, &state)
    for entry in change.entries where !entry.lei.isEmpty { try require(LEI.isValid(entry.lei), .leiInvalid) }
    guard try approve(change, statement, context, &state) else { return }
    for entry in change.entries { state.put(Family.members.key(.sha256(entry.name)), entry) }
    advance(head, to: change.number, &state)
  }

  func decide(_ policy: Policy, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let head = try isNext("policy", policy.version, &state)
    guard try approve(policy, statement, context, &state) else { return }
    state.put(Family.policies.key(order: policy.version), policy)
    advance(head, to: policy.version, &state)
  }

  /// An organisation's admin key says who acts for it.
  func change(
    _ change: PersonChange, _ statement: Statement, _ context: Context, _ state: inout State
  ) throws(Refusal) {
    let member = try admin(statement, context)
    let key: PublicKey
    do { key = try PublicKey(coseKey: change.key) } catch {
      throw Refusal("document-malformed", "The person's key cannot be read: \(error).")
    }
    let digest = KeyParty.digest(key.id)
    let known: PersonRecord? = try state.record(Family.persons.key(digest))
    try require(
      (known == nil || (known?.member == member && known?.person.name == change.name))
        && state[Family.holderKeys.key(digest)] == nil
        && !context.configuration.members.contains { $0.statementKeys.contains { $0.key.id == key.id } }, .keyInUse)
    var record = PersonRecord()
    (record.member, record.person) = (member, change)
    state.put(Family.persons.key(digest), record)
  }

  /// The registrar vouches for holders' keys.
  func admit(_ admission: KeysAdmission, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(actor.has(.registrar), .roleMissing)
    for key in admission.keys {
      try require(
        state[Family.holderKeys.key(key.key)] == nil && state[Family.persons.key(key.key)] == nil, .keyInUse)
      state.put(Family.holderKeys.key(key.key), key)
    }
  }

  /// The policy in force.
  func policy(_ state: inout State) throws(Refusal) -> Policy {
    var reader = ByteReader(state[Family.heads.key(.sha256("policy"))] ?? [])
    guard let version = reader.u64() else { throw Guard.policyMissing.refusal }
    return try policy(version, &state)
  }

  /// The policy of a version.
  func policy(_ version: UInt64, _ state: inout State) throws(Refusal) -> Policy {
    guard let policy: Policy = try state.record(Family.policies.key(order: version)) else {
      throw Guard.policyMissing.refusal
    }
    return policy
  }

  func record(_ read: RegulatorRead, _ actor: Actor, _ state: inout State) throws(Refusal) {
    try require(actor.has([.regulator, .auditor]), .roleMissing)
    state.put(
      Family.reads.key(.sha256(read.member), order: actor.index),
      NoteEvent {
        $0.kind = "read"
        ($0.actor, $0.other, $0.time) = (actor.party, String(read.member), actor.time)
      })
  }
}
