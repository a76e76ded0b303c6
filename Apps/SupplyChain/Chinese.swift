package import Primitives
import FinanceRules
import Value

extension Catalogue {
  /// What the application says, in Simplified Chinese.
  package static let supplyChain = Catalogue.value.merging(financeRules).merging(financeHelp).merging(financeAnswers)
    .merging(financeStory).merging(financePages).merging(financeImport)
    .merging(financeSealing).merging(financePrivacy).merging(financeBench).merging(financeFigures)
    .merging(financePolicy)

  /// Answers and reports.
  private static let financeAnswers = Catalogue([
    "Entry {1}.": "条目 {1}。",
    "Entry {1}: note {2}.": "条目 {1}：凭证 {2}。",
    "Entry {1}: facility {2}.": "条目 {1}：融资安排 {2}。",
    "The proof leaves out a list that answers the question.": "证明遗漏了回答该问题的列表。",
    "A value of the list is withheld.": "列表中有一个值未公开。",
    "A value of the list cannot be read: {1}.": "无法读取列表中的一个值：{1}。",
    "'{1}' is none of approve, dispute and settle-dispute.": "'{1}' 不是 approve、dispute 或 settle-dispute。",
    "'{1}' is none of acknowledge, escalate and resolve.": "'{1}' 不是 acknowledge、escalate 或 resolve。",
    "'{1}' is none of obligor, pair and programme.": "'{1}' 不是 obligor、pair 或 programme。",
    "'{1}' is none of {2}.": "'{1}' 不在 {2} 之列。",
    "'{1}' is not name=role,role.": "'{1}' 不是“name=role,role”的形式。",
    "There is no step '{1}'.": "没有步骤 '{1}'。",
    "There is no member '{1}' here; there are {2}.": "此处没有成员 '{1}'；有 {2}。",
    "'{1}' is no id: an id has 64 hexadecimal digits.": "'{1}' 不是编号：编号有 64 位十六进制数字。",
    "'{1}' is no day, for example 2026-11-22.": "'{1}' 不是日期，日期例如 2026-11-22。",
    "The proof, {1} bytes, is in {2}. Check it with: supplychain verify {3} --policy {4}/policy.txt":
      "证明共 {1} 字节，已写入 {2}。验证方法：supplychain verify {3} --policy {4}/policy.txt",
    "The note {1} has no lot {2}.": "凭证 {1} 没有份额 {2}。",
    "The lot {1} is not live any more: {2}.": "份额 {1} 已失效：{2}。",
    "{1} owes {2} on {3}; the holder is {4}, and nobody else.": "{1} 应于 {3} 支付 {2}；持有人是 {4}，别无他人。",
    "The lot is pledged to {1}.": "该份额质押给 {1}。",
    "{1} has financed it.": "由 {1} 提供融资。",
    "It is frozen by order {1}.": "依令 {1} 冻结。",
    "Note {1}: {2} to {3}, {4}, due {5}, {6}.": "凭证 {1}：{2} 付给 {3}，{4}，到期日 {5}，{6}。",
    "{1} lots and {2} events; none was left out.": "{1} 个份额、{2} 个事件；无一遗漏。",
    "The lots of the note do not sum to its face.": "凭证的各份额之和不等于票面金额。",
    "What is open, paid and written off sums to the face.": "未结、已付与已核销之和等于票面金额。",
    "{1} holds {2} lots; none was left out.": "{1} 持有 {2} 个份额；无一遗漏。",
    "{1}: limit {2}, used {3}, reserved {4}, left {5}; {6} taken.": "{1}：额度 {2}，已用 {3}，预留 {4}，剩余 {5}；占用 {6}。",
    "There is no line {1}.": "没有额度 {1}。",
    "{1} exceptions, {2} of them not resolved, in the order of the log; none was left out.":
      "{1} 个异常，其中 {2} 个未解除，按日志顺序；无一遗漏。",
    "There is no note {1}.": "没有凭证 {1}。",
    "The accounts do not balance.": "账户不平衡。",
    "The bank line of {1} is not what its bank entries say.": "{1} 的银行备查账与其银行入账不符。",
    "The regulator's figures under policy version {1}, each computed from complete lists:":
      "规则第 {1} 版下的监管数据，每项均由完整列表算出：",
    "outstanding": "未结金额",
    "outstanding of {1}": "{1} 的未结金额",
    "outstanding in programme {1}": "项目 {1} 的未结金额",
    "maturity {1}": "剩余期限 {1}",
    "overdue or due": "已到期或逾期",
    "1-30 days": "1-30 天",
    "31-60 days": "31-60 天",
    "61-90 days": "61-90 天",
    "91-180 days": "91-180 天",
    "more than 180 days": "180 天以上",
    "concentration of obligors (HHI, ppm)": "付款义务人集中度（HHI，百万分比）",
    "overdue": "逾期",
    "financed": "已融资",
    "pledged": "已质押",
    "notes proposed, live, ended": "凭证：待接受、有效、终结",
    "notes with a tenor of more than 180 days": "期限超过 180 天的凭证",
    "payees who refused": "拒绝的收款人",
    "days from delivery to note, median and most": "交付至凭证生效的天数，中位与最长",
    "days from delivery to payment day, median and most": "交付至付款日的天数，中位与最长",
    "all-in cost of finance a year, least, median, most": "融资综合年成本，最低、中位、最高",
    "effective cost of finance a year (EAR), least, median, most": "融资实际年成本 (EAR)，最低、中位、最高",
    "obligors with something overdue": "有逾期的付款义务人",
    "overdue events so far": "累计逾期次数",
    "lots in dispute, frozen": "份额：争议中、冻结",
    "invoices registered or financed": "已登记或已融资的发票",
    "exceptions open, open for more than 24 h": "异常：未解除、超过 24 小时",
    "accounts, all in balance": "账户，全部平衡",
    "bank entries, each used once; no other cash moved": "银行入账，各用一次；无其他资金划动",
    "live": "有效", "discharged": "已结清", "consumed": "已拆分", "proposed": "待确认", "issued": "待接受",
    "rejected": "已拒绝", "withdrawn": "已撤回", "expired": "已过期", "open": "未处理", "acknowledged": "已确认",
    "escalated": "已上报", "resolved": "已解除", "temperature": "温度", "silence": "无消息",
  ])

