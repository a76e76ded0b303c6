package import Ledger
package import Primitives
internal import COSE
internal import CBOR
package import Value

/// The rules of the copyright ledger: works and whose they are, who may use them, and who did.
///
/// A work that looks like an earlier one of other owners is refused in `apply`, so that of two registrations that race
/// one wins and the other names it. The search goes through a derived index that equals a scan of `codes`.
package struct CopyrightContract: Contract {
  /// The contract's name.
  package static let id = "copyright"
  /// The versions of the rules.
  package static let versions: ClosedRange<UInt64> = 1...1

  /// `10 ‖ SHA-256(work)` → a `WorkRecord`.
  package static let works = Namespace(0x10, "works", identifiers: 1)
  /// `11 ‖ SHA-256(work)` → a `CodeRecord`; the index is fed from these.
  package static let codes = Namespace(0x11, "what works look like", identifiers: 1)
  /// `12 ‖ SHA-256(work)` → the `Shares` as they are now.
  package static let shares = Namespace(0x12, "shares now", identifiers: 1)
  /// `13 ‖ SHA-256(work) ‖ u64 entry` → a `TitleEvent`: one prefix is the whole chain of title.
  package static let titles = Namespace(0x13, "chains of title", identifiers: 1, ordered: true)
  /// `14 ‖ SHA-256 of a file` → the work's id.
  package static let files = Namespace(0x14, "works by file", identifiers: 1)
  /// `15 ‖ BLAKE3 of a file` → the work's id.
  package static let instances = Namespace(0x15, "works by Instance-Code", identifiers: 1)
  /// `16 ‖ SHA-256(work) ‖ u64 entry` → a `LicenceRecord`: one prefix is every licence of a work.
  package static let licences = Namespace(0x16, "licences", identifiers: 1, ordered: true)
  /// `17 ‖ SHA-256(party) ‖ u64 entry` → the work's id: one prefix is every licence of a licensee.
  package static let licensees = Namespace(0x17, "licences by licensee", identifiers: 1, ordered: true)
  /// `18 ‖ SHA-256(work) ‖ SHA-256(terms) ‖ SHA-256(member)` → the member's name.
  package static let consents = Namespace(0x18, "consents to licences", identifiers: 3)
  /// `19 ‖ SHA-256(work) ‖ u64 entry` → a `RoyaltyRecord`.
  package static let royalties = Namespace(0x19, "royalties", identifiers: 1, ordered: true)
  /// `1a ‖ SHA-256(work/licence/period)` → the log entry that reported it.
  package static let periods = Namespace(0x1a, "periods reported", identifiers: 1)
  /// `1b ‖ SHA-256(work) ‖ u64 entry` → a `PresaleRecord`.
  package static let presales = Namespace(0x1b, "pre-sales", identifiers: 1, ordered: true)
  /// `1c ‖ SHA-256(work/pre-sale) ‖ u64 entry` → `[buyer, lots]`.
  package static let pledges = Namespace(0x1c, "pledges of pre-sales", identifiers: 1, ordered: true)
  /// `1d ‖ SHA-256(work) ‖ u64 entry` → a `DisputeRecord`: one prefix is every dispute of a work.
  package static let disputes = Namespace(0x1d, "disputes", identifiers: 1, ordered: true)
  /// `1e ‖ u64 entry` → an `Incident`.
  package static let incidents = Namespace(0x1e, "incidents in the order of the log", identifiers: 0, ordered: true)
  /// `1f ‖ SHA-256(work) ‖ u64 entry` → the same `Incident`.
  package static let workIncidents = Namespace(0x1f, "incidents by work", identifiers: 1, ordered: true)
  /// `20 ‖ SHA-256(file/place/user/time)` → the log entry of the sighting.
  package static let sightings = Namespace(0x20, "sightings known", identifiers: 1)
  /// `21 ‖ SHA-256(subject) ‖ u64 entry` → the salted digest of a document beside the log.
  package static let deposits = Namespace(0x21, "documents beside the log", identifiers: 1, ordered: true)
  /// `22 ‖ SHA-256(party) ‖ SHA-256(work)` → the work's id: one prefix is every work that a party holds shares of.
  package static let holdings = Namespace(0x22, "works by holder", identifiers: 2)
  /// `23 ‖ SHA-256(party) ‖ SHA-256(account) ‖ SHA-256(currency)` → an account's totals.
  package static let accounts = Namespace(0x23, "accounts", identifiers: 3)
  /// `24 ‖ SHA-256 of what it is for` → a reservation of money.
  package static let reservations = Namespace(0x24, "money set aside", identifiers: 1)

  /// All families of the contract.
  package static let namespaces = [
    works, codes, shares, titles, files, instances, licences, licensees, consents, royalties, periods, presales,
    pledges,
    disputes, incidents, workIncidents, sightings, deposits, holdings, accounts, reservations,
  ]
  /// The index sees the codes.
  package static let indexedNamespaces = [codes]

  /// How often a licence may be passed on.
  package static let sublicences = 8
  /// How far a statement may speak of the past or the future where it means now, milliseconds.
  package static let toleranceMs = Limits.clockSkewMs

  /// What each party is owed and owes.
  package static let postings = Postings(accounts: accounts, reservations: reservations)

  private(set) var index = CodeIndex()

  /// The rules as of a version, with an empty index.
  package init(version: UInt64) {}

  /// Carries out one statement, or refuses it with a code.
  package func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard context.configuration.member(statement.issuer) != nil else {
      throw Refusal("not-a-member", "Only a member's key may state this.")
    }
    if statement.isHashEnvelope { return try deposit(statement, context, &state) }
    switch statement.contentType {
    case Registration.contentType: try register(try .read(statement), statement, context, &state)
    case ShareTransfer.contentType: try transfer(try .read(statement), statement, context, &state)
    case Inheritance.contentType: try inherit(try .read(statement), statement, context, &state)
    case LicenceConsent.contentType: try consent(try .read(statement), statement, &state)
    case LicenceGrant.contentType: try grant(try LicenceGrant.read(statement).terms, statement, context, &state)
    case LicenceEnd.contentType: try end(try LicenceEnd.read(statement), statement, context, &state)
    case RoyaltyReport.contentType: try report(try .read(statement), statement, context, &state)
    case Presale.contentType: try offer(try .read(statement), statement, context, &state)
    case Pledge.contentType: try pledge(try .read(statement), statement, context, &state)
    case PresaleClose.contentType: try close(try .read(statement), context, &state)
    case Dispute.contentType: try dispute(try .read(statement), statement, context, &state)
    case DisputeEnd.contentType: try end(try DisputeEnd.read(statement), statement, context, &state)
    case Sighting.contentType: try sight(try .read(statement), context, &state)
    case IncidentStep.contentType: try step(try .read(statement), statement, context, &state)
    default:
      throw Refusal("content-type-unknown", "This ledger takes no statements of the type '\(statement.contentType)'.")
    }
  }

  /// Takes one change of a work's codes into the index.
  package mutating func index(_ key: StateKey, from old: [UInt8]?, to new: [UInt8]?) {
    if let old = CodeRecord(reading: old) { index.remove(old) }
    if let new = CodeRecord(reading: new) { index.insert(new) }
  }

  /// A digest of the index, whatever the order in which it was fed.
  package func indexDigest() -> Digest? { index.digest }
}

