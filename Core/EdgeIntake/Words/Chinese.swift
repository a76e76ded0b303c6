public import Primitives

extension Catalogue {
  /// Why a gateway takes nothing of a body, in Simplified Chinese.
  public static let edgeIntake = Catalogue([
    "The pack cannot be taken: {1}": "无法接收该数据包：{1}",
    "The body has {1} bytes, {2} are taken.": "正文有 {1} 字节，最多接收 {2} 字节。",
    "A sequence has at most {1} messages.": "一个序列最多有 {1} 条消息。",
    "Plain SenML is taken from a bridge of this gateway only.": "未经认证的 SenML 只接收自本网关的网桥。",
    "The gateway has more readings to take in than it can at the moment. Send these again.":
      "网关目前待接收的读数过多，请稍后重新发送。",
    "it does not fit a bridge's reading": "不适合作为网桥的读数",
    "The payload is empty.": "载荷为空。",
    "The gateway's name cannot stand in a topic: it has '/', '+', '#' or a space.":
      "网关名称不能用于主题：其中含有 '/'、'+'、'#' 或空格。",
  ])
}
