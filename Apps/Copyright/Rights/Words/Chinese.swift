package import Primitives

extension Catalogue {
  /// What the rights say, in Simplified Chinese.
  package static let rights = refusals.merging(answers).merging(evidence).merging(report)

  /// Why the contract does not carry a statement out.
  private static let refusals = Catalogue([
    "Only a member's key may state this.": "只有成员的密钥才能作此声明。",
    "This ledger takes no statements of the type '{1}'.": "本账本不接受类型为“{1}”的声明。",
    "No work '{1}' is registered on this ledger.": "本账本未登记作品“{1}”。",
    "No member speaks for '{1}': a party is 'member' or 'member/pseudonym'.": "没有成员代表“{1}”：当事方写作“成员”或“成员/化名”。",
    "Only a regulator states this.": "只有监管方才能作此声明。",
    "A decision names the SHA-256 of its document.": "决定须写明其文书的 SHA-256。",
    "The payload cannot be read: {1}.": "无法读取载荷：{1}。",
    "The statement is not about what its payload is about.": "声明的主题与其载荷不符。",
    "The file is said to have been seen in the future.": "所称发现时间在将来。",
    "This use has been stated before.": "该使用此前已声明过。",
    "The file was seen before '{1}' was registered: the ledger cannot judge that.": "该文件在“{1}”登记之前被发现：账本无法判断。",
    "The file is like no registered work.": "该文件与任何已登记作品都不相似。",
    "There is no incident {1}.": "没有事件 {1}。",
    "{1} of 100 parts of it ({2}) are in the earlier work '{3}', '{4}', registered by {5} in entry {6}, and {7} of 100 parts of that work are in it.":
      "其 100 份中有 {1} 份（{2}）见于在先作品“{3}”《{4}》（由 {5} 在条目 {6} 登记），该作品 100 份中有 {7} 份见于其中。",
    "The incident has ended.": "该事件已结束。",
    "The use is {1}: there is nothing to ask for.": "该使用的结论为 {1}：无可主张。",
    "Notice has been given.": "已发出通知。",
    "No notice has been given.": "尚未发出通知。",
    "Only those who hold a share of the work state this.": "只有持有该作品份额者才能作此声明。",
    "Only the user, or the member that runs the place, states this.": "只有使用者或运营该处的成员才能作此声明。",
    "The notice has been answered.": "该通知已有答复。",
    "A dispute is stated by its claimant, or the member that speaks for it.": "争议由主张者或代表其的成员声明。",
    "{1} disputes the work already.": "{1} 已对该作品提出争议。",
    "The work has no dispute of this number.": "该作品没有此编号的争议。",
    "The dispute has ended.": "该争议已结束。",
    "A dispute is withdrawn by its claimant.": "争议由其主张者撤回。",
    "Only those who hold a share agree to a licence.": "只有持有份额者才能同意许可。",
    "The work has no licence {1}.": "该作品没有许可 {1}。",
    "A licence begins when it is granted, or later.": "许可自授予之时或之后开始。",
    "{1} alone may use the work so, there and then: licence {2} is exclusive.": "在该地该时只有 {1} 可如此使用该作品：许可 {2} 为专有许可。",
    "{1} may use the work so, there and then, by licence {2}: none can be exclusive.":
      "在该地该时 {1} 依许可 {2} 可如此使用该作品：不能再授予专有许可。",
    "A licence is passed on at most {1} times.": "许可最多可转授 {1} 次。",
    "A licence is passed on by its licensee.": "许可由其被许可方转授。",
    "The licence is not to be passed on, or is not in force.": "该许可不得转授，或不在有效期内。",
    "Nobody passes on more than they have.": "转授不得超出自身所得的许可。",
    "Only those who hold a share license a work.": "只有持有份额者才能许可作品。",
    "Holders of {1} millionths have agreed; ": "持有百万分之 {1} 的权利人已同意；",
    "an exclusive licence needs all of them.": "专有许可须全体同意。",
    "a licence needs more than half of them.": "许可须过半数份额同意。",
    "A licence is given up by its licensee, or ended by a regulator.": "许可由被许可方放弃，或由监管方终止。",
    "The licence is over already.": "该许可已终止。",
    "A licensee reports what it earned.": "收入由被许可方申报。",
    "The period {1} has been reported before.": "期间 {1} 此前已申报。",
    "Only its holder, or the member that speaks for it, gives a share away.": "份额只能由持有者或代表其的成员转出。",
    "At most {1} parties hold shares of one work.": "一件作品的份额最多由 {1} 方持有。",
    "An inheritance is stated by who spoke for the deceased, or by a regulator.": "继承由原代表被继承人者或监管方声明。",
    "{1} holds {2} millionths of the work, no more.": "{1} 仅持有该作品的百万分之 {2}。",
    "{1} millionths of {2} are offered in a pre-sale.": "{2} 的百万分之 {1} 正在预售。",
    "Only its holder, or the member that speaks for it, offers a share.": "份额只能由持有者或代表其的成员出售。",
    "The pre-sale would be over before it began.": "该预售在开始之前即已结束。",
    "A pledge is made by its buyer, or the member that speaks for it.": "认购由买方或代表其的成员作出。",
    "Nobody buys what they sell.": "不得购买自己出售的份额。",
    "The pre-sale's date has come.": "预售期限已到。",
    "{1} lots are left, no more.": "仅剩 {1} 份。",
    "The pre-sale's date has not come, and lots are left.": "预售期限未到，且尚有余份。",
    "The work has no pre-sale of this number.": "该作品没有此编号的预售。",
    "The pre-sale is {1} already.": "该预售已为 {1}。",
    "The work '{1}' is registered already.": "作品“{1}”已登记。",
    "A member registers works of which its own parties hold a share.": "成员只能登记其所代表各方持有份额的作品。",
    "'{1}' is no ISCC-CODE with a Data-Code and an Instance-Code.": "“{1}”不是含数据码和实例码的 ISCC-CODE。",
    "The ISCC is another file's than the Instance-Code.": "ISCC 与实例码不属于同一文件。",
    "A work is registered after it was made.": "作品须在创作之后登记。",
    "This very file is registered as '{1}'.": "该文件本身已登记为“{1}”。",
    "It is within {1} of 256 bits ({2}, at most {3}) of the earlier work '{4}', '{5}', registered by {6} in entry {7}.":
      "与在先作品“{4}”《{5}》（由 {6} 在条目 {7} 登记）256 比特中仅差 {1} 比特（{2}，上限 {3}）。",
    "The work is said to be made out of '{1}', which is not registered.": "该作品声称改编自“{1}”，而后者未登记。",
    "None of its owners has a licence to adapt '{1}'.": "其权利人均无改编“{1}”的许可。",
    "{1} has registered the work, and erases what was deposited of it.": "该作品由 {1} 登记，也由其删除存证。",
    "There is no work '{1}'.": "没有作品“{1}”。",
    "Nothing of '{1}' is kept here: it was erased, or never deposited.": "此处未保存“{1}”的任何内容：已删除，或从未存证。",
    "{1} has registered the work, and deposits it.": "该作品由 {1} 登记，也由其存证。",
  ])

