import Foundation
import LedgerTestKit
import Testing

/// A time-stamp authority of OpenSSL's own making, in a folder.
final class TestAuthority: Sendable {
  private let folder = Program.temporary()

  init(name: String = "TSA") throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let settings = """
      [tsa]
      default_tsa = one
      [one]
      serial = \(folder)/serial
      crypto_device = builtin
      signer_cert = \(folder)/tsa.pem
      signer_key = \(folder)/key.pem
      signer_digest = sha256
      default_policy = 1.2.3.4.1
      digests = sha256
      accuracy = secs:1
      ordering = no
      tsa_name = no
      ess_cert_id_chain = no
      ess_cert_id_alg = sha256
      """
    try Data(settings.utf8).write(to: URL(filePath: folder + "/tsa.cnf"))
    try Data("01\n".utf8).write(to: URL(filePath: folder + "/serial"))
    try openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=\(name)", "-addext", "extendedKeyUsage=critical,timeStamping", "-keyout", folder + "/key.pem", "-out",
      folder + "/tsa.pem",
    ])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// The certificate's file, PEM.
  var certificatePath: String { folder + "/tsa.pem" }

  func certificate() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: certificatePath))) }

  /// A response to a query.
  func answer(_ query: [UInt8]) throws -> [UInt8] {
    let name = folder + "/\(UInt64.random(in: 0 ... .max))"
    try Data(query).write(to: URL(filePath: name + ".tsq"))
    try openssl(["ts", "-reply", "-config", folder + "/tsa.cnf", "-queryfile", name + ".tsq", "-out", name + ".tsr"])
    return Array(try Data(contentsOf: URL(filePath: name + ".tsr")))
  }

  private func openssl(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
  }
}
