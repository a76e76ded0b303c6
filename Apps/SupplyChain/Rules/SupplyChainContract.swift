package import COSE
package import Ledger
internal import Primitives
internal import Value

/// The rules of supply-chain finance: undertakings to pay that are accepted, split, passed on, financed and settled.
///
/// Each subject has a file of its own. Every refusal is a `Guard`; what a refused command wrote is undone.
package struct SupplyChainContract: Contract {
  package static let id = "supplychain"
  package static let versions: ClosedRange<UInt64> = 1...1
  package static let namespaces = Family.all

  /// A guard that does not hold anything back: tests take each out in turn, and something must then go through.
  private let without: Guard?
  /// Told the file and line of each guard that refuses; tests see by it that every one has refused something.
  private let watch: (@Sendable (StaticString, UInt) -> Void)?

  package init(version: UInt64) { (without, watch) = (nil, nil) }

  /// The rules without one guard; for tests alone.
  package init(without guard: Guard) { (without, watch) = (`guard`, nil) }

  /// The rules, watched; for tests alone.
  package init(watch: @escaping @Sendable (StaticString, UInt) -> Void) { (without, self.watch) = (nil, watch) }

  /// Refuses with the guard's code unless the condition holds.
  func require(
    _ condition: Bool, _ guard: Guard, file: StaticString = #fileID, line: UInt = #line
  ) throws(Refusal) {
    guard !condition, `guard` != without else { return }
    watch?(file, line)
    throw `guard`.refusal
  }

  /// Members and regulators: what one of them must not see is a commitment with a ciphertext beside it.
  package func readers(of statement: Statement) -> Audience { .members }

  /// Members and regulators.
  package func readers(of key: StateKey) -> Audience { .members }

  package func recognizes(_ key: KeyID, _ context: Context, _ state: inout State) -> Bool {
    let digest = KeyParty.digest(key)
    return state[Family.persons.key(digest)] != nil || state[Family.holderKeys.key(digest)] != nil
  }

  package func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard !statement.isHashEnvelope else { throw Guard.contentUnknown.refusal }
    switch statement.contentType {
    case RosterChange.contentType: return try decide(try RosterChange.read(statement), statement, context, &state)
    case Policy.contentType: return try decide(try Policy.read(statement), statement, context, &state)
    case PersonChange.contentType: return try change(try PersonChange.read(statement), statement, context, &state)
    default: break
    }
    let actor = try actor(statement, context, &state)
    switch statement.contentType {
    case KeysAdmission.contentType: try admit(try KeysAdmission.read(statement), actor, &state)
    case SealingNotice.contentType: notice(try SealingNotice.read(statement), actor, &state)
    case TradeFiling.contentType: try file(try TradeFiling.read(statement), actor, &state)
    case InvoiceFiling.contentType: try file(try InvoiceFiling.read(statement), actor, &state)
    case InvoiceAction.contentType: try act(try InvoiceAction.read(statement), actor, &state)
    case CreditNoteFiling.contentType: try file(try CreditNoteFiling.read(statement), actor, &state)
    case NoteProposal.contentType: try propose(try NoteProposal.read(statement), actor, &state)
    case ProposalAction.contentType: try act(try ProposalAction.read(statement), actor, &state)
    case LotSplit.contentType: try split(try LotSplit.read(statement), actor, &state)
    case LotAction.contentType: try act(try LotAction.read(statement), actor, &state)
    case LotPayment.contentType: try pay(try LotPayment.read(statement), actor, &state)
    case WriteOff.contentType: try writeOff(try WriteOff.read(statement), actor, &state)
    case FinanceRequest.contentType: try request(try FinanceRequest.read(statement), actor, &state)
    case Bid.contentType: try bid(try Bid.read(statement), actor, &state)
    case BidChoice.contentType: try choose(try BidChoice.read(statement), actor, &state)
    case RegistryClaim.contentType: try claim(try RegistryClaim.read(statement), actor, &state)
    case LineGrant.contentType: try grant(try LineGrant.read(statement), actor, &state)
    case RegulatorRead.contentType: try record(try RegulatorRead.read(statement), actor, &state)
    case GoodsReceipt.contentType: try receive(try GoodsReceipt.read(statement), actor, &state)
    case GoodsValue.contentType: try revalue(try GoodsValue.read(statement), actor, &state)
    case FacilityProposal.contentType: try propose(try FacilityProposal.read(statement), actor, &state)
    case FacilityAction.contentType: try act(try FacilityAction.read(statement), actor, &state)
    case FacilityPayment.contentType: try pay(try FacilityPayment.read(statement), actor, &state)
    case DeviceRegistration.contentType: try register(try DeviceRegistration.read(statement), actor, &state)
    case SensorReading.contentType: try take(try SensorReading.read(statement), actor, &state)
    case ExceptionAction.contentType: try act(try ExceptionAction.read(statement), actor, &state)
    default: throw Guard.contentUnknown.refusal
    }
  }
}
