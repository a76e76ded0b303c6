import Primitives

extension Catalogue {
  /// What the pages say, in Simplified Chinese.
  static let pages = Catalogue([
    "Ledger": "账本",
    "To the content": "跳到正文",
    "Pages": "页面",
    "Every answer comes with a proof that anyone can check offline:": "每个答案都附有任何人可离线验证的证明：",
    "checkpoint": "检查点",
    "trust policy": "信任策略",
    "The connection is lost; what you see may be old. It is being taken up again.": "连接已断开，所见内容可能已过时。正在重新连接。",
    "Entries in the log": "日志条目数",
    "Blocks": "区块数",
    "Co-signed by a quorum": "已达法定联署的条目数",
    "Last sealed": "最近封块时间",
    "Members": "成员",
    "Member": "成员",
    "Role": "角色",
    "Newest final checkpoint": "最新的终局检查点",
    "Recent blocks": "最近的区块",
    "Block": "区块",
    "Time (UTC)": "时间（UTC）",
    "Statements": "声明数",
    "Refused": "被拒绝",
    "Nothing has been sealed yet.": "尚未封过区块。",
    "Check it yourself": "自行验证",
    "Take the trust policy once, from someone you trust. Any proof from this ledger can then be checked without it.":
      "从你信任的一方取得一次信任策略，此后无需访问本账本即可验证它给出的任何证明。",
    "Origin": "来源名",
    "Root of the log": "日志根",
    "Root of the state": "状态根",
    "co-signed": "已联署",
    "not co-signed": "未联署",
    "member": "成员",
    "regulator": "监管方",
    // Charts.
    "There is nothing to show yet.": "暂无可显示的内容。",
    " Each bar is the highest of {1} neighbours.": " 每根柱为相邻 {1} 个值中的最高值。",
    "suspect": "可疑",
    "failed": "不合格",
    "gap": "缺口",
  ])
}
