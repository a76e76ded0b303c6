import Primitives

extension Catalogue {
  /// The names of the network's figures, in Simplified Chinese.
  static let cityFigures = Catalogue([
    "Peak data rate, uplink": "上行峰值速率",
    "what the configured carrier could carry by TS 38.306; not delivered": "按 TS 38.306 所配载波可承载的速率；并非实际送达",
    "Delivered peak, whole map": "全图送达峰值",
    "payload in the busiest step": "最忙时步的净荷",
    "User experienced rate, uplink": "上行用户体验速率",
    "mean per device of the fastest fleet; sensors do not offer more": "最快设备群的单设备平均值；传感器不产生更多流量",
    "Traffic density": "流量密度",
    "payload in the busiest step over the map; sensors do not offer more": "最忙时步的净荷除以面积；传感器不产生更多流量",
    "One way over the air, URLLC, 99 %": "空口单向时延，URLLC，99 %",
    "simulated air time only: no core, no queue, no processing": "仅为模拟的空口时间：不含核心网、排队与处理",
    "Delivered within 1 ms over the air, URLLC": "空口 1 毫秒内送达，URLLC",
    "of all packets sent, losses included": "占全部已发送数据包，含丢失",
    "One way over the air, eMBB, median": "空口单向时延，eMBB，中位数",
    "Connection density": "连接密度",
    "devices of the scenario over the map": "场景设备数除以面积",
    "Delivered within 10 s, MIoT": "10 秒内送达，MIoT",
    "of all packets sent": "占全部已发送数据包",
    "Busiest step": "最忙时步",
    "packets sent in the busiest step": "最忙时步发送的数据包",
    "Mobility": "移动性",
    "upper speed of the fastest fleet that delivered": "有送达的最快设备群的最高速度",
    "Mobility interruption": "移动中断时间",
    "as the scenario sets it": "由场景设定",
  ])
}
