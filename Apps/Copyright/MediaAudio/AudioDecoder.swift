internal import CChromaprint

/// Reads audio files with libsndfile: WAV, AIFF, FLAC, Ogg (Vorbis, Opus) and MP3.
///
/// These are pure functions of the bytes, meant to be called in a child process with little memory and no network: a
/// fault of a decoder then is a refused file. The format is told by the first bytes, never by a name.
public enum AudioDecoder {
  /// The formats taken.
  public enum Format: String, Sendable, CaseIterable {
    /// RIFF or RF64 WAVE.
    case wav
    /// AIFF or AIFF-C.
    case aiff
    /// FLAC.
    case flac
    /// Ogg with Vorbis or Opus.
    case ogg
    /// MPEG layer III, with or without an ID3 tag before it.
    case mp3
  }

  /// The versions of the libraries that are loaded, whose rounding may differ from one to the next.
  public static var libraries: String {
    let sndfile = sf_version_string().map { String(cString: $0) } ?? "libsndfile"
    let chromaprint = chromaprint_get_version().map { String(cString: $0) } ?? "unknown"
    return "\(sndfile), libchromaprint \(chromaprint)"
  }

  /// The format that the bytes begin like, or nil.
  public static func format(of bytes: [UInt8]) -> Format? {
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
      text.withUTF8Buffer { bytes.dropFirst(offset).starts(with: $0) }
    }
    if has("RIFF") || has("RF64"), has("WAVE", at: 8) { return .wav }
    if has("FORM"), has("AIFF", at: 8) || has("AIFC", at: 8) { return .aiff }
    if has("fLaC") { return .flac }
    if has("OggS") { return .ogg }
    if has("ID3") { return .mp3 }
    // The frame sync, a layer of III and neither a reserved version nor a reserved rate.
    if bytes.count > 2, bytes[0] == 0xff, bytes[1] & 0xe6 == 0xe2, bytes[1] & 0x18 != 0x08, bytes[2] & 0x0c != 0x0c {
      return .mp3
    }
    return nil
  }

  /// The samples of an audio file.
  ///
  /// Cost: decoding, and two bytes of memory for each sample. Throws an `AudioRefusal`; never traps on any bytes.
  public static func decode(_ bytes: [UInt8], limits: AudioLimits = .standard) throws(AudioRefusal) -> PCM {
    var samples: [Int16] = []
    let form = try read(bytes, limits: limits) { block in samples.append(contentsOf: block) }
    guard !samples.isEmpty else { throw .tooShort }
    return try PCM(sampleRate: form.sampleRate, channels: form.channels, samples: samples)
  }

  /// The fingerprint of an audio file, made while it is decoded: the samples are never all in memory.
  ///
  /// `limits.samples` still bounds the work. Throws an `AudioRefusal`; never traps on any bytes.
  public static func fingerprint(
    _ bytes: [UInt8], limits: AudioLimits = .streaming
  ) throws(AudioRefusal) -> AudioFingerprint {
    var printer: Chromaprinter?
    var fed = true
    try read(bytes, limits: limits) { form throws(AudioRefusal) in
      printer = try Chromaprinter(sampleRate: form.sampleRate, channels: form.channels)
    } block: { block in
      fed = fed && printer?.feed(block) == true
    }
    guard fed, let printer else { throw .unsupported }
    return try printer.finish()
  }

  struct Form {
    let sampleRate: Int
    let channels: Int
  }

  /// Samples that are asked for at a time.
  private static let blockSamples = 1 << 15

  @discardableResult
  private static func read(
    _ bytes: [UInt8], limits: AudioLimits,
    opened: (Form) throws(AudioRefusal) -> Void = { (_) throws(AudioRefusal) in },
    block: (UnsafeBufferPointer<Int16>) -> Void
  ) throws(AudioRefusal) -> Form {
    guard bytes.count <= limits.fileBytes else { throw .fileTooLarge }
    guard format(of: bytes) != nil else { throw .unknownFormat }
    let memory = MemoryFile(bytes)
    var info = SF_INFO()
    guard let file = memory.open(&info) else { throw .damaged }
    defer { sf_close(file) }

    let form = Form(sampleRate: Int(info.samplerate), channels: Int(info.channels))
    guard AudioLimits.sampleRates.contains(form.sampleRate), (1...AudioLimits.channels).contains(form.channels) else {
      throw .unsupported
    }
    let frames = min(
      limits.samples / form.channels, limits.seconds.multipliedReportingOverflow(by: form.sampleRate).partialValue)
    // The header's count is a claim, and some formats have none: what is decoded is counted again below.
    guard info.frames == unknownFrames || info.frames <= Int64(frames) else { throw .tooLong }
    _ = sf_command(file, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
    try opened(form)

    let perBlock = blockSamples / form.channels
    return try withUnsafeTemporaryAllocation(of: Int16.self, capacity: perBlock * form.channels) {
      (buffer) throws(AudioRefusal) in
      guard let start = buffer.baseAddress else { throw .damaged }
      var total = 0
      while true {
        let got = Int(sf_readf_short(file, start, Int64(perBlock)))
        guard got > 0 else { break }
        total += got
        guard total <= frames else { throw .tooLong }
        block(UnsafeBufferPointer(start: start, count: got * form.channels))
      }
      guard sf_error(file) == Int32(SF_ERR_NO_ERROR) else { throw .damaged }
      // Bytes that end before the header says so are a file cut off.
      if info.frames != unknownFrames, info.frames > 0, total < Int(info.frames), format(of: bytes) != .mp3 {
        throw .damaged
      }
      return form
    }
  }
}

/// libsndfile's SF_COUNT_MAX: the header names no length.
private let unknownFrames = Int64.max

extension AudioLimits {
  /// The limits where only the fingerprint is kept: 64 MiB of file, two hours of stereo at 96 kHz.
  public static let streaming = AudioLimits(fileBytes: 64 << 20, samples: 7_200 * 96_000 * 2, seconds: 7_200)
}
