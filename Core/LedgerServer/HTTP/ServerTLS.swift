internal import FoundationEssentials
public import Ledger
internal import NIOSSL
internal import Primitives

#if canImport(Glibc)
  internal import Glibc
#endif

/// The certificate and private key with which a server speaks TLS 1.2 and 1.3.
public struct ServerTLS: Sendable {
  let configuration: TLSConfiguration

  /// Reads a certificate chain, the server's own first, and its private key, both PEM files.
  ///
  /// Throws `.unavailable` for a file that is missing or a key that everyone may read, `.malformed` for one that holds
  /// nothing of the kind.
  public init(certificate: String, key: String) throws(LedgerError) {
    guard let status = try? FileStatus.of(key), FileManager.default.isReadableFile(atPath: key) else {
      throw LedgerError(.unavailable, "The TLS key \(key) is not there or cannot be read.")
    }
    guard status.permissions & 0o007 == 0 else {
      throw LedgerError(.unavailable, "The TLS key \(key) can be read by everyone. Run: chmod o-rwx '\(key)'")
    }
    guard FileManager.default.isReadableFile(atPath: certificate) else {
      throw LedgerError(.unavailable, "The TLS certificate \(certificate) is not there or cannot be read.")
    }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate)
      guard !chain.isEmpty else {
        throw LedgerError(.malformed, "The file \(certificate) holds no certificate in PEM.")
      }
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) },
        privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
      configuration.minimumTLSVersion = .tlsv12
      // Shows now, not at the first connection, whether the key belongs to the certificate.
      _ = try NIOSSLContext(configuration: configuration)
      self.configuration = configuration
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(
        .malformed,
        "The TLS certificate \(certificate) and key \(key) cannot be used (\(error)). Give PEM files that belong together."
      )
    }
  }
}

/// How a client finds out that a server with TLS is the one it means.
public struct ClientTLS: Sendable {
  let configuration: TLSConfiguration

  /// Trusts the certificates in a PEM file and nobody else; for consortia with a certificate authority of their own.
  public init(authority: String) throws(LedgerError) {
    do {
      let roots = try NIOSSLCertificate.fromPEMFile(authority)
      guard !roots.isEmpty else { throw LedgerError(.malformed, "The file \(authority) holds no certificate in PEM.") }
      var configuration = TLSConfiguration.makeClientConfiguration()
      configuration.trustRoots = .certificates(roots)
      configuration.minimumTLSVersion = .tlsv12
      self.configuration = configuration
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(
        .unavailable, "The certificates in \(authority) cannot be read (\(error)). Give a PEM file of certificates.")
    }
  }
}
