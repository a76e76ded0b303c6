internal import Ledger
public import Primitives

extension Catalogue {
  /// What the core, the server and the shared command line say, in Simplified Chinese.
  public static let server = ledger.merging(foreign).merging(routes).merging(serving).merging(commands)
    .merging(membership).merging(help).merging(pages)

  /// The server's problems, tokens, and what a follower says of another server.
  private static let routes = Catalogue([
    "No checkpoint has its quorum of co-signatures yet.": "尚无检查点达到法定人数的联署。",
    "There is no checkpoint yet: nothing has been sealed.": "尚无检查点：还没有封块。",
    "The path is not tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>].":
      "路径应为 tile/<L>/<N>[.p/<W>] 或 tile/entries/<N>[.p/<W>]。",
    "Give two sizes of the log: ?from=<size>&to=<size>.": "请给出日志的两个大小：?from=<size>&to=<size>。",
    "The log of {1} entries does not reach this tile at this width.": "{1} 个条目的日志尚未达到此宽度的瓦片。",
    "The log does not reach this tile at this width.": "日志尚未达到此宽度的瓦片。",
    "The log lacks entries between {1} and {2}. Run audit.": "日志在 {1} 与 {2} 之间缺少条目。请运行 audit。",
    "The request's body is larger than the {1} bytes that this route takes.": "请求正文超过此路由所接受的 {1} 字节。",
    "A state key is an even number of hexadecimal digits.": "状态键应为偶数个十六进制数字。",
    "A state key has at most {1} bytes, not {2}.": "状态键最多 {1} 字节，而不是 {2} 字节。",
    "prefix is 0 or 1.": "prefix 应为 0 或 1。",
    "A statement was not carried out: {1}": "有一条声明未被执行：{1}",
    "A statement's id is 64 hexadecimal digits.": "声明标识应为 64 位十六进制数字。",
    "A signed statement is posted as application/cose (COSE_Sign1).": "已签署的声明应以 application/cose（COSE_Sign1）提交。",
    "The statement got no outcome.": "声明没有得到结果。",
    "The log has no statement {1}.": "日志中没有声明 {1}。",
    "The name '{1}' is not 1 to 64 of a-z, 0-9, '.' and '-'.": "名称“{1}”应由 1 至 64 个 a-z、0-9、“.”或“-”组成。",
    "There are {1} tokens, the limit is {2}. Revoke some.": "已有 {1} 个令牌，上限为 {2}。请吊销一些。",
    "There is no token {1} in {2}.": "{2} 中没有令牌 {1}。",
    "The tokens in {1} cannot be read ({2}).": "无法读取 {1} 中的令牌（{2}）。",
    "The file {1} can be read by others. Make it yours alone: chmod 600 {2}.": "他人可以读取文件 {1}。请改为仅自己可读：chmod 600 {2}。",
    "The file {1} is no list of tokens. Remove it and make tokens anew.": "文件 {1} 不是令牌列表。请删除后重新生成令牌。",
    "The tokens in {1} cannot be written ({2}).": "无法写入 {1} 中的令牌（{2}）。",
    "This is not public. Send a token of a member or regulator: Authorization: Bearer ts_…":
      "此内容不公开。请发送成员或监管方的令牌：Authorization: Bearer ts_…",
    "The token of {1} does not allow to read this.": "{1} 的令牌无权读取此内容。",
    "{1} statements wait to be sealed. Send this one again in a second.": "有 {1} 条声明等待封块。请一秒后重新发送。",
    "This node cannot use its store at the moment. Try again, or ask its operator.": "本节点暂时无法使用其存储。请重试，或联系其运维方。",
    "This node has stopped: its copy is damaged or differs from the others'. Its operator finds the reason in its log; ask another member's node.":
      "本节点已停止：其副本损坏或与其他成员不同。运维方可在其运行日志中查到原因；请改问其他成员的节点。",
    "The request's body is larger than this route takes.": "请求正文超过此路由所能接受的大小。",
    "The request could not be answered.": "无法答复该请求。",
    "{1}.": "{1}。",
    "The address {1}:{2} cannot be listened on ({3}). Stop what uses it, or choose another port.":
      "无法监听地址 {1}:{2}（{3}）。请停止占用它的程序，或换一个端口。",
    "'{1}' is no address to post to, such as http://127.0.0.1:8104/edge/readings.":
      "'{1}' 不是可以提交的地址，例如 http://127.0.0.1:8104/edge/readings。",
    "'{1}' is no address of a server. Give one such as http://127.0.0.1:8101.":
      "“{1}”不是服务器地址。请给出如 http://127.0.0.1:8101 的地址。",
    "The access token has characters that no token has.": "访问令牌含有令牌不应有的字符。",
    "The server at {1} does not have the entries up to {2} yet.": "服务器 {1} 尚无截至 {2} 的条目。",
    "no consistency proof": "的不是一致性证明",
    "The server at {1} has moved on to a checkpoint of size {2}. This member signs that one next.":
      "服务器 {1} 已前进到大小为 {2} 的检查点。本成员接下来签署它。",
    "The server at {1} sends more than {2} bytes where no answer has so many.": "服务器 {1} 发来超过 {2} 字节，而正常答复不会这么多。",
    "The server at {1} does not answer ({2}). Start it, or check the address.": "服务器 {1} 没有应答（{2}）。请启动它，或检查地址。",
    "The server at {1} does not accept this member's token ({2}): {3}": "服务器 {1} 不接受本成员的令牌（{2}）：{3}",
    "The server at {1} cannot answer now ({2}): {3}": "服务器 {1} 暂时无法应答（{2}）：{3}",
    "The server at {1} refuses the request ({2}): {3}": "服务器 {1} 拒绝了请求（{2}）：{3}",
    "The server at {1} sends {2}. Check that it is a node of this ledger.": "服务器 {1} 发来{2}。请确认它是本账本的节点。",
    "The server at {1} sends no bundle of {2} entries. Check that it is a node of this ledger.":
      "服务器 {1} 发来的不是 {2} 个条目的条目包。请确认它是本账本的节点。",
    "Only {1} has documents signed here. Send its token: Authorization: Bearer ts_…":
      "此处只为 {1} 签署文档。请发送其令牌：Authorization: Bearer ts_…",
    "This is the node of {1}; it signs nothing for {2}. Use your own member's node.":
      "这是 {1} 的节点，不为 {2} 签署任何内容。请使用您所属成员的节点。",
    "The path and query have more than {1} bytes.": "路径与查询超过 {1} 字节。",
    "There is nothing at this path.": "此路径下没有内容。",
    "This path takes {1}.": "此路径接受 {1}。",
    "The token is unknown here or has been revoked. Ask this member for another.": "令牌在此未知或已被吊销。请向该成员另行索取。",
    "{1} is no member of this ledger any more; its token is void.": "{1} 已不再是本账本的成员；其令牌无效。",
  ])

