/// Does the work of a three-way match.
struct Matcher {
  /// What the documents say about one line of the order.
  private struct Tally {
    var despatched: Total = .none
    var received: Total = .none
    var invoiced: Total = .none
  }

  /// A sum of quantities: of one unit, or of units that do not add up.
  private enum Total {
    case none
    case sum(Quantity)
    case mixed

    mutating func add(_ quantity: Quantity?) {
      guard let quantity else { return }
      switch self {
      case .none: self = .sum(quantity)
      case .sum(let sum) where sum.unit == quantity.unit:
        self = sum.value.adding(quantity.value).map { .sum(Quantity($0, unit: sum.unit)) } ?? .mixed
      case .sum, .mixed: self = .mixed
      }
    }
  }

  private let order: Order
  private let tolerance: MatchTolerance
  private var tallies: [Tally]
  private var byID: [String: Int] = [:]
  private var byItem: [String: Int] = [:]
  private var invoiceLines: [Int?] = []
  private(set) var differences: [MatchDifference] = []

  init(order: Order, tolerance: MatchTolerance) {
    (self.order, self.tolerance) = (order, tolerance)
    tallies = Array(repeating: Tally(), count: order.lines.count)
    for (index, line) in order.lines.enumerated() {
      if let id = line.id, byID[id] == nil { byID[id] = index }
      for key in Matcher.keys(line.item) where byItem[key] == nil { byItem[key] = index }
    }
  }

  private static func keys(_ item: Item) -> [String] {
    [
      item.standardID.map { "g" + $0.value }, item.sellersID.map { "s" + $0 }, item.buyersID.map { "b" + $0 },
      item.name.map { "n" + CanonicalFields.name($0) },
    ].compactMap { $0 }
  }

  private func index(_ reference: LineReference?, _ item: Item) -> Int? {
    if let line = reference?.line, reference?.document == nil || reference?.document == order.number,
      let index = byID[line]
    {
      return index
    }
    return Matcher.keys(item).lazy.compactMap { byItem[$0] }.first
  }

  private mutating func report(
    _ kind: MatchDifference.Kind, isBlocking: Bool = true, order: Int? = nil, invoiceLine: String? = nil,
    expected: String, found: String
  ) {
    differences.append(
      MatchDifference(
        kind: kind, isBlocking: isBlocking, orderLine: order.flatMap { self.order.lines[$0].id },
        invoiceLine: invoiceLine, expected: expected, found: found))
  }

  /// Parties, currency and references of the documents.
  mutating func documents(_ despatches: [DespatchAdvice], _ receipts: [ReceiptAdvice], _ invoice: Invoice) {
    compare(.seller, invoice.seller, order.seller)
    compare(.buyer, invoice.buyer, order.buyer)
    for one in despatches { compare(.seller, one.seller ?? one.despatcher, order.seller, isBlocking: false) }
    for one in receipts { compare(.buyer, one.buyer ?? one.receiver, order.buyer, isBlocking: false) }
    if let currency = order.currency, currency != invoice.currency {
      report(.currency, expected: currency.code, found: invoice.currency.code)
    }
    let references = [invoice.order.map { [$0] } ?? []] + despatches.map(\.orders) + receipts.map(\.orders)
    for list in references where !list.isEmpty && !list.contains(order.number) {
      report(.order, expected: order.number, found: list.joined(separator: " "))
    }
  }

  /// Two parties are one if an identifier agrees, or, where they share no kind of identifier, the name.
  private mutating func compare(_ kind: MatchDifference.Kind, _ left: Party, _ right: Party, isBlocking: Bool = true) {
    func ids(_ party: Party) -> Set<String> {
      let all =
        [party.legalID?.value, party.endpoint?.value] + party.taxRegistrations.map(\.id)
        + party.identifiers.map(\.value)
      return Set(all.compactMap { $0 }.map { CanonicalFields.identifier($0) })
    }
    func names(_ party: Party) -> Set<String> {
      Set([party.legalName, party.name, party.displayName].compactMap { $0 }.map { CanonicalFields.name($0) })
    }
    guard ids(left).isDisjoint(with: ids(right)), names(left).isDisjoint(with: names(right)) else { return }
    report(
      kind, isBlocking: isBlocking, expected: right.displayName ?? right.registryID ?? "-",
      found: left.displayName ?? left.registryID ?? "-")
  }

  /// Adds up what the documents say about each line of the order.
  mutating func gather(_ despatches: [DespatchAdvice], _ receipts: [ReceiptAdvice], _ invoice: Invoice) {
    var despatchLines: [String: Int] = [:]
    for advice in despatches {
      for line in advice.lines {
        guard let index = index(line.orderLine, line.item) else { continue }
        tallies[index].despatched.add(line.delivered)
        if let id = line.id { despatchLines["\(advice.number)|\(id)"] = index }
      }
    }
    for advice in receipts {
      for line in advice.lines {
        let document = line.despatchLine?.document ?? advice.despatchAdvices.first ?? ""
        let viaDespatch = line.despatchLine?.line.flatMap { despatchLines["\(document)|\($0)"] }
        guard
          let index = line.orderLine != nil ? index(line.orderLine, line.item) : viaDespatch ?? index(nil, line.item)
        else { continue }
        tallies[index].received.add(line.received)
      }
    }
    invoiceLines = invoice.lines.map { index($0.orderLine, $0.item) }
    for (line, index) in zip(invoice.lines, invoiceLines) {
      if let index { tallies[index].invoiced.add(line.quantity) }
    }
  }

