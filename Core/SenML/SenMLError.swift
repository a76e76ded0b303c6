/// Why a SenML pack or a canonical reading is refused, and where.
public struct SenMLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The faults by name.
  public enum Fault: String, Sendable, CaseIterable {
    /// The bytes are no JSON, or no CBOR, that can be read.
    case malformed = "the bytes cannot be read"
    /// The pack, or the canonical reading, is longer than the limit.
    case tooLarge = "longer than the limit"
    /// More records than the limit, or none at all.
    case recordCount = "a count of records that is not taken"
    /// A value of another type than the label asks for.
    case wrongType = "a value of the wrong type"
    /// A number that is no SenML number, or that 18 digits and an exponent of a byte do not hold exactly.
    case number = "a number that cannot be held exactly"
    /// A label that stands twice in a record.
    case duplicateLabel = "a label that stands twice"
    /// An unknown label that ends in `_` and so must be understood (RFC 8428, section 4.4).
    case mustUnderstand = "an unknown label that must be understood"
    /// A label in CBOR that is neither in RFC 8428's closed table of integers nor a text of an extension.
    case unknownLabel = "a label that CBOR does not have"
    /// A version with features that are unknown, or two versions in one pack (RFC 9100).
    case version = "a version that is not understood"
    /// A name that is empty, too long, or has other characters than RFC 8428 section 4.5.1 allows.
    case name = "a name that is not allowed"
    /// A unit that is too long, or none where there is one expected.
    case unit = "a unit that is not allowed"
    /// A string or data value longer than the limit, or data that is not base64url without padding.
    case value = "a value that is not allowed"
    /// A record with no value and no sum, or with more than one value.
    case valueCount = "not exactly one value"
    /// A time that cannot be held, or is none where an absolute time is asked for.
    case time = "a time that is not allowed"
    /// A canonical reading's bytes are another form of the same meaning.
    case notCanonical = "not in canonical form"
    /// A canonical reading cannot hold this: a string value, a sum, or another thing named by the label.
    case notInReading = "nothing that a canonical reading holds"
  }

  /// What is wrong.
  public let fault: Fault

  /// The record, from 0, if the fault lies in one.
  public let record: Int?

  /// The label, as JSON writes it, if the fault lies at one; the beginning only of a label from outside.
  public let label: String?

  /// The byte offset, where it is known.
  public let offset: Int?

  /// Further words of what was read or wanted, without anything unprintable.
  public let detail: String?

  /// An error with this fault at this place.
  public init(_ fault: Fault, record: Int? = nil, label: String? = nil, offset: Int? = nil, detail: String? = nil) {
    self.fault = fault
    self.record = record
    self.label = label
    self.offset = offset
    self.detail = detail
  }

  /// For example `SenML record 3, label bt: a value of the wrong type.`
  public var description: String {
    var out = "SenML"
    if let record { out += " record \(record)" }
    if let label { out += (record == nil ? "" : ",") + " label \(label)" }
    if let offset { out += " at byte \(offset)" }
    out += ": \(fault.rawValue)"
    if let detail { out += " (\(detail))" }
    return out + "."
  }

  /// The error with its record, where it has none yet.
  func at(record: Int) -> SenMLError {
    SenMLError(fault, record: self.record ?? record, label: label, offset: offset, detail: detail)
  }

  /// The beginning of a text from outside, with a mark in the place of what does not print.
  static func quote(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars.prefix(32) {
      out.unicodeScalars.append(scalar.isASCII && scalar.value >= 0x20 && scalar.value != 0x7f ? scalar : "?")
    }
    return out
  }
}
