public import Primitives

extension Catalogue {
  /// What goes wrong between a client and a broker, in Simplified Chinese.
  public static let mqtt = Catalogue([
    "This is no broker's address such as mqtt://127.0.0.1:1883. {1}": "这不是代理服务器地址，正确的例子是 mqtt://127.0.0.1:1883。{1}",
    "It begins with neither mqtt:// nor tcp://.": "它既不以 mqtt:// 开头，也不以 tcp:// 开头。",
    "After the host and the port nothing may follow.": "主机和端口之后不得再有内容。",
    "The user cannot be read.": "用户名无法读取。",
    "The password cannot be read.": "密码无法读取。",
    "The host cannot be read.": "主机名无法读取。",
    "A port is a number from 1 to 65535.": "端口是 1 到 65535 之间的数字。",
    "A client's id has 1 to 128 bytes, and a session that is kept needs one.": "客户端标识为 1 到 128 字节；保留会话时必须给出标识。",
    "A client lets 1 to {1} messages wait, and is silent for 5 to 65535 seconds.":
      "客户端允许 1 到 {1} 条消息等待，静默时间为 5 到 65535 秒。",
    "A client has at most {1} subscriptions.": "一个客户端最多有 {1} 个订阅。",
    "A filter of topics has 1 to {1} bytes.": "主题过滤器为 1 到 {1} 字节。",
    "'{1}' is no filter of topics.": "'{1}' 不是主题过滤器。",
    "A topic has 1 to {1} bytes and neither '#' nor '+' among them.": "主题为 1 到 {1} 字节，且不含 '#' 和 '+'。",
    "A payload has at most {1} bytes; this one has {2}.": "载荷最多 {1} 字节；此载荷有 {2} 字节。",
    "The system has no file descriptor left for a client.": "系统已没有可供客户端使用的文件描述符。",
    "The system has no thread left for a client.": "系统已没有可供客户端使用的线程。",
    "There is no memory for a client.": "没有可供客户端使用的内存。",
    "The client of the broker has been closed.": "代理服务器的客户端已关闭。",
    "The message was not sent: the library refused it.": "消息未发送：程序库拒绝了它。",
    "The broker refuses the subscription to '{1}'.": "代理服务器拒绝订阅 '{1}'。",
    "The broker at {1} refuses the client: {2}": "位于 {1} 的代理服务器拒绝该客户端：{2}",
    "No broker answers at {1}. {2}": "{1} 没有代理服务器应答。{2}",
    "The host's name is not known.": "主机名无法解析。",
    "It is no MQTT broker, or it hung up.": "它不是 MQTT 代理服务器，或已断开连接。",
    "mosquitto is not on this machine. On Debian: apt-get install {1}":
      "本机没有安装 mosquitto。在 Debian 上运行：apt-get install {1}",
    "mosquitto cannot be started from {1}.": "无法从 {1} 启动 mosquitto。",
    "mosquitto does not answer. {1}": "mosquitto 没有应答。{1}",
    "A folder's name has no line break.": "文件夹名称不得含换行符。",
    "The broker's folder {1} cannot be written.": "代理服务器的文件夹 {1} 无法写入。",
    "There is no free port for a broker.": "没有可供代理服务器使用的空闲端口。",
  ])
}
