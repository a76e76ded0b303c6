import MediaDecode
import MediaHash
package import Primitives

extension Catalogue {
  /// What the program says, in Simplified Chinese.
  package static let copyright = verbs.merging(story).merging(routes).merging(copyrightPages).merging(copyrightMedia)
    .merging(mediaDecode).merging(mediaSearch).merging(copyrightUploads)

  /// The verbs, their options and answers.
  private static let verbs = Catalogue([
    "Copyright on a consortium ledger: establish the right, use it, enforce it; every answer has a proof.":
      "联盟账本上的版权：确权、用权、维权；每个答案都附证明。",
    "Looks at uploads; each that is like a registered work becomes an incident.": "检查上传文件；与已登记作品相似者成为事件。",
    "The uploaded files, or folders of them.": "上传的文件，或其所在文件夹。",
    "Who uploaded them, a party.": "上传者（当事方）。",
    "Where they were seen; the file's name is appended.": "发现之处；其后附文件名。",
    "The member that runs the place.": "运营该处的成员。",
    "In which country, two letters.": "所在国家，两个字母。",
    "{1} of {2} uploads are like registered works.": "{2} 个上传文件中有 {1} 个与已登记作品相似。",
    "Lists uses that were seen.": "列出已发现的使用。",
    "Only of this work.": "仅限该作品。",
    "{1} incidents.": "{1} 个事件。",
    "{1}  {2}  {3}  {4}  {5}  {6}  (distance {7}){8}": "{1}  {2}  {3}  {4}  {5}  {6}（距离 {7}）{8}",
    "Takes a step in an incident: notice, counterNotice, removed, settled and so on.":
      "在事件中采取一步：notice、counterNotice、removed、settled 等。",
    "The incident.": "事件。",
    "notice, counterNotice, removed, settled, withdrawn, upheld or rejected.":
      "notice、counterNotice、removed、settled、withdrawn、upheld 或 rejected。",
    "On what ground.": "理由。",
    "What was sent or decided: a file whose SHA-256 is stated.": "所发送或所决定的文书：声明其 SHA-256 的文件。",
    "A step is {1}.": "步骤为 {1}。",
    "Writes an incident's evidence package, which anyone verifies offline.": "写出事件的证据包，任何人都可离线验证。",
    "The file to write.": "要写入的文件。",
    "Writes the proof alone to this file, for a time-stamp authority.": "将证明单独写入此文件，供时间戳机构使用。",
    "The address of a time-stamp authority that stamps the proof; TALLYSTICK_TSA unless given.":
      "为证明加盖时间戳的机构地址；未给出时取 TALLYSTICK_TSA。",
    "Certificates of time-stamp authorities that you trust, PEM: checks the package's time stamp too.":
      "您信任的时间戳机构的证书（PEM）：同时核验证据包的时间戳。",
    "'{1}' is no address of a time-stamp authority.": "“{1}”不是时间戳机构的地址。",
    "The time-stamp authority at {1} does not answer ({2}). Try again, or leave it out.":
      "位于 {1} 的时间戳机构没有应答（{2}）。请重试，或不加时间戳。",
    "The time-stamp authority at {1} answered with status {2} and no time stamp.":
      "位于 {1} 的时间戳机构应答状态为 {2}，没有给出时间戳。",
    "The time-stamp authority at {1} gave no time stamp over the proof that it was sent.":
      "位于 {1} 的时间戳机构没有对所送证明给出时间戳。",
    "An RFC 3161 token over that proof, to go into the package.": "对该证明的 RFC 3161 令牌，收入证据包。",
    "The package, {1} bytes, is in {2}. Check it with: copyright verify {3} --policy {4}/policy.txt":
      "证据包共 {1} 字节，已写入 {2}。验证：copyright verify {3} --policy {4}/policy.txt",
    "Checks a proof or an evidence package offline, and says in words what is proved.":
      "离线检查证明或证据包，并用文字说明所证明的内容。",
    "The proof or package.": "证明或证据包。",
    "Writes the package's parts into this folder.": "将证据包的各部分写入此文件夹。",
    "The folder {1} cannot be made: {2}.": "无法创建文件夹 {1}：{2}。",
    "Licenses a work; refused where the owners have not agreed, or an exclusive licence stands against it.":
      "许可作品；权利人未同意或与专有许可冲突时拒绝。",
    "The work's id.": "作品标识。",
    "The licensee, a party.": "被许可方（当事方）。",
    "A use, for example network, reproduction or adaptation; may be repeated.":
      "使用方式，例如 network、reproduction 或 adaptation；可重复。",
    "A country by its two letters, or * for the world; may be repeated.": "国家的两个字母，或以 * 表示全球；可重复。",
    "From when (RFC 3339); now unless given.": "起始时间（RFC 3339）；默认为现在。",
    "Until before when (RFC 3339); a year later unless given.": "截止时间（RFC 3339）；默认为一年后。",
    "Nobody else may use it so.": "他人不得如此使用。",
    "The licensee may pass it on.": "被许可方可转授。",
    "What is due once, for example 100.00.": "一次性价款，例如 100.00。",
    "The currency of price and royalties.": "价款和使用费的币种。",
    "What is due of the revenue, for example 5%.": "按收入应付的比例，例如 5%。",
    "The entry of the licence that this one is granted under.": "本许可所依据的许可的条目。",
    "A member here whose parties agree; may be repeated.": "同意的本地成员；可重复。",
    "Only agrees to these terms; another owner grants the licence.": "仅同意这些条款；由另一权利人授予许可。",
    "'{1}' is no use; there are {2}.": "“{1}”不是使用方式；可选 {2}。",
    "A territory is two capital letters of ISO 3166-1, or * alone.": "地域为 ISO 3166-1 的两个大写字母，或单独的 *。",
    "The licence would end before it begins.": "许可在开始之前即已结束。",
    "Transfers a share of a work; nobody transfers more than they own.": "转让作品的份额；不得超出所持份额。",
    "Who gives; the member itself unless given.": "转出方；默认为成员自身。",
    "Who takes.": "受让方。",
    "The share, for example 30% or 300000.": "份额，例如 30% 或 300000。",
    "sale, gift, contract or judgment.": "sale、gift、contract 或 judgment。",
    "What is paid, for example 5000.00.": "价款，例如 5000.00。",
    "The currency of the price.": "价款的币种。",
    "The contract or judgment: a file whose SHA-256 is stated.": "合同或判决：声明其 SHA-256 的文件。",
    "--reason is sale, gift, contract or judgment.": "--reason 为 sale、gift、contract 或 judgment。",
    "Gives all that a party held of a work to its heirs, by weights.": "将一方持有的全部份额按权重分给继承人。",
    "Who held the share.": "原持有者。",
    "An heir and its weight, PARTY=WEIGHT; may be repeated.": "继承人及其权重，PARTY=WEIGHT；可重复。",
    "The certificate: a file whose SHA-256 is stated.": "证明文书：声明其 SHA-256 的文件。",
    "'{1}' is no PARTY=WEIGHT.": "“{1}”不是 PARTY=WEIGHT。",
    "Reports a period's revenue; what is due is split to the smallest unit.": "申报一个期间的收入；应付款分配到最小货币单位。",
    "The entry that granted the licence.": "授予许可的条目。",
    "The period, for example 2026-10.": "期间，例如 2026-10。",
    "What was earned, for example 10000.00.": "收入，例如 10000.00。",
    "{1} owes {2} {3}.": "{1} 应付 {2} {3}。",
    "Pre-sale of shares: offered in lots, refunded if the goal is missed by its date.": "份额预售：按份出售，到期未达目标则退款。",
    "Offers lots of a work's shares.": "出售作品份额。",
    "Who sells; the member itself unless given.": "出售方；默认为成员自身。",
    "How many lots.": "份数。",
    "The share in each, for example 1%.": "每份的份额，例如 1%。",
    "What each costs, for example 500.00.": "每份价格，例如 500.00。",
    "The currency.": "币种。",
    "How many lots must be bought.": "须售出的份数。",
    "Until before when (RFC 3339).": "截止时间（RFC 3339）。",
    "Buys lots of a pre-sale.": "认购预售份额。",
    "The entry of the pre-sale.": "预售的条目。",
    "Who buys; the member itself unless given.": "买方；默认为成员自身。",
    "Settles a pre-sale that is sold out or whose date has come.": "结算已售罄或到期的预售。",
    "Disputes whose a work is, or ends a dispute.": "对作品权属提出争议，或结束争议。",
    "Says that a work is a party's own.": "主张作品属于某一方。",
    "Who claims it; the member itself unless given.": "主张者；默认为成员自身。",
    "The evidence: a file whose SHA-256 is stated.": "证据：声明其 SHA-256 的文件。",
    "Withdraws a dispute; a regulator dismisses it or assigns the work.": "撤回争议；监管方可驳回争议或判归作品。",
    "The entry of the dispute.": "争议的条目。",
    "withdrawn, dismissed or assigned.": "withdrawn、dismissed 或 assigned。",
    "The decision: a file whose SHA-256 is stated.": "决定：声明其 SHA-256 的文件。",
    "--outcome is withdrawn, dismissed or assigned.": "--outcome 为 withdrawn、dismissed 或 assigned。",
    "{1}: {2} distance {3} (registered variant {4}, probe {5}, quality {6})":
      "{1}：{2} 距离 {3}（登记变体 {4}，探针 {5}，质量 {6}）",
    "Erases the copies of a work's bytes that are kept here; its title and every proof stay valid.":
      "删除此处保存的作品字节；其权属与全部证明仍然有效。",
    "Erased {1} documents of {2}, with their salts. Title, licences and proofs stay as they are.":
      "已删除 {2} 的 {1} 份文件及其盐值。权属、许可与证明不变。",
    "Registers a work; refused if it looks like an earlier work of others.": "登记作品；与他人在先作品相似则拒绝。",
    "The work's file.": "作品文件。",
    "The title.": "标题。",
    "An owner and its share, PARTY=SHARE, for example org-1/author=60%; may be repeated.":
      "权利人及其份额，PARTY=SHARE，例如 org-1/author=60%；可重复。",
    "An author, a party; may be repeated; the owners unless given.": "作者（当事方）；可重复；默认为权利人。",
    "The work's id; its ISCC unless given.": "作品标识；默认为其 ISCC。",
    "A registration elsewhere, such as a DCI code.": "其他登记号，例如 DCI 码。",
    "When it was made (RFC 3339).": "创作时间（RFC 3339）。",
    "A registered work that it was made out of; may be repeated.": "所改编的已登记作品；可重复。",
    "Does not keep the file beside the log.": "不在日志旁保存该文件。",
    "'{1}' is registered as {2} in entry {3}.": "《{1}》已登记为 {2}，条目 {3}。",
    "ISCC {1}, {2} codes by {3}.": "ISCC {1}，{2} 个编码，规则 {3}。",
    "Finds the registered works that a file is, or looks like.": "查找与文件相同或相似的已登记作品。",
    "The file.": "文件。",
    "No registered work looks like this file.": "没有已登记作品与该文件相似。",
    "Whose a work was at a time and who might use it, with the proof.": "某一时间作品归谁所有、谁可使用，附证明。",
    "The time (RFC 3339); now unless given.": "时间（RFC 3339）；默认为现在。",
    "The proof, {1} bytes, is in {2}. Check it with: copyright verify {3} --policy {4}/policy.txt":
      "证明共 {1} 字节，已写入 {2}。验证：copyright verify {3} --policy {4}/policy.txt",
    "Writes the proof to this file.": "将证明写入此文件。",
    "The member that states it.": "作出声明的成员。",
    "Entry {1}.": "条目 {1}。",
    "'{1}' is no RFC 3339 time in UTC, for example 2026-09-01T00:00:00Z.":
      "“{1}”不是 RFC 3339 的 UTC 时间，例如 2026-09-01T00:00:00Z。",
    "'{1}' is no share: write millionths (250000) or percent (25%).": "“{1}”不是份额：请写百万分数（250000）或百分数（25%）。",
    "'{1}' is no PARTY=SHARE.": "“{1}”不是 PARTY=SHARE。",
    "The shares must add up to 100%, each party named once.": "份额合计须为 100%，每一方只列一次。",
  ])

