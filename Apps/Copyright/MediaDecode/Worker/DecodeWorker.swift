internal import CImageCodecs
internal import MediaHash

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The decoder's process: the program itself, started again with a hidden first argument.
///
/// It has given up everything but reading requests and writing replies before it sees the first byte of a file: no
/// descriptors but its socket and /dev/null, no new ones (RLIMIT_NOFILE), no files, 512 MiB of addresses, and a seccomp
/// filter that refuses every system call but those for memory, for reading and writing and for ending. So it has no
/// network and no file system, and can start nothing.
public enum DecodeWorker {
  /// The hidden first argument.
  public static let argument = "--decode-media"

  /// Becomes the decoder if the program was started with the hidden argument; otherwise does nothing.
  ///
  /// To be called first of all in a program that uses a `DecodePool`.
  public static func runIfAsked() {
    guard CommandLine.arguments.count > 1, CommandLine.arguments[1] == argument else { return }
    main()
  }

  /// Reads requests from standard input and writes replies to standard output until the input ends.
  public static func main() -> Never {
    // Everything that is made on first use is made while the files that it may need can be opened.
    warmUp()
    let confined = confine()
    guard confined >= 0 else { exit(3) }
    guard put(WorkerProtocol.bytes([WorkerProtocol.hello, UInt32(confined)])) else { exit(1) }
    while let request = take(WorkerProtocol.requestCount) {
      let words = WorkerProtocol.numbers(request)
      guard words[0] == WorkerProtocol.request else { exit(2) }
      let limits = DecodeLimits(words: words[2...])
      guard Int(words[1]) <= limits.bytes, let file = take(Int(words[1])) else { exit(2) }
      _ = cimage_allow_seconds(UInt32(clamping: limits.cpuSeconds))
      guard reply(to: file, limits) else { exit(1) }
    }
    exit(0)
  }

  /// Gives up what the decoder does not need: 1 with a filter of system calls, 0 without, -1 if a limit cannot be set.
  package static func confine() -> Int { Int(cimage_confine(UInt64(DecodeLimits.standard.memory))) }

  /// One small file of each kind, so that what the libraries load on first use is loaded.
  private static func warmUp() {
    guard let image = RGBImage(width: 16, height: 16, pixels: [UInt8](repeating: 90, count: 768)) else { return }
    for file in [
      PictureEncoder.png(image), PictureEncoder.jpeg(image, quality: 50), PictureEncoder.webp(image, quality: 50),
    ] {
      _ = try? PictureDecoder.decode(file ?? [])
    }
    _ = try? MediaDecoder.decode(Array("warm".utf8))
    MediaDecoder.warmUpSound()
  }

  private static func reply(to file: [UInt8], _ limits: DecodeLimits) -> Bool {
    do {
      let (numbers, pixels, extra) = try MediaDecoder.decode(file, limits: limits).reply
      return put(WorkerProtocol.bytes([WorkerProtocol.reply, 0] + numbers.map { UInt32(clamping: $0) }))
        && put(pixels) && put(WorkerProtocol.bytes(extra))
    } catch {
      return put(WorkerProtocol.bytes([WorkerProtocol.reply] + error.words + [0, 0, 0, 0]))
    }
  }

  private static func put(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { raw in
      var done = 0
      while done < raw.count {
        let count = write(1, raw.baseAddress.map { $0 + done }, raw.count - done)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }

  private static func take(_ count: Int) -> [UInt8]? {
    var whole = true
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { out, filled in
      filled = 0
      while filled < count {
        let got = read(0, out.baseAddress.map { $0 + filled }, count - filled)
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else {
          whole = false
          return
        }
        filled += got
      }
    }
    return whole ? bytes : nil
  }
}
