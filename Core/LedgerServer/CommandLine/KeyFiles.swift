import COSE
import Ledger
import Primitives

/// Keys in files, for the command line.
enum KeyFiles {
  /// Bytes that a key's file may have.
  private static let limit = 4096

  /// The public half of the key in a PEM file, which may hold the private key or the public one.
  ///
  /// A private key that others can read is refused.
  static func publicKey(at path: String) throws(LedgerError) -> PublicKey {
    let text = String(decoding: try Console.read(path, limit: limit), as: UTF8.self)
    do throws(COSEError) {
      return text.contains("PRIVATE KEY") ? try PrivateKey.load(from: path).publicKey : try PublicKey(pem: text)
    } catch { throw LedgerError(.malformed, "The file \(path) holds no key that can be used: \(error).") }
  }

  /// The private key in a PEM file of mode 0600.
  static func privateKey(at path: String) throws(LedgerError) -> PrivateKey {
    do throws(COSEError) { return try PrivateKey.load(from: path) } catch {
      throw LedgerError(.unavailable, "The key in \(path) cannot be used: \(error).")
    }
  }

  /// Makes a key and writes it to a new file.
  static func generate(_ algorithm: Algorithm, to path: String) throws(LedgerError) -> PrivateKey {
    let key = PrivateKey.generate(algorithm)
    do throws(COSEError) { try key.save(to: path) } catch {
      throw LedgerError(.unavailable, "The new key cannot be written to \(path): \(error).")
    }
    return key
  }

  /// The 32 bytes of an Ed25519 key in a PEM file, for log and co-signature keys.
  static func noteKey(at path: String) throws(LedgerError) -> [UInt8] {
    let key = try publicKey(at: path)
    guard key.algorithm == .edDSA else {
      throw LedgerError(
        .malformed, "The key in \(path) is \(key.algorithm); log and co-signature keys are EdDSA (Ed25519).")
    }
    return key.rawRepresentation
  }
}