  /// Answers about title and incidents, and what is wrong with a proof of them.
  private static let answers = Catalogue([
    "'{1}' ({2}), {3}, was registered by {4} in entry {5} at {6}; its file has the SHA-256 {7}.":
      "“{1}”（{2}），{3}，由 {4} 于 {6} 在条目 {5} 登记；其文件的 SHA-256 为 {7}。",
    "Its registration elsewhere, as given: {1}.": "其他登记号（按申报记录）：{1}。",
    "At {1} it was not registered yet.": "{1} 时尚未登记。",
    "At {1} {2} owned {3} of it.": "{1} 时 {2} 持有其 {3}。",
    "Shares changed at {1} by {2} (entry {3}).": "{1} 份额因 {2} 变更（条目 {3}）。",
    "{1} disputed it then (entry {2}): {3}": "当时 {1} 提出争议（条目 {2}）：{3}",
    "These are all of the work's {1} changes of title, {2} licences and {3} disputes.":
      "以上即该作品的全部 {1} 次权属变更、{2} 项许可和 {3} 起争议。",
    "exclusive": "专有",
    "not exclusive": "非专有",
    "Licence {1}: {2}, {3}, {4}, in {5}, from {6} until before {7}.": "许可 {1}：{2}，{3}，{4}，地域 {5}，自 {6} 起至 {7} 前。",
    "{1} stated in entry {2} that {3} used a file at {4} at {5}; the file has the SHA-256 {6}.":
      "{1} 在条目 {2} 声明：{3} 于 {5} 在 {4} 使用一个文件；该文件的 SHA-256 为 {6}。",
    "The work '{1}' ({2}) was registered by {3} in entry {4} at {5}.": "作品《{1}》（{2}）由 {3} 于 {5} 在条目 {4} 登记。",
    "Then {1} owned {2} of it.": "当时 {1} 持有其 {2}。",
    "It is the very file that was registered.": "该文件即所登记的文件本身。",
    "{1} of 100 frames of the registered video are in it, at a mean distance of {2} of 256 bits (at most {3} each; {4} frames suffice).":
      "登记视频每 100 帧中有 {1} 帧出现在其中，256 比特中平均相差 {2} 比特（每帧上限 {3}；满 {4} 帧即可）。",
    "Its {1} differs from the registered variant {2} in {3} of 256 bits (at most {4}); probe {5}, quality {6} (at least {7}).":
      "其 {1} 与登记的变体 {2} 在 256 比特中相差 {3} 比特（上限 {4}）；探针 {5}，质量 {6}（下限 {7}）。",
    "LICENSED: licence {1} covered this use at that time.": "已获许可：当时许可 {1} 涵盖此使用。",
    "LICENSED: the user owned a share of the work at that time.": "已获许可：当时使用者持有该作品的份额。",
    "INFRINGING: of the {1} licences there are, none covered this use then.": "侵权：现有 {1} 项许可中，当时无一涵盖此使用。",
    "INSUFFICIENT QUALITY: the file shows too little to say that it is the work.": "质量不足：该文件内容过少，无法认定为该作品。",
    "DISPUTED: no licence covered this use, and it was in dispute whose the work was.":
      "有争议：无许可涵盖此使用，且当时作品权属存在争议。",
    "The proof leaves out a value that the answer needs.": "证明遗漏了答案所需的值。",
    "A value that the answer needs is withheld.": "答案所需的一个值未公开。",
    "The proof leaves out a list that the answer needs.": "证明遗漏了答案所需的列表。",
    "A value of the work's history cannot be read.": "无法读取该作品历史中的一个值。",
    "The proof leaves out entry {1}, which the answer needs.": "证明遗漏了答案所需的条目 {1}。",
    "The time of the question is none that the proof covers.": "所问时间不在证明覆盖范围内。",
    "The registration in the log is not the one that the state has.": "日志中的登记与状态中的不一致。",
    "The statements in the log are not those that the state has.": "日志中的声明与状态中的不一致。",
    "The verdict does not follow from the rights that the proof shows.": "结论不能由证明所示的权利得出。",
    "The codes are not as near as the incident says.": "编码的相似程度与事件所述不符。",
  ])