  /// The demo.
  private static let story = Catalogue([
    "Plays the story end to end: register, license, find uploads, evidence, verify.": "演示全过程：登记、许可、发现上传、取证、验证。",
    "Where the ledger is made; a temporary folder, removed at the end, unless given.": "账本所在文件夹；默认为临时文件夹，结束时删除。",
    "Everything that is random follows from this number; one seed, one log root.": "一切随机量由此数得出；同一种子，同一日志根。",
    "Goes on serving the finished ledger over HTTP until Ctrl-C.": "完成后继续以 HTTP 提供账本，直至 Ctrl-C。",
    "Telephones that upload.": "上传的手机数量。",
    "--devices is 1 to 10000.": "--devices 为 1 至 10000。",
    "{1} members found {2}.": "{1} 个成员创立 {2}。",
    "1. Establish the right": "一、确权",
    "2. Use it": "二、用权",
    "3. Enforce it": "三、维权",
    "The members came to different roots: this must not happen.": "各成员得出不同的根：这不应发生。",
    "Log: {1} entries, root {2}; state {3}…; seed {4}. All {5} members have it.":
      "日志：{1} 个条目，根 {2}；状态 {3}…；种子 {4}。全部 {5} 个成员一致。",
    "The same seed gives the same roots. Look around: copyright incidents --data DIR, after demo --data DIR.":
      "同一种子得出同样的根。可在 demo --data DIR 之后查看：copyright incidents --data DIR。",
    "  entry {1}: {2} '{3}' of {4}, {5} codes, {6}": "  条目 {1}：{2}《{3}》，{4}，{5} 个编码，{6}",
    "The near-duplicate was registered: this must not happen.": "近似作品被登记：这不应发生。",
    "  entry {1}: refused on record ({2}): {3}": "  条目 {1}：已记录并拒绝（{2}）：{3}",
    "  entry {1}: a third of the photo is sold to label/investor.": "  条目 {1}：照片的三分之一售予 label/investor。",
    "  entry {1}: press/magazine alone may show it on the network in China for 30 days, for 5 % of revenue.":
      "  条目 {1}：press/magazine 在中国享有 30 天的专有信息网络传播许可，按收入的 5 % 付费。",
    "  entry {1}: {2} owes {3} {4}.": "  条目 {1}：{2} 应付 {3} {4}。",
    "What should be refused ({1}) was not: this must not happen.": "本应拒绝者（{1}）未被拒绝：这不应发生。",
    "  incident {1}: {2} uploads a copy of 'Evening harbour' ({3}), distance {4} of 256":
      "  事件 {1}：{2} 上传《Evening harbour》的改动副本（{3}），256 比特中相差 {4}",
    "  {1} uploads over eMBB in a minute: {2} altered copies, {3} found, {4} wrongly found; {5} licensed, {6} infringing.":
      "  一分钟内 eMBB 上传 {1} 个：改动副本 {2} 个，发现 {3} 个，误报 {4} 个；已获许可 {5} 个，侵权 {6} 个。",
    "No infringing copy of the photo was uploaded. Take another --seed, or more --devices.":
      "没有上传照片的侵权副本。请换一个 --seed，或增加 --devices。",
    "  entry {1}: the agency gives notice.": "  条目 {1}：图片社发出通知。",
    "  incident.evidence, {1} KiB: VERIFIED offline, co-signed by {2}.": "  incident.evidence，{1} KiB：离线验证通过，由 {2} 联署。",
    "  title.proof: VERIFIED offline:": "  title.proof：离线验证通过：",
    "  One bit of a copy is changed (byte {1}): {2}": "  副本的一个比特被改动（第 {1} 字节）：{2}",
    "The altered package was accepted: this must not happen.": "被改动的证据包通过了验证：这不应发生。",
    "brighter": "调亮",
    "noisy": "加噪",
    "mirrored": "镜像",
    "cropped": "裁剪",
  ])

  /// The HTTP routes.
  private static let routes = Catalogue([
    "This server signs nothing. Post to the member's own server.": "本服务器不签名。请提交到成员自己的服务器。",
    "A work has a title: POST /works?title=…&owner=PARTY=SHARE": "作品须有标题：POST /works?title=…&owner=PARTY=SHARE",
    "An upload has a user and a place: POST /uploads?user=…&place=…": "上传须有使用者和地址：POST /uploads?user=…&place=…",
    "'at' is an RFC 3339 time in UTC.": "at 为 RFC 3339 的 UTC 时间。",
    "The name in the path is not percent-encoded right.": "路径中的名称百分号编码有误。",
    "The request's body is not the JSON that this route takes.": "请求正文不是此路由所需的 JSON。",
    "The licence's uses, territory, times, currency or sums cannot be read.": "无法读取许可的使用方式、地域、时间、币种或金额。",
    "Ends a licence before its time, and those that were granted under it.": "提前终止一项许可及在其下授予的许可。",
    "How it was used, for example network, reproduction or adaptation.": "使用方式，例如 network、reproduction 或 adaptation。",
  ])
}
