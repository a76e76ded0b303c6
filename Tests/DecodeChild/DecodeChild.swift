import MediaDecode
import MediaHash
import Primitives

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The decoder's process for tests, and what tests must see from within: what a confined process can still do, and
/// decoders that misbehave.
@main
struct DecodeChild {
  static func main() {
    DecodeWorker.runIfAsked()
    switch CommandLine.arguments.dropFirst().first {
    case "confined": confined()
    case "crash": misbehave { abort() }
    case "hang": misbehave { while true { sleep(1) } }
    case "spin":
      misbehave {
        while getpid() != 0 {}
      }
    case "lie": misbehave { answer([0x5453_4403, 0, 1, 9, 9, 1, 1, 4_000_000_000, 4_000_000_000, 0]) }
    case "short":
      misbehave {
        answer([0x5453_4403, 0, 1, 9, 9, 1, 1, 100, 100, 0])
        exit(0)
      }
    case "silent": sleep(60)
    default: exit(64)
    }
  }

  /// Exit status 0 if nothing of this is possible any more.
  static func confined() {
    guard DecodeWorker.confine() == 1 else { exit(50) }
    if open("/etc/hostname", O_RDONLY) >= 0 { exit(51) }
    if socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 { exit(52) }
    if fcntl(0, F_DUPFD, 1) >= 0 { exit(53) }
    if unlink("/nowhere") == 0 || errno != EPERM { exit(54) }
    if kill(getppid(), 0) == 0 { exit(55) }
    if mmap(nil, 600 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED { exit(56) }
    if mmap(nil, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED { exit(57) }
    exit(0)
  }

  /// Says hello, reads a request's first bytes and then does `what`.
  static func misbehave(_ what: () -> Void) {
    answer([0x5453_4401, 1])
    var bytes = [UInt8](repeating: 0, count: 32)
    _ = read(0, &bytes, 32)
    what()
  }

  static func answer(_ words: [UInt32]) {
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    _ = write(1, bytes, bytes.count)
  }
}