  /// Evidence packages.
  private static let evidence = Catalogue([
    "The statement has no outcome.": "该声明没有结果。",
    "The capture of incident {1} is not kept here, or has been erased.": "事件 {1} 的取证文件未保存在此处，或已被删除。",
    "The package lacks the proof, the capture, its log, the report or the guide.": "证据包缺少证明、取证文件、取证日志、报告或说明。",
    "The proof in the package is not of its incident.": "证据包中的证明与其事件不符。",
    "The proof in the package is of another ledger.": "证据包中的证明属于另一账本。",
    "The package is not signed by {1}, who is said to have made it.": "证据包未由所称制作者 {1} 签名。",
    "The captured file is not the one that was stated on the ledger.": "取证文件不是账本上所声明的文件。",
    "The log of the capture is not the one that was stated on the ledger.": "取证日志不是账本上所声明的日志。",
    "The registered file in the package is not the one that was registered.": "证据包中的登记文件不是所登记的文件。",
    "The report does not say what the proof shows.": "报告与证明所示不符。",
    "The Chinese report does not say what the proof shows.": "中文报告与证明所示不符。",
    "The captured file and the log of its capture are those that were stated on the ledger.": "取证文件及其取证日志即账本上所声明者。",
    "The captured file does not look as was stated on the ledger.": "取证文件的编码与账本上所声明的不符。",
    "The ISCC that the package names is not the captured file's.": "证据包所列的 ISCC 不是取证文件的 ISCC。",
    "The codes of the captured file were computed again, and are those that were stated.": "取证文件的编码已重新计算，与所声明的一致。",
    "The reports were written by another version of the program; their texts were not compared.":
      "报告由另一版本的程序撰写；未比对其文本。",
    "{1} made the package with {2} at {3} and signed all of it.": "{1} 于 {3} 用 {2} 制作证据包并对全部内容签名。",
    "An RFC 3161 time stamp over the proof says {1}; who signed it was not checked. Give the authority's certificate with --authorities, or check it with: openssl ts -verify.":
      "对该证明的 RFC 3161 时间戳所示时间为 {1}；其签发者未经核验。请用 --authorities 给出该机构的证书，或用 openssl ts -verify 核验。",
    "The proof existed at {1}: a time-stamp authority that you trust signed that (RFC 3161).":
      "该证明在 {1} 已存在：您信任的时间戳机构已就此签名（RFC 3161）。",
    "The package has no time stamp that the authorities could have signed.": "证据包中没有可由所给机构签发的时间戳。",
    "The time stamp in the package is no RFC 3161 token.": "证据包中的时间戳不是 RFC 3161 令牌。",
    "There is no certificate in the file of authorities. It must be PEM.": "机构文件中没有证书。文件须为 PEM 格式。",
    "The time stamp's signature or certificate does not hold, or it is of another authority.":
      "时间戳的签名或证书不成立，或由其他机构签发。",
    "The time-stamp token is not over the proof in the package.": "时间戳令牌不是针对证据包中的证明。",
    "The package cannot be signed: {1}.": "无法对证据包签名：{1}。",
    "The package has {1} bytes, more than the limit of {2}.": "证据包有 {1} 字节，超过上限 {2}。",
    "The part '{1}' is not the one that the manifest names.": "部分“{1}”不是清单所列的那一份。",
    "The evidence package cannot be read: {1}.": "无法读取证据包：{1}。",
  ])

