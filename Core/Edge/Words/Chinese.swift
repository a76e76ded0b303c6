package import Primitives

extension Catalogue {
  /// What gateways, their proofs and the ledger's rules for the edge say, in Simplified Chinese.
  package static let edge = edgeParts.merging(edgeRules)

  /// Batches, epochs, proofs and the gateway's file.
  private static let edgeParts = Catalogue([
    "The stored body of batch {1} is damaged.": "已存批次 {1} 的正文已损坏。",
    "The header of batch {1} cannot be signed: {2}": "无法签署批次 {1} 的批次头：{2}",
    "The batch header's statement cannot be read: {1}.": "无法读取批次头的声明：{1}。",
    "The header of batch {1} is not signed by the gateway's key {2}.": "批次 {1} 的批次头不是由网关密钥 {2} 签名的。",
    "The statement of batch {1} is not its gateway's own.": "批次 {1} 的声明不是其网关自己的。",
    "A stored batch header cannot be read: {1}.": "无法读取已存的批次头：{1}。",
    "The batch header cannot be read at key {1}: {2}.": "批次头在键 {1} 处无法读取：{2}。",
    "The batch header's name, number, count or times are none.": "批次头的名称、编号、数量或时间无效。",
    "The snapshot of the devices is damaged.": "设备快照已损坏。",
    "There is no batch {1}.": "没有批次 {1}。",
    "The body of batch {1} was erased.": "批次 {1} 的正文已删除。",
    "The stored body of batch {1} does not have its header's root.": "已存批次 {1} 的正文与其批次头的根不符。",
    "The epoch cannot be read: {1}.": "无法读取纪元：{1}。",
    "The epoch's numbers, time or name are none.": "纪元的编号、时间或名称无效。",
    "The epoch cannot be signed: {1}.": "无法签署纪元：{1}。",
    "The reading cannot be signed: {1}.": "无法签署读数：{1}。",
    "The device's signature cannot be read: {1}.": "无法读取设备的签名：{1}。",
    "The message is not signed by the device's key {1}.": "消息不是由设备密钥 {1} 签名的。",
    "The header is of '{1}'.": "该批次头属于“{1}”。",
    "There is no durable batch {1}.": "没有已持久化的批次 {1}。",
    "There is no reading {1}, or it was erased.": "没有读数 {1}，或已删除。",
    "There is no session {1}.": "没有会话 {1}。",
    "A series spans at most {1} numbers.": "一个序列最多跨 {1} 个编号。",
    "Batch {1} is no closing batch, or readings came after it.": "批次 {1} 不是收尾批次，或其后另有读数。",
    "There is no reading {1}.": "没有读数 {1}。",
    "The gateway {1} has been closed.": "网关 {1} 已关闭。",
    "The leaf of a reading cannot be read: {1}.": "无法读取读数的叶子：{1}。",
    "The proof of a reading cannot be read: {1}.": "无法读取读数的证明：{1}。",
    "The reading is not leaf {1} of batch {2}.": "该读数不是批次 {2} 的叶子 {1}。",
    "The leaf holds no reading.": "该叶子不含读数。",
    "The device's key is needed for a reading of tier 3.": "第 3 级读数需要设备的密钥。",
    "The device's key is needed for its epoch.": "纪元需要设备的密钥。",
    "The epoch does not count the reading.": "纪元未计入该读数。",
    "The series spans more than {1} numbers.": "序列跨越超过 {1} 个编号。",
    "A reading of the series is not in the batch it names.": "序列中有一条读数不在其所指的批次中。",
    "Reading {1} stands where number {2} of {3} belongs.": "{3} 的编号 {2} 处是读数 {1}。",
    "The series does not account for every number up to {1}.": "序列未交代截至 {1} 的每个编号。",
    "The headers of the series are not one gateway's in their order.": "序列的批次头不是同一网关按序的。",
    "Header {1} does not follow on the one before.": "批次头 {1} 不与前一个相接。",
    "The closing batch does not say that the series ends here.": "收尾批次未表明序列到此结束。",
    "The proof of a series cannot be read: {1}.": "无法读取序列的证明：{1}。",
    "A model has {1} quality rules, more than {2}.": "一个型号有 {1} 条质量规则，超过 {2} 条。",
    "A quality rule has a scale outside -18 to 0, or a name not of 1 to 64 bytes.":
      "有一条质量规则的标度不在 -18 至 0 之间，或名称不是 1 至 64 字节。",
    "The device name '{1}' is not a SenML name of 1 to 64 bytes.": "设备名称“{1}”不是 1 至 64 字节的 SenML 名称。",
    "Quality rules are numbered from 0 to 65,534.": "质量规则的编号为 0 至 65,534。",
    "The snapshot's number in {1} is damaged.": "{1} 中快照的编号已损坏。",
    "Batch {1} of {2} is missing in {3}.": "{3} 中缺少批次 {1}（共 {2} 个）。",
    "The file {1} is no gateway's, or its table '{2}' is damaged.": "文件 {1} 不属于网关，或其表“{2}”已损坏。",
    "The file {1} belongs to another gateway than '{2}'.": "文件 {1} 属于另一网关，而不是“{2}”。",
    "The gateway's file {1} is damaged: {2}.": "网关的文件 {1} 已损坏：{2}。",
    "The disk is full: nothing of this step was stored in {1}.": "磁盘已满：此步骤的内容均未存入 {1}。",
    "The gateway's file {1} could not be read or written: {2}.": "无法读写网关的文件 {1}：{2}。",
  ])

