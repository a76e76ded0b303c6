import Primitives

extension Catalogue {
  /// Sealing and sensors, in Simplified Chinese.
  static let financeSealing = Catalogue([
    "The member.": "成员。",
    "The entry's place in the log.": "条目在日志中的位置。",
    "Entry {1} is no statement of this log.": "条目 {1} 不是此日志的声明。",
    "Entry {1} has nothing sealed in it.": "条目 {1} 中没有密封的内容。",
    "Nothing in entry {1} is sealed to {2}.": "条目 {1} 中没有密封给 {2} 的内容。",
    "{1} could open another bank's bid: this must not happen.": "{1} 能打开另一家银行的报价：这不应发生。",
    "Lets a simulated 5G device report on goods through a gateway: registers it, then states its readings.":
      "让模拟的 5G 设备经网关上报货物情况：先登记设备，再提交其读数。",
    "The goods: 64 hexadecimal digits.": "货物：64 位十六进制数字。",
    "How many readings, 1 to 10.": "读数个数，1 至 10。",
    "Degrees that the device measures; as the simulation has it unless given.": "设备测得的温度；不指定则取模拟值。",
    "The device's keys follow from this number and the goods.": "设备密钥由此数字和货物推出。",
    "The simulated hour is over.": "模拟的一小时已结束。",
    "The gateway refused a true reading.": "网关拒绝了真实读数。",
    "The gateway took in a changed reading: this must not happen.": "网关接收了被篡改的读数：这不应发生。",
    "A 5G device in the cold room reports through the gateway, which refuses a reading changed on the way.":
      "冷库中的 5G 设备经网关上报；途中被篡改的读数被网关拒绝。",
  ])
}
