import Primitives

extension Catalogue {
  /// What is said of acknowledged and of erased readings, in Simplified Chinese.
  static let cityErasing = Catalogue([
    "Checks that a gateway has kept what it acknowledged: a body as it was sent, and the answer to it.":
      "检查网关是否保留了其确认的内容：所发送的正文及其应答。",
    "Ends with the exit code 1 where a reading is missing. With --as that goes onto the ledger as an incident, with the gateway's own signatures, which prove it.":
      "有读数缺失时以退出码 1 结束。给出 --as 时，作为事件写入账本，并附上足以证明的网关自身签名。",
    "The body that was sent: one message, or a CBOR sequence of them.":
      "所发送的正文：一条消息，或由消息组成的 CBOR 序列。",
    "The JSON answer of POST /edge/readings.":
      "POST /edge/readings 的 JSON 应答。",
    "The member that states a missing reading as an incident.":
      "将缺失读数作为事件陈述的成员。",
    "{1} acknowledged {2} readings; {3} are where it said.":
      "{1} 确认了 {2} 个读数；其中 {3} 个在其所说的位置。",
    "{1} cannot be looked at: not stated yet, erased, or the gateway's file is not here.":
      "{1} 个无法查看：尚未公布、已删除，或网关文件不在本机。",
    "{1} has not kept {2}/{3}.":
      "{1} 未保留 {2}/{3}。",
    "{1} is not the JSON answer to this body.":
      "{1} 不是对此正文的 JSON 应答。",
    "The answer has no acknowledgement: nothing of the body was taken.":
      "应答中没有确认：正文未被接收。",
    "The gateway signed another answer than this one, or for another body.":
      "网关签署的不是此应答，或所对应的不是此正文。",
    "Erases a reading, or a whole batch, from the gateway's file here; every other proof still holds.":
      "从本机网关文件中删除一个读数或整个批次；其他证明依然成立。",
    "A reading's leaf and a batch's header stay, so counts and series still add up: they name what was erased as a gap. A gateway that is served has to be stopped first. Copies elsewhere are their holders' to erase.":
      "读数的叶和批次头予以保留，因此计数与序列仍然吻合：被删除者列为缺口。正在运行的网关须先停止。别处的副本由其持有者删除。",
    "The reading, GATEWAY/BATCH/INDEX; or a batch, GATEWAY/BATCH.":
      "读数 GATEWAY/BATCH/INDEX；或批次 GATEWAY/BATCH。",
    "The member that owns the gateway; the erasure is stated as its operation.":
      "拥有网关的成员；删除作为其操作陈述。",
    "'{1}' is no GATEWAY/BATCH/INDEX or GATEWAY/BATCH, for example gw-1/17/4095.":
      "“{1}”不是 GATEWAY/BATCH/INDEX 或 GATEWAY/BATCH，例如 gw-1/17/4095。",
    "{1} is erased; entry {2} says by whom and why.":
      "{1} 已删除；条目 {2} 说明由谁及为何删除。",
    "The gateway '{1}' is {2}'s, who alone erases its readings.":
      "网关“{1}”属于 {2}，只有其可删除读数。",
    "It signs epochs with its certificate's key: its readings are of tier 2.":
      "设备以证书密钥签署时段：其读数为第 2 级。",
    "The bridge would be called {1}, which has {2} bytes; {3} are possible. Choose a shorter name.":
      "网桥将被称为 {1}，共 {2} 字节；最多 {3} 字节。请选用更短的名称。",
  ])
}
