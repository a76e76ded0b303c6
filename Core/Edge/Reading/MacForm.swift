/// A reading's COSE_Mac0 (RFC 9052, section 6.2) in the one form that decision 0004 allows, as places in its bytes.
///
/// `17([<<{1: 4 or 5}>>, {4: kid of 8 bytes}, payload, tag])`: everything up to the payload has fixed length.
struct MacForm {
  /// Where the payload's byte string begins, its head included.
  static let payloadItem = 17
  /// Bytes of what stands before the payload in a MAC_structure: ["MAC0", protected, h''.
  static let prefixBytes = 11

  let kid: UInt64
  let payload: Range<Int>
  let tag: Range<Int>
  /// HMAC 256/64 is 4, HMAC 256/256 is 5 (RFC 9053, section 3.1).
  let algorithm: UInt8

  /// Finds the parts, or gives nil for any other form; allocates nothing.
  @inline(__always)
  init?(_ message: UnsafeRawBufferPointer) {
    guard message.count > 27, message.count <= EdgeLimits.messageBytes,
      message.loadUnaligned(fromByteOffset: 0, as: UInt32.self).bigEndian == 0xd184_43a1, message[4] == 1,
      message[5] == 4 || message[5] == 5, message[6] == 0xa1, message[7] == 4, message[8] == 0x48
    else { return nil }
    algorithm = message[5]
    kid = message.loadUnaligned(fromByteOffset: 9, as: UInt64.self).bigEndian
    var scan = ByteScan(message, MacForm.payloadItem..<message.count)
    guard let payload = scan.string(2), let tag = scan.string(2), scan.position == message.count,
      tag.count == (algorithm == 4 ? 8 : 32)
    else { return nil }
    self.payload = payload
    self.tag = tag
  }

  /// Writes what stands before the payload's byte string in the MAC_structure.
  @inline(__always)
  static func writePrefix(_ algorithm: UInt8, to target: UnsafeMutableRawPointer) {
    // 84 64 "MAC0" 43 a1 01 alg 40
    target.storeBytes(of: UInt64(0x8464_4d41_4330_43a1).bigEndian, as: UInt64.self)
    target.storeBytes(of: 1, toByteOffset: 8, as: UInt8.self)
    target.storeBytes(of: algorithm, toByteOffset: 9, as: UInt8.self)
    target.storeBytes(of: 0x40, toByteOffset: 10, as: UInt8.self)
  }
}
