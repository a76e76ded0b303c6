import Ledger
import MediaDecode
import Primitives
import Rights

/// The one place where the program says how files become codes.
enum Hashing {
  static let hasher = LibraryHasher()

  /// A captured file hashed once more; nil where it was hashed by other rules than this program's, or no decoder can be
  /// started.
  static func rehash(_ file: [UInt8], rules: String, kind: WorkKind) -> EvidenceTools.Rehashed? {
    guard rules == hasher.rules else { return nil }
    do {
      let hashed = try hasher.seen(file)
      return .init(codes: hashed.codes, iscc: hashed.iscc)
    } catch {
      // A file that these rules cannot read was not hashed by them: no codes are equal to none.
      return error.kind == .unavailable ? nil : .init(codes: [], iscc: nil)
    }
  }

  /// What this program brings along for evidence packages.
  static var tools: EvidenceTools {
    var tools = EvidenceTools(tool: "\(CopyrightApp.version); \(hasher.rules); \(MediaRules.libraries)")
    tools.thumbnails = { capture, work in
      guard let work, let first = try? hasher.thumbnail(capture), let second = try? hasher.thumbnail(work) else {
        return nil
      }
      return (first, second)
    }
    tools.identify = { capture in (try? hasher.seen(capture)).map { ($0.mediaType, $0.iscc) } }
    return tools
  }
}
