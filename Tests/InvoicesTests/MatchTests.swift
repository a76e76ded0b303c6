import Foundation
import Invoices
import Primitives
import Testing

@Suite("Three-way match")
struct MatchTests {
  struct Set4 {
    var order: Order
    var despatch: DespatchAdvice
    var receipt: ReceiptAdvice
    var invoice: Invoice

    init() throws {
      func document(_ name: String) throws -> TradeDocument {
        try #require(UBLImport(Files.sample(name), level: .lenient).document)
      }
      guard case .order(let order) = try document("order.xml"),
        case .despatchAdvice(let despatch) = try document("despatch-advice.xml"),
        case .receiptAdvice(let receipt) = try document("receipt-advice.xml"),
        case .invoice(let invoice) = try document("invoice.xml")
      else { throw CocoaError(.fileReadCorruptFile) }
      (self.order, self.despatch, self.receipt, self.invoice) = (order, despatch, receipt, invoice)
    }

    func kinds(_ tolerance: MatchTolerance = MatchTolerance()) -> [MatchDifference.Kind] {
      differences(tolerance).map(\.kind)
    }

    func differences(_ tolerance: MatchTolerance = MatchTolerance()) -> [MatchDifference] {
      ThreeWayMatch(
        order: order, despatches: [despatch], receipts: [receipt], invoice: invoice, tolerance: tolerance
      ).differences
    }
  }

  @Test("The samples differ by the two bruised crates") func samples() throws {
    let all = try Set4()
    let found = all.differences()
    #expect(found.map(\.kind) == [.overReceived, .lessThanDespatched])
    #expect(found.map(\.isBlocking) == [true, false])
    #expect(found[0].orderLine == "1")
    #expect(found[0].sentence.english == "Line 1 of the order: 600 XCR were invoiced, 598 XCR received.")
    // Two of 598 are 3345 parts per million.
    #expect(all.kinds(MatchTolerance(quantity: 3_344)).contains(.overReceived))
    #expect(!all.kinds(MatchTolerance(quantity: 3_345)).contains(.overReceived))
  }

  @Test("Without differences there is nothing in the way") func clean() throws {
    var all = try Set4()
    all.receipt.lines[0].received = all.despatch.lines[0].delivered
    #expect(all.differences().isEmpty)
    #expect(ThreeWayMatch(order: all.order, invoice: all.invoice).isClean)
  }

  /// For each kind a change to the clean documents, and every kind that it gives.
  static let changes: [(change: @Sendable (inout Set4) throws -> Void, kinds: Set<MatchDifference.Kind>)] = [
    ({ $0.invoice.seller = stranger }, [.seller]),
    ({ $0.invoice.buyer = stranger }, [.buyer]),
    ({ $0.order.currency = Currency("EUR") }, [.currency]),
    ({ $0.invoice.order = "OTHER" }, [.order]),
    ({ $0.receipt.orders = ["OTHER"] }, [.order]),
    ({ $0.order.lines.removeLast() }, [.notOrdered]),
    ({ $0.receipt.lines.removeLast() }, [.notReceived]),
    ({ $0.invoice.lines.removeLast() }, [.notInvoiced]),
    ({ $0.invoice.lines[0].quantity?.unit = "KGM" }, [.unit]),
    ({ $0.order.lines[0].quantity?.value = ExactDecimal(599) }, [.overOrdered, .overDespatched]),
    ({ $0.receipt.lines[0].received?.value = ExactDecimal(598) }, [.overReceived, .lessThanDespatched]),
    ({ $0.receipt.lines[1].received?.value = ExactDecimal(401) }, [.moreThanDespatched]),
    ({ $0.invoice.lines[0].price?.net = try number("72.51") }, [.price, .amount]),
    ({ $0.order.lines[0].price?.net = try number("72.49") }, [.price]),
    (
      { $0.invoice.lines[0].net = Amount(minorUnits: 4_350_002, currency: $0.invoice.currency) }, [.amount]
    ),
  ]

  static let stranger = Party(legalName: "Another", legalID: Identifier("X-9"))

  static func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

  static func found(_ change: (inout Set4) throws -> Void) throws -> [MatchDifference] {
    var all = try Set4()
    all.receipt.lines[0].received = all.despatch.lines[0].delivered
    try change(&all)
    return all.differences()
  }

  /// A difference of this kind.
  static func one(of kind: MatchDifference.Kind) throws -> MatchDifference? {
    guard let change = changes.first(where: { $0.kinds.contains(kind) })?.change else { return nil }
    return try found(change).first { $0.kind == kind }
  }

  @Test("Each kind of difference is found, and nothing else", arguments: changes.indices)
  func kinds(index: Int) throws {
    let (change, kinds) = MatchTests.changes[index]
    #expect(Set(try MatchTests.found(change).map(\.kind)) == kinds)
  }

  @Test("Prices for other base quantities are compared crosswise") func bases() throws {
    var all = try Set4()
    all.receipt.lines[0].received = all.despatch.lines[0].delivered
    all.invoice.lines[0].price = Price(
      net: try MatchTests.number("725.00"), currency: all.invoice.currency,
      base: Quantity(ExactDecimal(10), unit: "XCR"))
    #expect(all.kinds().isEmpty)
    all.invoice.lines[0].price?.net = try MatchTests.number("725.01")
    #expect(all.kinds().contains(.price))
    #expect(!all.kinds(MatchTolerance(price: 14)).contains(.price))
  }

  @Test("Several advices are added up, lines without references meet by the item") func parts() throws {
    let all = try Set4()
    var (first, second) = (all.receipt, all.receipt)
    first.lines[0].received?.value = ExactDecimal(200)
    second.lines[0].received?.value = ExactDecimal(400)
    second.number = "JH-RA-9014"
    first.lines.removeLast(2)
    var invoice = all.invoice
    for index in invoice.lines.indices { invoice.lines[index].orderLine = nil }
    let match = ThreeWayMatch(
      order: all.order, despatches: [all.despatch], receipts: [first, second], invoice: invoice)
    #expect(match.differences.isEmpty, "\(match.differences.map(\.sentence.english))")
  }
}
