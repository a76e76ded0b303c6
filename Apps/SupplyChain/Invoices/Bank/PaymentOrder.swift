public import Primitives

/// Payments to be made, for a bank: an ISO 20022 customer credit transfer initiation.
public struct PaymentOrder: Sendable, Hashable {
  /// The message's id, at most 35 characters, used once.
  public var messageID: String
  /// When it was made, milliseconds since 1970.
  public var created: UInt64
  /// Who sends it.
  public var initiator: String
  /// The payments, by account and day.
  public var batches: [PaymentBatch]

  /// An order.
  public init(messageID: String, created: UInt64, initiator: String, batches: [PaymentBatch]) {
    (self.messageID, self.created, self.initiator, self.batches) = (messageID, created, initiator, batches)
  }
}

/// Payments from one account on one day.
public struct PaymentBatch: Sendable, Hashable {
  /// The batch's id, at most 35 characters.
  public var id: String
  /// The day to pay on.
  public var day: CalendarDate
  /// Whose account is charged.
  public var debtor: String
  /// The account: an IBAN, or another number.
  public var debtorAccount: String
  /// The bank's BIC; nil where the bank needs none.
  public var debtorBank: String?
  /// The payments.
  public var transfers: [PaymentTransfer]

  /// A batch.
  public init(
    id: String, day: CalendarDate, debtor: String, debtorAccount: String, debtorBank: String? = nil,
    transfers: [PaymentTransfer]
  ) {
    (self.id, self.day, self.debtor, self.debtorAccount) = (id, day, debtor, debtorAccount)
    (self.debtorBank, self.transfers) = (debtorBank, transfers)
  }
}

/// One payment.
public struct PaymentTransfer: Sendable, Hashable {
  /// What comes back in the bank's evidence: at most 35 characters, and used once.
  public var endToEndID: String
  /// The amount, above zero.
  public var amount: Amount
  /// Who is paid.
  public var creditor: String
  /// The account: an IBAN, or another number.
  public var creditorAccount: String
  /// The bank's BIC, if it is known.
  public var creditorBank: String?
  /// What it is for, at most 140 characters.
  public var remittance: String?

  /// A payment.
  public init(
    endToEndID: String, amount: Amount, creditor: String, creditorAccount: String, creditorBank: String? = nil,
    remittance: String? = nil
  ) {
    (self.endToEndID, self.amount, self.creditor) = (endToEndID, amount, creditor)
    (self.creditorAccount, self.creditorBank, self.remittance) = (creditorAccount, creditorBank, remittance)
  }
}

/// Why a payment order cannot be written.
public enum PaymentFault: Error, Sendable, Hashable {
  /// A field is empty, too long or has characters that it may not have; the name is the message's element.
  case field(name: String, value: String)
  /// A payment of nothing or less.
  case amount(endToEndID: String)
  /// Two payments or batches have one id.
  case duplicate(id: String)
  /// There is no payment in the order or a batch.
  case empty
  /// More than 10,000 payments, or a sum beyond 18 digits.
  case tooMuch

  /// The fault in words for people.
  public var message: Message {
    switch self {
    case .field(let name, let value): "The field \(name) cannot carry this: \(value)"
    case .amount(let id): "The payment \(id) must be above zero."
    case .duplicate(let id): "The id \(id) is used twice."
    case .empty: "There is no payment in it."
    case .tooMuch: "There are too many payments in it, or they are too large."
    }
  }
}

extension PaymentOrder {
  /// Payments of one message at most.
  static let transferLimit = 10_000

  /// The order as pain.001.001.09, in UTF-8; the same order always gives the same bytes.
  public func pain001() throws(PaymentFault) -> [UInt8] {
    try check()
    let transfers = batches.flatMap(\.transfers)
    guard let total = PaymentOrder.sum(transfers) else { throw .tooMuch }
    var writer = XMLWriter(
      root: "Document", spaces: [("", "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09")])
    writer.group("CstmrCdtTrfInitn") {
      $0.group("GrpHdr") {
        $0.leaf("MsgId", messageID)
        $0.leaf("CreDtTm", Timestamp.text(created))
        $0.leaf("NbOfTxs", String(transfers.count))
        $0.leaf("CtrlSum", total)
        $0.group("InitgPty") { $0.leaf("Nm", initiator) }
      }
      for batch in batches { $0.batch(batch) }
    }
    return writer.finish()
  }

  /// The control sum: all amounts as plain numbers, whatever their currencies.
  static func sum(_ transfers: [PaymentTransfer]) -> String? {
    guard let sum = InvoiceFacts.sum(transfers.map(\.amount.decimal)),
      sum.magnitude.coefficient < ExactDecimal.power(18)
    else { return nil }
    return sum.description
  }

