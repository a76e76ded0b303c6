public import Primitives

extension Catalogue {
  /// The sentences of the ledger of value, in Simplified Chinese.
  public static let value = Catalogue([
    "an account has eight parts": "账户应有八个部分",
    "unknown rule": "未知规则",
    "a total below nothing": "合计小于零",
    "a reservation has nine parts": "预留应有九个部分",
    "unknown status": "未知状态",
    "a tab has nine parts": "记账单应有九个部分",
    "The amount is too large to be reckoned with.": "金额过大，无法计算。",
    "Amounts in {1} and {2} cannot be reckoned together.": "{1} 与 {2} 的金额不能一并计算。",
    "'{1}' is no currency code of ISO 4217.": "'{1}' 不是 ISO 4217 的货币代码。",
    "The amount must be more than nothing.": "金额须大于零。",
    "'{1}' is no amount of this currency.": "'{1}' 不是此货币的金额。",
    "The weights of a split are whole numbers of which one is more than nothing.": "分配的权重须为整数，且至少一个大于零。",
    "The period ends before it begins, or lies outside the calendar.": "期间的结束早于开始，或超出日历范围。",
    "The rate is outside its range.": "利率或比例超出范围。",
    "The debits of a posting must be its credits in each currency.": "每一货币的借方须等于贷方。",
    "A posting has 2 to {1} legs, not {2}.": "一笔分录有 2 至 {1} 行，而不是 {2} 行。",
    "The posting goes beyond the limit of the account {1}.": "该分录超出账户 {1} 的限额。",
    "The account {1} has been opened with another rule.": "账户 {1} 此前以另一规则开立。",
    "There is no such reservation.": "没有此预留。",
    "There has been a reservation with this id before.": "此前已有此编号的预留。",
    "The reservation has been resolved before; a reservation resolves once.": "该预留此前已了结；预留只了结一次。",
    "The reservation's time has passed.": "该预留已过期。",
    "The reservation's time has not passed yet.": "该预留尚未过期。",
    "No more can be posted than was reserved.": "入账不得超过预留金额。",
    "A stored value cannot be read: {1}.": "无法读取存储的值：{1}。",
  ])
}
