extension ReadingForm {
  /// The reading in a device's message, a COSE_Mac0 or COSE_Sign1, which is not authenticated here; nil if it holds none.
  public init?(message: [UInt8]) {
    let kind = message.first == 0xd1 ? AssuranceTier.mac : .signed
    guard let range = EdgeCore.payload(of: message, kind: kind.rawValue) else { return nil }
    self.init(decoding: message[range])
  }
}
