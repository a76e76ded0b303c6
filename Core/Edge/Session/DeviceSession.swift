public import Primitives

/// What a device and one gateway share: who it is, the name and the bytes of their key.
public struct DeviceSession: Sendable {
  /// The device's URN, such as `urn:dev:os:32473-123456`: the characters of a SenML name, at most 64 bytes.
  public let device: String
  /// The first eight bytes of A-TID, big-endian.
  public let kid: UInt64
  /// K_AF, which authenticates readings.
  public let key: Digest
  /// When it begins to hold, seconds since 1970.
  public let validFrom: UInt32
  /// The last second in which it holds.
  public let validTo: UInt32
  /// The quality rules of its model, by their place in the gateway's `QualityRules`; nil for none.
  public let rules: Int?
  /// Whether it signs epochs, so that its readings are of tier 2.
  public let signsEpochs: Bool

  /// A session of known parts; throws `malformed` for a name that is no SenML name of 1 to 64 bytes.
  public init(
    device: String, kid: UInt64, key: Digest, validFrom: UInt32 = 0, validTo: UInt32 = .max, rules: Int? = nil,
    signsEpochs: Bool = false
  ) throws(EdgeError) {
    let name = Array(device.utf8)
    let isName = name.withUnsafeBytes { ReadingScan.isName($0, 0..<$0.count) }
    guard isName, (1...EdgeLimits.deviceNameBytes).contains(name.count) else {
      throw EdgeError(.malformed, "The device name '\(device)' is not a SenML name of 1 to 64 bytes.")
    }
    guard rules.map({ (0..<Int(UInt16.max)).contains($0) }) ?? true else {
      throw EdgeError(.limit, "Quality rules are numbered from 0 to 65,534.")
    }
    self.device = device
    self.kid = kid
    self.key = key
    self.validFrom = validFrom
    self.validTo = validTo
    self.rules = rules
    self.signsEpochs = signsEpochs
  }

  /// The session of a subscriber with a gateway, as both derive it (TS 33.535, annex A).
  public init(
    device: String, kAUSF: [UInt8], supi: String, gateway: String, validFrom: UInt32 = 0, validTo: UInt32 = .max,
    rules: Int? = nil, signsEpochs: Bool = false
  ) throws(EdgeError) {
    let anchor = Akma.anchorKey(kAUSF: kAUSF, supi: supi)
    try self.init(
      device: device, kid: Akma.temporaryID(kAUSF: kAUSF, supi: supi).prefix64,
      key: Akma.applicationKey(kAKMA: anchor, afID: Akma.afID(gateway: gateway)), validFrom: validFrom,
      validTo: validTo, rules: rules, signsEpochs: signsEpochs)
  }

  /// The device's digest: SHA-256 of its URN.
  public var digest: Digest { Digest.sha256(device) }

  /// A reading's message: a COSE_Mac0 with HMAC 256/64, or 256/256 with `long`; allocates.
  public func message(payload: [UInt8], long: Bool = false) -> [UInt8] {
    let algorithm: UInt8 = long ? 5 : 4
    var message: [UInt8] = [0xd1, 0x84, 0x43, 0xa1, 0x01, algorithm, 0xa1, 0x04, 0x48]
    message.append(u64: kid)
    DeviceSession.appendHead(2, payload.count, to: &message)
    message += payload
    var covered: [UInt8] = [0x84, 0x64, 0x4d, 0x41, 0x43, 0x30, 0x43, 0xa1, 0x01, algorithm, 0x40]
    covered += message[MacForm.payloadItem...]
    let code = HMACSHA256Key(key.bytes).code(for: covered).bytes
    let tag = code.prefix(long ? 32 : 8)
    DeviceSession.appendHead(2, tag.count, to: &message)
    message += tag
    return message
  }

  private static func appendHead(_ major: UInt8, _ count: Int, to bytes: inout [UInt8]) {
    switch count {
    case ..<24: bytes.append(major << 5 | UInt8(count))
    case ..<256: bytes += [major << 5 | 24, UInt8(count)]
    default:
      bytes.append(major << 5 | 25)
      bytes.append(u16: UInt16(truncatingIfNeeded: count))
    }
  }
}
