import Primitives

extension Catalogue {
  /// What the commands of keys and membership say, in Simplified Chinese.
  static let membership = Catalogue([
    "A folder that join has made gets its genesis from the server; give --genesis to be sure that it is the one that the other members hold.":
      "由 join 建立的文件夹从服务器取得创世记录；给出 --genesis 可确保它与其他成员持有的相同。",
    "A PEM file of the certificates to believe behind https, instead of this system's.":
      "https 所信任证书的 PEM 文件，代替本系统的证书。",
    "The SHA-256 that the ledger's genesis must have, for a node that joins.": "加入的节点所要求的账本创世记录的 SHA-256。",
    "{1} executed the log of {2} entries, and signs nothing: it is no member in this configuration.":
      "{1} 已执行 {2} 个条目的日志，但不作签署：它在此配置中不是成员。",
    "--genesis is 64 hexadecimal digits.": "--genesis 应为 64 位十六进制数字。",
    "The genesis of '{1}' has the SHA-256 {2}, not the one given. Ask the members.":
      "'{1}' 的创世记录的 SHA-256 为 {2}，与所给不同。请询问各成员。",
    "The server at {1} has a ledger of '{2}', and this is '{3}'.": "{1} 的服务器上是 '{2}' 的账本，而这是 '{3}'。",
    "{1} begins with the genesis {2} of {3}. Compare it with another member's.": "{1} 始于 {3} 的创世记录 {2}。请与其他成员的比对。",
    "Makes a folder with keys for an organisation that joins, and the card that its members take.":
      "为要加入的组织建立带密钥的文件夹，以及交给成员的成员卡。",
    "Hand the card to a member, who proposes it (member add); when enough members have approved it, start follow with this folder: it pulls the whole log, executes it and co-signs.":
      "把成员卡交给一个成员，由其提议（member add）；足够的成员批准后，用此文件夹启动 follow：它拉取整个日志、执行并联署。",
    "The organisation's name: 1 to 64 of a-z, 0-9, '.' and '-'.": "组织的名称：1 到 64 个字符，取自 a-z、0-9、'.' 和 '-'。",
    "Its name for people; the name unless given.": "供人阅读的称谓；默认为名称。",
    "member or regulator.": "member（成员）或 regulator（监管方）。",
    "The statement key's algorithm: es256, eddsa or sm2.": "声明密钥的算法：es256、eddsa 或 sm2。",
    "Where to write the card; <data>/<name>.card.json unless given.": "成员卡写到哪里；默认为 <data>/<name>.card.json。",
    "The keys of {1} are in {2}/{3}; keep them there.": "{1} 的密钥在 {2}/{3} 中；请留在原处。",
    "Hand the card {1} to a member; it holds public keys only.": "请把成员卡 {1} 交给一个成员；其中只有公钥。",
    "Makes and shows keys (PKCS #8 in PEM, mode 0600).": "生成和显示密钥（PKCS #8，PEM，权限 0600）。",
    "Makes a key in a new file, and prints its id and public half.": "在新文件中生成密钥，并显示其标识和公钥。",
    "Where to write the private key; a file that is there is never overwritten.": "私钥写到哪里；已有的文件不会被覆盖。",
    "es256 (P-256), eddsa (Ed25519) or sm2 (SM2 with SM3).": "es256（P-256）、eddsa（Ed25519）或 sm2（SM2 与 SM3）。",
    "Prints the id, algorithm and public half of a private or public key.": "显示私钥或公钥的标识、算法和公钥。",
    "A private or public key in PEM.": "PEM 格式的私钥或公钥。",
    "key id     {1}": "密钥标识   {1}",
    "algorithm  {1}": "算法       {1}",
    "An algorithm is es256, eddsa or sm2, not '{1}'.": "算法应为 es256、eddsa 或 sm2，而不是 '{1}'。",
    "Algorithms of statements, separated by commas, of es256, eddsa and sm2; the founders' keys are of the first.":
      "声明所用的算法，以逗号分隔，可取 es256、eddsa 和 sm2；创始成员的密钥采用第一个。",
    "--role is member or regulator, not '{1}'.": "--role 应为 member 或 regulator，而不是 '{1}'。",
    "The file {1} holds no key that can be used: {2}.": "文件 {1} 中没有可用的密钥：{2}。",
    "The key in {1} cannot be used: {2}.": "{1} 中的密钥无法使用：{2}。",
    "The key in {1} is {2}; log and co-signature keys are EdDSA (Ed25519).":
      "{1} 中的密钥是 {2}；日志密钥和联署密钥应为 EdDSA（Ed25519）。",
    "As many members as the quorum asks for must agree; who proposes agrees by it. The change is in force with the block that the last approval is in, once the old quorum and the new have co-signed it.":
      "须有达到法定人数的成员同意；提议即表示同意。最后一项批准所在的区块经新旧法定人数联署后，变更随该区块生效。",
    "Whose copy is read; the first member's unless given.": "读取谁的副本；默认为第一个成员。",
    "Proposes a new member, by its card or by its keys.": "以成员卡或密钥提议一个新成员。",
    "Compare the key ids with what the organisation tells you on another way.": "请把密钥标识与该组织以其他途径告知的进行比对。",
    "The card that join has written; or a name, with the three keys.": "由 join 写出的成员卡；或名称加三个密钥。",
    "With a name: the name for people.": "用名称时：供人阅读的称谓。",
    "With a name: member or regulator.": "用名称时：member（成员）或 regulator（监管方）。",
    "With a name: its statement key, PEM.": "用名称时：其声明密钥，PEM。",
    "With a name: its log key, PEM of Ed25519.": "用名称时：其日志密钥，Ed25519 的 PEM。",
    "With a name: its co-signature key, PEM of Ed25519.": "用名称时：其联署密钥，Ed25519 的 PEM。",
    "How many members must co-sign then; two thirds and one more unless given.": "届时须联署的成员数；默认为三分之二再加一。",
    "{1} signs with {2} {3}.": "{1} 用 {2} 密钥 {3} 签署。",
    "'{1}' is a member already. To change its keys, use member rotate.": "'{1}' 已是成员。要更换其密钥，请用 member rotate。",
    "Give all of --statement-key, --log-key and --cosignature-key, or a card.":
      "请同时给出 --statement-key、--log-key 和 --cosignature-key，或给出成员卡。",
    "Move the new key to <member>/statement.pem once the change is in force, and start servers again.":
      "变更生效后把新密钥移到 <member>/statement.pem，并重新启动服务器。",
    "Makes a key and writes it to this new file (PEM, mode 0600).": "生成密钥并写入此新文件（PEM，权限 0600）。",
    "Takes this key, private or public, instead.": "改用此密钥，私钥或公钥均可。",
    "The algorithm of a key that is made: es256, eddsa or sm2.": "所生成密钥的算法：es256、eddsa 或 sm2。",
    "What the key may sign: admin (also proposals and approvals) or write.": "密钥可签署什么：admin（包括提案和批准）或 write。",
    "Keeps the member's other keys in force.": "保留该成员的其他密钥。",
    "--key-role is admin or write, not '{1}'.": "--key-role 应为 admin 或 write，而不是 '{1}'。",
    "Give either --out, to make a key, or --key, to take one.": "请给出 --out 以生成密钥，或 --key 以采用密钥，二者取一。",
    "The new key is {1}.": "新密钥为 {1}。",
    "Proposes that one of a member's statement keys ends; its earlier statements stay.": "提议终止某成员的一个声明密钥；其以前的声明仍然有效。",
    "The member whose key ends.": "密钥被终止的成员。",
    "The key's id, as list shows it.": "密钥标识，如 list 所示。",
    "The member '{1}' has no key {2}.": "成员 '{1}' 没有密钥 {2}。",
    "{1} is the only key of '{2}'. Rotate it, or remove the member.": "{1} 是 '{2}' 唯一的密钥。请更换它，或移除该成员。",
    "How many: more than half of the members, and at most all.": "数量：超过成员的一半，至多为全部。",
    "Says what changes, as this member's own copy has it, before it signs.": "签署前，按该成员自己的副本说明有何变更。",
    "  proposed: {1} (epoch {2})": "  提案：{1}（纪元 {2}）",
    "    approved by {1}: {2} of {3} needed": "    已由 {1} 批准：{2}／须 {3}",
    "{1} key {2}": "{1} 密钥 {2}",
    "{1} joins as {2} ('{3}') with {4}.": "{1} 以 {2}（'{3}'）身份加入，使用 {4}。",
    "{1} signs with {2}.": "{1} 用 {2} 签署。",
    "{1} has another log key.": "{1} 更换日志密钥。",
    "{1} has another co-signature key.": "{1} 更换联署密钥。",
    "{1} becomes {2}.": "{1} 变为 {2}。",
    "{1} is called '{2}'.": "{1} 的称谓改为 '{2}'。",
    "{1} leaves.": "{1} 退出。",
    "{1} of {2} members must co-sign, instead of {3} of {4}.": "{2} 个成员中须有 {1} 个联署，原为 {4} 个中的 {3} 个。",
    "Contract version {1} takes the place of {2}.": "合约版本 {1} 取代 {2}。",
    "Access becomes {1}.": "访问策略变为 {1}。",
    "{1}: the state of {2} entries": "{1}：{2} 个条目的状态",
    "Accepted algorithms: {1}.": "接受的算法：{1}。",
    "The member that signs.": "签署的成员。",
    "Another key to sign with than <member>/statement.pem.": "用于签署的密钥，代替 <member>/statement.pem。",
    "Sends it to this server instead of writing to the ledger here.": "发送到此服务器，而不写入此处的账本。",
    "A PEM file of the certificates to believe behind https.": "https 所信任证书的 PEM 文件。",
    "The copy of '{1}' has no such proposal for the next configuration. Let its node follow, then see member list.":
      "'{1}' 的副本中没有这样的下一配置提案。请让其节点跟随，然后查看 member list。",
    "It is entry {1} of the log at {2}.": "它是 {2} 处日志的条目 {1}。",
    "{1} follows a ledger that is sequenced elsewhere. Give --server and its address.":
      "{1} 跟随的是在别处排序的账本。请给出 --server 及其地址。",
  ])
}
