import Primitives

extension Catalogue {
  /// What a server, its limits and the bench say, in Simplified Chinese.
  static let serving = Catalogue([
    "The server that is measured did not start; see above.": "被测量的服务器未能启动；见上文。",
    "A batch was not carried out: {1}": "有一批未被执行：{1}",
    "{1}, round {2}": "{1}，第 {2} 轮",
    "The measurement of '{1}' ended with an error; see above.": "'{1}' 的测量以错误告终；见上文。",
    "sealing what comes in over HTTP": "正在封存经 HTTP 送来的声明",
    "The certificate chain for https, PEM; the server's own certificate first.": "https 的证书链，PEM；服务器自己的证书在前。",
    "The certificate's private key, PEM; not readable by everyone.": "证书的私钥，PEM；不得对所有人可读。",
    "The address under which others reach this server, for links; relative ones unless given.":
      "他人访问此服务器的地址，用于链接；默认使用相对链接。",
    "'{1}' has keys and no ledger yet. Let its node follow first.": "'{1}' 已有密钥但还没有账本。请先让其节点跟随。",
    "the server of {1} at {2}:{3}, process {4}": "位于 {2}:{3} 的 {1} 的服务器，进程 {4}",
    "{1} serves {2} at {3}:{4} (log of {5} entries).": "{1} 在 {3}:{4} 提供 {2}（日志有 {5} 个条目）。",
    "Give both --tls-certificate and --tls-key, or neither.": "请同时给出 --tls-certificate 和 --tls-key，或都不给。",
    "A batch is posted as {1}: signed statements (COSE_Sign1), one after the other.":
      "一批应以 {1} 提交：已签署的声明（COSE_Sign1）依次相连。",
    "Statement {1} of the batch cannot be read: {2}.": "无法读取这一批的第 {1} 条声明：{2}。",
    "A batch has at most {1} statements; send several.": "一批最多有 {1} 条声明；请分几批发送。",
    "The batch has no statements.": "这一批中没有声明。",
    "Entry {1} is in the log, and was refused ({2}): {3}": "条目 {1} 已在日志中，并被拒绝（{2}）：{3}",
    "{1} requests are being answered, which is the limit. Send this one again in a second.":
      "正在处理 {1} 个请求，已达上限。请在一秒后重新发送。",
    "Malformed request": "请求格式错误",
    " or ": " 或 ",
    "This path answers in {1}. Ask for one.": "此路径以 {1} 应答。请从中选择。",
    "The request did not arrive within {1} seconds. Send it faster, or less at once.":
      "请求未在 {1} 秒内到达。请更快发送，或减少每次的内容。",
    "The TLS key {1} is not there or cannot be read.": "TLS 密钥 {1} 不存在或无法读取。",
    "The TLS key {1} can be read by everyone. Run: chmod o-rwx '{2}'": "TLS 密钥 {1} 对所有人可读。请运行：chmod o-rwx '{2}'",
    "The TLS certificate {1} is not there or cannot be read.": "TLS 证书 {1} 不存在或无法读取。",
    "The file {1} holds no certificate in PEM.": "文件 {1} 中没有 PEM 格式的证书。",
    "The TLS certificate {1} and key {2} cannot be used ({3}). Give PEM files that belong together.":
      "无法使用 TLS 证书 {1} 和密钥 {2}（{3}）。请给出相互匹配的 PEM 文件。",
    "The certificates in {1} cannot be read ({2}). Give a PEM file of certificates.":
      "无法读取 {1} 中的证书（{2}）。请给出证书的 PEM 文件。",
    "No log key of a member, now or earlier, has this key id.": "现在或以前的成员日志密钥中，没有一个是此密钥标识。",
    "{1} keys begin with this prefix, more than the {2} of one answer. Ask for narrower ones, which together have exactly these keys: {3}.":
      "有 {1} 个键以此前缀开头，超过一次应答的 {2} 个。请查询更窄的前缀，它们合起来正好是这些键：{3}。",
  ])
}