  private func check() throws(PaymentFault) {
    guard !batches.isEmpty, !batches.contains(where: \.transfers.isEmpty) else { throw .empty }
    guard batches.reduce(0, { $0 + $1.transfers.count }) <= PaymentOrder.transferLimit else { throw .tooMuch }
    try PaymentOrder.id("MsgId", messageID)
    try PaymentOrder.text("Nm", initiator, 140)
    var seen: Set<String> = []
    for batch in batches {
      try PaymentOrder.id("PmtInfId", batch.id)
      guard seen.insert("b" + batch.id).inserted else { throw .duplicate(id: batch.id) }
      try PaymentOrder.text("Nm", batch.debtor, 140)
      try PaymentOrder.account(batch.debtorAccount)
      try PaymentOrder.bank(batch.debtorBank)
      for transfer in batch.transfers {
        try PaymentOrder.id("EndToEndId", transfer.endToEndID)
        guard seen.insert("t" + transfer.endToEndID).inserted else { throw .duplicate(id: transfer.endToEndID) }
        guard transfer.amount.minorUnits > 0, transfer.amount.currency.isPayable else {
          throw .amount(endToEndID: transfer.endToEndID)
        }
        try PaymentOrder.text("Nm", transfer.creditor, 140)
        try PaymentOrder.account(transfer.creditorAccount)
        try PaymentOrder.bank(transfer.creditorBank)
        if let remittance = transfer.remittance { try PaymentOrder.text("Ustrd", remittance, 140) }
      }
    }
  }

  /// Ids keep to the characters that every bank takes, and do not start or end with a slash.
  private static func id(_ name: String, _ value: String) throws(PaymentFault) {
    let isPlain = value.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      case 0x2F, 0x2D, 0x3F, 0x3A, 0x28, 0x29, 0x2E, 0x2C, 0x27, 0x2B, 0x20: true
      default: false
      }
    }
    let isTidy = !value.hasPrefix("/") && !value.hasSuffix("/") && !value.contains("//")
    guard isPlain, isTidy, !value.isEmpty, value.utf8.count <= 35 else {
      throw .field(name: name, value: String(value.prefix(60)))
    }
  }

  private static func text(_ name: String, _ value: String, _ limit: Int) throws(PaymentFault) {
    let isPrintable = value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard !value.isEmpty, value.unicodeScalars.count <= limit, isPrintable else {
      throw .field(name: name, value: String(value.prefix(60)))
    }
  }

  private static func account(_ value: String) throws(PaymentFault) {
    guard IBAN.isWellFormed(value) || (!IBAN.looksLikeOne(value) && (1...34).contains(value.unicodeScalars.count))
    else { throw .field(name: "Acct", value: String(value.prefix(60))) }
    try text("Acct", value, 34)
  }

  private static func bank(_ value: String?) throws(PaymentFault) {
    guard let value else { return }
    let bytes = Array(value.utf8)
    let isBIC =
      (bytes.count == 8 || bytes.count == 11)
      && bytes.enumerated().allSatisfy { place, byte in
        let isLetter = (0x41...0x5A).contains(byte)
        return isLetter || ((place < 4 || place > 5) && (0x30...0x39).contains(byte))
      }
    guard isBIC else { throw .field(name: "BICFI", value: String(value.prefix(60))) }
  }
}

extension XMLWriter {
  fileprivate mutating func batch(_ batch: PaymentBatch) {
    group("PmtInf") {
      $0.leaf("PmtInfId", batch.id)
      $0.leaf("PmtMtd", "TRF")
      $0.leaf("NbOfTxs", String(batch.transfers.count))
      $0.leaf("CtrlSum", PaymentOrder.sum(batch.transfers))
      $0.group("ReqdExctnDt") { $0.leaf("Dt", batch.day.description) }
      $0.group("Dbtr") { $0.leaf("Nm", batch.debtor) }
      $0.account("DbtrAcct", batch.debtorAccount)
      $0.bank("DbtrAgt", batch.debtorBank ?? "")
      $0.leaf("ChrgBr", "SLEV")
      for transfer in batch.transfers {
        $0.group("CdtTrfTxInf") {
          $0.group("PmtId") { $0.leaf("EndToEndId", transfer.endToEndID) }
          $0.group("Amt") {
            $0.leaf("InstdAmt", transfer.amount.text, [("Ccy", transfer.amount.currency.code)])
          }
          if let bank = transfer.creditorBank { $0.bank("CdtrAgt", bank) }
          $0.group("Cdtr") { $0.leaf("Nm", transfer.creditor) }
          $0.account("CdtrAcct", transfer.creditorAccount)
          if let text = transfer.remittance { $0.group("RmtInf") { $0.leaf("Ustrd", text) } }
        }
      }
    }
  }

  private mutating func account(_ name: String, _ account: String) {
    group(name) {
      $0.group("Id") {
        if IBAN.isWellFormed(account) {
          $0.leaf("IBAN", account)
        } else {
          $0.group("Othr") { $0.leaf("Id", account) }
        }
      }
    }
  }

  /// A bank by its BIC; the debtor's own bank must be there, and says so where there is no BIC.
  private mutating func bank(_ name: String, _ bic: String) {
    group(name) {
      $0.group("FinInstnId") {
        if bic.isEmpty { $0.group("Othr") { $0.leaf("Id", "NOTPROVIDED") } } else { $0.leaf("BICFI", bic) }
      }
    }
  }
}
