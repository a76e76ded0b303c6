import Primitives

extension Catalogue {
  /// Figures of the report, of credit and of collateral.
  static let financeFigures = Catalogue([
    "  share of {1}": "  {1} 的占比",
    "  overdue of {1}": "  {1} 的逾期金额",
    "  financed of {1}": "  {1} 的已融资金额",
    "the ten largest obligors together": "前十大债务人合计占比",
    "IAS 7 44H(b)(i) of {1}: opening on {2}": "IAS 7 44H(b)(i) {1}：{2} 期初余额",
    "IAS 7 44H(c) of {1}: undertaken from {2} on": "IAS 7 44H(c) {1}：{2} 起新增承诺",
    "IAS 7 44H of {1}: settled from {2} on": "IAS 7 44H {1}：{2} 起已结清",
    "IAS 7 44H(b)(i) of {1}: closing": "IAS 7 44H(b)(i) {1}：期末余额",
    "IAS 7 44H(b)(ii) of {1}: suppliers paid by financiers": "IAS 7 44H(b)(ii) {1}：供应商已由资金方付款",
    "IAS 7 44H(b)(iii) of {1}: due dates": "IAS 7 44H(b)(iii) {1}：到期日",
    "IAS 7 44H(b)(iii) of {1}: comparable trade payables": "IAS 7 44H(b)(iii) {1}：可比应付账款",
    "IAS 7 44H(b)(iii) of {1}: their latest days of payment": "IAS 7 44H(b)(iii) {1}：其最迟付款日",
    "overdue events of {1} in six months": "{1} 六个月内的逾期次数",
    "persistently overdue: three or more in six months": "持续逾期：六个月内三次及以上",
    "days from delivery to actual payment, median and most": "从交货到实际付款的天数，中位、最多",
    "days from maturity to actual payment, median and most": "从到期到实际付款的天数，中位、最多",
    "lots financed at a yearly cost of {1}": "年成本为 {1} 的已融资份额",
    "up to 4 %": "不超过 4 %",
    "4 to 6 %": "4 % 至 6 %",
    "6 to 8 %": "6 % 至 8 %",
    "8 to 12 %": "8 % 至 12 %",
    "more than 12 %": "超过 12 %",
    "similar invoices registered with a reason": "附理由登记的相似发票",
    "punctuality of {1}, {2}": "{1} 的按时付款率，{2}",
    "dilution of {1}, {2}": "{1} 的稀释率，{2}",
    "days of sales outstanding of {1}, {2}": "{1} 的应收账款周转天数，{2}",
    "The credit figures of {1}, in minor units; weights by days since maturity: 4 up to 90, 3 up to 180, 2 up to 365, then 1.":
      "{1} 的信用指标，单位为最小货币单位；权重按到期后的天数：90 天以内为 4，180 天以内为 3，365 天以内为 2，其余为 1。",
    "There are no figures yet.": "尚无指标。",
    "loan to value": "贷款价值比",
    "drawing right": "可提款额",
    "margin call": "追加担保通知",
    "cash to cure": "补足所需现金",
    "goods to cure": "补足所需货物",
    "There is no facility {1}.": "没有融资安排 {1}。",
    "The value of the goods cannot be computed: {1}": "无法计算货物价值：{1}",
    "Facility {1} of {2} with {3}, {4}; minor units of {5}.":
      "{2} 与 {3} 的融资安排 {1}，{4}；单位为 {5} 的最小货币单位。",
    "An open exception holds back drawings and releases.": "有未解决的异常，暂停提款与解押。",
    "No device is silent.": "没有失联的设备。",
    "Looks for silent devices are 0 to 86400 seconds apart.": "查找失联设备的间隔为 0 至 86400 秒。",
    "Silent devices cannot be reported: {1}": "无法上报失联设备：{1}",
    "min(Σ advance · value · (1 − haircut), limit) − L = min({1}, {2}) − {3}":
      "min(Σ 垫付率 · 价值 · (1 − 折扣), 限额) − L = min({1}, {2}) − {3}",
    "L − target · V = {1} − {2} · {3}": "L − 目标 · V = {1} − {2} · {3}",
    "L / target − V = {1} / {2} − {3}": "L / 目标 − V = {1} / {2} − {3}",
    "Σ w·paid on time / Σ w·due = {1} / {2}": "Σ w·按时支付 / Σ w·到期 = {1} / {2}",
    "(credit notes + short) / invoices = ({1} + {2}) / {3}": "(贷项通知 + 短付) / 发票 = ({1} + {2}) / {3}",
    "receivables / sales · 365 = {1} / {2} · 365": "应收账款 / 销售额 · 365 = {1} / {2} · 365",
    "Comparable trade payables without a note (b)(iii)": "未开具凭证的可比应付账款 (b)(iii)",
    "their latest days of payment by policy": "按政策其最迟付款日",
    "Reports devices that have been silent for longer than the policy allows: one, or all that are.":
      "上报超过政策允许时间未发声的设备：一个，或所有此类设备。",
    "The device's name; every silent device unless given.": "设备名称；不给出则为所有失联设备。",
    "Computes punctuality, dilution and days of sales outstanding, each with its formula and its numbers.":
      "计算按时付款率、稀释率和应收账款周转天数，逐项给出公式和数值。",
    "The first day of the period of movements; the year's first unless given.":
      "变动期间的首日；不给出则为当年首日。",
    "Shows a facility's loan to value, drawing right, margin call and what cures it, each with its formula.":
      "显示融资安排的贷款价值比、可提款额、追加担保通知及补足所需，逐项给出公式。",
    "The facility's id.": "融资安排的编号。",
    "Seconds between looks for silent devices; 0 for never.": "查找失联设备的间隔秒数；0 表示从不查找。",
  ])
}
