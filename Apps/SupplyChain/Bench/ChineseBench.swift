import Primitives

extension Catalogue {
  /// Measurements and sealing, in Simplified Chinese.
  static let financeBench = Catalogue([
    "Measures finance commands against the limits of the machine that it is on.": "对照本机的极限测量金融指令。",
    "How often each figure is measured; the median counts.": "每个数字测量的次数；取中位数。",
    "Notes of a round, each with 13 commands.": "每轮的凭证数，每张 13 条指令。",
    "Clients that each wait for an answer before they go on.": "客户端数，各自等到答复后再继续。",
    "Where the temporary ledgers are made.": "临时账本所在的位置。",
    "Measures PostgreSQL 15 with the same postings in the same run.": "在同一次运行中用相同的分录测量 PostgreSQL 15。",
    "--runs and --clients are at least 1, --notes at least 12.": "--runs 和 --clients 至少为 1，--notes 至少为 12。",
    "sealing {1} commands and replaying them, {2} times": "封存 {1} 条指令并重放，共 {2} 次",
    "{1} clients, one command at a time each": "{1} 个客户端，每次各一条指令",
    "PostgreSQL 15, 8 clients, one transaction a command": "PostgreSQL 15，8 个客户端，每条指令一个事务",
    "PostgreSQL 15 could not be measured; it is Debian's package postgresql-15.":
      "无法测量 PostgreSQL 15；它是 Debian 的软件包 postgresql-15。",
    "A statement was not carried out: {1}": "有一条声明未执行：{1}",
    "The replay found faults: {1}.": "重放发现错误：{1}。",
    "An invariant does not hold: {1}.": "有一个不变量不成立：{1}。",
    "Publishes a member's sealing key; opens what is sealed to it.": "公布成员的密封密钥；打开密封给该成员的内容。",
    "Makes the member's sealing key if there is none, and says its public half on the ledger.":
      "如尚无密封密钥则生成，并将其公钥写入账本。",
    "Shows what an entry has sealed to the member.": "显示条目中密封给该成员的内容。",
    "The simulated hour is over.": "模拟的一小时已结束。",
    "The reading has no temperature.": "该读数没有温度。",
    "The gateway refused a true reading.": "网关拒绝了真实读数。",
    "The gateway took in a changed reading: this must not happen.": "网关接收了被篡改的读数：这不应发生。",
    "A 5G device in the cold room reports through the gateway, which refuses a reading changed on the way.":
      "冷库中的 5G 设备经网关上报；途中被篡改的读数被网关拒绝。",
    "The member.": "成员。",
    "The entry's place in the log.": "条目在日志中的位置。",
    "Entry {1} is no statement of this log.": "条目 {1} 不是此日志的声明。",
    "Entry {1} has nothing sealed in it.": "条目 {1} 中没有密封的内容。",
    "Nothing in entry {1} is sealed to {2}.": "条目 {1} 中没有密封给 {2} 的内容。",
    "{1} could open another bank's bid: this must not happen.": "{1} 能打开另一家银行的报价：这不应发生。",
  ])
}
