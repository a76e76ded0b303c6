public import Primitives

/// The key derivation of 3GPP that device, network and gateway share (TS 33.220, B.2; AKMA: TS 33.535, annex A).
public enum Akma {
  /// `KDF(K, FC, P0, P1 …) = HMAC-SHA-256(K, FC ‖ P0 ‖ u16 length of P0 ‖ P1 ‖ …)`.
  ///
  /// - Precondition: no parameter is longer than 65,535 bytes.
  public static func kdf(key: [UInt8], code: UInt8, _ parameters: [UInt8]...) -> Digest {
    var message: [UInt8] = [code]
    for parameter in parameters {
      precondition(parameter.count <= Int(UInt16.max), "a parameter of the KDF has a length of two bytes")
      message += parameter
      message.append(u16: UInt16(parameter.count))
    }
    return HMACSHA256Key(key).code(for: message)
  }

  /// The anchor key of a subscriber: `KDF(K_AUSF, 0x80, "AKMA", SUPI)`.
  public static func anchorKey(kAUSF: [UInt8], supi: String) -> Digest {
    kdf(key: kAUSF, code: 0x80, Array("AKMA".utf8), Array(supi.utf8))
  }

  /// The temporary identifier A-TID: `KDF(K_AUSF, 0x81, "A-TID", SUPI)`.
  public static func temporaryID(kAUSF: [UInt8], supi: String) -> Digest {
    kdf(key: kAUSF, code: 0x81, Array("A-TID".utf8), Array(supi.utf8))
  }

  /// The key of one application function: `KDF(K_AKMA, 0x82, AF_ID)`.
  public static func applicationKey(kAKMA: Digest, afID: [UInt8]) -> Digest {
    kdf(key: kAKMA.bytes, code: 0x82, afID)
  }

  /// A gateway's AF_ID: its name, then the five bytes of the Ua* protocol's id (TS 33.535, 6.2; TS 33.220, H).
  public static func afID(gateway: String, protocolID: [UInt8] = uaProtocol) -> [UInt8] {
    Array(gateway.utf8) + protocolID
  }

  /// The Ua* protocol id used here: organisation 0xff for what no organisation has registered, then 0.
  public static let uaProtocol: [UInt8] = [0xff, 0, 0, 0, 0]
}
