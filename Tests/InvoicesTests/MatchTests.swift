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

  private func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

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

  @Test("Each kind of difference is found") func kinds() throws {
    func found(_ change: (inout Set4) throws -> Void) throws -> [MatchDifference.Kind] {
      var all = try Set4()
      all.receipt.lines[0].received = all.despatch.lines[0].delivered
      try change(&all)
      return all.kinds()
    }
    let stranger = Party(legalName: "Another", legalID: Identifier("X-9"))
    #expect(try found { $0.invoice.seller = stranger } == [.seller])
    #expect(try found { $0.invoice.buyer = stranger } == [.buyer])
    #expect(try found { $0.order.currency = Currency("EUR") } == [.currency])
    #expect(try found { $0.invoice.order = "OTHER" } == [.order])
    #expect(try found { $0.receipt.orders = ["OTHER"] } == [.order])
    #expect(try found { $0.order.lines.removeLast() } == [.notOrdered])
    #expect(try found { $0.receipt.lines.removeLast() } == [.notReceived])
    #expect(try found { $0.invoice.lines.removeLast() } == [.notInvoiced])
    #expect(try found { $0.invoice.lines[0].quantity?.unit = "KGM" }.allSatisfy { $0 == .unit })
    #expect(try found { $0.order.lines[0].quantity?.value = try number("599") } == [.overOrdered, .overDespatched])
    #expect(try found { $0.receipt.lines[1].received?.value = try number("401") } == [.moreThanDespatched])
    #expect(try found { $0.invoice.lines[0].price?.net = try number("72.51") } == [.price, .amount])
    #expect(try found { $0.order.lines[0].price?.net = try number("72.49") } == [.price])
    #expect(
      try found { $0.invoice.lines[0].net = Amount(minorUnits: 4_350_002, currency: $0.invoice.currency) } == [.amount])
  }

  @Test("Prices for other base quantities are compared crosswise") func bases() throws {
    var all = try Set4()
    all.receipt.lines[0].received = all.despatch.lines[0].delivered
    all.invoice.lines[0].price = Price(
      net: try number("725.00"), currency: all.invoice.currency, base: Quantity(ExactDecimal(10), unit: "XCR"))
    #expect(all.kinds().isEmpty)
    all.invoice.lines[0].price?.net = try number("725.01")
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
