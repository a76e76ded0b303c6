#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A stretch of addresses into which memory or a file is mapped as it is needed, so that nothing in it ever moves.
final class Mapping: @unchecked Sendable {
  // What is written through `base` is ordered by the store; the fields do not change.
  let base: UnsafeMutableRawPointer
  private let size: Int
  private let descriptor: Int32
  private let path: String
  /// The bytes that the file had when it was opened.
  let fileSize: Int

  /// Reserves `size` bytes of addresses and opens or makes the file, which only one process may have open.
  init(path: String?, size: Int) throws(PDQStoreError) {
    self.size = size
    self.path = path ?? ""
    guard
      let base = mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0), base != MAP_FAILED
    else { throw Mapping.failure(path ?? "") }
    var (descriptor, fileSize): (Int32, Int) = (-1, 0)
    if let path {
      descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      var info = stat()
      guard descriptor >= 0, fstat(descriptor, &info) == 0 else {
        let failure = Mapping.failure(path)
        if descriptor >= 0 { close(descriptor) }
        munmap(base, size)
        throw failure
      }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        close(descriptor)
        munmap(base, size)
        throw PDQStoreError.inUse(path: path)
      }
      fileSize = Int(info.st_size)
    }
    (self.base, self.descriptor, self.fileSize) = (base, descriptor, fileSize)
  }

  deinit {
    munmap(base, size)
    guard descriptor >= 0 else { return }
    // A process that is being started has the descriptor too until it runs its program: closing alone would leave it the lock.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Makes the bytes of a range of whole pages usable; they are zero where nothing was written.
  func extend(from start: Int, to end: Int) throws(PDQStoreError) {
    var flags = MAP_FIXED
    if descriptor >= 0 {
      flags |= MAP_SHARED
      // Asking for the room now is what keeps a full disk from ending the process later.
      let reason = posix_fallocate(descriptor, off_t(start), off_t(end - start))
      guard reason == 0 else { throw PDQStoreError.file(path: path, reason: String(cString: strerror(reason))) }
    } else {
      flags |= MAP_PRIVATE | MAP_ANONYMOUS
    }
    let mapped = mmap(base + start, end - start, PROT_READ | PROT_WRITE, flags, descriptor, off_t(start))
    guard let mapped, mapped != MAP_FAILED else { throw Mapping.failure(path) }
  }

  /// Waits until the bytes of a range of whole pages are on the disk.
  func sync(from start: Int, to end: Int) throws(PDQStoreError) {
    guard descriptor >= 0, end > start else { return }
    guard msync(base + start, end - start, MS_SYNC) == 0 else { throw Mapping.failure(path) }
  }

  private static func failure(_ path: String) -> PDQStoreError {
    .file(path: path, reason: String(cString: strerror(errno)))
  }
}
