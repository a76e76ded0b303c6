internal import CBOR
public import COSE
public import Primitives

/// What a device signs of its readings every 64 readings or 60 s: no gateway can forge it (decision 0004, "Epoch").
public struct DeviceEpoch: Sendable, Equatable {
  /// The device's URN.
  public var device: String
  /// The boot.
  public var boot: UInt32
  /// The first number that it counts.
  public var first: UInt64
  /// The last number that it counts.
  public var last: UInt64
  /// The device's chain after that number.
  public var chain: Digest
  /// SHA-256 of the payload of the epoch before; zeros for the first.
  public var previous: Digest
  /// When it was made by the device's clock, microseconds since 1970.
  public var timeUs: Int64

  /// An epoch of these parts.
  public init(
    device: String, boot: UInt32, first: UInt64, last: UInt64, chain: Digest, previous: Digest, timeUs: Int64
  ) {
    self.device = device
    self.boot = boot
    self.first = first
    self.last = last
    self.chain = chain
    self.previous = previous
    self.timeUs = timeUs
  }

  /// The device's chain after a payload: `SHA-256(0x02 ‖ h before ‖ payload)`, 32 zero bytes at first and at each boot.
  public static func chain(_ before: Digest, payload: some Collection<UInt8>) -> Digest {
    var bytes: [UInt8] = [2]
    bytes.append(before)
    bytes += payload
    return Digest.sha256(bytes)
  }

  /// The payload: a deterministic CBOR array of seven.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 180)
    writer.array(7)
    writer.text(device)
    writer.uint(UInt64(boot))
    writer.uint(first)
    writer.uint(last)
    writer.bytes(chain)
    writer.bytes(previous)
    writer.int(timeUs)
    return writer.bytes
  }

  /// SHA-256 of the payload, by which the next epoch names this one: the same however often it is signed.
  public var digest: Digest { Digest.sha256(encoded()) }

  /// Reads a payload; throws `malformed` for anything that `encoded` does not write.
  public init(decoding payload: ArraySlice<UInt8>) throws(EdgeError) {
    var reader = CBORReader(payload)
    do {
      guard try reader.array() == 7 else { throw CBORError(.outOfRange, at: reader.position) }
      device = try reader.text()
      guard let boot = UInt32(exactly: try reader.uint()) else { throw CBORError(.outOfRange, at: reader.position) }
      self.boot = boot
      first = try reader.uint()
      last = try reader.uint()
      chain = try reader.digest()
      previous = try reader.digest()
      timeUs = try reader.int()
      try reader.finish()
    } catch {
      throw EdgeError(.malformed, "The epoch cannot be read: \(error).")
    }
    guard first <= last, timeUs >= 0, (1...EdgeLimits.deviceNameBytes).contains(device.utf8.count) else {
      throw EdgeError(.malformed, "The epoch's numbers, time or name are none.")
    }
  }

  /// The epoch as the device's COSE_Sign1, with algorithm and key id in the protected header.
  public func signed(key: PrivateKey) throws(EdgeError) -> [UInt8] {
    do {
      return try Sign1.sign(protected: DeviceSignature.header(key.publicKey), payload: encoded(), key: key)
    } catch { throw EdgeError(.unavailable, "The epoch cannot be signed: \(error).") }
  }

  /// The epoch in a message if `key` signed it; throws `notProved` otherwise.
  public static func verify(_ message: [UInt8], key: PublicKey) throws(EdgeError) -> DeviceEpoch {
    try DeviceEpoch(decoding: try DeviceSignature.verify(message, key: key))
  }
}

/// A device's own COSE_Sign1: its protected header is `{1: algorithm, 4: key id}` and nothing else.
public enum DeviceSignature {
  static func header(_ key: PublicKey) -> [UInt8] {
    var writer = CBORWriter(capacity: 24)
    writer.map(2)
    writer.uint(1)
    writer.int(key.algorithm.rawValue)
    writer.uint(4)
    writer.bytes(key.id.bytes)
    return writer.bytes
  }

  /// A reading of tier 3: the payload signed by the device itself.
  public static func sign(payload: [UInt8], key: PrivateKey) throws(EdgeError) -> [UInt8] {
    do { return try Sign1.sign(protected: header(key.publicKey), payload: payload, key: key) } catch {
      throw EdgeError(.unavailable, "The reading cannot be signed: \(error).")
    }
  }

  /// The payload of a message that `key` signed; throws `malformed` or `notProved`.
  public static func verify(_ message: [UInt8], key: PublicKey) throws(EdgeError) -> ArraySlice<UInt8> {
    let parsed: Sign1
    do { parsed = try Sign1(message) } catch {
      throw EdgeError(.malformed, "The device's signature cannot be read: \(error).")
    }
    guard parsed.protected.elementsEqual(header(key)), parsed.verify(with: key) != nil else {
      throw EdgeError(.notProved, "The message is not signed by the device's key \(key.id).")
    }
    return parsed.payload
  }

  /// The payload's place in a message, without a look at the signature.
  static func payload(_ message: [UInt8]) -> Range<Int>? { (try? Sign1(message))?.payload.indices }
}

/// Where a gateway finds the public keys of devices: the ledger's registry.
public protocol DeviceDirectory: Sendable {
  /// The session's key id and the public key of a device, or nil.
  ///
  /// Called for epochs and readings of tier 3 only, on the gateway's own executor: it must answer from memory.
  func device(named urn: String) -> (kid: UInt64, key: PublicKey)?
}
