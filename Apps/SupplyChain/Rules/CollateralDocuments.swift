package import CBOR
package import Primitives

/// A warehouse keeper has goods: a warehouse receipt.
package struct GoodsReceipt: Document {
  package static let kind = "goods-receipt"
  /// The receipt's id on the ledger.
  package var id = Digest()
  /// Whose goods.
  package var owner = ""
  /// ISO 4217.
  package var currency = "CNY"
  /// What they are worth, minor units.
  package var value: Int64 = 0
  /// What they are, for its readers.
  package var content = Sealed()
  /// The order, despatch or receipt advice that they came with: the buyer then sees their exceptions.
  package var paper: Digest?

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&id)
    try coder.name(&owner)
    try coder.text(&currency, 3...3)
    try coder.amount(&value)
    try content.visit(&coder)
    try coder.optional(&paper)
  }
}

/// The keeper values goods anew.
package struct GoodsValue: Document {
  package static let kind = "goods-value"
  /// The receipt.
  package var goods = Digest()
  /// Minor units.
  package var value: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&goods)
    try coder.amount(&value)
  }
}

/// One of several ids.
package struct Reference: Fields {
  package var id = Digest()

  package init() {}
  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) { try coder.digest(&id) }
}

/// The owner of goods asks a financier for a facility that they secure.
package struct FacilityProposal: Document {
  package static let kind = "facility-propose"
  /// Who is to lend.
  package var financier = ""
  /// ISO 4217.
  package var currency = "CNY"
  /// The most that may be drawn.
  package var limit: Int64 = 0
  /// The warehouse receipts that secure it.
  package var goods: [Reference] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.name(&financier)
    try coder.text(&currency, 3...3)
    try coder.amount(&limit)
    try coder.list(&goods, 1...64)
  }
}

/// What is done to a facility.
package enum FacilityStep: String, Sendable {
  /// The financier accepts; the goods are pledged to it.
  case accept
  /// The financier or the owner, before that.
  case refuse
  /// The owner asks for a drawing.
  case draw
  /// The owner or the financier, before it is paid out.
  case cancelDraw = "cancel-draw"
  /// The financier releases one receipt.
  case release
  /// The financier or the owner, when nothing is drawn.
  case close
}

/// A step of a facility.
package struct FacilityAction: Document {
  package static let kind = "facility-action"
  /// The facility.
  package var facility = Digest()
  /// What is done.
  package var step = FacilityStep.accept
  /// How much is to be drawn.
  package var amount: Int64 = 0
  /// Which receipt is to be released.
  package var goods: Digest?

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&facility)
    try coder.choice(&step)
    try coder.amount(&amount)
    try coder.optional(&goods)
  }
}

/// A settlement bank's word that a drawing or a repayment has moved.
package struct FacilityPayment: Document {
  package static let kind = "facility-payment"
  /// The facility.
  package var facility = Digest()
  /// Whether it is a drawing; else a repayment.
  package var isDrawing = true
  /// The bank's entry.
  package var evidence = BankEvidence()

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&facility)
    try coder.bool(&isDrawing)
    try evidence.visit(&coder)
  }
}

/// A sensor and the goods that it watches.
package struct DeviceRegistration: Document {
  package static let kind = "goods-device"
  /// Its name.
  package var device = ""
  /// Its public key as a COSE_Key.
  package var key: [UInt8] = []
  /// The goods that it watches.
  package var goods = Digest()

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.name(&device)
    try coder.bytes(&key, 1...256)
    try coder.digest(&goods)
  }
}

/// One reading, signed by its device and stated by whoever received it.
package struct SensorReading: Document {
  package static let kind = "goods-reading"
  /// The device's name.
  package var device = ""
  /// Rises with each reading.
  package var counter: UInt64 = 0
  /// When it was taken, milliseconds since 1970.
  package var time: UInt64 = 0
  /// For example `temperature`.
  package var reading = ""
  /// Thousandths of the kind's unit; for a position the latitude in millionths of a degree.
  package var value: Int64 = 0
  /// For a position the longitude in millionths of a degree.
  package var second: Int64 = 0
  /// The device's signature over `signedBytes`.
  package var signature: [UInt8] = []

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.name(&device)
    try coder.uint(&counter)
    try coder.time(&time)
    try coder.text(&reading, 1...32)
    try coder.int(&value)
    try coder.check((-(1 << 50)...(1 << 50)).contains(value))
    try coder.int(&second)
    try coder.check((-180_000_000...180_000_000).contains(second))
    try coder.bytes(&signature, 0...128)
  }

  /// What the device signs: a mark of its own, then the reading with an empty signature.
  package var signedBytes: [UInt8] {
    var unsigned = self
    unsigned.signature = []
    return Array("tallystick goods reading v1\n".utf8) + unsigned.encoded()
  }
}

