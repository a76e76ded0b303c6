import Primitives

extension Catalogue {
  /// What is said of members that join, follow and disagree, in Simplified Chinese.
  static let members = Catalogue([
    "The salt of a document has {1} bytes, not {2}.": "文档的盐为 {1} 字节，而不是 {2} 字节。",
    "There is a member '{1}' in {2} already. Choose another name or folder.": "{2} 中已有成员 '{1}'。请换一个名称或文件夹。",
    "The member card of '{1}' cannot be signed: {2}.": "无法签署 '{1}' 的成员卡：{2}。",
    "The title of '{1}' has more than 256 bytes.": "'{1}' 的称谓超过 256 字节。",
    "The member card of '{1}' cannot be written: {2}.": "无法写入 '{1}' 的成员卡：{2}。",
    "member card": "成员卡",
    "This is no member card. Ask the organisation for the file that join has written.":
      "这不是成员卡。请向该组织索取由 join 写出的文件。",
    "A statement key of the member card of '{1}' cannot be read.": "无法读取 '{1}' 的成员卡中的一个声明密钥。",
    "The log or co-signature key of the member card of '{1}' cannot be read.": "无法读取 '{1}' 的成员卡中的日志密钥或联署密钥。",
    "The member card of '{1}' is not signed by its own key {2}. Ask the organisation for it again.":
      "'{1}' 的成员卡没有由其自己的密钥 {2} 签署。请向该组织重新索取。",
    "The member card of '{1}' has a key that cannot be used: {2}.": "'{1}' 的成员卡中有一个无法使用的密钥：{2}。",
    "{1} holds the genesis of another ledger than '{2}'. Use another folder.":
      "{1} 中是另一账本而非 '{2}' 的创世记录。请使用另一文件夹。",
    "The key {1} is not one of the issuer '{2}', which is a member's name.": "密钥 {1} 不属于签发方 '{2}'，而该名称是一个成员的名称。",
    "The source serves more than a block's {1} statements or {2} bytes without a seal before entry {3}. This member signs nothing.":
      "来源在条目 {3} 之前提供了超过一个区块的 {1} 条声明或 {2} 字节而没有封块记录。此成员不作签署。",
    "The source signs another log than this member has: at size {1} the root is {2} there and {3} here. This member signs nothing; its own copy is kept as it is. Compare the copies with audit.":
      "来源签署的日志与此成员的不同：在大小 {1} 处，那边的根为 {2}，此处为 {3}。此成员不作签署，自己的副本保持原样。请用 audit 比较各副本。",
    "The sequencing node has moved on to another checkpoint. This member signs that one next.":
      "排序节点已转到另一检查点。此成员接着签署那一个。",
    "A quorum of members ({1}) has co-signed another log at size {2} than this node has. This node stops and signs nothing; its own copy is kept as it is. Compare the copies with audit.":
      "达到法定人数的成员（{1}）在大小 {2} 处联署了与此节点不同的日志。此节点停止且不作签署，自己的副本保持原样。请用 audit 比较各副本。",
    "a proof has 10 or 11 parts, not {1}": "一份证明有 10 或 11 个部分，而不是 {1} 个",
    "evidence that is empty is left out": "空的证据应省略",
  ])
}
