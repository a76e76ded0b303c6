import COSE
import Ledger
import Primitives

/// What `member list` says: the configuration in force, and what is proposed.
struct MembershipAnswer: Encodable {
  struct Key: Encodable {
    let id: String
    let algorithm: String
    let role: String
  }

  struct Entry: Encodable {
    let name: String
    let title: String
    let role: String
    let keys: [Key]
  }

  struct Proposal: Encodable {
    let digest: String
    let epoch: UInt64
    let changes: [Message]
    let approvals: [String]
  }

  let epoch: UInt64
  let quorum: Int
  let contractVersion: UInt64
  let access: String
  let members: [Entry]
  let proposals: [Proposal]

  init(_ now: Ledger.Configuration, proposals: [(configuration: Ledger.Configuration, approvals: [String])]) {
    epoch = now.epoch
    quorum = now.quorum
    contractVersion = now.contractVersion
    access = now.access.rawValue
    members = now.members.map { member in
      Entry(
        name: member.name, title: member.title, role: member.role.rawValue,
        keys: member.statementKeys.map {
          Key(id: $0.key.id.hex, algorithm: "\($0.key.algorithm)", role: $0.role.rawValue)
        })
    }
    self.proposals = proposals.map { next, approvals in
      Proposal(
        digest: next.digest.hex, epoch: next.epoch, changes: MembershipAnswer.changes(from: now, to: next),
        approvals: approvals)
    }
  }

  /// The same for people.
  var lines: [Message] {
    var lines: [Message] = [
      "Epoch \(epoch): \(members.count) members, \(quorum) must co-sign, contract version \(contractVersion), access "
        + "\(access)."
    ]
    for member in members {
      lines.append("  \(member.name) (\(member.role)): \(member.title)")
      for key in member.keys { lines.append("    \(key.role) key \(key.id) (\(key.algorithm))") }
    }
    for proposal in proposals {
      lines.append("  proposed: \(proposal.digest) (epoch \(proposal.epoch))")
      for change in proposal.changes { lines.append("    \(change)") }
      lines.append(
        "    approved by \(proposal.approvals.joined(separator: ", ")): \(proposal.approvals.count) of \(quorum) needed"
      )
    }
    return lines
  }

  /// What differs between two configurations, in sentences.
  static func changes(from now: Ledger.Configuration, to next: Ledger.Configuration) -> [Message] {
    var found: [Message] = []
    func keys(_ member: Member) -> Message {
      member.statementKeys.map { "\($0.role.rawValue) key \($0.key.id)" as Message }.joined(separator: ", ")
    }
    for member in next.members {
      guard let old = now.member(member.name) else {
        found.append("\(member.name) joins as \(member.role.rawValue) ('\(member.title)') with \(keys(member)).")
        continue
      }
      if old.statementKeys != member.statementKeys { found.append("\(member.name) signs with \(keys(member)).") }
      if old.logKey != member.logKey { found.append("\(member.name) has another log key.") }
      if old.cosignatureKey != member.cosignatureKey { found.append("\(member.name) has another co-signature key.") }
      if old.role != member.role { found.append("\(member.name) becomes \(member.role.rawValue).") }
      if old.title != member.title { found.append("\(member.name) is called '\(member.title)'.") }
    }
    for member in now.members where next.member(member.name) == nil { found.append("\(member.name) leaves.") }
    if now.quorum != next.quorum || now.members.count != next.members.count {
      found.append(
        "\(next.quorum) of \(next.members.count) members must co-sign, instead of \(now.quorum) of \(now.members.count)."
      )
    }
    if now.contractVersion != next.contractVersion {
      found.append("Contract version \(next.contractVersion) takes the place of \(now.contractVersion).")
    }
    if now.access != next.access { found.append("Access becomes \(next.access.rawValue).") }
    if now.algorithms != next.algorithms { found.append("Accepted algorithms: \(next.algorithms).") }
    return found
  }
}
