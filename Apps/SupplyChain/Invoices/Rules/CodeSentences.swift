internal import Primitives

extension RuleSentences {
  static let codeLists: [String: Message] = [
    "BR-CL-01": "The type of the document is not one of UNTDID 1001 for its kind (BT-3).",
    "BR-CL-03": "The currency of an amount is not one of ISO 4217.",
    "BR-CL-04": "The currency of the document is not one of ISO 4217 (BT-5).",
    "BR-CL-05": "The currency of VAT is not one of ISO 4217 (BT-6).",
    "BR-CL-06": "The code of the VAT point must be 3, 35 or 432 (BT-8).",
    "BR-CL-07": "The scheme of the invoiced object is not one of UNTDID 1153 (BT-18).",
    "BR-CL-08": "The subject of a note is not one of UNTDID 4451 (BT-21).",
    "BR-CL-10": "The scheme of a party's identifier is not one of ISO/IEC 6523.",
    "BR-CL-11": "The scheme of a legal registration is not one of ISO/IEC 6523.",
    "BR-CL-13": "The scheme of an item's classification is not one of UNTDID 7143 (BT-158).",
    "BR-CL-14": "A country is not one of ISO 3166-1.",
    "BR-CL-15": "The country of origin is not one of ISO 3166-1 (BT-159).",
    "BR-CL-16": "The payment means is not one of UNTDID 4461 (BT-81).",
    "BR-CL-17": "The VAT category is not one of UNTDID 5305 (BT-95, BT-102, BT-118).",
    "BR-CL-18": "The VAT category of an item is not one of UNTDID 5305 (BT-151).",
    "BR-CL-19": "The reason of an allowance is not one of UNTDID 5189 (BT-98, BT-140).",
    "BR-CL-20": "The reason of a charge is not one of UNTDID 7161 (BT-105, BT-145).",
    "BR-CL-21": "The scheme of an item's standard identifier is not one of ISO/IEC 6523 (BT-157).",
    "BR-CL-22": "The reason of exemption is not one of the list VATEX (BT-121).",
    "BR-CL-23": "The unit is not one of UNECE Recommendations 20 and 21 (BT-130, BT-150).",
    "BR-CL-24": "The attachment's media type is not an allowed one (BT-125).",
    "BR-CL-25": "The scheme of an electronic address is not one of the list EAS (BT-34, BT-49).",
    "BR-CL-26": "The scheme of a place of delivery is not one of ISO/IEC 6523 (BT-71).",
    "UBL-DT-01": "An amount has at most two decimals.",
    "UBL-DT-06": "An attached file needs its media type.",
    "UBL-DT-07": "An attached file needs its name.",
  ]

