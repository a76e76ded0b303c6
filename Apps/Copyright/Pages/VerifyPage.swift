import Primitives

/// `/verify`: a proof or an evidence package is checked.
struct VerifyPage {
  struct Words {
    let intro: Message =
      "Choose a proof or an evidence package. This server checks it against the policy of its own ledger: that is convenient, "
      + "and its word. To rely on nobody, check the file yourself:"
    let file: Message = "Proof or evidence package"
    let authorities: Message = "Certificates of time-stamp authorities that you trust (PEM, optional)"
    let check: Message = "Check"
    let signers: Message = "Co-signed by"
    let proves: Message = "What it proves"
  }

  let words = Words()
  var isVerified = false
  var isRefuted = false
  var state: Message = ""
  var claims: [Message] = []
  var signers = ""
  var fault: Message = ""

  init(_ answer: RightsServer.CheckAnswer? = nil) {
    guard let answer else { return }
    (isVerified, isRefuted) = (answer.verified, !answer.verified)
    state = answer.verified ? "Verified" : "Not verified"
    claims = answer.claims
    signers = answer.signers.joined(separator: ", ")
    fault = answer.fault ?? ""
  }
}
