import Foundation
import Primitives
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Runs a reader over mutated inputs and watches it: no crash, no hang, bounded time and memory.
///
/// `TALLYSTICK_FUZZ_ROUNDS` sets how many inputs, `TALLYSTICK_FUZZ_SEED` another seed; `TALLYSTICK_FUZZ_ROUND` runs
/// that one round and prints its input. Seed and round of what fails are printed, also when the process crashes.
public struct FuzzRun: Sendable {
  /// What a reader made of an input.
  public enum Verdict: Sendable {
    /// It was refused with an error.
    case refused
    /// It was read; the word, if any, is counted.
    case read(String? = nil)
    /// A promise was broken.
    case wrong(String)
  }

  /// The family of readers.
  public let name: String
  /// How many inputs were tried.
  public private(set) var rounds = 0
  /// Inputs read, by the kind of the item that they were made from and the reader's word.
  public private(set) var read: [String: Int] = [:]
  /// Inputs refused, by kind.
  public private(set) var refused: [String: Int] = [:]
  /// What went wrong, with seed and round.
  public private(set) var failures: [String] = []
  /// The largest processor time of one input in seconds, and its round.
  public private(set) var slowest = (seconds: 0.0, round: 0)

  /// How many inputs a test tries unless the environment says otherwise.
  public static func rounds(_ usual: Int) -> Int { number("TALLYSTICK_FUZZ_ROUNDS") ?? usual }