  static let counts: [String: Message] = [
    "UBL-SR-01": "At most one contract may be referred to (BT-12).",
    "UBL-SR-02": "At most one receiving advice may be referred to (BT-15).",
    "UBL-SR-03": "At most one despatch advice may be referred to (BT-16).",
    "UBL-SR-04": "At most one invoiced object may be referred to (BT-18).",
    "UBL-SR-05": "Terms of payment may be given at most once (BT-20).",
    "UBL-SR-06": "A reference to earlier invoices names at most one (BT-25).",
    "UBL-SR-07": "A reference to an earlier invoice must have its number (BT-25).",
    "UBL-SR-08": "An invoiced period may be given at most once (BG-14).",
    "UBL-SR-09": "The seller has at most one registered name (BT-27).",
    "UBL-SR-10": "The seller has at most one trading name (BT-28).",
    "UBL-SR-11": "The seller has at most one legal registration (BT-30).",
    "UBL-SR-12": "The seller has at most one VAT number (BT-31).",
    "UBL-SR-13": "The seller has at most one other tax registration (BT-32).",
    "UBL-SR-14": "The seller's further legal information may be given at most once (BT-33).",
    "UBL-SR-15": "The buyer has at most one registered name (BT-44).",
    "UBL-SR-16": "The buyer has at most one identifier (BT-46).",
    "UBL-SR-17": "The buyer has at most one legal registration (BT-47).",
    "UBL-SR-18": "The buyer has at most one VAT number (BT-48).",
    "UBL-SR-19": "The payee has one name, which is not the seller's (BT-59).",
    "UBL-SR-20": "The payee has at most one identifier and is not the seller (BT-60).",
    "UBL-SR-21": "The payee has at most one legal registration and is not the seller (BT-61).",
    "UBL-SR-22": "The tax representative has at most one name (BT-62).",
    "UBL-SR-23": "The tax representative has at most one VAT number (BT-63).",
    "UBL-SR-24": "A delivery may be given at most once (BG-13).",
    "UBL-SR-25": "At most one party may take delivery (BT-70).",
    "UBL-SR-26": "A payment instruction has at most one reference (BT-83).",
    "UBL-SR-27": "A payment instruction has at most one payment means (BT-81).",
    "UBL-SR-28": "A payment instruction has at most one mandate (BT-89).",
    "UBL-SR-30": "An allowance says its reason in words at most once (BT-97, BT-139).",
    "UBL-SR-31": "A charge says its reason in words at most once (BT-104, BT-144).",
    "UBL-SR-32": "A part of the VAT breakdown says its reason of exemption at most once (BT-120).",
    "UBL-SR-33": "A supporting document is described at most once (BT-123).",
    "UBL-SR-34": "A line has at most one note (BT-127).",
    "UBL-SR-35": "A line refers to at most one line of an order (BT-132).",
    "UBL-SR-36": "A line has at most one period (BG-26).",
    "UBL-SR-37": "A price has at most one discount (BT-147).",
    "UBL-SR-39": "At most one project may be referred to (BT-11).",
    "UBL-SR-40": "The buyer has at most one trading name (BT-45).",
    "UBL-SR-42": "The seller has at most two tax registrations (BT-31, BT-32).",
    "UBL-SR-43": "Only the invoiced object has a scheme or a type among the supporting documents (BT-18, BT-122).",
    "UBL-SR-44": "All payment references must be the same (BT-83).",
    "UBL-SR-45": "A due date may be given at most once (BT-9).",
    "UBL-SR-46": "A payment means is named at most once (BT-82).",
    "UBL-SR-47": "All payment means must be the same (BT-81).",
    "UBL-SR-48": "A line has exactly one VAT category (BT-151).",
    "UBL-SR-49": "The code of the VAT point may be given at most once (BT-8).",
    "UBL-SR-50": "An item is described at most once (BT-154).",
    "UBL-SR-51": "An address has at most one further line (BT-162 to BT-165).",
    "UBL-SR-52": "A line refers to at most one object (BT-128).",
    "UBL-SR-53": "A tax registration needs its number and its tax (BT-31, BT-32).",
    "UBL-SR-54": "At most one payment card may be given (BG-18).",
    "UBL-SR-55": "At most one mandate may be given (BG-19).",
    "UBL-SR-56": "At most one tender may be referred to (BT-17).",
  ]
}

extension TaxFamily {
  /// The category's name for people.
  var name: Message {
    switch self {
    case .standard: "S (standard rate)"
    case .zero: "Z (zero rate)"
    case .exempt: "E (exempt)"
    case .reverseCharge: "AE (reverse charge)"
    case .intraCommunity: "K (intra-community supply)"
    case .export: "G (export outside the EU)"
    case .outside: "O (not subject to VAT)"
    case .canary: "L (IGIC of the Canary Islands)"
    case .ceutaMelilla: "M (IPSI of Ceuta and Melilla)"
    }
  }

  /// Which registrations the category demands.
  var registrations: Message {
    switch self {
    case .standard, .zero, .exempt, .canary, .ceutaMelilla:
      "a tax registration of the seller or the VAT number of its tax representative"
    case .reverseCharge:
      "a tax registration of the seller or its representative, and the buyer's VAT number or legal registration"
    case .export: "the VAT number of the seller or its tax representative"
    case .intraCommunity: "the VAT numbers of the seller or its tax representative and of the buyer"
    case .outside: "no VAT number of the seller, its tax representative or the buyer"
    }
  }

  /// Which rate the category demands.
  var rate: Message {
    switch self {
    case .standard: "a rate above zero"
    case .canary, .ceutaMelilla: "a rate of zero or above"
    case .outside: "no rate"
    default: "a rate of zero"
    }
  }
}
