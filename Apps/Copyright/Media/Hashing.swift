import Ledger
import Primitives
import Rights

/// The one place where the program says how files become codes.
enum Hashing {
  static let hasher = LibraryHasher()

  /// The codes of a captured file once more; nil where it was hashed by other rules than this program's, or no decoder can
  /// be started.
  static func rehash(_ file: [UInt8], rules: String, kind: WorkKind) -> [MediaCode]? {
    guard rules == hasher.rules else { return nil }
    do { return try hasher.seen(file).codes } catch {
      // A file that these rules cannot read was not hashed by them: no codes are equal to none.
      return error.kind == .unavailable ? nil : []
    }
  }

  /// Small pictures of a capture and a registered work, to lay side by side; nil where one of them is no picture.
  static func thumbnails(_ capture: [UInt8], _ work: [UInt8]?) -> (capture: [UInt8], work: [UInt8])? {
    guard let work, let first = try? hasher.thumbnail(capture), let second = try? hasher.thumbnail(work) else {
      return nil
    }
    return (first, second)
  }
}