/// What several rules need.
extension CopyrightContract {
  /// The record of a work, or a refusal.
  func work(_ id: String, _ state: inout State) throws(Refusal) -> WorkRecord {
    guard let record = WorkRecord(reading: state[Self.works.key(.sha256(id))]) else {
      throw Refusal("work-unknown", "No work '\(id)' is registered on this ledger.")
    }
    return record
  }

  /// The shares of a work as they are now, or a refusal.
  func shares(_ id: String, _ state: inout State) throws(Refusal) -> Shares {
    guard let shares = Shares(reading: state[Self.shares.key(.sha256(id))]) else {
      throw Refusal("work-unknown", "No work '\(id)' is registered on this ledger.")
    }
    return shares
  }

  /// Everything that decides about a work at any time.
  func history(_ work: String, _ state: inout State) -> RightsHistory {
    let prefixes = RightsHistory.prefixes(of: work)
    return RightsHistory(
      titles: state.list(prefixes[0]), licences: state.list(prefixes[1]), disputes: state.list(prefixes[2]))
      ?? RightsHistory()
  }

  /// Writes new shares: what they are now, the link in the chain of title, and who holds what.
  func set(
    _ new: Shares, of work: String, _ kind: TitleEvent.Kind, _ context: Context, _ state: inout State
  ) {
    let digest = Digest.sha256(work)
    let old = Shares(reading: state[Self.shares.key(digest)])
    for share in old?.list ?? [] where new[share.party] == 0 {
      state.set(Self.holdings.key(.sha256(share.party), digest), nil)
    }
    for share in new.list where (old?[share.party] ?? 0) == 0 {
      state.set(Self.holdings.key(.sha256(share.party), digest), Array(work.utf8))
    }
    state.set(Self.shares.key(digest), new.encoded())
    state.set(
      Self.titles.key(digest, order: context.index), TitleEvent(kind, context.time, new).encoded())
  }

  /// Refuses a party for whom no member speaks.
  func expectParty(_ party: String, _ context: Context) throws(Refusal) {
    guard context.configuration.member(Party.member(of: party)) != nil else {
      throw Refusal("party-unknown", "No member speaks for '\(party)': a party is 'member' or 'member/pseudonym'.")
    }
  }

  /// Refuses all but a regulator.
  func expectRegulator(_ statement: Statement, _ document: Digest?, _ context: Context) throws(Refusal) {
    guard isRegulator(statement.issuer, context) else {
      throw Refusal("not-a-regulator", "Only a regulator states this.")
    }
    guard document != nil else {
      throw Refusal("document-missing", "A decision names the SHA-256 of its document.")
    }
  }

  func isRegulator(_ member: String, _ context: Context) -> Bool {
    context.configuration.member(member)?.role == .regulator
  }

  /// Notes that one party owes another.
  func owe(
    _ debtor: String, _ creditor: String, _ amount: Int64, _ currency: Currency, _ state: inout State
  ) throws(Refusal) {
    guard amount > 0, debtor != creditor else { return }
    do {
      try Self.postings.post(
        debit: Self.receivable(creditor, currency), credit: Self.payable(debtor, currency), amount, &state)
    } catch { throw error.refusal }
  }

  /// What a party is owed: the debit balance of this account.
  package static func receivable(_ party: String, _ currency: Currency) -> AccountID {
    AccountID(party, "receivable", currency)
  }

  /// What a party owes: the credit balance of this account.
  package static func payable(_ party: String, _ currency: Currency) -> AccountID {
    AccountID(party, "payable", currency)
  }
}