  /// Why the rules refuse a statement.
  private static let edgeRules = Catalogue([
    "The statement is not about the device that it names.": "声明的主题不是其所指的设备。",
    "A batch header is stated by its gateway, about itself.": "批次头由其网关就自身声明。",
    "The gateway has signed another header of the number {1}.": "网关已签署编号为 {1} 的另一个批次头。",
    "The header {1} is on the ledger already.": "批次头 {1} 已在账本上。",
    "The next batch of this gateway has the number {1}.": "此网关的下一批次编号应为 {1}。",
    "The header does not name the one before it.": "批次头未指明前一个。",
    "The gateway's clock is ahead of the ledger's.": "网关时钟超前于账本时钟。",
    "The batch was closed before the one before it.": "该批次的关闭时间早于前一批次。",
    "The batch has readings from the future.": "该批次含有未来的读数。",
    "An empty batch has the root of nothing and no times.": "空批次的根应为空树之根，且无时间。",
    "Rejects have a root, and only they.": "有拒收项时才有其根。",
    "The statement is not about the camera that it names.": "声明的主题不是其所指的摄像机。",
    "The next group of this camera has the number {1}.": "此摄像机的下一图像组编号应为 {1}。",
    "The group does not name the one before it.": "图像组未指明前一组。",
    "The ledger has no device of this name.": "账本中没有此名称的设备。",
    "The device has been revoked.": "设备已吊销。",
    "The device is in quarantine.": "设备已被隔离。",
    "The device's request cannot be read: {1}.": "无法读取设备的请求：{1}。",
    "The request is not signed by the key that it names.": "请求不是由其所指的密钥签名的。",
    "The owner of a device is a member.": "设备的所有方应为成员。",
    "No manufacturer has endorsed the request.": "没有制造方为请求背书。",
    "No registrar has endorsed the request.": "没有登记方为请求背书。",
    "Manufacturer and registrar are two organisations.": "制造方与登记方应为两个组织。",
    "The owner, the manufacturer or the registrar enrols a device.": "设备由所有方、制造方或登记方登记。",
    "A device of this name has been enrolled before.": "此名称的设备此前已登记。",
    "The validity asked for has passed.": "所申请的有效期已过。",
    "The registrar's nonce has been answered before.": "登记方的随机数此前已被应答。",
    "The owner has {1} devices, which is the limit.": "所有方已有 {1} 台设备，达到上限。",
    "The cell has {1} devices, which is the limit.": "该小区已有 {1} 台设备，达到上限。",
    // Inspection.
    "{1} and {2}": "{1} 和 {2}",
    "Number {1} of boot {2} has two readings, at {3}.": "启动 {2} 的编号 {1} 有两条读数，分别在 {3}。",
    "Number {1} at {2} was sampled before number {3} at {4}: two senders use the key.":
      "{2} 处的编号 {1} 采样早于 {4} 处的编号 {3}：有两个发送方在使用该密钥。",
    "From number {1} to {2} it moved at {3} km/h.": "从编号 {1} 到 {2}，其移动速度为 {3} km/h。",
    "Its {1} leaves those of {2} neighbours in {3} from {4} on: look what is done to the sensor.":
      "自 {4} 起，其 {1} 偏离 {3} 内 {2} 台邻近设备：请现场查看传感器是否被动过。",
    "Its {1} drifts away from that of {2} neighbours in {3} since {4}: calibrate it.":
      "自 {4} 起，其 {1} 逐渐偏离 {3} 内 {2} 台邻近设备：请校准。",
    "{1} readings from number {2} on are those of {3}, value for value.": "自编号 {2} 起的 {1} 条读数与 {3} 的逐值相同。",
    "Header {1} in the file of '{2}' is not signed by the gateway's key.":
      "“{2}” 文件中的头 {1} 并非由该网关的密钥签名。",
    "Batch {1} has one header on the ledger and another in the gateway's file.":
      "批次 {1} 在账本上有一个头，在网关文件中却是另一个。",
    "Batch {1} does not follow on the one before.": "批次 {1} 未接续前一批次。",
    "{1} leaves of batch {2} claim to have come when it cannot have been open, the first at {3}.":
      "批次 {2} 中有 {1} 个叶子声称在该批次不可能开放时到达，第一个是 {3}。",
    "Readings {1} to {2} of {3} are not those that the device signed.": "{3} 的读数 {1} 至 {2} 不是该设备签署的那些。",
    "The span has more than {1} readings of certified devices: choose a shorter one.":
      "该时间段内已认证设备的读数超过 {1} 条：请选择更短的时间段。",
    "The change cannot be read: {1}.": "无法读取该变更：{1}。",
    "The owner or a registrar changes a device's key.": "设备密钥由所有方或登记方更换。",
    "The change is not signed by the new key.": "变更不是由新密钥签名的。",
    "The device's key is not valid now; it cannot name the next one.": "设备密钥当前无效，不能指定下一个密钥。",
    "The change is not signed by the key in force.": "变更不是由现用密钥签名的。",
    "The new key must be valid before the old one ends, and longer.": "新密钥应在旧密钥到期前生效，且有效期更长。",
    "The owner or a registrar takes a device out of service, a registrar releases it.":
      "设备由所有方或登记方停用，由登记方解除隔离。",
    "A revocation is for ever.": "吊销不可撤回。",
    "The device is that already.": "设备已处于该状态。",
    "The payload cannot be read: {1}.": "无法读取载荷：{1}。",
    "The document cannot be signed: {1}.": "无法签署文档：{1}。",
    "Only a member's key may state this.": "只有成员的密钥可以作此声明。",
    "The time is ahead of the ledger's, or more than a day before it.": "时间晚于账本时间，或早于其一天以上。",
    "The ledger does not accept keys of {1}.": "账本不接受 {1} 的密钥。",
    "The key is in use on this ledger: one key, one holder.": "该密钥已在此账本上使用：一个密钥，一个持有者。",
    "A gateway has a name of 1 to {1} bytes and an owner: {2}.": "网关应有 1 至 {1} 字节的名称和所有方：{2}。",
    "The ledger has no gateway of this name.": "账本中没有此名称的网关。",
    "The key is not this gateway's.": "该密钥不属于此网关。",
    "The gateway has been revoked.": "网关已吊销。",
    "The gateway is in quarantine.": "网关已被隔离。",
    "The key is not this device's.": "该密钥不属于此设备。",
    "The device's key is not valid now.": "设备密钥当前无效。",
    "The statement is not about the gateway that it names.": "声明的主题不是其所指的网关。",
    "The owner registers its gateway.": "网关由其所有方登记。",
    "The AF_ID is the name and the five bytes of the Ua* protocol.": "AF_ID 应为名称加 Ua* 协议的五个字节。",
    "The registration is not signed by the key that it names.": "登记不是由其所指的密钥签名的。",
    "A gateway of this name has been registered.": "此名称的网关已登记。",
    "The owner or a registrar takes a gateway out of service, a registrar releases it.":
      "网关由所有方或登记方停用，由登记方解除隔离。",
    "The gateway is that already.": "网关已处于该状态。",
    "A grant is to another member.": "授权应给予另一成员。",
    "The statement is not about the grantee.": "声明的主题不是被授权方。",
    "The grant's time has passed.": "授权的时间已过。",
    "Only its owner grants the reading of a device.": "只有所有方可以授权读取设备。",
    "The issuer has given no grant of this number.": "签发方没有给出此编号的授权。",
    "The grant has been taken back before.": "授权此前已收回。",
    "There is no such grant; nothing is readable without one.": "没有此授权；没有授权则不可读取。",
    "The grant is another member's.": "该授权属于另一成员。",
    "The grant has been taken back.": "授权已收回。",
    "The grant is not in force now.": "授权当前未生效。",
    "The grant is for another purpose.": "授权用于另一用途。",
    "The grant is not for this device.": "授权不涉及此设备。",
    "The device is not the granter's.": "设备不属于授权方。",
    "The statement is not about what it names.": "声明的主题不是其所指的对象。",
    "The incident is on record.": "该安全事件已记录在案。",
    "clone proved": "克隆已证明",
    "The two headers do not prove it.": "两个批次头不能证明此事。",
    "The two epochs do not prove it.": "两个纪元不能证明此事。",
    "A value is ahead of the ledger's time.": "有一个值的时间晚于账本时间。",
    "The ledger has a value of this time or a later one.": "账本已有此时间或更晚的值。",
    "An action has no severity.": "操作没有级别。",
    "Network alarms on the ledger are critical (1) or major (2).": "账本上的网络告警为紧急（1）或重要（2）。",
    "Only an admin key of a member approves roles.": "角色只能由成员的管理密钥批准。",
    "Only a member has a role.": "只有成员可以有角色。",
    "The member's role is that already.": "该成员已是此角色。",
    "A gateway's name has 1 to {1} letters, digits, '.', '-' and '_', and no dot first.":
      "网关名称由 1 至 {1} 个字母、数字、'.'、'-' 和 '_' 组成，且不以点开头。",
    "The acknowledgement is not signed by the gateway's key {1}.":
      "该确认不是由网关密钥 {1} 签署的。",
    "The acknowledgement cannot be read: {1}.":
      "无法读取该确认：{1}。",
    "The acknowledgement cannot be signed: {1}":
      "无法签署该确认：{1}",
    "The proof of an omission has two or three parts.":
      "遗漏证明由两部分或三部分组成。",
    "The proof of an omission cannot be read: {1}.":
      "无法读取遗漏证明：{1}。",
    "The acknowledgement is of the gateway '{1}'.":
      "该确认属于网关“{1}”。",
    "The reading is not among those acknowledged.":
      "该读数不在已确认的读数之中。",
    "The gateway has a day to state the batch {1}.":
      "网关有一天时间公布批次 {1}。",
    "The header is not that of batch {1}.":
      "该批次头不属于批次 {1}。",
    "What stands at {1} is not shown.":
      "未出示 {1} 处的内容。",
    "The reading stands at {1}, as it was acknowledged.":
      "该读数如所确认的那样位于 {1}。",
    "The climate of '{1}' has more than {2} parts, or months not of 1 to 12 or hours not of 0 to 23.":
      "“{1}”的气候规则超过 {2} 段，或月份不在 1 至 12、小时不在 0 至 23 之内。",
    "The attenuation of '{1}' needs a range and a period above zero.":
      "“{1}”的衰减规则需要大于零的幅度和时段。",
    "A gateway's name has letters, digits, '.', '-' and '_', and does not begin with a dot.":
      "网关名称由字母、数字、'.'、'-' 和 '_' 组成，且不以点开头。",
    "A gateway does not have a member's name.":
      "网关不得使用成员的名称。",
    "The reading is not of batch {1}.":
      "该读数不属于批次 {1}。",
  ])
}
