internal import CChromaprint

/// Writes audio files with libsndfile, for tests and demonstrations.
public enum AudioEncoder {
  /// The sound in a format, or nil where this build of libsndfile does not write it.
  ///
  /// `wav`, `flac` and `mp3` give the same bytes for the same sound; `ogg` has a random serial number.
  public static func file(_ pcm: PCM, as format: AudioDecoder.Format) -> [UInt8]? {
    let code =
      switch format {
      case .wav: SF_FORMAT_WAV | SF_FORMAT_PCM_16
      case .aiff: SF_FORMAT_AIFF | SF_FORMAT_PCM_16
      case .flac: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
      case .ogg: SF_FORMAT_OGG | SF_FORMAT_VORBIS
      case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
      }
    var info = SF_INFO()
    (info.samplerate, info.channels, info.format) = (Int32(pcm.sampleRate), Int32(pcm.channels), Int32(code))
    let memory = WrittenFile()
    guard let file = memory.open(&info) else { return nil }
    let whole = pcm.samples.withUnsafeBufferPointer { samples in
      var position = 0
      // Vorbis overflows its stack on very large blocks.
      while position < samples.count {
        let count = min(4096 * pcm.channels, samples.count - position)
        guard sf_write_short(file, samples.baseAddress.map { $0 + position }, Int64(count)) == Int64(count) else {
          return false
        }
        position += count
      }
      return true
    }
    sf_close(file)
    return whole ? memory.bytes : nil
  }
}

/// Bytes in memory that libsndfile writes.
private final class WrittenFile {
  private(set) var bytes: [UInt8] = []
  private var position = 0

  /// Opens it for writing; this object must outlive the handle.
  func open(_ info: inout SF_INFO) -> OpaquePointer? {
    var functions = SF_VIRTUAL_IO(
      get_filelen: { WrittenFile.at($0).map { Int64($0.bytes.count) } ?? 0 },
      seek: { offset, whence, user in WrittenFile.at(user)?.seek(offset, whence) ?? -1 },
      read: { buffer, count, user in WrittenFile.at(user)?.read(buffer, count) ?? 0 },
      write: { buffer, count, user in WrittenFile.at(user)?.write(buffer, count) ?? 0 },
      tell: { WrittenFile.at($0).map { Int64($0.position) } ?? 0 })
    return sf_open_virtual(&functions, Int32(SFM_WRITE), &info, Unmanaged.passUnretained(self).toOpaque())
  }

  private static func at(_ user: UnsafeMutableRawPointer?) -> WrittenFile? {
    user.map { Unmanaged<WrittenFile>.fromOpaque($0).takeUnretainedValue() }
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    let start =
      switch Int(whence) {
      case Int(SF_SEEK_CUR): Int64(position)
      case Int(SF_SEEK_END): Int64(bytes.count)
      default: Int64(0)
      }
    let (target, overflow) = start.addingReportingOverflow(offset)
    guard !overflow, target >= 0, target <= 1 << 30 else { return -1 }
    position = Int(target)
    return target
  }

  private func read(_ buffer: UnsafeMutableRawPointer?, _ count: Int64) -> Int64 {
    let take = min(max(0, Int(clamping: count)), max(0, bytes.count - position))
    guard take > 0, let buffer else { return 0 }
    for index in 0..<take { buffer.storeBytes(of: bytes[position + index], toByteOffset: index, as: UInt8.self) }
    position += take
    return Int64(take)
  }

  private func write(_ buffer: UnsafeRawPointer?, _ count: Int64) -> Int64 {
    let size = max(0, Int(clamping: count))
    guard let buffer, size > 0, position + size <= 1 << 30 else { return 0 }
    if bytes.count < position + size {
      bytes.append(contentsOf: [UInt8](repeating: 0, count: position + size - bytes.count))
    }
    bytes.replaceSubrange(position..<position + size, with: UnsafeRawBufferPointer(start: buffer, count: size))
    position += size
    return Int64(size)
  }
}