  /// Compares line by line.
  mutating func lines(_ invoice: Invoice, hasDespatches: Bool, hasReceipts: Bool) {
    for (line, index) in zip(invoice.lines, invoiceLines) {
      if let index { price(line, index) } else { notOrdered(line) }
      amount(line)
    }
    for (index, line) in order.lines.enumerated() {
      let tally = tallies[index]
      let ordered = line.quantity.map { Total.sum($0) } ?? .none
      if case .none = tally.invoiced {
        report(.notInvoiced, isBlocking: false, order: index, expected: "-", found: "-")
      } else {
        above(tally.invoiced, ordered, .overOrdered, index)
        if hasReceipts {
          if case .none = tally.received {
            let first = zip(invoice.lines, invoiceLines).first { $0.1 == index }?.0.id
            report(.notReceived, order: index, invoiceLine: first, expected: "-", found: "-")
          } else {
            above(tally.invoiced, tally.received, .overReceived, index)
          }
        }
      }
      if hasDespatches {
        above(tally.despatched, ordered, .overDespatched, index, isBlocking: false)
        if hasReceipts {
          above(tally.received, tally.despatched, .moreThanDespatched, index, isBlocking: false)
          less(tally.received, tally.despatched, index)
        }
      }
    }
  }

  private mutating func notOrdered(_ line: InvoiceLine) {
    report(.notOrdered, invoiceLine: line.id ?? "-", expected: "-", found: line.item.name ?? "-")
  }

  private static func text(_ quantity: Quantity) -> String {
    quantity.unit.map { "\(quantity.value) \($0)" } ?? "\(quantity.value)"
  }

  /// Reports that the left sum is above the right one and the tolerance.
  private mutating func above(
    _ left: Total, _ right: Total, _ kind: MatchDifference.Kind, _ index: Int, isBlocking: Bool = true
  ) {
    guard let (found, expected) = comparable(left, right, index, isBlocking) else { return }
    if Matcher.isWithin(found.value, expected.value, tolerance.quantity) { return }
    report(
      kind, isBlocking: isBlocking, order: index, expected: Matcher.text(expected), found: Matcher.text(found))
  }

  private mutating func less(_ left: Total, _ right: Total, _ index: Int) {
    guard let (found, expected) = comparable(left, right, index, false), found.value < expected.value else { return }
    report(
      .lessThanDespatched, isBlocking: false, order: index, expected: Matcher.text(expected),
      found: Matcher.text(found))
  }

  /// Both sums where they are of one unit; otherwise a difference in units is reported.
  private mutating func comparable(
    _ left: Total, _ right: Total, _ index: Int, _ isBlocking: Bool
  ) -> (Quantity, Quantity)? {
    switch (left, right) {
    case (.sum(let found), .sum(let expected)):
      if found.unit == expected.unit { return (found, expected) }
      reportUnit(index, Matcher.text(expected), Matcher.text(found), isBlocking)
    case (.mixed, _), (_, .mixed): reportUnit(index, "-", "-", isBlocking)
    case (.none, _), (_, .none): break
    }
    return nil
  }

  private mutating func reportUnit(_ index: Int, _ expected: String, _ found: String, _ isBlocking: Bool) {
    let id = order.lines[index].id
    guard !differences.contains(where: { $0.kind == .unit && $0.orderLine == id && $0.found == found }) else { return }
    report(.unit, isBlocking: isBlocking, order: index, expected: expected, found: found)
  }

  /// Whether `value` is at most `limit` and so many parts per million of it; what is too large to tell is not.
  static func isWithin(_ value: ExactDecimal, _ limit: ExactDecimal, _ tolerance: Int64) -> Bool {
    guard tolerance > 0 else { return value <= limit }
    guard let scaled = value.multiplied(by: ExactDecimal(1_000_000)),
      let allowed = limit.multiplied(by: ExactDecimal(1_000_000 + tolerance))
    else { return value <= limit }
    return scaled <= allowed
  }

  /// Compares net prices of one unit, by multiplying crosswise.
  private mutating func price(_ line: InvoiceLine, _ index: Int) {
    guard let found = line.price, let agreed = order.lines[index].price else { return }
    let (foundBase, agreedBase) = (found.base?.value ?? ExactDecimal(1), agreed.base?.value ?? ExactDecimal(1))
    guard let left = found.net.multiplied(by: agreedBase), let right = agreed.net.multiplied(by: foundBase) else {
      return
    }
    if Matcher.isWithin(left, right, tolerance.price) { return }
    report(.price, order: index, invoiceLine: line.id, expected: Matcher.text(agreed), found: Matcher.text(found))
  }

  private static func text(_ price: Price) -> String {
    price.base.map { "\(price.net) / \(text($0))" } ?? "\(price.net)"
  }

  /// The line's amount must be quantity × price / base + charges − allowances, to the cent.
  private mutating func amount(_ line: InvoiceLine) {
    guard let net = line.net, let quantity = line.quantity?.value, let price = line.price else { return }
    let base = price.base?.value ?? ExactDecimal(1)
    let decimals = net.currency.exponent
    guard let product = quantity.multiplied(by: price.net),
      let gross = product.divided(by: base, decimals: decimals)
    else { return }
    var parts: [ExactDecimal?] = [gross]
    for one in line.allowanceCharges {
      parts.append(one.isCharge ? one.amount.decimal : one.amount.decimal.negated)
    }
    guard let expected = InvoiceFacts.sum(parts), expected != net.decimal else { return }
    let gap = expected.subtracting(net.decimal)?.magnitude
    // A price rounded for show may move the last digit.
    let unit = ExactDecimal(coefficient: 1, decimals: decimals) ?? ExactDecimal(1)
    if let gap, gap <= unit { return }
    report(.amount, invoiceLine: line.id ?? "-", expected: "\(expected)", found: net.text)
  }
}
