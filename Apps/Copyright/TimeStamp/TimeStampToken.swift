internal import CTimeStamp
package import Primitives

/// Why a time stamp is not believed.
package enum TimeStampFault: Error, Sendable, Equatable {
  /// No RFC 3161 token, nor a response with one.
  case malformed
  /// No certificate in the PEM text of authorities.
  case noAuthorities
  /// It is over other bytes, or its signature or certificate does not hold.
  case notGenuine
}

/// A token by which a time-stamp authority (TSA) says that bytes existed at a time: RFC 3161 §2.4.2.
package struct TimeStampToken: Sendable {
  /// The most bytes that a token or response may have.
  package static let limit = 64 << 10

  /// The token, or the response that it came in, DER.
  package let bytes: [UInt8]
  /// The SHA-256 of what was stamped.
  package let imprint: Digest
  /// When, in milliseconds since 1970; to the second.
  package let time: UInt64

  /// Reads a token or a response; checks no signature.
  package init(decoding bytes: [UInt8]) throws(TimeStampFault) {
    var digest = [UInt8](repeating: 0, count: 32)
    var seconds: Int64 = 0
    guard bytes.count <= Self.limit, ctimestamp_read(bytes, bytes.count, &digest, &seconds) == Self.ok, seconds >= 0,
      let imprint = Digest(digest)
    else { throw .malformed }
    (self.bytes, self.imprint, time) = (bytes, imprint, UInt64(seconds) * 1000)
  }

  /// Checks that the token is over these bytes and signed by an authority whose certificate goes back to a trusted one, as
  /// of the time that it states (RFC 3161 §2.3: the certificate's only use is time stamping).
  ///
  /// - Parameter authorities: the certificates that are trusted, PEM.
  package func check(over data: [UInt8], authorities: [UInt8]) throws(TimeStampFault) {
    var seconds: Int64 = 0
    let result = ctimestamp_check(
      bytes, bytes.count, data, data.count, authorities, authorities.count, &seconds)
    switch Int(result) {
    case CTIMESTAMP_OK: return
    case CTIMESTAMP_MALFORMED: throw .malformed
    case CTIMESTAMP_AUTHORITIES: throw .noAuthorities
    default: throw .notGenuine
    }
  }

  /// A TimeStampReq over these bytes' SHA-256 that asks for the signer's certificate: RFC 3161 §2.4.1. Without a nonce: an
  /// old answer cannot be over a proof that was not there then.
  package static func query(over data: [UInt8]) -> [UInt8] {
    var query = [UInt8](repeating: 0, count: 256)
    let length = ctimestamp_query(Digest.sha256(data).bytes, &query, query.count)
    precondition(length > 0, "a query takes 57 bytes")
    return Array(query.prefix(length))
  }

  private static let ok = Int32(CTIMESTAMP_OK)
}
