package import Primitives

extension Catalogue {
  /// What the application says, in Simplified Chinese.
  package static let roaming = Catalogue([
    "Settles roaming between operators; a month's settlement is proved complete.": "运营商之间的漫游结算；每月结算都证明完整无漏。",
    "States what a subscriber used abroad.": "声明用户在外网的使用量。",
    "The operator that states it.": "作出声明的运营商。",
    "The subscriber's own operator.": "用户的归属运营商。",
    "The operator that was visited.": "被访问的运营商。",
    "The month, for example 2026-10.": "月份，例如 2026-10。",
    "The session's name, the same for both sides.": "会话名，双方相同。",
    "What the visited operator charges, in minor units.": "被访运营商的收费，以最小货币单位计。",
    "A month between two operators, with the proof that nothing is left out.": "两个运营商之间某月的结算，附无遗漏证明。",
    "One operator.": "一方运营商。",
    "The other.": "另一方。",
    "Writes the proof to this file.": "将证明写入此文件。",
    "Entry {1}.": "条目 {1}。",
    "In {1} {2} owes {3} {4} net, over {5} agreed sessions.": "{1}，{2} 净欠 {3} {4}，涉及 {5} 个双方一致的会话。",
    "{1} sessions are in dispute, {2} have one side's word only; these are all {3} there are.":
      "{1} 个会话有争议，{2} 个仅有一方声明；全部会话共 {3} 个。",
    "The proof leaves out the sessions of the month.": "证明遗漏了该月的会话。",
    "A session of the month is withheld.": "该月有一个会话未公开。",
    "The settlement is not the sum of its sessions.": "结算不等于其会话之和。",
    "The usage record cannot be read: {1}": "无法读取使用记录：{1}",
    "Only {1} and {2} state what was used between them.": "只有 {1} 和 {2} 可声明彼此之间的使用量。",
    "Home and visited network are two different members.": "归属网络与被访网络应为两个不同的成员。",
    "The session was stated with the networks in other roles.": "该会话此前声明时两个网络的角色不同。",
    "{1} has stated this session before.": "{1} 此前已声明过该会话。",
    "a usage record has five fields": "使用记录应有五个字段",
    "a charge is at most 2^48": "收费不超过 2^48",
    "a session has three fields": "会话应有三个字段",
    "a settlement has three fields": "结算应有三个字段",
  ])
}