  /// Whether this is a long run.
  public static var isLong: Bool { number("TALLYSTICK_FUZZ_ROUNDS").map { $0 >= 100_000 } ?? false }

  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }

  /// Seconds of processor time that one input may take.
  public static let limit = 1.0

  /// Tries `usual` inputs of `mutator`, or as many as the environment says.
  ///
  /// - Parameter share: the part of the rounds for a family that is split over several tests.
  public init(
    _ name: String, usual: Int, share: Double = 1, seed usualSeed: UInt64 = 1, _ mutator: Mutator,
    read reader: (Mutator.Item, [UInt8]) -> Verdict
  ) {
    self.name = name
    let seed = FuzzRun.number("TALLYSTICK_FUZZ_SEED").map { UInt64(truncatingIfNeeded: $0) } ?? usualSeed
    let only = FuzzRun.number("TALLYSTICK_FUZZ_ROUND")
    let count = FuzzRun.number("TALLYSTICK_FUZZ_ROUNDS").map { Int(Double($0) * share) } ?? usual
    let range = only.map { $0..<$0 + 1 } ?? 0..<count
    let slot = FuzzWatch.begin(name, seed)
    defer { FuzzWatch.end(slot) }
    let memory = FuzzRun.status("VmHWM")
    let start = ContinuousClock.now
    for round in range {
      let (place, bytes) = mutator.input(seed: seed, round: round)
      let item = mutator.corpus[place]
      if only != nil { print("\(name) seed \(seed) round \(round), made from \(item.kind): \(Hex.encode(bytes))") }
      slot.start(round)
      let before = FuzzRun.processorSeconds()
      let verdict = reader(item, bytes)
      let seconds = FuzzRun.processorSeconds() - before
      rounds += 1
      switch verdict {
      case .refused: refused[item.kind, default: 0] += 1
      case .read(let word): read[word.map { "\(item.kind), \($0)" } ?? item.kind, default: 0] += 1
      case .wrong(let what): fail(what, item, seed, round, bytes)
      }
      if seconds > slowest.seconds { slowest = (seconds, round) }
      if seconds > FuzzRun.limit { fail("took \(seconds) s for \(bytes.count) bytes", item, seed, round, bytes) }
      if failures.count >= 8 { break }
    }
    let growth = (FuzzRun.status("VmHWM") - memory) / 1024
    // Other tests of a usual run may take memory at the same time.
    if FuzzRun.isLong, growth > 512 { failures.append("\(name): the process grew by \(growth) MiB") }
    let passed = start.duration(to: .now).components.seconds
    let words = read.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: "; ")
    print(
      "\(name): \(rounds) inputs in \(passed) s, seed \(seed); slowest \(Int(slowest.seconds * 1000)) ms (round "
        + "\(slowest.round)); process peak +\(growth) MiB; read: \(words)")
  }

  /// Runs on a thread of its own: a fuzz test must not hold one of the few threads that asynchronous tests share.
  public static func aside<Value: Sendable>(_ body: @escaping () -> Value) async -> Value {
    let carried = Carried(value: body)
    return await withCheckedContinuation { continuation in
      let thread = Thread { continuation.resume(returning: carried.value()) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  private mutating func fail(_ what: String, _ item: Mutator.Item, _ seed: UInt64, _ round: Int, _ bytes: [UInt8]) {
    failures.append(
      "\(name) seed \(seed) round \(round), made from \(item.kind): \(what); input \(Hex.encode(bytes.prefix(2000))). "
        + "Again: TALLYSTICK_FUZZ_SEED=\(seed) TALLYSTICK_FUZZ_ROUND=\(round) swift test -c release --skip-build "
        + "--disable-xctest --filter Fuzz")
  }

  /// Kinds of the corpus of which no input was read, or none refused: a reader that the mutator does not get into.
  public func idle(_ mutator: Mutator) -> [String] {
    Set(mutator.corpus.map(\.kind)).sorted().filter { kind in
      refused[kind] == nil || !read.keys.contains { $0 == kind || $0.hasPrefix(kind + ",") }
    }
  }

  /// Kibibytes in a line of `/proc/self/status`, such as `VmHWM`; 0 where there is none.
  public static func status(_ name: String) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") })
    else { return 0 }
    return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// Seconds of processor time of this thread: what a busy machine does not change.
  public static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Brings a closure to the one thread that runs it.
private struct Carried<Value>: @unchecked Sendable {
  let value: Value
}

/// Names the input that a crash or a hang happened in: the process ends before a test could say it.
enum FuzzWatch {
  final class Slot: Sendable {
    let name: String
    let seed: UInt64
    let thread = UInt(pthread_self())
    private let round = Atomic<Int>(-1)

    init(_ name: String, _ seed: UInt64) {
      self.name = name
      self.seed = seed
    }

    func start(_ round: Int) { self.round.store(round, ordering: .relaxed) }

    var current: Int { round.load(ordering: .relaxed) }

    var text: String {
      let round = round.load(ordering: .relaxed)
      return
        "\n\(name) seed \(seed) round \(round). Again: TALLYSTICK_FUZZ_SEED=\(seed) TALLYSTICK_FUZZ_ROUND=\(round) "
        + "swift test -c release --skip-build --disable-xctest --filter Fuzz\n"
    }
  }

  private static let slots = Mutex<[Slot]>([])
  private static let started: Bool = {
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] { catchSignal(number) }
    Thread.detachNewThread {
      // Looks are counted, not seconds: a process that is stopped for a while is not stuck.
      var seen: [ObjectIdentifier: (round: Int, looks: Int)] = [:]
      while true {
        sleep(2)
        let slots = FuzzWatch.all()
        seen = seen.filter { key, _ in slots.contains { ObjectIdentifier($0) == key } }
        for slot in slots {
          let (round, looks) = seen[ObjectIdentifier(slot)] ?? (-1, 0)
          seen[ObjectIdentifier(slot)] = (slot.current, round == slot.current && round >= 0 ? looks + 1 : 0)
          guard looks < 60 else {
            say("A fuzzed reader does not come to an end." + slot.text)
            abort()
          }
        }
      }
    }
    return true
  }()

  static func begin(_ name: String, _ seed: UInt64) -> Slot {
    _ = started
    // A stack of its own, so that the handler runs also when the reader's stack is used up.
    var stack = stack_t()
    stack.ss_size = 256 << 10
    stack.ss_sp = malloc(stack.ss_size)
    sigaltstack(&stack, nil)
    let slot = Slot(name, seed)
    slots.withLock { $0.append(slot) }
    return slot
  }

  static func end(_ slot: Slot) { slots.withLock { $0.removeAll { $0 === slot } } }

  static func all() -> [Slot] { slots.withLock { $0 } }

  private static func catchSignal(_ number: CInt) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { number in
      alarm(5)
      signal(number, SIG_DFL)
      for slot in FuzzWatch.all() where slot.thread == UInt(pthread_self()) {
        FuzzWatch.say("A fuzzed reader crashed (signal \(number))." + slot.text)
      }
      raise(number)
    }
    action.sa_flags = SA_ONSTACK | CInt(SA_NODEFER)
    sigaction(number, &action, nil)
  }

  private static func say(_ text: String) {
    var text = text
    text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
  }
}
