import Primitives

extension Catalogue {
  /// What an audit and a damaged store say, in Simplified Chinese.
  static let damage = Catalogue([
    "The seal is not the one that the checkpoint was signed over.": "封块记录不是检查点签署时所覆盖的那一条。",
    "It does not name the checkpoint of its configuration.": "它所指的不是其配置的检查点。",
    "The block's row is not what the genesis says.": "区块行与创世记录不符。",
    "block 0": "区块 0",
    "The log has no such configuration.": "日志中没有这样的配置。",
    "The log has no block {1}.": "日志中没有区块 {1}。",
    "The log ends where block {1} should begin.": "日志在区块 {1} 应开始处结束。",
    "The log has no such block.": "日志中没有这样的区块。",
    "The write set of block {1} changed while it was audited.": "区块 {1} 的写集在审计期间发生了变化。",
    "The last {1} entries are in no sealed block.": "最后 {1} 个条目不在任何已封的区块中。",
    "The checkpoint is not in its one form.": "检查点不是其唯一的规范形式。",
    "The checkpoint is marked as final, and too few members have co-signed it.": "检查点标为终局，但联署的成员不足。",
    "evidence {1}": "证据 {1}",
    "The row's number does not follow on the one before.": "该行的编号不与前一行相接。",
    "The evidence against '{1}' cannot be read, or is not about this log and size.": "针对 '{1}' 的证据无法读取，或与此日志及大小无关。",
    "The evidence does not carry a co-signature of '{1}' that holds.": "证据中没有 '{1}' 的有效联署。",
    "The evidence carries a signature line that does not hold.": "证据中有一行签名不成立。",
    "The evidence is about a size that the log has not.": "证据涉及日志没有的大小。",
    "The evidence is over this very log, so it is none.": "证据所涉正是此日志，因此不构成证据。",
    "The state table is that of another height.": "状态表属于另一高度。",
    "It is not the list of the state's subtrees.": "它不是状态子树的列表。",
    "The table of ids has a row that belongs to no statement.": "标识表中有一行不属于任何声明。",
    "The row is not a number.": "该行不是数字。",
    "No ledger has a row of this name.": "账本中没有此名称的行。",
    "No state is folded at height 0.": "高度 0 处没有已归并的状态。",
    "The row is missing.": "缺少该行。",
    "The ledger's note '{1}' is damaged. {2}": "账本的记事 '{1}' 已损坏。{2}",
    "The row of block {1} in {2} does not say what the block's seal says. Run audit, and restore this copy from another member.":
      "{2} 中区块 {1} 的行与其封块记录不符。请运行 audit，并从其他成员恢复此副本。",
    "The file {1} is a database of another program, not a ledger. Use another folder.":
      "文件 {1} 是其他程序的数据库，不是账本。请使用另一文件夹。",
    "The ledger file {1} is damaged: its table '{2}' is missing or is not as it was made. Restore this copy from another member.":
      "账本文件 {1} 已损坏：表 '{2}' 缺失或与创建时不同。请从其他成员恢复此副本。",
    "table {1}": "表 {1}",
    "The row of block {1} is damaged: it says that the block goes from entry {2} to {3}. Run audit, and restore this copy from another member.":
      "区块 {1} 的行已损坏：它称区块从条目 {2} 到 {3}。请运行 audit，并从其他成员恢复此副本。",
    "The state in {1} does not fit the list of its subtrees. Run audit to find the place, and restore this copy from another member.":
      "{1} 中的状态与其子树列表不符。请运行 audit 找出位置，并从其他成员恢复此副本。",
    "The disk is full: nothing of this step was stored in {1}. Free some space and try again.":
      "磁盘已满：此步骤未在 {1} 中存入任何内容。请腾出空间后重试。",
  ])
}
