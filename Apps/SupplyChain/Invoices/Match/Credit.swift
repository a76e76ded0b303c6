extension Invoice {
  /// Takes a credit note's lines off the invoice's, so that what is left can be matched with what was received.
  ///
  /// A line of the credit note belongs to the first line of the invoice with the same item (by the standard's, the
  /// seller's or the buyer's number, else by name), the same unit and at least its quantity. Lines that find none, and
  /// totals, stay as they are: the ledger takes the credit note's amount itself.
  public mutating func reduce(by credit: Invoice) {
    for line in credit.lines {
      guard let quantity = line.quantity, let net = line.net else { continue }
      let place = lines.firstIndex { own in
        guard let all = own.quantity, all.unit == quantity.unit, own.net?.currency == net.currency else { return false }
        return own.item.isSame(as: line.item) && !(quantity.value.magnitude > all.value)
      }
      guard let place, let all = lines[place].quantity, let whole = lines[place].net,
        let left = all.value.subtracting(quantity.value.magnitude)
      else { continue }
      let (rest, isTooMuch) = whole.minorUnits.subtractingReportingOverflow(net.decimal.isNegative ? 0 : net.minorUnits)
      guard !isTooMuch, rest >= 0 else { continue }
      lines[place].quantity = Quantity(left, unit: all.unit)
      lines[place].net = Amount(minorUnits: rest, currency: whole.currency)
    }
  }
}

extension Item {
  fileprivate func isSame(as other: Item) -> Bool {
    if let standardID, let id = other.standardID { return standardID == id }
    if let sellersID, let id = other.sellersID { return sellersID == id }
    if let buyersID, let id = other.buyersID { return buyersID == id }
    return name != nil && name == other.name
  }
}
