import Primitives

extension Catalogue {
  /// Readers, keys of lots, recorded reads and orders, in Simplified Chinese.
  static let financePrivacy = Catalogue([
    "{1} cannot open what this entry seals: no sealing key of theirs is on the ledger.":
      "{1} 无法打开此条目中密封的内容：账本上没有其密封公钥。",
    "'{1}' is no key's party: ~ and 64 hexadecimal digits.": "'{1}' 不是密钥的主体：应为 ~ 和 64 位十六进制数字。",
    "There is no admitted organisation {1}.": "没有已准入的机构 {1}。",
    "{1} has no sealing key here: make one by 'sealing publish'.": "{1} 在此处没有密封密钥：请用“sealing publish”生成。",
    "Publishes the sealing key of a member or of a lot's key; opens what is sealed to it.":
      "公布成员或份额密钥的密封公钥；打开密封给它的内容。",
    "Makes the signer's sealing key if there is none, and says its public half on the ledger.":
      "如签署方尚无密封密钥则生成，并将其公钥写入账本。",
    "Shows what an entry has sealed to the signer.": "显示条目中密封给签署方的内容。",
    "Makes keys of single lots, admits them (the registrar), and shows whose they are to those who may know.":
      "生成单个份额的密钥，由登记方准入，并向有权知悉者显示其归属。",
    "Makes a key for one lot in the member's folder: the file, and the party's name for the registrar.":
      "在成员文件夹中为一个份额生成密钥：给出文件，以及交给登记方的主体名称。",
    "The organisation whose key it is.": "密钥所属的机构。",
    "Vouches that keys belong to admitted organisations: the registrar. Several at once hide whose each is.":
      "登记方证明密钥属于已准入的机构。一次多个，可隐去各自的归属。",
    "Keys as ~DIGITS=holder[,reader...]: readers are those who pass lots to the key.":
      "密钥，写作 ~数字=持有人[,读者…]：读者即向该密钥转让份额的一方。",
    "There are at most {1} keys.": "密钥最多 {1} 个。",
    "'{1}' is not ~DIGITS=holder[,reader...].": "'{1}' 不是“~数字=持有人[,读者…]”的形式。",
    "Lists the admitted keys whose holders the member may know.": "列出成员有权知悉持有人的已准入密钥。",
    "The financiers that may bid and see the lot; every financier unless given.":
      "可以报价并查看该份额的融资方；不指定则为全部融资方。",
    "No financier is named: every financier may see the lot and bid.": "未指定融资方：所有融资方均可查看该份额并报价。",
    "The salt of the seal: 64 hexadecimal digits; random unless given.": "密封所用的盐：64 位十六进制数字；不指定则随机生成。",
    "The rate that was told, where the bid is not sealed to the holder; needs the other terms.":
      "报价未密封给持有人时对方告知的利率；须同时给出其他条款。",
    "The salt of the seal, as the financier told it.": "融资方告知的密封盐。",
    "There is no bid of {1} that the holder's key opens.": "没有持有人密钥能打开的 {1} 的报价。",
    "Lists the bids for a lot and opens those that are sealed to the signer.": "列出某份额的报价，并打开密封给签署方的报价。",
    "{1}: sealed to others": "{1}：密封给他方",
    "{1}: rate {2} ppm, fee {3}, recourse {4}, value day {5}, salt {6}":
      "{1}：利率百万分之 {2}，费用 {3}，追索 {4}，起息日 {5}，盐 {6}",
    "What it says, for its readers alone; sealed on the ledger.": "其内容，仅供读者阅读；密封于账本。",
    "Who may read it besides its parties and supervisors, for example their banks.":
      "除各方和监管者之外的读者，例如其银行。",
    "A sealed text has at most 256 bytes.": "密封文本最多 256 字节。",
    "/text: A sealed text has at most 256 bytes.": "/text：密封文本最多 256 字节。",
    "The id of the order, despatch or receipt advice that they belong to.": "所属订单、发货通知或收货通知的编号。",
    "Who may read what is filed besides seller, buyer and supervisors, for example their bank; may be repeated.":
      "除卖方、买方和监管者之外可阅读所提交内容者，例如其银行；可重复给出。",
    "There is no such key in this member's folder.": "该成员的文件夹中没有此密钥。",
    "This server has no data folder and keeps no keys.": "此服务器没有数据文件夹，不保管密钥。",
    "There are too many keys in this member's folder.": "该成员的文件夹中密钥过多。",
    "A member's keys are shown at its own node, to itself.": "成员的密钥只在其自己的节点上向其本身显示。",
    "The organisation that reads; a regulator's or auditor's read is put on the ledger first.":
      "读取数据的机构；监管者或审计者的读取会先记入账本。",
    "There is no member '{1}' on this ledger.": "此账本上没有成员 '{1}'。",
    "{1} may not see this: ask for what concerns it.": "{1} 无权查看此内容：请查询与其有关的内容。",
    "{1} reads where its keys are, so that the read is put on record. Nothing is shown here.":
      "{1} 须在其密钥所在之处读取，以便记录在案。此处不显示任何内容。",
    "The read could not be put on record: nothing is shown.": "读取未能记录在案：不显示任何内容。",
    "{1} may not have this proof: it carries what others alone may see.": "{1} 无权取得此证明：其中含有仅供他方查看的内容。",
    "{1} exceptions concern {2}.": "有 {1} 项异常与 {2} 有关。",
    "{1} lots; names that are not yours to see are left out.": "{1} 个份额；您无权查看的名称已略去。",
    "This read is on record: everyone whose data it carries can see it after the policy's delay. Each figure follows from complete lists; the proof lets anyone compute it again:":
      "此次读取已记录在案：数据所涉各方在政策规定的延迟之后可以看到。每个数字都由完整列表得出；任何人都可凭证明重新计算：",
    "Your orders as their papers are on the ledger. An exception on goods that belong to an order shows here at once.":
      "您的订单及其单据在账本上的状态。订单所属货物一旦出现异常，会立即在此显示。",
    "Orders": "订单",
    "Exceptions open": "未解决的异常",
    "Order": "订单",
    "Ordered": "下单日",
    "Last paper": "最近单据",
    "Buyer": "买方",
    "Seller": "卖方",
    "Despatches, receipts, invoices": "发货、收货、发票",
    "ordered": "已下单",
    "despatched": "已发货",
    "received": "已收货",
    "invoiced": "已开票",
  ])
}
