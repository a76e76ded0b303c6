#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

internal import Primitives

/// Private keys in files that only their owner can read.
extension PrivateKey {
  /// Writes the key as PEM to a new file with mode 0600, and returns once it is durable.
  ///
  /// Throws `keyFile` if there is a file at `path` already, which is never overwritten, or if the system refuses.
  public func save(to path: String) throws(COSEError) { try KeyFile.write(pem, to: path) }

  /// Reads a key that `save` or another tool has written.
  ///
  /// Throws `keyFile` for a file that is missing, no regular file, or open to its group or others; `invalidPEM` if there
  /// is no key in it.
  public static func load(from path: String) throws(COSEError) -> PrivateKey {
    try PrivateKey(pem: try KeyFile.read(path))
  }
}

/// The text of a key in a file of its own.
enum KeyFile {
  static func write(_ pem: String, to path: String) throws(COSEError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .keyFile(path: path, errno == EEXIST ? "exists already and is not overwritten" : lastError())
    }
    let written = writeAll(Array(pem.utf8), to: descriptor) && fsync(descriptor) == 0
    let reason = lastError()
    guard close(descriptor) == 0, written else {
      unlink(path)
      throw .keyFile(path: path, reason)
    }
    // Without this the name could be lost in a power failure while things signed with the key are not.
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .keyFile(path: path, lastError()) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw .keyFile(path: path, lastError()) }
  }

  static func read(_ path: String) throws(COSEError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .keyFile(path: path, lastError()) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .keyFile(path: path, lastError()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .keyFile(path: path, "is not a regular file") }
    guard status.st_mode & 0o077 == 0 else {
      let mode = String(status.st_mode & 0o777, radix: 8)
      throw .keyFile(path: path, "has mode 0\(mode), so others can use it; run: chmod 600 '\(path)'")
    }
    // A key in PEM takes some hundred bytes.
    var buffer = [UInt8](repeating: 0, count: 4096)
    var count = 0
    while count < buffer.count {
      let read = buffer[count...].withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(count)) }
      if read < 0 && errno == EINTR { continue }
      guard read >= 0 else { throw .keyFile(path: path, lastError()) }
      if read == 0 { break }
      count += read
    }
    guard count < buffer.count else { throw .keyFile(path: path, "is too long for a key") }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

private func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }
}

private func lastError() -> Message { Message(String(cString: strerror(errno))) }