  /// What commands answer and why they fail.
  private static let commands = Catalogue([
    "There is no member '{1}'; there are {2}.": "没有成员“{1}”；现有 {2}。",
    "Samples/{1} is not found. Run this in the project's folder, where Samples is.":
      "找不到 Samples/{1}。请在 Samples 所在的项目文件夹中运行。",
    "It is as of {1}, older than the age that you allow; ask for a newer one.": "其时间为 {1}，超过您允许的时限；请索取更新的证明。",
    "{1} members executed and co-signed the log {2} of {3} entries ({4} needed): {5}.":
      "{1} 个成员执行并联署了共 {3} 个条目的日志 {2}（需要 {4} 个）：{5}。",
    "Its key was known when it was taken and its signature good; whether the rules accepted it is not shown here.":
      "入账时其密钥已知、签名有效；规则是否接受它，此处未予证明。",
    "an audit": "一次审计",
    "audit of {1}": "审计 {1}",
    "{1}: {2}": "{1}：{2}",
    "{1}: sound. {2} entries in {3} blocks, every signature and outcome checked; root {4}, state {5}.":
      "{1}：完好。{3} 个区块共 {2} 个条目，每个签名与结果均已核对；根 {4}，状态 {5}。",
    "FAULT at {1}: {2}": "发现故障，位于 {1}：{2}",
    "The trust policy {1} cannot be read: {2}": "无法读取信任策略 {1}：{2}",
    "VERIFIED": "验证通过",
    "The log {1} of {2} entries has the root {3}.": "日志 {1} 共 {2} 个条目，根为 {3}。",
    "{1} members executed and co-signed it ({2} needed): {3}.": "{1} 个成员执行并联署了它（需 {2} 个）：{3}。",
    "{1} at {2}": "{1}（{2}）",
    ", ": "、",
    "It ends on block {1} of {2}, under contract version {3} and configuration {4}; the answer is the state as of then.":
      "它止于 {2} 的区块 {1}，合约版本 {3}，配置 {4}；答案是截至那时的状态。",
    "Entry {1} is in the log.": "条目 {1} 在日志中。",
    "Entry {1} is in the log: statement {2} by '{3}' about '{4}'.": "条目 {1} 在日志中：由“{3}”作出的关于“{4}”的声明 {2}。",
    "The state has {1}: {2}.": "状态中有 {1}：{2}。",
    "{1} bytes, {2}": "{1} 字节，{2}",
    "a value that is withheld": "值未公开",
    "The state does not have {1}.": "状态中没有 {1}。",
    "Under {1} the state has exactly the {2} values shown, and no others.": "{1} 之下，状态恰有所示的 {2} 个值，别无其他。",
    "The document of {1} bytes is the one whose salted hash is entry {2}.": "{1} 字节的文档正是条目 {2} 中加盐哈希所指的文档。",
    "'{1}' is no length of time; write 90s, 15m, 24h or 30d.": "“{1}”不是时长；请写成 90s、15m、24h 或 30d。",
    "There is no statement '{1}' on this ledger.": "本账本上没有声明“{1}”。",
    "transparent statement": "透明声明",
    "receipt": "收据",
    "The {1} of entry {2}, {3} bytes, is in {4}.": "条目 {2} 的{1}（{3} 字节）已写入 {4}。",
    "Epoch {1}: {2} members, {3} must co-sign, contract version {4}, access {5}.":
      "纪元 {1}：{2} 个成员，须 {3} 个联署，合约版本 {4}，访问策略 {5}。",
    "  {1} ({2}): {3}": "  {1}（{2}）：{3}",
    "    {1} key {2} ({3})": "    {1} 密钥 {2}（{3}）",
    "A proposal is named by 64 hexadecimal digits.": "提案以 64 位十六进制数字标识。",
    "The new key cannot be written to {1}: {2}.": "无法将新密钥写入 {1}：{2}。",
    "Proposing {1}.": "正在提议 {1}。",
    "It is entry {1} of the log.": "它是日志的条目 {1}。",
    "Configuration {1} is in force, co-signed by the old quorum and the new.": "配置 {1} 已生效，新旧法定人数均已联署。",
    "--role is member, regulator or reader, not '{1}'.": "--role 应为 member、regulator 或 reader，而不是“{1}”。",
    "a server that is starting": "正在启动的服务器",
    "a server of {1}": "{1} 的服务器",
    "Stopped; everything that was acknowledged is stored.": "已停止；凡已确认的内容均已存储。",
    "--runs and --statements are at least 1.": "--runs 与 --statements 至少为 1。",
    "sealing {1} statements, {2} times": "封块 {1} 条声明，共 {2} 次",
    "building a ledger of {1} statements": "正在建立 {1} 条声明的账本",
    "The audit found: {1}": "审计发现：{1}",
    "error: {1}": "错误：{1}",
    "The output cannot be written: {1}.": "无法写出结果：{1}。",
    "The file {1} is not there or cannot be read.": "文件 {1} 不存在或无法读取。",
    "{1} has more than {2} bytes, which is the limit.": "{1} 超过上限 {2} 字节。",
    "The file {1} cannot be read: {2}.": "无法读取文件 {1}：{2}。",
    "The file {1} cannot be written: {2}.": "无法写入文件 {1}：{2}。",
    "a follower of {1}, process {2}": "{1} 的跟随节点，进程 {2}",
    "{1} executed and co-signed the log of {2} entries.": "{1} 执行并联署了 {2} 个条目的日志。",
    "{1} Trying again in {2} ms.": "{1}{2} 毫秒后重试。",
    "--access is 'public' or 'member', not '{1}'.": "--access 应为 public 或 member，而不是“{1}”。",
    "--regulators names '{1}', which is no member.": "--regulators 中的“{1}”不是成员。",
    "Founded {1} with {2} members, {3} of whom must co-sign.": "已创建 {1}，共 {2} 个成员，须有 {3} 个联署。",
    "Their folders are in {1}; the trust policy for verifiers is {2}/policy.txt.":
      "各成员的文件夹在 {1} 中；供验证方使用的信任策略为 {2}/policy.txt。",
  ])
}
