import Primitives

extension Catalogue {
  /// What served gateways, their commands and the reading of their readings say, in Simplified Chinese.
  static let cityGateways = Catalogue([
    "Puts gateways into and out of service, says what they take readings from; lists the batches of one.":
      "启用或停用网关，指定其读数来源；列出某一网关的批次。",
    "Registers a gateway with its key; serve runs it from then on.": "以密钥登记网关；此后由 serve 运行。",
    "The gateway's private key (PEM), made there if the file is missing; in the data folder unless given.":
      "网关私钥（PEM），文件不存在时在该处生成；未给出时放在数据文件夹中。",
    "Takes plain SenML from a bridge of this name, which needs a token; may be repeated.":
      "接收此名称网桥的未认证 SenML，网桥须持有令牌；可重复给出。",
    "Lets a gateway take plain SenML from a bridge; a server that runs takes note when it is started again.":
      "让网关接收某网桥的未认证 SenML；正在运行的服务器在重新启动后生效。",
    "The bridge's name, which its access token has as well.": "网桥名称，其访问令牌亦用此名称。",
    "{1} takes SenML from {2}, as readings of {3}.": "{1} 接收来自 {2} 的 SenML，作为 {3} 的读数。",
    "Make its token with: smartcity token make --for {1} --role reader --data {2}":
      "生成其令牌：smartcity token make --for {1} --role reader --data {2}",
    "Gives a device a key that it shares with a gateway, for readings that it authenticates itself.":
      "为设备生成与网关共享的密钥，用于由设备自行认证的读数。",
    "Its model, for the tests of quality, for example air-quality; none unless given.":
      "设备型号，用于质量检验，例如 air-quality；未给出则无。",
    "Writes what the device is to know to this file (JSON).": "将设备应知的内容写入此文件（JSON）。",
    "A model is {1}.": "型号为 {1}。",
    "{1} shares a key with '{2}' already.": "{1} 已与“{2}”共享密钥。",
    "{1} shares a key with {2}; what the device is to know is in {3}.": "{1} 与 {2} 共享密钥；设备应知的内容在 {3} 中。",
    "{1} has a bridge '{2}' already.": "{1} 已有网桥“{2}”。",
    "The key of '{1}' is not 64 hexadecimal digits.": "“{1}”的密钥不是 64 位十六进制数字。",
    "The file {1} is not what 'smartcity gateway' writes.": "文件 {1} 不是 'smartcity gateway' 写出的内容。",
    "A gateway that is served has a name of letters, digits, '.', '-' and '_', not '{1}'.":
      "由服务器运行的网关，其名称由字母、数字、'.'、'-' 和 '_' 组成，而“{1}”不是。",
    "There is no gateway '{1}' to serve in {2}.": "{2} 中没有可运行的网关“{1}”。",
    "The ledger knows no gateway '{1}'. Register it: smartcity gateway add {2} …":
      "账本中没有网关“{1}”。请登记：smartcity gateway add {2} …",
    "The key of the gateway '{1}' here is not the one that it is registered with.": "本机网关“{1}”的密钥与登记的不同。",
    "The gateway '{1}' is out of service on the ledger: {2}.": "网关“{1}”在账本上已停用：{2}。",
    "The gateway '{1}' has batches of {2}, which is still to come: it was simulated. Choose another.":
      "网关“{1}”有 {2} 的批次，该时间尚未到来：它是模拟产生的。请另选一个。",
    "The gateway {1} has failed and takes nothing more: {2}": "网关 {1} 发生故障，不再接收：{2}",
    "{1} took in {2} readings, refused {3}; its last batch is {4}, closed and signed.":
      "{1} 接收了 {2} 条读数，拒绝 {3} 条；最后一个批次为 {4}，已关闭并签名。",
    "The ledger does not take the batches of {1}, which stay here: {2}": "账本未接受 {1} 的批次，批次保留在本机：{2}",
    "The gateway {1} cannot state what it found: {2}": "网关 {1} 无法登记其发现：{2}",
    "Nothing since {1}.": "自 {1} 起没有读数。",
    "Heard again at {1}.": "于 {1} 恢复上报。",
    "A broker from which the gateways take readings as well, for example mqtt://127.0.0.1:1883.":
      "网关另从此代理服务器接收读数，例如 mqtt://127.0.0.1:1883。",
    "How often its promised time a device may be silent before that is an alarm, 1 to 100.":
      "设备静默超过其承诺时间的多少倍时告警，1 到 100。",
    "Lets everyone read the readings, without a token or a grant: for open data.":
      "任何人无需令牌或授权即可读取读数：用于开放数据。",
    "There is no gateway in {1} that could take readings from a broker. Make one: smartcity gateway add gw-1 --as MEMBER --bridge NAME --data {2}":
      "{1} 中没有可从代理服务器接收读数的网关。请建立：smartcity gateway add gw-1 --as MEMBER --bridge NAME --data {2}",
    "Gateways run with the server of the member that sequences: {1} not here.": "网关随排序成员的服务器运行：{1} 不在此运行。",
    "POST /edge/readings and {1} (edge/{2}/…)": "POST /edge/readings 以及 {1}（edge/{2}/…）",
    "{1} takes readings from {2} devices and bridges: {3}.": "{1} 从 {2} 个设备和网桥接收读数：{3}。",
    "Readings are shown to their owner, to regulators and under a grant. Send a token: Authorization: Bearer ts_…":
      "读数只向所有方、监管方和获授权方展示。请发送令牌：Authorization: Bearer ts_…",
    "access is the entry of a recorded read, not '{1}'.": "access 是一次已记录读取的条目，而不是“{1}”。",
    "The readings of {1} are another member's. Read them under its grant: record the read (smartcity grant read) and name its entry, ?access=ENTRY.":
      "{1} 的读数属于另一成员。请按其授权读取：先记录读取（smartcity grant read），再给出条目 ?access=ENTRY。",
    "That read was recorded more than ten minutes ago. Record this one.": "该次读取的记录已超过十分钟。请记录本次读取。",
    "The recorded read is of another time. Say from and to within it.": "所记录的读取属于另一时段。请给出其中的 from 与 to。",
    "There is no such reading: the leaf is a device's signed epoch.": "没有这样的读数：该叶是设备签名的时段。",
    "Of {1} messages only {2} have come through the broker within a minute.": "一分钟内 {1} 条消息中只有 {2} 条经代理服务器到达。",
    "{1} messages of the city came over MQTT, through mosquitto at {2}, into the gateways by the way that HTTP and this process take too.":
      "城市的 {1} 条消息经 MQTT（位于 {2} 的 mosquitto）进入网关，入口与 HTTP 和本进程相同。",
    "Sends the square kilometre's readings through mosquitto, which is started for it.":
      "让这一平方公里的读数经由为此启动的 mosquitto 发送。",
    "mosquitto is not on this machine, so it is not measured. On Debian: apt-get install {1}":
      "本机没有安装 mosquitto，因此不测量。在 Debian 上运行：apt-get install {1}",
  ])
}
