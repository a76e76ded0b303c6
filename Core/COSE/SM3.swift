internal import COpenSSL
public import Primitives

/// The hash function SM3 (GB/T 32905, ISO/IEC 10118-3), the one of SM2 signatures.
///
/// Nothing of the ledger is named by it: ids, trees and chains are SHA-256 whatever a statement is signed with.
public enum SM3 {
  /// SM3 of the bytes, 32 bytes, computed by OpenSSL.
  public static func digest(_ bytes: [UInt8]) -> Digest {
    var out = [UInt8](repeating: 0, count: Digest.byteCount)
    guard copenssl_sm3(bytes, bytes.count, &out) == 1, let digest = Digest(out) else {
      preconditionFailure("OpenSSL cannot compute SM3")
    }
    return digest
  }
}