  /// The demo.
  private static let financeStory = Catalogue([
    "{1} members found {2}.": "{1} 个成员创立 {2}。",
    "A quorum of 7 admits the members and decides policy version 1; lines are granted.":
      "达到法定人数 7 的成员准入各方并议定规则第 1 版；额度已授予。",
    "{1} {2}.": "{1}{2}。",
    "orders 4,200 brake sets from tier 1": "向一级供应商订购 4,200 套制动器",
    "ships them, with the truck's sensors on": "发货，车载传感器已开启",
    "has received them, 4,200 of 4,200": "收货，4,200 套全数收讫",
    "tier1 invoices CNY 1980025.15; core approves: order, despatch and receipt fit.":
      "tier1 开具发票 CNY 1980025.15；core 确认：订单、发货、收货相符。",
    "core/ada proposes a note over the whole invoice, due 2026-08-31.": "core/ada 就整张发票提出付款凭证，到期日 2026-08-31。",
    "core/ada confirms it herself:": "core/ada 自行复核：",
    "core/bob confirms; tier1 accepts by free choice: the note is live and irrevocable.":
      "core/bob 复核；tier1 自愿接受：凭证生效且不可撤销。",
    "core proposes another 100.00 on the same invoice:": "core 就同一发票再提出 100.00：",
    "tier1 splits it and pays tier 2 with 780025.15; tier 2 acts under a key of this lot.":
      "tier1 拆分凭证，以 780025.15 付给二级供应商；后者以此份额的密钥办理。",
    "tier 2 splits again and pays tier 3 with 300000.00.": "二级供应商再拆分，以 300000.00 付给三级供应商。",
    "Two sealed bids; tier 3 opens bank-a's 4.35 %: {1} paid out, {2} discount, CNY 30.00 fee.":
      "两个密封报价；三级供应商启封 bank-a 的 4.35 %：付出 {1}，贴现息 {2}，费用 CNY 30.00。",
    "tier1 shows the same invoice, in other bytes, to bank-b, which asks the registry:":
      "tier1 向 bank-b 出示同一发票的另一格式，bank-b 询问登记处：",
    "tier1 files it a second time:": "tier1 再次提交该发票：",
    "keeper issues a receipt for goods worth CNY 800000.00; distributor pledges them to bank-b.":
      "keeper 就价值 CNY 800000.00 的货物出具仓单；distributor 质押给 bank-b。",
    "distributor draws CNY 200000.00 against them.": "distributor 以此提款 CNY 200000.00。",
    "The cold room stands at 9.4 degrees; keeper states 5.0 instead:": "冷库为 9.4 度；keeper 随后把读数改报为 5.0：",
    "The true reading, 9.8 degrees, is the second breach in a row: exception #{1} opens.":
      "真实读数 9.8 度是连续第二次超限：异常 #{1} 打开。",
    "distributor wants another CNY 100000.00:": "distributor 申请再提款 CNY 100000.00：",
    "keeper acknowledges, bank-b resolves with a reason; the drawing goes through.":
      "keeper 确认异常，bank-b 说明理由后解除；提款成功。",
    "The last bank entry is brought up again to settle the next lot:": "用上一笔银行入账再次结清下一份额：",
    "core pays tier 1, tier 2 and bank-a on bank evidence: the note is discharged, the line is free again.":
      "core 凭银行入账付清一级、二级供应商和 bank-a：凭证结清，额度恢复。",
    "            REFUSED {1}: {2} [entry {3} is on record]": "            已拒绝 {1}：{2} [条目 {3} 已记录在案]",
    "Who held what, and what became of it:": "谁持有什么，结果如何：",
    "The regulator, whose read is on record, computes every figure from a proof:":
      "监管方（其查阅已记录在案）由证明重算每项数据：",
    "  {1}, {2} KiB: VERIFIED offline, co-signed by {3} of {4} members.": "  {1}，{2} KiB：离线验证通过，由 {4} 个成员中的 {3} 个联署。",
    "The report's proof has nothing to alter.": "报告的证明中没有可改动之处。",
    "One byte of a copy of report.proof is changed (byte {1}):": "将 report.proof 副本的一个字节（第 {1} 字节）改动：",
    "  verify: {1}": "  verify：{1}",
    "The altered proof was accepted: this must not happen.": "改动过的证明被接受：不应发生。",
    "bank-b audits its own copy: sound, {1} signatures checked.": "bank-b 审计自己的副本：完好，检查了 {1} 个签名。",
    "Log: {1} entries, root {2}; state {3}…; seed {4}.": "日志：{1} 个条目，根 {2}；状态 {3}…；种子 {4}。",
    "The same seed gives the same roots.": "同一种子得到同样的根。",
    "This must be refused as {1}, but the outcome is {2}.": "此处应以 {1} 拒绝，但结果为 {2}。",
    "bank-b's audit found faults: {1}.": "bank-b 的审计发现错误：{1}。",
  ])
}
