internal import CMosquitto
internal import FoundationEssentials
internal import Glibc
internal import Primitives
internal import Synchronization

/// Debian's mosquitto on a free loopback port with a configuration of its own: for tests and demonstrations.
///
/// It keeps what it has in a folder and writes it there every second and when it is stopped, so that sessions and waiting
/// messages outlive `stop` and `start`; killed, mosquitto itself forgets what it took since it last wrote. It ends with
/// this program, also when this one is killed. Anybody on this machine may connect: nothing secret goes through it.
public final class Broker: Sendable {
  /// Debian's package with mosquitto.
  public static let package = "mosquitto"

  /// Where it listens.
  public let address: MQTTAddress
  /// Its folder: configuration, log and what it keeps.
  public let folder: String
  private let program: String
  private let isTemporary: Bool
  private let process = Mutex(BrokerProcess?.none)

  private init(_ program: String, _ folder: String, isTemporary: Bool, port: UInt16) {
    self.program = program
    self.folder = folder
    self.isTemporary = isTemporary
    address = MQTTAddress(host: "127.0.0.1", port: port)
  }

  deinit {
    process.withLock { $0?.signal(SIGKILL) }
    if isTemporary { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// Where mosquitto is on this machine, or nil.
  public static var installed: String? {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin"]
    return folders.lazy.filter { $0.hasPrefix("/") }.map { $0 + "/mosquitto" }.first { access($0, X_OK) == 0 }
  }

  /// Starts a broker and waits until it answers.
  ///
  /// - Parameters:
  ///   - folder: what it keeps is there; nil for a temporary one that goes with the broker.
  ///   - program: mosquitto; nil to look for it.
  /// - Throws: `notInstalled`, which names the package; `brokerFailed` with what mosquitto wrote.
  public static func start(folder: String? = nil, program: String? = nil) async throws(MQTTError) -> Broker {
    try await start(folder: folder, program: program, extra: [])
  }

  /// The same with more lines of configuration.
  package static func start(
    folder: String? = nil, program: String? = nil, extra: [String]
  ) async throws(MQTTError) -> Broker {
    guard let program = program ?? installed, access(program, X_OK) == 0 else {
      throw MQTTError(
        .notInstalled, "mosquitto is not on this machine. On Debian: apt-get install \(Broker.package)")
    }
    // Another program may take the port between its choice and its use.
    var attempt = 0
    while true {
      let path =
        folder ?? FileManager.default.temporaryDirectory.path + "/tallystick-mqtt-\(UInt64.random(in: 0...UInt64.max))"
      let broker = Broker(program, path, isTemporary: folder == nil, port: try freePort())
      do throws(MQTTError) {
        try broker.configure(extra)
        try await broker.start()
        return broker
      } catch {
        attempt += 1
        guard attempt < 5, broker.log.contains("already in use") else { throw error }
      }
    }
  }

  /// Starts it again at the same address after `stop` or `kill`; nothing happens if it runs.
  public func start() async throws(MQTTError) {
    if isRunning { return }
    let next = BrokerProcess()
    process.withLock { $0 = next }
    guard await next.start(program, ["-c", folder + "/mosquitto.conf"]) else {
      throw MQTTError(.brokerFailed, "mosquitto cannot be started from \(program).")
    }
    let port = address.port
    let isThere = await withCheckedContinuation { (answer: CheckedContinuation<Bool, Never>) in
      let isStarted = NativeThread.start {
        let deadline = monotonicMs() + 10_000
        while next.isRunning, monotonicMs() < deadline {
          if BrokerProbe.answers(port: port) { return answer.resume(returning: next.isRunning) }
          usleep(5000)
        }
        answer.resume(returning: false)
      }
      if !isStarted { answer.resume(returning: false) }
    }
    guard isThere else {
      await next.end(SIGKILL)
      let last = log.split(separator: "\n").suffix(3).joined(separator: " ")
      throw MQTTError(.brokerFailed, "mosquitto does not answer. \(Message(said: last))")
    }
  }

  /// Whether it runs.
  public var isRunning: Bool { process.withLock { $0?.isRunning ?? false } }

  /// Ends it in order: it writes what it keeps. Killed after 10 seconds.
  public func stop() async { await process.withLock { $0 }?.end(SIGTERM) }

  /// Kills it, as a power cut would.
  public func kill() async { await process.withLock { $0 }?.end(SIGKILL) }

  /// What mosquitto wrote, its last 64 KiB.
  public var log: String {
    guard let bytes = try? Data(contentsOf: URL(filePath: folder + "/mosquitto.log")) else { return "" }
    return String(decoding: bytes.suffix(64 << 10), as: UTF8.self)
  }

  private func configure(_ extra: [String]) throws(MQTTError) {
    let user = getpwuid(geteuid()).flatMap { $0.pointee.pw_name }.map { String(cString: $0) }
    guard !folder.contains("\n") else { throw MQTTError(.malformed, "A folder's name has no line break.") }
    let isOpen = !extra.contains { $0.hasPrefix("allow_anonymous") }
    let lines =
      [
        "listener \(address.port) 127.0.0.1", "persistence true", "persistence_location \(folder)/",
        "autosave_interval 1", "log_dest file \(folder)/mosquitto.log", "log_type error", "log_type warning",
        // What waits for a gateway is bounded by the gateway's intake, not thrown away here.
        "max_queued_messages 0", "max_queued_bytes 0", "max_inflight_messages 1000", "set_tcp_nodelay true",
      ] + (isOpen ? ["allow_anonymous true"] : []) + (user.map { ["user \($0)"] } ?? []) + extra
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: folder + "/mosquitto.conf"))
    } catch { throw MQTTError(.brokerFailed, "The broker's folder \(folder) cannot be written.") }
  }

  /// A port of the loopback interface that nobody listens at now.
  private static func freePort() throws(MQTTError) -> UInt16 {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = BrokerProbe.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    guard isBound else { throw MQTTError(.brokerFailed, "There is no free port for a broker.") }
    return UInt16(bigEndian: address.sin_port)
  }
}
