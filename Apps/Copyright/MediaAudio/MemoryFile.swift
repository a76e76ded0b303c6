internal import CChromaprint

/// Bytes in memory as libsndfile's file.
final class MemoryFile {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Opens the bytes for reading; nil if libsndfile refuses them. This object must outlive the handle.
  func open(_ info: inout SF_INFO) -> OpaquePointer? {
    var functions = SF_VIRTUAL_IO(
      get_filelen: { MemoryFile.at($0).map { Int64($0.bytes.count) } ?? 0 },
      seek: { offset, whence, user in MemoryFile.at(user)?.seek(offset, whence) ?? -1 },
      read: { buffer, count, user in MemoryFile.at(user)?.read(buffer, count) ?? 0 },
      write: { _, _, _ in 0 },
      tell: { MemoryFile.at($0).map { Int64($0.position) } ?? 0 })
    return sf_open_virtual(&functions, Int32(SFM_READ), &info, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func at(_ user: UnsafeMutableRawPointer?) -> MemoryFile? {
    user.map { Unmanaged<MemoryFile>.fromOpaque($0).takeUnretainedValue() }
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    let start: Int64
    switch Int(whence) {
    case Int(SF_SEEK_SET): start = 0
    case Int(SF_SEEK_CUR): start = Int64(position)
    case Int(SF_SEEK_END): start = Int64(bytes.count)
    default: return -1
    }
    let (target, overflow) = start.addingReportingOverflow(offset)
    guard !overflow, target >= 0, target <= Int64(bytes.count) else { return -1 }
    position = Int(target)
    return target
  }

  private func read(_ buffer: UnsafeMutableRawPointer?, _ count: Int64) -> Int64 {
    let take = min(max(0, Int(clamping: count)), bytes.count - position)
    guard take > 0, let buffer else { return 0 }
    bytes.withUnsafeBytes { source in
      UnsafeMutableRawBufferPointer(start: buffer, count: take)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<position + take]))
    }
    position += take
    return Int64(take)
  }
}