  /// The report for a court.
  private static let report = Catalogue([
    "EVIDENCE REPORT": "证据报告",
    "Incident {1} of the ledger {2}": "账本 {2} 的事件 {1}",
    "1. The right (provisions on Internet Courts, article 11)": "一、权利（《关于互联网法院审理案件若干问题的规定》第十一条）",
    "ISCC {1}; SHA-256 {2}; hash rules {3}.": "ISCC {1}；SHA-256 {2}；编码规则 {3}。",
    "{1}: {2} (entry {3}): {4}.": "{1}：{2}（条目 {3}）：{4}。",
    "{1}: {2} (entry {3}).": "{1}：{2}（条目 {3}）。",
    "2. The likeness": "二、相似性",
    "Algorithm {1}, hash rules {2}.": "算法 {1}，编码规则 {2}。",
    "Registered, variant {1}: {2}": "登记的编码，变体 {1}：{2}",
    "Seen, probe {1}:           {2}": "发现的编码，探针 {1}：{2}",
    "Distance {1} of 256 bits, threshold {2}; quality {3}, at least {4} accuses.":
      "256 比特中相差 {1} 比特，阈值 {2}；质量 {3}，不低于 {4} 方可认定。",
    "Algorithm: the digests of both files are the same, bit for bit; no code is needed.":
      "算法：两文件的摘要逐比特相同，无须比较编码。",
    "Their {1} is {2}.": "其 {1} 为 {2}。",
    "Each frame within {1} of 256 bits counts; {2} of 100 frames of the work suffice.":
      "每帧在 256 比特中相差不超过 {1} 比特即计入；作品每 100 帧满 {2} 帧即可。",
    "{1} of 100 parts of the work are in the file, and {2} of 100 parts of the file are in the work.":
      "作品每 100 份中有 {1} 份见于该文件，该文件每 100 份中有 {2} 份见于作品。",
    "Work, second {1} to {2}: file, second {3} to {4} (largest distance {5}).":
      "作品第 {1} 至 {2} 秒：文件第 {3} 至 {4} 秒（最大相差 {5} 比特）。",
    "Work, frame {1} to {2}: file, frame {3} to {4} (largest distance {5}).":
      "作品第 {1} 至 {2} 帧：文件第 {3} 至 {4} 帧（最大相差 {5} 比特）。",
    "Work, passages that begin at characters {1} to {2}: file, characters {3} to {4} ({5} fingerprints).":
      "作品中始于第 {1} 至 {2} 字符的段落：文件第 {3} 至 {4} 字符（{5} 个指纹）。",
    "And {1} more stretches.": "另有 {1} 段。",
    "The registered work": "登记的作品",
    "What was seen": "发现的文件",
    "3. Untampered since deposit (Rules of Online Litigation, article 16)": "三、存证后未经篡改（《人民法院在线诉讼规则》第十六条）",
    "The statement of the use is entry {1} of a log of {2} entries with the root {3}.":
      "使用声明是共 {2} 个条目的日志中的条目 {1}，日志根为 {3}。",
    "Co-signed by {1}: {2} members, of whom {3} are needed.": "由 {1} 联署：共 {2} 个成员，需要 {3} 个。",
    "Any bit of the capture, its log, the statements or the rights that is changed is found by verify.":
      "取证文件、取证日志、声明或权利中任何一比特被改动，verify 都能发现。",
    "4. The platform (article 17, items 1 and 2)": "四、平台（第十七条第一、二项）",
    "The log is kept by independent members who each execute every statement; {1} stated the use. Which of them has an interest in the case is for the court to look at: the co-signers are named above.":
      "日志由相互独立的成员保存，各自执行每一条声明；使用由 {1} 声明。何者与本案有利害关系由法院审查：联署成员已列于上文。",
    "5. System and technique (article 17, items 3 and 4)": "五、系统与技术（第十七条第三、四项）",
    "RFC 9162 Merkle log, C2SP co-signed checkpoints, COSE signatures (RFC 9052), SHA-256; format and program: {1}.":
      "RFC 9162 默克尔日志，C2SP 联署检查点，COSE 签名（RFC 9052），SHA-256；格式与程序：{1}。",
    "6. Before the deposit (article 18)": "六、存证之前（第十八条）",
    "Source: {1}, user {2}, country {3}. Generation and capture are in capture.log, whose SHA-256 {4} was stated on the ledger with the file.":
      "来源：{1}，使用者 {2}，国家 {3}。生成与取证过程见 capture.log，其 SHA-256 {4} 已与文件一同在账本上声明。",
    "The ledger proves when this was stated and that it is unchanged; it cannot prove that it was true before.":
      "账本证明声明的时间及其未被改动；不能证明此前内容真实。",
    "Made by {1} at {2}.": "由 {1} 于 {2} 制作。",
  ])
}
