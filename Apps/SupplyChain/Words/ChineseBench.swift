import Primitives

extension Catalogue {
  /// What the measurements and the recomputed invariants say, in Simplified Chinese.
  static let financeBench = Catalogue([
    "Measures signed commands a second, their latency, a full replay and postings a second.":
      "测量每秒签名命令数、延迟、完整重放和每秒记账数。",
    "Notes of a round; each takes {1} signed commands.": "每轮的凭证数；每张需 {1} 条签名命令。",
    "Clients that each wait for one command before they send the next.": "客户端数；各自等一条命令完成后再发下一条。",
    "Measures PostgreSQL doing the same postings beside it (Debian: postgresql-15).":
      "同时测量 PostgreSQL 做相同的记账（Debian：postgresql-15）。",
    "--runs is 1 to 100, --notes 10 to 100,000, --clients 1 to 1,000.":
      "--runs 取 1 至 100，--notes 取 10 至 100,000，--clients 取 1 至 1,000。",
    "{1} commands of {2} notes, {3} times": "{2} 张凭证的 {1} 条命令，{3} 次",
    "{1} clients, one command at a time each": "{1} 个客户端，各自一次一条命令",
    "transfers between accounts, unsigned": "账户间转账，无签名",
    "There is no key of {1}.": "没有 {1} 的密钥。",
    "PostgreSQL is not on this machine. On Debian: apt-get install postgresql-15, then run this again.":
      "本机没有 PostgreSQL。Debian 上：apt-get install postgresql-15，然后重新运行。",
    "pgbench gave no rate: {1}": "pgbench 没有给出速率：{1}",
    "PostgreSQL could not be measured: {1}": "无法测量 PostgreSQL：{1}",
    "I1: debits and credits differ.": "I1：借贷不平。",
    "I1: the receivables of {1} are off by {2}.": "I1：{1} 的应收相差 {2}。",
    "I1: the payables of {1} are off by {2}.": "I1：{1} 的应付相差 {2}。",
    "I8: a lot of {1} without a parent is no note's first.": "I8：{1} 的一个份额没有上级，却不是凭证的首份。",
    "I8: a lot of {1} has a parent of another note.": "I8：{1} 的一个份额的上级属于另一凭证。",
    "I8: a lot of {1} did not take its parent's place.": "I8：{1} 的一个份额未取代其上级。",
    "I8: the parts of a lot do not sum to it.": "I8：份额的各部分之和与其不符。",
    "I17: an obligor has {1} overdue lots, {2} are counted.": "I17：某债务人有 {1} 个逾期份额，而记录为 {2} 份。",
    "I17: overdue lots of an obligor are not counted.": "I17：某债务人的逾期份额未计数。",
    "I2: the lots of a note of {1} do not sum to its face.": "I2：{1} 的一张凭证的份额之和不等于票面。",
    "I2: what is settled of a note of {1} is not its lots'.": "I2：{1} 的一张凭证的已结金额与其份额不符。",
    "I2: a proposal of {1} has lots.": "I2：{1} 的一项提议已有份额。",
    "I3: the lists of holdings are not what the lots say.": "I3：持有清单与份额不符。",
    "I5: an invoice of {1} has other notes than it says, or too many.": "I5：{1} 的一张发票的凭证与其记载不符或过多。",
    "I6: a lot of {1} has {2} claims.": "I6：{1} 的一个份额上有 {2} 项权利负担。",
    "I7: an invoice is financed by {1}, not registered so.": "I7：一张发票由 {1} 融资，但登记并非如此。",
    "I16: bank accounts moved {1}, bank entries say {2}.": "I16：银行账户变动 {1}，银行凭据为 {2}。",
  ])
}
