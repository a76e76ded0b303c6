internal import CBOR
public import COSE
internal import Ledger
public import Primitives

/// One reading that a gateway says it has, and where.
public struct AcknowledgedReading: Sendable, Equatable {
  /// SHA-256 of the reading's payload: what was authenticated, whatever code stands beside it.
  public let payload: Digest
  /// Its place.
  public let row: RowID

  /// A reading at a place.
  public init(payload: Digest, row: RowID) { (self.payload, self.row) = (payload, row) }

  /// The leaf of an acknowledgement: `SHA-256(0x00 ‖ SHA-256(payload) ‖ batch u64 ‖ index u32)`.
  public var leaf: Digest {
    var bytes: [UInt8] = [0]
    bytes.append(payload)
    bytes.append(u64: row.batch)
    bytes.append(u32: UInt32(truncatingIfNeeded: row.index))
    return Digest.sha256(bytes)
  }

  /// The readings of a part of a body that are leaves, in its order, each as often as it was sent; epochs are not among them.
  ///
  /// Sender and gateway work them out alike, from what was sent and what was answered.
  public static func of(
    _ messages: MessageBatch, _ outcomes: [IntakeOutcome], _ range: Range<Int>? = nil
  ) -> [AcknowledgedReading] {
    (range ?? 0..<min(messages.count, outcomes.count)).compactMap { place in
      switch outcomes[place] {
      case .accepted(let row), .duplicate(let row):
        payload(messages.message(place)).map { AcknowledgedReading(payload: $0, row: row) }
      case .late, .rejected: nil
      }
    }
  }

  /// SHA-256 of the payload of a reading's message; nil for an epoch, or for what is neither.
  public static func payload(_ message: [UInt8]) -> Digest? {
    guard let range = EdgeCore.readingPayload(message) else { return nil }
    return Digest.sha256(message[range])
  }
}

/// What a gateway signs when it acknowledges readings: the root of a tree over them and their places (decision 0004).
///
/// Who sent them can show with it that the gateway left one out; see `OmissionProof`.
public struct Acknowledgement: Sendable, Equatable {
  /// The content type of the signed part.
  static let partType = "application/vnd.tallystick.acknowledgement+cbor"
  /// A gateway that has not stated an acknowledged reading's batch a day later has left it out, milliseconds.
  public static let statedWithinMs: UInt64 = 86_400_000

  /// The gateway (1).
  public let gateway: String
  /// When it acknowledged, microseconds since 1970 by its clock (2).
  public let timeUs: UInt64
  /// How many readings (3).
  public let count: UInt64
  /// The RFC 9162 root of the tree of their leaves, in the order in which they were sent (4).
  public let root: Digest

  /// An acknowledgement of these readings.
  public init(gateway: String, timeUs: UInt64, _ readings: [AcknowledgedReading]) {
    (self.gateway, self.timeUs) = (gateway, timeUs)
    count = UInt64(readings.count)
    root = BatchTree.root(readings.map(\.leaf))
  }

  /// The payload: a deterministic CBOR map with the keys 1 to 4.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(4)
    fields.text(gateway)
    fields.uint(timeUs)
    fields.uint(count)
    fields.digest(root)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else; throws `malformed`.
  public init(decoding bytes: ArraySlice<UInt8>) throws(EdgeError) {
    do {
      var fields = try FieldReader(bytes, 4)
      gateway = try fields.text(1...EdgeLimits.gatewayNameBytes)
      timeUs = try fields.uint()
      count = try fields.uint()
      root = try fields.digest()
      try fields.finish()
    } catch { throw EdgeError(.malformed, "The acknowledgement cannot be read: \(error).") }
  }

  /// The COSE_Sign1 of the gateway's key.
  public func signed(key: PrivateKey) throws(EdgeError) -> [UInt8] {
    do { return try SignedPart.sign(encoded(), Acknowledgement.partType, key) } catch {
      throw EdgeError(.unavailable, "The acknowledgement cannot be signed: \(error.message)")
    }
  }

  /// The acknowledgement in a message if `key` signed it as one; throws `malformed` or `notProved`.
  public static func verify(_ message: [UInt8], key: PublicKey) throws(EdgeError) -> Acknowledgement {
    let part: Sign1
    do { part = try Sign1(message) } catch {
      throw EdgeError(.malformed, "The acknowledgement cannot be read: \(error).")
    }
    let acknowledgement = try Acknowledgement(decoding: part.payload)
    guard SignedPart.isSigned(part, partType, by: key) else {
      throw EdgeError(.notProved, "The acknowledgement is not signed by the gateway's key \(key.id).")
    }
    return acknowledgement
  }

  /// Whether a message says of itself that it is an acknowledgement, whoever signed it.
  static func isOne(_ message: [UInt8], key: PublicKey) -> Bool {
    (try? Sign1(message)).map { $0.protected.elementsEqual(SignedPart.header(partType, key)) } ?? false
  }
}

extension EdgeCore {
  /// Where the payload stands in a reading's message; nil for an epoch, or for what is neither.
  static func readingPayload(_ message: [UInt8]) -> Range<Int>? {
    if let form = message.withUnsafeBytes({ MacForm($0) }) { return form.payload }
    // An epoch is an array of seven, a reading one of maps.
    guard let payload = DeviceSignature.payload(message), !payload.isEmpty, message[payload.lowerBound] != 0x87 else {
      return nil
    }
    return payload
  }
}

extension Gateway {
  /// The signed acknowledgement of what `submit` answered, to be given to the sender; nil where nothing was acknowledged.
  ///
  /// Costs a signature, and two hashes a reading.
  public nonisolated func acknowledgement(
    _ messages: MessageBatch, _ outcomes: [IntakeOutcome], _ range: Range<Int>? = nil
  ) throws(EdgeError) -> [UInt8]? {
    let readings = AcknowledgedReading.of(messages, outcomes, range)
    guard !readings.isEmpty else { return nil }
    return try acknowledge(readings)
  }
}
