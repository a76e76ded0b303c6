import COSE
import FinanceRules
import Ledger
import Primitives

/// The commands of one note's life, signed ahead: ids follow from what is signed, so none waits for another's outcome.
struct NoteScript {
  /// Signed commands of a note: filed, approved, proposed, accepted twice, split, offered, taken.
  static let commands = 8
  /// Minor units of a note.
  static let face: Int64 = 100_000

  let ground: FinanceGround
  let number: Int

  /// The statements' bytes, in the order in which they must be carried out.
  func entries(at time: UInt64) throws -> [[UInt8]] {
    var entries: [[UInt8]] = []
    func sign(_ document: some Document, by name: String) throws -> Digest {
      let statement = try document.statement(
        issuer: name, subject: "bench", time: time,
        claimID: ClaimID(high: UInt64(number), low: UInt64(entries.count)), key: ground.key(name),
        carryingKey: name.contains("/"))
      entries.append(statement.entry)
      return statement.id
    }
    let token = Digest.sha256("invoice \(number)")
    let day = Int64(time / 86_400_000)
    _ = try sign(
      InvoiceFiling {
        ($0.token, $0.similar, $0.tokenKey) = (token, .sha256("similar \(number)"), "bench")
        ($0.seller, $0.buyer, $0.payable) = ("tier1", "core", NoteScript.face)
        ($0.issueDay, $0.deliveryDay) = (day, day)
      }, by: "tier1")
    _ = try sign(InvoiceAction { $0.token = token }, by: "core")
    let note = try sign(
      NoteProposal {
        ($0.invoice, $0.amount) = (token, NoteScript.face)
        ($0.maturity, $0.expires) = (day + 60, time + 86_400_000)
      }, by: "core/ada")
    _ = try sign(ProposalAction { ($0.note, $0.step) = (note, .acceptIssue) }, by: "core/bob")
    _ = try sign(
      ProposalAction { ($0.note, $0.step, $0.isFreeChoice) = (note, .acceptPayment, true) }, by: "tier1")
    _ = try sign(
      LotSplit {
        ($0.note, $0.lot) = (note, note)
        $0.parts = [30_000, 70_000].map { amount in Part { $0.amount = amount } }
      }, by: "tier1")
    let lot = SupplyChainContract.child(of: note, 0)
    _ = try sign(
      LotAction {
        ($0.note, $0.lot, $0.step) = (note, lot, .offerTransfer)
        ($0.party, $0.expires) = ("tier2", time + 86_400_000)
      }, by: "tier1")
    _ = try sign(LotAction { ($0.note, $0.lot, $0.step) = (note, lot, .acceptTransfer) }, by: "tier2")
    return entries
  }
}
