internal import Primitives

/// What each rule demands, in a sentence of our own.
enum RuleSentences {
  /// The codes of all rules with a sentence, which are all that are checked.
  static var codes: [String] {
    Array(general.keys) + Array(lines.keys) + Array(totals.keys) + Array(codeLists.keys) + Array(counts.keys)
      + TaxFamily.allCases.flatMap { family in familyNumbers.map { "\(family.prefix)-\($0)" } }
  }

  /// The sentence of a rule; nil for an unknown code.
  static func sentence(of rule: String) -> Message? {
    general[rule] ?? lines[rule] ?? totals[rule] ?? codeLists[rule] ?? counts[rule] ?? familySentence(rule)
  }

  private static let familyNumbers = (1...10).map { $0 < 10 ? "0\($0)" : "10" }

  private static func familySentence(_ rule: String) -> Message? {
    guard let family = TaxFamily.allCases.first(where: { rule.hasPrefix($0.prefix + "-") }) else { return nil }
    let name = family.name
    switch rule.dropFirst(family.prefix.utf8.count + 1) {
    case "01":
      return family.hasRates
        ? "The VAT breakdown needs the category \(name) if and only if a line, allowance or charge has it."
        : "Where the VAT category \(name) occurs, the VAT breakdown needs it exactly once."
    case "02": return "A line in the VAT category \(name) demands this: \(family.registrations)."
    case "03": return "An allowance in the VAT category \(name) demands this: \(family.registrations)."
    case "04": return "A charge in the VAT category \(name) demands this: \(family.registrations)."
    case "05": return "A line in the VAT category \(name) must have \(family.rate)."
    case "06": return "An allowance in the VAT category \(name) must have \(family.rate)."
    case "07": return "A charge in the VAT category \(name) must have \(family.rate)."
    case "08":
      return family.hasRates
        ? "For each rate of the VAT category \(name) the taxable amount must be lines − allowances + charges of that rate."
        : "For the VAT category \(name) the taxable amount must be its lines − allowances + charges."
    case "09":
      return family.hasRates
        ? "For the VAT category \(name) the tax must be the taxable amount times the rate."
        : "For the VAT category \(name) the tax must be zero."
    case "10":
      return family.hasRates || family == .zero
        ? "The VAT category \(name) must have no reason of exemption in the breakdown."
        : "The VAT category \(name) needs a reason of exemption in the breakdown."
    default: return nil
    }
  }

  private static let general: [String: Message] = [
    "BR-01": "An invoice needs the specification that it follows (BT-24).",
    "BR-02": "An invoice needs a number (BT-1).",
    "BR-03": "An invoice needs a date of issue (BT-2).",
    "BR-04": "An invoice needs a type (BT-3).",
    "BR-05": "An invoice needs a currency (BT-5).",
    "BR-06": "An invoice needs the seller's registered name (BT-27).",
    "BR-07": "An invoice needs the buyer's registered name (BT-44).",
    "BR-08": "An invoice needs the seller's postal address (BG-5).",
    "BR-09": "The seller's address needs a country (BT-40).",
    "BR-10": "An invoice needs the buyer's postal address (BG-8).",
    "BR-11": "The buyer's address needs a country (BT-55).",
    "BR-16": "An invoice needs at least one line (BG-25).",
    "BR-17": "A payee needs a name (BT-59) and must not be the seller again (BG-10).",
    "BR-18": "A tax representative needs a name (BT-62).",
    "BR-19": "A tax representative needs a postal address (BG-12).",
    "BR-20": "The tax representative's address needs a country (BT-69).",
    "BR-29": "The invoiced period must not end before it starts (BT-73, BT-74).",
    "BR-49": "A payment instruction needs a payment means code (BT-81).",
    "BR-50": "A credit transfer needs an account (BT-84).",
    "BR-51": "Of a payment card at most the first six and the last four digits may be given (BT-87).",
    "BR-52": "A supporting document needs a reference (BT-122).",
    "BR-53": "Where VAT is accounted in another currency, its total in that currency is needed (BT-111).",
    "BR-55": "A reference to an earlier invoice needs that invoice's number (BT-25).",
    "BR-56": "A tax representative needs a VAT number (BT-63).",
    "BR-57": "A delivery address needs a country (BT-80).",
    "BR-61": "A credit transfer (payment means 30 or 58) needs an account (BT-84).",
    "BR-62": "The seller's electronic address needs a scheme (BT-34).",
    "BR-63": "The buyer's electronic address needs a scheme (BT-49).",
    "BR-CO-03": "The date and the code of the VAT point exclude each other (BT-7, BT-8).",
    "BR-CO-09": "A VAT number must start with the country that gave it; Greece may write EL.",
    "BR-CO-19": "An invoiced period needs a first or a last day (BG-14).",
    "BR-CO-26": "The seller needs an identifier, a legal registration or a VAT number (BT-29, BT-30, BT-31).",
    "BR-IC-11": "An intra-community supply needs a delivery date or an invoiced period (BT-72, BG-14).",
    "BR-IC-12": "An intra-community supply needs the country of delivery (BT-80).",
    "BR-O-11": "Beside the VAT category not subject to VAT the breakdown must have no other.",
    "BR-O-12": "Where the breakdown is not subject to VAT, no line may be in another category.",
    "BR-O-13": "Where the breakdown is not subject to VAT, no allowance may be in another category.",
    "BR-O-14": "Where the breakdown is not subject to VAT, no charge may be in another category.",
    "BR-B-01": "Split payment is for invoices within Italy.",
    "BR-B-02": "Split payment and the standard rate exclude each other.",
  ]

