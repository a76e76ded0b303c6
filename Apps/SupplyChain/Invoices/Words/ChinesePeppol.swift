internal import Primitives

extension Catalogue {
  /// What Peppol's rules demand, in Simplified Chinese.
  static let peppolInChinese = Catalogue([
    "This LEI (scheme 0199) does not have its check digits: {1}": "该 LEI（体系 0199）的校验位不正确：{1}",
    "The document names its business process (BT-23).": "文档应写明业务流程（BT-23）。",
    "The document has at most one note.": "文档最多有一条备注。",
    "The document has a buyer reference (BT-10) or an order reference (BT-13).":
      "文档应有买方参考号（BT-10）或订单参考号（BT-13）。",
    "The specification identifier (BT-24) is the one of Peppol BIS Billing 3.0.":
      "规范标识（BT-24）应为 Peppol BIS Billing 3.0 的标识。",
    "The currency of the VAT accounts (BT-6) is another one than the document's (BT-5).":
      "增值税记账货币（BT-6）应不同于文档货币（BT-5）。",
    "The business process (BT-23) has the form urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0.":
      "业务流程（BT-23）的格式应为 urn:fdc:peppol.eu:2017:poacc:billing:NN:1.0。",
    "The document has no empty elements.": "文档不得有空元素。",
    "The buyer has an electronic address (BT-49).": "买方应有电子地址（BT-49）。",
    "The seller has an electronic address (BT-34).": "卖方应有电子地址（BT-34）。",
    "An allowance or charge is its base amount times its percentage, within 0.02.":
      "折让或附加费应等于基数乘以百分比，误差不超过 0.02。",
    "An allowance or charge with a percentage has a base amount.": "有百分比的折让或附加费应有基数。",
    "An allowance or charge with a base amount has a percentage.": "有基数的折让或附加费应有百分比。",
    "The indicator of an allowance or charge is true or false.": "折让或附加费的标志应为 true 或 false。",
    "A price has allowances only, no charges.": "价格只能有折让，不得有附加费。",
    "The net price is the gross price less its allowance.": "净价应等于毛价减去折让。",
    "Every amount is in the document's currency (BT-5), but for the VAT in the accounts' currency.":
      "除以记账货币表示的增值税外，所有金额均应为文档货币（BT-5）。",
    "Exactly one total of VAT has a breakdown.": "应恰有一个增值税合计带明细。",
    "A total of VAT without a breakdown is there exactly when there is a currency of the accounts.":
      "仅当有记账货币时，才应有一个不带明细的增值税合计。",
    "The VAT in the document's and in the accounts' currency have the same sign.":
      "以文档货币和以记账货币表示的增值税正负号应相同。",
    "A direct debit names its mandate (BT-89).": "直接借记应写明授权号（BT-89）。",
    "A credit note has at most one project reference.": "贷项通知单最多有一个项目参考号。",
    "A line has at most one invoiced object.": "一行最多有一个计费对象。",
    "A document reference of a line is its invoiced object, with the type code 130.":
      "行的文档引用应为其计费对象，类型代码为 130。",
    "The period of a line begins within the document's.": "行的期间应始于文档的期间之内。",
    "The period of a line ends within the document's.": "行的期间应止于文档的期间之内。",
    "A line is its quantity times its net price, with its charges and less its allowances, within 0.02.":
      "行金额应等于数量乘以净价，加附加费减折让，误差不超过 0.02。",
    "The base quantity of a price is more than zero.": "价格的基准数量应大于零。",
    "The base quantity of a price has the unit of the line's quantity.": "价格基准数量的单位应与行数量的单位相同。",
    "A GLN (scheme 0088) has its check digit.": "GLN（体系 0088）的校验位应正确。",
    "A Norwegian organisation number (scheme 0192) has nine digits, the last one its check digit.":
      "挪威组织号（体系 0192）应为九位数字，末位为校验位。",
    "A Danish CVR number (scheme 0184) is DK and eight digits.": "丹麦 CVR 号（体系 0184）应为 DK 加八位数字。",
    "A Belgian enterprise number (scheme 0208) has ten digits, the last two its check digits.":
      "比利时企业号（体系 0208）应为十位数字，末两位为校验位。",
    "A Swedish organisation number (scheme 0007) has ten digits, the last one its check digit.":
      "瑞典组织号（体系 0007）应为十位数字，末位为校验位。",
  ])
}
