import Primitives

extension Catalogue {
  /// The policy as a document, and what watches goods, in Simplified Chinese.
  static let financePolicy = Catalogue([
    "The members that approve.": "批准的成员。",
    "The whole policy, JSON as --show prints it; the other options then have no effect.":
      "完整政策，JSON，格式如 --show 所示；此时其他选项无效。",
    "Prints the policy in force, JSON, and changes nothing.": "打印现行政策（JSON），不作任何更改。",
    "Name the members that approve: --as NAME…": "请指明批准的成员：--as NAME…",
    "The policy's values do not fit each other, or a list names something twice.": "政策各值相互不符，或某列表有重复。",
    "{1}: a policy has no such member. See: supplychain rules --show": "{1}：政策没有此成员。参见：supplychain rules --show",
    "{1}: a rule of sensors has no such member. See: supplychain rules --show":
      "{1}：传感规则没有此成员。参见：supplychain rules --show",
    "{1}: the value is not of the kind, or not in the range, that a policy has there.": "{1}：该值的类型或范围不符合政策此处的要求。",
    "A device of the kind {1} measures no {2}.": "类型为 {1} 的设备不测量 {2}。",
    "The reading has no {1}.": "读数中没有 {1}。",
    "What watches them: cold (temperature, humidity, position), scale (mass) or door (open).":
      "监测货物的设备：cold（温度、湿度、位置）、scale（质量）或 door（开合）。",
    "Relative humidity that it measures, percent.": "所测相对湿度，百分比。",
    "Mass that it measures, kilograms.": "所测质量，千克。",
    "Whether the door is open: true or false.": "门是否打开：true 或 false。",
    "Where the device is, latitude and longitude, for example 31.2304,121.4737.":
      "设备所在的纬度和经度，例如 31.2304,121.4737。",
    "The {1} is at most {2}.": "{1} 至多为 {2}。",
    "'{1}' is no place such as 31.2304,121.4737.": "“{1}”不是如 31.2304,121.4737 的位置。",
    "There are 1 to 10 readings.": "读数为 1 至 10 次。",
    "The door has stood open for more than ten minutes: exception #{1}, which blocks nothing.":
      "门已打开超过十分钟：异常 #{1}，不阻止任何操作。",
    "The scale shows 1154 of 1200 kg: exception #{1} blocks drawings; bank-b has it looked into.":
      "秤示 1200 千克中余 1154 千克：异常 #{1} 阻止提款；bank-b 要求查明。",
  ])
}
