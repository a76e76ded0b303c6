#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What the system says of a file, following links.
public struct FileStatus: Sendable, Equatable {
  /// The file's number within its file system.
  public let inode: UInt64
  /// Bytes.
  public let size: Int
  /// When it was last written, in seconds since 1970 and nanoseconds.
  public let seconds: Int
  /// The nanoseconds beyond `seconds`.
  public let nanoseconds: Int
  /// The permissions: the lowest nine bits of the mode.
  public let permissions: Int

  /// Asks for the file at `path`; nil where there is none.
  ///
  /// Throws `Trouble` with the system's reason when it cannot be asked.
  public static func of(_ path: String) throws(Trouble) -> FileStatus? {
    var info = stat()
    guard stat(path, &info) == 0 else {
      if errno == ENOENT { return nil }
      throw Trouble(reason: String(cString: strerror(errno)))
    }
    return FileStatus(
      inode: UInt64(info.st_ino), size: Int(info.st_size), seconds: Int(info.st_mtim.tv_sec),
      nanoseconds: Int(info.st_mtim.tv_nsec), permissions: Int(info.st_mode & 0o777))
  }

  /// Why the system does not say.
  public struct Trouble: Error, Sendable, CustomStringConvertible {
    /// The system's words, for example `Permission denied`.
    public let reason: String
    /// The reason.
    public var description: String { reason }
  }
}
