import Foundation
import Invoices
import Ledger
import Primitives

/// The consortium's secret key of registry tokens in a data folder: `registry.key`, its name and 64 digits.
enum RegistryFile {
  private static func path(_ folder: String) -> String { folder + "/registry.key" }

  /// The key; refuses a file that others may read.
  static func read(_ folder: String) throws(LedgerError) -> RegistryKey {
    let path = path(folder)
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw LedgerError(
        .unavailable, "There is no key of the registry in \(path). Make one, or take the consortium's: registry key.")
    }
    let mode = (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]) as? NSNumber
    guard (mode?.intValue ?? 0) & 0o077 == 0 else {
      throw LedgerError(
        .unavailable, "The file \(path) can be read by others. Make it yours alone: chmod 600 \(path).")
    }
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count == 2, (1...32).contains(words[0].utf8.count), let secret = Hex.decode(words[1]),
      let key = RegistryKey(id: words[0], secret: secret)
    else { throw LedgerError(.malformed, "\(path) is not a name and 64 hexadecimal digits.") }
    return key
  }

  /// Writes a key, which must be new here.
  ///
  /// - Parameter secret: 32 bytes; nil for random ones.
  static func make(_ folder: String, id: String, secret: [UInt8]? = nil) throws(LedgerError) {
    let path = path(folder)
    guard !FileManager.default.fileExists(atPath: path) else {
      throw LedgerError(.unavailable, "There is a key of the registry in \(path) already.")
    }
    guard (1...32).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw LedgerError(.malformed, "The name of the key has 1 to 32 letters and digits.")
    }
    var generator = SystemRandomNumberGenerator()
    let secret = secret ?? (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let text = "\(id) \(Hex.encode(secret))\n"
    guard secret.count == 32,
      FileManager.default.createFile(
        atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw LedgerError(.unavailable, "The file \(path) cannot be written.") }
  }
}
