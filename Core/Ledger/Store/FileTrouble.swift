internal import FoundationEssentials

#if canImport(Glibc)
  internal import Glibc
#endif

/// What went wrong with a file, in the system's words.
enum FileTrouble {
  /// For example `Read-only file system`.
  static func reason(_ error: any Error) -> String {
    guard let error = error as? POSIXError ?? (error as? CocoaError)?.underlying as? POSIXError else {
      return "\(error)"
    }
    return String(cString: strerror(error.code.rawValue))
  }

  /// Whether the file system of a path has less room than a block needs. SQLite calls some writes that find no room
  /// input or output errors.
  static func isDiskFull(_ path: String) -> Bool {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return false }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) < 256 << 10
  }
}
