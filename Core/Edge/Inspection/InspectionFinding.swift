public import Primitives

/// What an inspection of gateways' files has found: an incident of the threat table, with the bytes that show it.
public struct InspectionFinding: Sendable, Equatable {
  /// What it is.
  public let kind: Incident.Kind
  /// The gateway's name or the device's URN that it is about.
  public let subject: String
  /// The batch or sequence number.
  public let number: UInt64
  /// When it happened, microseconds since 1970.
  public let timeUs: Int64
  /// The statements, epochs or messages that show it, whole.
  public let evidence: [[UInt8]]
  /// One sentence for people.
  public let text: Message

  /// A finding of these parts.
  public init(
    _ kind: Incident.Kind, _ subject: String, number: UInt64, timeUs: Int64, evidence: [[UInt8]], _ text: Message
  ) {
    (self.kind, self.subject, self.number) = (kind, subject, number)
    (self.timeUs, self.evidence, self.text) = (timeUs, evidence, text)
  }
}

/// A stored reading as inspections compare it.
struct InspectedReading {
  let gateway: Int
  let row: RowID
  let form: ReadingForm
  let message: [UInt8]

  /// A number of this name, or nil.
  func number(_ name: String) -> Double? {
    for record in form.records where record.name == name {
      guard case .number(let mantissa, let exponent) = record.value else { return nil }
      return InspectedReading.double(mantissa, exponent)
    }
    return nil
  }

  static func double(_ mantissa: Int64, _ exponent: Int8) -> Double {
    var value = Double(mantissa)
    for _ in 0..<max(0, -Int(exponent)) { value /= 10 }
    return value
  }
}
