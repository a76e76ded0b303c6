import Primitives

extension Catalogue {
  /// Attesting, exporting, cameras and the bench in Simplified Chinese.
  static let cityAttesting = Catalogue([
    "Attests what the devices of a scenario send: through a gateway, onto the ledger.": "证实场景中设备所发数据：经网关记入账本。",
    "The scenario (YAML), for example Samples/scenarios/warehouse.yaml.":
      "场景（YAML），例如 Samples/scenarios/warehouse.yaml。",
    "The gateway's name; it is registered if the ledger does not know it.": "网关名称；账本中没有时予以登记。",
    "The member that owns the gateway.": "拥有该网关的成员。",
    "Seconds of the scenario, 1 to 90; they end now.": "场景的秒数，1 至 90；以现在为终点。",
    "Scaled to about so many devices.": "按比例缩放到约这么多设备。",
    "Another seed than the scenario's.": "不用场景自带的种子，另给一个。",
    "--seconds is 1 to 90.": "--seconds 应为 1 至 90。",
    "--devices is 1 to 1,000,000.": "--devices 应为 1 至 1,000,000。",
    "The gateway '{1}' has attested another scenario here. Choose another name.": "网关“{1}”在此证实过另一个场景。请另选名称。",
    "The gateway has attested up to {1} already. Try again in a minute.": "该网关已证实到 {1}。请一分钟后再试。",
    "{1} attested {2} readings of {3} devices, {4} late, {5} repeated, {6} refused; its last batch is {7}, boot {8}.":
      "{1} 证实了 {3} 个设备的 {2} 条读数，迟到 {4}，重复 {5}，拒绝 {6}；最后一批为 {7}，启动序号 {8}。",
    "Ask for one with: smartcity reading {1}/{2}/0 --data {3}; for a device with: smartcity series {4} --gateway {5} --boot {6} --data {7}":
      "查询一条：smartcity reading {1}/{2}/0 --data {3}；查询一个设备：smartcity series {4} --gateway {5} --boot {6} --data {7}",
    "attesting": "正在证实",
    "A batch of the answer is not on the ledger.": "答案涉及的一个批次不在账本上。",
    "Writes a device's readings as NGSI-LD or OGC SensorThings, with the proof of each if asked.":
      "将设备读数写成 NGSI-LD 或 OGC SensorThings，可附每条的证明。",
    "ngsi-ld or sensorthings.": "ngsi-ld 或 sensorthings。",
    "Puts the proof beside each reading: base64url of a file that verify reads.": "在每条读数旁附上证明：verify 可读文件的 base64url。",
    "Where to write it; standard output unless given.": "写入位置；默认为标准输出。",
    "--format is ngsi-ld or sensorthings.": "--format 应为 ngsi-ld 或 sensorthings。",
    "{1} has {2} groups of pictures on record, numbered without a gap; none was left out.":
      "{1} 有 {2} 个图像组在案，编号无间断；无一遗漏。",
    "  group {1}: {2} frames from {3}, hash {4}": "  第 {1} 组：自 {3} 起 {2} 帧，哈希 {4}",
    "Signs a camera's frames in linked groups; says if a clip is whole and unaltered.": "将摄像机画面按相连的组签名；判断片段是否完整、未被改动。",
    "Puts the groups of a folder of frames onto the ledger, signed by the camera.": "将文件夹中的画面分组，由摄像机签名后记入账本。",
    "The folder with the frames, one file each, in the order of their names.": "画面所在文件夹，每帧一个文件，按名称排序。",
    "The camera's URN; it is certified.": "摄像机的 URN；须已认证。",
    "The camera's private key (PEM).": "摄像机的私钥（PEM）。",
    "Frames of a group, 1 to 1000.": "每组帧数，1 至 1000。",
    "Where what the camera signed is written.": "摄像机签名内容的写入位置。",
    "--group is 1 to 1000.": "--group 应为 1 至 1000。",
    "{1} frames of {2} are on the ledger in {3} groups; what the camera signed is in {4}.":
      "{2} 的 {1} 帧已分 {3} 组记入账本；摄像机签名内容在 {4} 中。",
    "Gives one of the four verdicts of ONVIF media signing on a clip, and where it is not whole.":
      "按 ONVIF 媒体签名给出片段的四种结论之一，并指出不完整之处。",
    "What the camera signed, from camera seal.": "camera seal 写出的摄像机签名内容。",
    "The folder with the frames as they were received.": "所收到画面的文件夹。",
    "Writes the proof of the camera's record to this file.": "将摄像机记录的证明写入此文件。",
    "{1} is no file of camera seal.": "{1} 不是 camera seal 写出的文件。",
    "  group {1}, {2} to {3}: {4} of {5} frames are here.": "  第 {1} 组，{2} 至 {3}：{5} 帧中有 {4} 帧。",
    "Lists a camera's groups of pictures on the ledger, with the proof that none was left out.":
      "列出账本上摄像机的图像组，并附无一遗漏的证明。",
    "The camera's URN.": "摄像机的 URN。",
    "There are no frames in {1}.": "{1} 中没有画面。",
    "The clip's file has a hash that is none.": "片段文件中有无效的哈希。",
    "Measures attested readings a second, the burst of a million devices, alarms and proofs.":
      "测量每秒证实的读数、百万设备突发、告警与证明。",
    "Devices of the burst; each sends once within ten seconds.": "突发中的设备数；每个在十秒内发送一次。",
    "--runs is 1 to 100, --devices 1,000 to 1,000,000.": "--runs 应为 1 至 100，--devices 应为 1,000 至 1,000,000。",
    "attesting readings on all cores, {1} times": "在所有核心上证实读数，{1} 次",
    "readings and alarms to the ledger": "读数与告警记入账本",
    "a burst of {1} devices within ten seconds": "{1} 个设备在十秒内突发",
    "The gateways accepted fewer readings than were sent. This must not happen.": "网关接收的读数少于发送的。这不应发生。",
    "Readings or alarms are missing on the ledger. This must not happen.": "账本上缺少读数或告警。这不应发生。",
    "An alarm was not taken. This must not happen.": "有一条告警未被接收。这不应发生。",
    "The proof of a reading says nothing. This must not happen.": "一条读数的证明没有内容。这不应发生。",
    "attesting readings on all cores": "在所有核上为读数作证",
    "--patience is 1 to 100.": "--patience 取 1 至 100。",
    "The file {1} cannot be written.": "无法写入文件 {1}。",
    "The batches did not come onto the ledger within two minutes.": "批次未在两分钟内记入账本。",
    "The burst lost readings. This must not happen.": "突发中丢失了读数。这不应发生。",
  ])
}