/// What is done about an exception.
package enum ExceptionStep: String, Sendable {
  case acknowledge, escalate, resolve
  /// Anyone, by the ledger's time: a device has not been heard of.
  case reportSilence = "report-silence"
}

/// A step of an exception.
package struct ExceptionAction: Document {
  package static let kind = "goods-exception"
  /// The log entry that opened it.
  package var exception: UInt64 = 0
  /// What is done.
  package var step = ExceptionStep.acknowledge
  /// Why it is resolved.
  package var reason = ""
  /// The device, for a report of silence.
  package var device = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.uint(&exception)
    try coder.choice(&step)
    try coder.reason(&reason)
    try coder.maybeName(&device)
  }
}

/// Goods as the state has them.
package struct Goods: Fields {
  package var receipt = GoodsReceipt()
  package var keeper = ""
  /// The facility that they secure.
  package var facility: Digest?

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try receipt.visit(&coder)
    try coder.name(&keeper)
    try coder.optional(&facility)
  }
}

/// Where a facility stands.
package enum FacilityStatus: String, Sendable { case proposed, open, refused, closed }

/// A facility as the state has it.
package struct Facility: Fields {
  package var proposal = FacilityProposal()
  package var owner = ""
  package var status = FacilityStatus.proposed
  package var drawn: Int64 = 0
  /// What has been asked for and not been paid out.
  package var requested: Int64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try proposal.visit(&coder)
    try coder.name(&owner)
    try coder.choice(&status)
    try coder.amount(&drawn)
    try coder.amount(&requested)
  }
}

/// A device as the state has it.
package struct Device: Fields {
  package var registration = DeviceRegistration()
  package var owner = ""
  package var counter: UInt64 = 0
  package var registeredAt: UInt64 = 0
  package var lastSeen: UInt64 = 0
  /// The log entry of an exception for silence that is open; 0 for none.
  package var silence: UInt64 = 0

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try registration.visit(&coder)
    try coder.name(&owner)
    try coder.uint(&counter)
    try coder.time(&registeredAt)
    try coder.time(&lastSeen)
    try coder.uint(&silence)
  }
}

/// What a device has said last of one kind.
package struct SensorState: Fields {
  package var value: Int64 = 0
  package var time: UInt64 = 0
  /// The last readings, the newest in the lowest bit: 1 for a breach.
  package var history: UInt64 = 0
  /// The log entry of the exception that is open; 0 for none.
  package var exception: UInt64 = 0
  /// Since when readings have been in breach without a break; 0 if the last was none.
  package var since: UInt64 = 0
  /// What losses are reckoned from: the first reading.
  package var first: Int64?

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.int(&value)
    try coder.time(&time)
    try coder.uint(&history)
    try coder.uint(&exception)
    try coder.time(&since)
    var (isKnown, base) = (first != nil, first ?? 0)
    try coder.bool(&isKnown)
    try coder.int(&base)
    first = isKnown ? base : nil
  }
}

/// Where an exception stands.
package enum ExceptionStatus: String, Sendable { case open, acknowledged, escalated, resolved }

/// An exception as the state has it: never deleted.
package struct ExceptionRecord: Fields {
  package var goods = Digest()
  package var device = ""
  package var reading = ""
  package var value: Int64 = 0
  package var openedAt: UInt64 = 0
  package var haircut: Int64 = 0
  package var blocks = true
  package var status = ExceptionStatus.open
  package var changedAt: UInt64 = 0
  package var changedBy = ""
  package var reason = ""

  package init() {}

  package mutating func visit<Coder: FieldCoder>(_ coder: inout Coder) throws(CBORError) {
    try coder.digest(&goods)
    try coder.name(&device)
    try coder.text(&reading, 1...48)
    try coder.int(&value)
    try coder.time(&openedAt)
    try coder.int(&haircut)
    try coder.bool(&blocks)
    try coder.choice(&status)
    try coder.time(&changedAt)
    try coder.maybeName(&changedBy)
    try coder.reason(&reason)
  }
}