  private static let lines: [String: Message] = [
    "BR-21": "A line needs an identifier (BT-126).",
    "BR-22": "A line needs a quantity (BT-129).",
    "BR-23": "A line's quantity needs a unit (BT-130).",
    "BR-24": "A line needs a net amount (BT-131).",
    "BR-25": "A line needs the item's name (BT-153).",
    "BR-26": "A line needs the item's net price (BT-146).",
    "BR-27": "An item's net price must not be negative (BT-146).",
    "BR-28": "An item's gross price must not be negative (BT-148).",
    "BR-30": "A line's period must not end before it starts (BT-134, BT-135).",
    "BR-31": "An allowance needs an amount (BT-92).",
    "BR-32": "An allowance needs a VAT category (BT-95).",
    "BR-33": "An allowance needs a reason, in words or as a code (BT-97, BT-98).",
    "BR-36": "A charge needs an amount (BT-99).",
    "BR-37": "A charge needs a VAT category (BT-102).",
    "BR-38": "A charge needs a reason, in words or as a code (BT-104, BT-105).",
    "BR-41": "A line's allowance needs an amount (BT-136).",
    "BR-42": "A line's allowance needs a reason, in words or as a code (BT-139, BT-140).",
    "BR-43": "A line's charge needs an amount (BT-141).",
    "BR-44": "A line's charge needs a reason, in words or as a code (BT-144, BT-145).",
    "BR-54": "An item's attribute needs a name and a value (BT-160, BT-161).",
    "BR-64": "An item's standard identifier needs a scheme (BT-157).",
    "BR-65": "An item's classification needs a scheme (BT-158).",
    "BR-CO-04": "A line needs a VAT category (BT-151).",
    "BR-CO-20": "A line's period needs a first or a last day (BG-26).",
    "BR-CO-21": "An allowance must say its reason in words, as a code, or both (BT-97, BT-98).",
    "BR-CO-22": "A charge must say its reason in words, as a code, or both (BT-104, BT-105).",
    "BR-CO-23": "A line's allowance must say its reason in words, as a code, or both (BT-139, BT-140).",
    "BR-CO-24": "A line's charge must say its reason in words, as a code, or both (BT-144, BT-145).",
  ]

  private static let totals: [String: Message] = [
    "BR-12": "The totals need the sum of the lines (BT-106).",
    "BR-13": "The totals need the amount without VAT (BT-109).",
    "BR-14": "The totals need the amount with VAT (BT-112).",
    "BR-15": "The totals need the amount due (BT-115).",
    "BR-45": "A part of the VAT breakdown needs a taxable amount (BT-116).",
    "BR-46": "A part of the VAT breakdown needs a tax amount (BT-117).",
    "BR-47": "A part of the VAT breakdown needs a VAT category (BT-118).",
    "BR-48": "A part of the VAT breakdown needs a rate unless it is not subject to VAT (BT-119).",
    "BR-CO-10": "The sum of the lines (BT-106) must be the sum of their net amounts (BT-131).",
    "BR-CO-11": "The sum of allowances (BT-107) must be the sum of the document's allowances (BT-92).",
    "BR-CO-12": "The sum of charges (BT-108) must be the sum of the document's charges (BT-99).",
    "BR-CO-13": "The amount without VAT (BT-109) must be lines − allowances + charges (BT-106, BT-107, BT-108).",
    "BR-CO-14": "The VAT (BT-110) must be the sum of the breakdown's tax amounts (BT-117).",
    "BR-CO-15": "The amount with VAT (BT-112) must be the amount without VAT + the VAT (BT-109, BT-110).",
    "BR-CO-16": "The amount due (BT-115) must be the amount with VAT − paid + rounding (BT-112, BT-113, BT-114).",
    "BR-CO-17": "A tax amount (BT-117) must be the taxable amount times the rate (BT-116, BT-119).",
    "BR-CO-18": "An invoice needs a VAT breakdown (BG-23).",
    "BR-CO-25": "A positive amount due needs a due date or terms of payment (BT-9, BT-20).",
    "BR-DEC-01": "An allowance has at most two decimals (BT-92).",
    "BR-DEC-02": "An allowance's base has at most two decimals (BT-93).",
    "BR-DEC-05": "A charge has at most two decimals (BT-99).",
    "BR-DEC-06": "A charge's base has at most two decimals (BT-100).",
    "BR-DEC-09": "The sum of the lines has at most two decimals (BT-106).",
    "BR-DEC-10": "The sum of allowances has at most two decimals (BT-107).",
    "BR-DEC-11": "The sum of charges has at most two decimals (BT-108).",
    "BR-DEC-12": "The amount without VAT has at most two decimals (BT-109).",
    "BR-DEC-13": "The VAT has at most two decimals (BT-110).",
    "BR-DEC-14": "The amount with VAT has at most two decimals (BT-112).",
    "BR-DEC-15": "The VAT in the accounting currency has at most two decimals (BT-111).",
    "BR-DEC-16": "The amount paid has at most two decimals (BT-113).",
    "BR-DEC-17": "The rounding has at most two decimals (BT-114).",
    "BR-DEC-18": "The amount due has at most two decimals (BT-115).",
    "BR-DEC-19": "A taxable amount has at most two decimals (BT-116).",
    "BR-DEC-20": "A tax amount has at most two decimals (BT-117).",
    "BR-DEC-23": "A line's net amount has at most two decimals (BT-131).",
    "BR-DEC-24": "A line's allowance has at most two decimals (BT-136).",
    "BR-DEC-25": "The base of a line's allowance has at most two decimals (BT-137).",
    "BR-DEC-27": "A line's charge has at most two decimals (BT-141).",
    "BR-DEC-28": "The base of a line's charge has at most two decimals (BT-142).",
  ]
}
