import Primitives

extension Catalogue {
  /// What the smart city's answers and proofs say, in Simplified Chinese.
  static let cityAnswers = Catalogue([
    "Smart-city sensors on a consortium ledger: every answer comes with a proof.":
      "联盟账本上的智慧城市传感器：每个答案都附有证明。",
    "The proof leaves out the list that answers the question.": "证明缺少回答该问题的列表。",
    "A value of the list is withheld.": "列表中有一个值未公开。",
    "A value of the list cannot be read: {1}.": "列表中有一个值无法读取：{1}。",
    "This ledger takes statements of the edge, not '{1}'.": "本账本接收边缘侧的声明，不接收“{1}”。",
    "This state is of {1}; it says nothing about {2}.": "此状态截至 {1}，不涉及 {2}。",
    "At {1} the ledger had not certified {2}.": "在 {1}，账本尚未认证 {2}。",
    "At {1} {2} was not valid: outside the time of its certificate.": "在 {1}，{2} 无效：不在其证书有效期内。",
    "At {1} {2} was not valid: in quarantine since {3}.": "在 {1}，{2} 无效：自 {3} 起被隔离。",
    "At {1} {2} was not valid: revoked at {3}.": "在 {1}，{2} 无效：已于 {3} 吊销。",
    "At {1} {2} was valid with the key {3}.": "在 {1}，{2} 有效，密钥为 {3}。",
    "Its whole life on the ledger is {1} events; none was left out.": "其在账本上的整个生命周期为 {1} 个事件，无一遗漏。",
    "  {1} enrolled by {2}: {3} of {4} in {5}, endorsed by a manufacturer and a registrar":
      "  {1} 由 {2} 登记：{4} 的 {3}，位于 {5}，由制造方与登记方背书",
    "  {1} new key {2}, stated by {3}": "  {1} 新密钥 {2}，由 {3} 声明",
    "  {1} {2} by {3}: {4}": "  {1} {2}，由 {3} 声明：{4}",
    "  {1}  {2}  {3}  {4}  severity {5}  by {6}": "  {1}  {2}  {3}  {4}  级别 {5}  声明方 {6}",
    ", signed by the device": "，由设备签名",
    "  {1}  {2}  {3}  {4}  number {5}  by {6}, ": "  {1}  {2}  {3}  {4}  编号 {5}  声明方 {6}，",
    "proved by its evidence": "已由证据证明",
    "the reporter's word": "报告方之言",
    "  {1}  to {2} for '{3}': {4} from {5} until {6}": "  {1}  授予 {2}，用途“{3}”：{4}，自 {5} 至 {6}",
    ", taken back at {1}": "，已于 {1} 收回",
    "  {1}  {2}  {3} read {4} for '{5}'": "  {1}  {2}  {3} 读取了 {4}，用途“{5}”",
    "network alarm, severity {1}": "网络告警，级别 {1}",
    "{1} has enrolled {2} devices; none was left out.": "{1} 已登记 {2} 台设备，无一遗漏。",
    "{1} devices have been enrolled; none was left out.": "已登记 {1} 台设备，无一遗漏。",
    "{1} alarms{2}, in the order of the log; none was left out.": "{2}{1} 条告警，按日志顺序，无一遗漏。",
    "{1} incidents{2}, in the order of the log; none was left out.": "{2}{1} 起安全事件，按日志顺序，无一遗漏。",
    " of {1}": "{1} 的 ",
    "{1} has given {2} grants; none was left out.": "{1} 已给出 {2} 项授权，无一遗漏。",
    "{1} reads are recorded under grant {2} of {3}; none on record was left out.":
      "{3} 的授权 {2} 下记录了 {1} 次读取，在案者无一遗漏。",
    "{1} operations and network alarms, in the order of the log; none was left out.":
      "{1} 项操作与网络告警，按日志顺序，无一遗漏。",
    "The gateway's headers have a gap or a fork at {1}.": "网关的批次头在 {1} 处有缺口或分叉。",
    "{1} has anchored {2} batches with {3} leaves, numbered without a gap, each naming the one before.":
      "{1} 已锚定 {2} 个批次，共 {3} 个叶子，编号连续，每个都指明前一个。",
    "There is no gateway '{1}' in {2}; there are {3}.": "{2} 中没有网关“{1}”；有 {3}。",
    "{1} cannot be read.": "无法读取 {1}。",
    "'{1}' is no device of '{2}'; they are called {3}{4}, {5}{6} and so on.":
      "“{1}”不是“{2}”的设备；其设备名为 {3}{4}、{5}{6} 等。",
    "The folder {1} cannot be written: {2}.": "无法写入文件夹 {1}：{2}。",
    "The proof has not the gateway's part that answers the question.": "证明缺少网关回答该问题的部分。",
    "The proof is of another reading than the one asked for.": "证明所涉不是所问的读数。",
    "The proof is of another series than the one asked for.": "证明所涉不是所问的序列。",
    "The gateway's part cannot be read: {1}.": "无法读取网关的部分：{1}。",
    "The batch's header is not its gateway's own statement.": "批次头不是其网关自己的声明。",
    "The batch has no such leaf.": "批次中没有此叶子。",
    "A batch of the proof is not this gateway's as the ledger has it.": "证明中有一个批次与账本所载的此网关批次不符。",
    "Its device and the gateway share the key that vouches for it: the gateway could have made it itself.":
      "担保它的密钥由设备与网关共享：网关本可自行造出。",
    "The device signs over all that it sends, epoch by epoch: a gateway that changes a reading is found out.":
      "设备按纪元对其发送的一切签名：更改读数的网关会被发现。",
    "The device itself signed it.": "由设备自行签名。",
    "Reading {1} of {2}: {3}, number {4} of boot {5} of {6}.": "{2} 的读数 {1}：{3}，{6} 第 {5} 次启动的编号 {4}。",
    "Sampled at {1} by the device's clock, received at {2} by the gateway's; quality {3}.":
      "设备时钟 {1} 采样，网关时钟 {2} 收到；质量：{3}。",
    "The ledger's rules took the header of batch {1}, {2} leaves, entry {3}, at {4}, from a gateway in service.":
      "账本规则于 {4} 从在用网关接收了批次 {1} 的批次头（{2} 个叶子，条目 {3}）。",
    "Its batch {1} of {2} leaves was closed at {3}; the header is entry {4}.":
      "其批次 {1}（{2} 个叶子）于 {3} 关闭；批次头为条目 {4}。",
    "A closing batch shows that the series ends there.": "收尾批次表明序列到此结束。",
    "It says nothing about later numbers.": "不涉及之后的编号。",
    "{1}, boot {2}, as {3} received it: every number from {4} to {5} is accounted for; none was left out. ":
      "{1}，第 {2} 次启动，按 {3} 所收：编号 {4} 至 {5} 均有交代，无一遗漏。",
    "{1} readings, from {2} to {3}; {4} missing in {5} gaps.": "{1} 条读数，自 {2} 至 {3}；缺失 {4} 条，共 {5} 处缺口。",
    "  {1}: not received by the gateway": "  {1}：网关未收到",
    "  {1}: content was erased; the header of its batch is still there": "  {1}：内容已删除；其批次头仍在",
    "  and {1} more gaps": "  另有 {1} 处缺口",
    "failed": "不合格",
    "suspect": "可疑",
    "good": "良好",
    "missing": "缺失",
    "not evaluated": "未评估",
    "Data capture {1} % ({2} valid of {3}): meets the 90 % of directive 2008/50/EC.":
      "数据捕获率 {1} %（{3} 条中有效 {2} 条）：达到指令 2008/50/EC 的 90 %。",
    "Data capture {1} % ({2} valid of {3}): below the 90 % of directive 2008/50/EC.":
      "数据捕获率 {1} %（{3} 条中有效 {2} 条）：低于指令 2008/50/EC 的 90 %。",
    "The series spans {1} numbers, more than {2}. Say from and to.": "序列跨 {1} 个编号，多于 {2} 个。请指明 from 与 to。",
  ])
}
