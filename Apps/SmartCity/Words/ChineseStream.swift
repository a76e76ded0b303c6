import Primitives

extension Catalogue {
  /// What streams, and the way in of readings, say in Simplified Chinese.
  static let cityStream = Catalogue([
    "Sends the readings of a scenario to a file, an MQTT broker or a web server.":
      "将场景的读数发送到文件、MQTT 代理服务器或 Web 服务器。",
    "One seed gives the same bytes on every machine. Without --rate and --speed a file is written as fast as it goes, and a broker or server gets the readings in simulated time. With --now the readings have today's times instead of the scenario's, so that a gateway takes them.":
      "同一种子在任何机器上产生相同的字节。未给出 --rate 和 --speed 时，文件以最快速度写出，代理服务器或服务器按模拟时间收到读数。给出 --now 时，读数采用当前时间而非场景的时间，使网关能够接收。",
    "Readings a second, whatever the simulated time is.":
      "每秒读数个数，与模拟时间无关。",
    "Simulated seconds to one of real time, 0.001 to 1000000; 0 for as fast as it goes.":
      "每一秒实际时间对应的模拟秒数，0.001 至 1000000；0 表示尽可能快。",
    "Ends after so many seconds: of sending with --rate, else of simulated time.":
      "在若干秒后结束：给出 --rate 时按发送时间，否则按模拟时间。",
    "senml, senml-cbor or ndjson.":
      "senml、senml-cbor 或 ndjson。",
    "A broker, for example mqtt://127.0.0.1:1883.":
      "代理服务器，例如 mqtt://127.0.0.1:1883。",
    "The topic; {device} in it is each reading's device, {class} how urgent its slice is.":
      "主题；其中 {device} 为每个读数的设备，{class} 为其切片的紧急程度。",
    "0 or 1: whether the broker acknowledges.":
      "0 或 1：代理服务器是否确认。",
    "An address to post to, for example http://127.0.0.1:8104/edge/readings?slice={class}; {class} is how urgent the slice is.":
      "提交地址，例如 http://127.0.0.1:8104/edge/readings?slice={class}；{class} 为切片的紧急程度。",
    "An access token for it; better in TALLYSTICK_TOKEN.":
      "其访问令牌；最好放在 TALLYSTICK_TOKEN 中。",
    "Readings in one request.":
      "每个请求中的读数个数。",
    "Requests at a time.":
      "同时进行的请求数。",
    "A file; standard output if neither it nor --mqtt nor --http is given.":
      "文件；若未给出它、--mqtt 和 --http，则为标准输出。",
    "The readings' times begin now.":
      "读数的时间从现在开始。",
    "Give one of --mqtt, --http and --out.":
      "请在 --mqtt、--http 和 --out 中只给出一个。",
    "Give --rate or --speed, not both.":
      "请给出 --rate 或 --speed，不要同时给出。",
    "--rate is 1 to 100,000,000.":
      "--rate 为 1 至 100,000,000。",
    "--speed is 0, or 0.001 to 1,000,000.":
      "--speed 为 0，或 0.001 至 1,000,000。",
    "--seconds is 0 to 31,622,400.":
      "--seconds 为 0 至 31,622,400。",
    "--format is {1}.":
      "--format 为 {1}。",
    "--qos is 0 or 1.":
      "--qos 为 0 或 1。",
    "--batch is 1 to {1}.":
      "--batch 为 1 至 {1}。",
    "--parallel is 1 to 64.":
      "--parallel 为 1 至 64。",
    "--devices is 1 to {1}.":
      "--devices 为 1 至 {1}。",
    "standard output":
      "标准输出",
    "{1} bytes in {2}":
      "{2} 中 {1} 字节",
    "{1} readings posted to {2}, {3} requests repeated":
      "{1} 个读数已提交到 {2}，{3} 个请求重复发送",
    "The server at {1} has been busy for {2} tries.":
      "位于 {1} 的服务器在 {2} 次尝试中一直繁忙。",
    "The server at {1} refuses the readings ({2}): {3}":
      "位于 {1} 的服务器拒绝读数（{2}）：{3}",
    "{1} messages written to {2}, {3} lost with a connection":
      "{1} 条消息已写入 {2}，{3} 条随连接丢失",
    "{1} messages acknowledged by {2}, {3} not":
      "{1} 条消息得到 {2} 的确认，{3} 条没有",
    "{1} readings of {2} simulated seconds in {3} s, {4} a second; {5}.":
      "{2} 个模拟秒的 {1} 个读数，用时 {3} 秒，每秒 {4} 个；{5}。",
    "{1} readings, {2} a second":
      "{1} 个读数，每秒 {2} 个",
    "No gateway of this name is served here.":
      "此处没有运行该名称的网关。",
    "Several gateways are served here. Say which: ?gateway=, one of {1}.":
      "此处运行多个网关。请指明：?gateway=，取 {1} 之一。",
    "Readings are posted as application/cose, application/senml+json or application/senml+cbor.":
      "读数以 application/cose、application/senml+json 或 application/senml+cbor 提交。",
    "A slice is alarm, critical, ordinary or background.":
      "切片为 alarm、critical、ordinary 或 background。",
    "Plain SenML is taken from a bridge of this gateway. Send its token: Authorization: Bearer ts_…":
      "未经认证的 SenML 只接收自本网关的网桥。请发送其令牌：Authorization: Bearer ts_…",
    "{1} is no bridge of this gateway.":
      "{1} 不是本网关的网桥。",
    "The gateway cannot take readings in at the moment. Send these again.":
      "网关目前无法接收读数。请重新发送。",
  ])
}
