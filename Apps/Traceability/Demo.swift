import ArgumentParser
import EPCIS
import Foundation
import Hummingbird
import Ledger
import LedgerServer
import Logging
import Primitives

/// `demo`: the season of `Samples/orchard`, end to end, ending in verified proofs.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Plays a season from farm to consumer: six members, real processes, verified proofs."
  )

  @Option(
    name: .customLong("data"), help: "Where the ledger is made; a temporary folder, removed at the end, unless given.")
  var path: String?
  @Option(help: "Everything that is random follows from this number; one seed, one log root.") var seed: UInt64 = 2026
  @Option(help: "Members that run as processes of their own.") var processes = 4
  @Flag(help: "Goes on serving the finished ledger over HTTP until Ctrl-C.") var serve = false

  func run() async throws {
    try await Console.run {
      let folder =
        path ?? FileManager.default.temporaryDirectory.path + "/tallystick-season-\(UUID().uuidString.prefix(8))"
      defer { if path == nil { try? FileManager.default.removeItem(atPath: folder) } }
      let samples = try Season.folder()
      let season = try Season.load(from: samples)
      let demo = try Demo(season: season, samples: samples, folder: folder, seed: seed, processes: processes)
      let words = Catalogue.current.isEmpty ? .english : Catalogue.current.merging(season.chinese)
      try await Catalogue.$current.withValue(words) { try await demo.play() }
      guard serve else { return }
      let command = try ServeCommand<TraceabilityApp>.parse(["--data", folder, "--all"])
      try await command.run()
    }
  }
}

/// One playing of the season.
private struct Demo {
  let season: Season
  let samples: String
  let folder: String
  let seed: UInt64
  let processes: Int
  let consortium: Consortium
  let clock: ManualClock

  init(season: Season, samples: String, folder: String, seed: UInt64, processes: Int) throws {
    guard let first = season.documents.first, let start = EventTime.milliseconds(first.day), season.members.count > 1
    else {
      throw LedgerError(.malformed, "The season has no documents, or fewer than two members.")
    }
    self.season = season
    self.samples = samples
    self.folder = folder
    self.seed = seed
    self.processes = min(processes, season.members.count - 1)
    clock = ManualClock(UInt64(start) - 86_400_000)
    let last = season.members.count - 1
    consortium = try .found(
      at: folder, suite: TraceabilityApp.suite,
      plan: Consortium.Plan(
        members: season.members.enumerated().map { ($1.name, $1.title, $0 == last ? .regulator : .member) }, seed: seed,
        time: clock.now()))
  }

  private func tell(_ line: Message = "") { Console.answer(line) }

  func play() async throws {
    let names = consortium.names
    tell(Message(season.title))
    let genesis = try consortium.folder(names[0]).genesis()
    tell(
      "\(names.count) members found \(genesis.origin); \(genesis.configuration.quorum) of them must execute and co-sign."
    )
    let lock = try FolderLock(consortium.folder(names[0]), note: "the demo")
    let node = try await consortium.folder(names[0]).open(suite: TraceabilityApp.suite, clock: clock)
    await node.sequence(with: EmbeddedSequencer(clock: clock))
    try await withServer(of: node) { port in
      let followers = try startFollowers(Array(names[1...processes]), port: port)
      defer { for follower in followers { follower.terminate() } }
      tell(
        "\(names[0]) sequences; \(names[1...processes].map { Message($0) }.joined(separator: ", ")) follow as processes of their own."
      )
      tell()
      try await capture(node)
      try await tracing(node)
      for follower in followers {
        follower.terminate()
        follower.waitUntilExit()
      }
    }
    let (size, root, stateRoot) = (node.head.size, node.head.root, node.head.seal.stateRoot)
    await node.close()
    lock.release()
    try await lateMember(root)
    try await tampering()
    tell()
    tell("Log: \(size) entries, root \(Base64.encode(root.bytes)); state \(stateRoot.hex.prefix(16))…; seed \(seed).")
    tell(
      "The same seed gives the same roots. Look around: traceability trace \(season.carton) --data DIR, after demo --data DIR."
    )
  }

  // MARK: Processes

  /// Runs `work` with the node served on a free loopback port.
  private func withServer(of node: Node, _ work: @escaping (Int) async throws -> Void) async throws {
    var logger = Logger(label: "demo")
    logger.logLevel = .critical
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let server = LedgerApplication(
      node: node, suite: TraceabilityApp.suite, options: LedgerApplication.Options(port: 0), logger: logger)
    let serving = Task {
      defer { continuation.finish() }
      try await server.application(onRunning: { continuation.yield($0) }).run()
    }
    defer { serving.cancel() }
    for await port in ports { return try await work(port) }
    try await serving.value
  }

  private func startFollowers(_ names: [String], port: Int) throws -> [Process] {
    try names.map { name in
      let process = Process()
      process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = [
        "follow", "--from", "http://127.0.0.1:\(port)", "--data", folder, "--as", name, "--interval", "20", "--quiet",
      ]
      try process.run()
      return process
    }
  }

  /// Waits until a quorum has co-signed the head.
  private func finality(_ node: Node) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while node.final?.view.size != node.head.size {
      if let fault = node.fault { throw fault }
      guard ContinuousClock.now < deadline else {
        throw LedgerError(
          .unavailable, "The members have not co-signed within a minute. Is the machine very busy? Run again.")
      }
      try await node.propose()
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  // MARK: The story

  private func capture(_ node: Node) async throws {
    var claimIDs = SeededGenerator(seed: seed)
    let titles = Dictionary(uniqueKeysWithValues: season.members.map { ($0.name, Message($0.title)) })
    for document in season.documents {
      guard let day = EventTime.milliseconds(document.day) else {
        throw LedgerError(.malformed, "The day of \(document.file) is no time: \(document.day)")
      }
      clock.set(UInt64(day))
      var capture = Capture(
        issuer: document.member, key: try consortium.folder(document.member).keys().statement, clock: clock,
        claimIDs: claimIDs)
      let bytes = try Console.read(samples + "/" + document.file, limit: Limits.documentBytes)
      let report = try await capture.capture(bytes, name: document.file, on: node)
      if let used = capture.claimIDs as? SeededGenerator { claimIDs = used }
      try await finality(node)
      guard report.accepted == report.events.count else {
        throw LedgerError(.refused, "\(document.file) was not captured whole: \(report.events)")
      }
      let title = (titles[document.member] ?? Message(document.member)).text(in: .current).prefix {
        $0 != "(" && $0 != "（"
      }
      tell(
        "\(document.day.prefix(10))  \(Demo.trimmed(title)): \(Message(document.line)) [\(report.events.count)]")
    }
    let signers = try SignedNote(parsing: node.final?.note ?? []).signatures.count - 1
    tell("\(node.head.size) entries, the last checkpoint co-signed by \(signers) of \(consortium.names.count) members.")
  }

  private func tracing(_ node: Node) async throws {
    tell()
    let (back, backProof) = try Tracing.prove(season.carton, .back, by: node)
    try Console.write(backProof.encoded(), to: folder + "/carton.proof")
    tell("Where does carton \(TraceText.short(back.item)) come from?")
    let plots = Set(
      back.events.filter {
        $0.traced.event.items.contains { item in back.items.contains { $0.id == item.id && $0.relation == .ancestor } }
      }
      .compactMap(\.traced.event.readPoint).filter { $0.contains("PLOT") })
    tell(
      "  From \(plots.sorted().map { Message(TraceText.short($0)) }.joined(separator: " and ")), by way of "
        + "\(back.items.filter { $0.relation == .ancestor }.count) lots, in \(back.events.count) events.")
    let alarms = back.events.flatMap { event in event.traced.event.sensorReports.filter { $0.exception != nil } }
    for alarm in alarms.prefix(2) { tell("  On the way: \(alarm.summary) (\(alarm.exception?.word ?? "")).") }
    try verify(backProof.encoded(), "carton.proof")

    let (forward, forwardProof) = try Tracing.prove(season.lot, .forward, by: node)
    try Console.write(forwardProof.encoded(), to: folder + "/lot.proof")
    let places = Set(
      forward.events.flatMap { [$0.traced.event.readPoint, $0.traced.event.bizLocation].compactMap { $0 } })
    let shops = season.shops.filter { places.contains($0.sgln) }
    tell("Where did harvest lot \(TraceText.short(forward.item)) go?")
    tell(
      "  Into \(forward.items.filter { $0.relation == .descendant }.count) lots and cartons, to "
        + "\(shops.map { Message($0.name) }.joined(separator: "; ")), in \(forward.events.count) events.")
    try verify(forwardProof.encoded(), "lot.proof")
  }

  private func verify(_ bytes: [UInt8], _ name: String) throws {
    let policy = try VerifyCommand<TraceabilityApp>.policy(at: folder + "/policy.txt")
    let bundle = try ProofBundle(decoding: bytes).verify(policy: policy)
    let claims = try TraceabilityApp.claims(bundle) ?? []
    tell(
      "  \(name), \(bytes.count / 1024) KiB: VERIFIED offline, co-signed by \(bundle.signers.map { Message($0.name) }.joined(separator: ", "))."
    )
    if claims.count > 1 { tell("  \(claims[1])") }
  }

  /// The member that was away comes back, executes everything, and must come to the same root.
  private func lateMember(_ root: Digest) async throws {
    let open = try await consortium.open(suite: TraceabilityApp.suite, clock: clock)
    try await open.settle()
    let late = try open.node(consortium.names[consortium.names.count - 1])
    let same = late.head.root == root
    await open.close()
    guard same else { throw LedgerError(.diverged, "\(late.member) came to another root.") }
    tell()
    tell("\(late.member), away all season, catches up: it executed every statement and has the same root.")
  }

  private func tampering() async throws {
    var proof = try Console.read(folder + "/carton.proof", limit: Limits.bundleBytes)
    guard let place = Demo.find("quantity\"", in: proof) else {
      throw LedgerError(.notFound, "The season's proof has no quantity to alter.")
    }
    proof[place] ^= 0x01
    try Console.write(proof, to: folder + "/carton-altered.proof")
    tell("One byte of a copy of carton.proof is changed (byte \(place)):")
    do {
      try verify(proof, "carton-altered.proof")
      throw LedgerError(.notProved, "The altered proof was accepted: this must not happen.")
    } catch let error as LedgerError where error.kind == .notProved && !error.message.contains("must not") {
      tell("  verify: \(error.message)")
    }
    let copy = folder + "/altered"
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: folder + "/" + consortium.names[0], toPath: copy + "/" + consortium.names[0])
    let altered = MemberFolder(path: copy + "/" + consortium.names[0])
    var file = try Console.read(altered.ledger, limit: 1 << 30)
    guard let spot = Demo.find("\"quantity\"", in: file) else {
      throw LedgerError(.notFound, "The season's ledger has no quantity to alter.")
    }
    file[spot + 2] ^= 0x01
    try Console.write(file, to: altered.ledger)
    tell("One byte of a copy of \(consortium.names[0])'s ledger is changed:")
    let report = try await altered.audit(suite: TraceabilityApp.suite)
    guard let fault = report.faults.first else {
      throw LedgerError(.damaged, "The audit of the altered copy found nothing: this must not happen.")
    }
    tell("  audit: \(fault.place): \(fault.what)")
    let sound = try await consortium.folder(consortium.names[0]).audit(suite: TraceabilityApp.suite)
    tell(
      "  audit of the true copy: \(sound.isSound ? "sound" as Message : "\(sound.faults)"), \(sound.signatures) entries checked."
    )
    try? FileManager.default.removeItem(atPath: copy)
  }

  private static func trimmed(_ text: Substring) -> Substring { text.last == " " ? text.dropLast() : text }

  private static func find(_ text: String, in bytes: [UInt8]) -> Int? {
    let needle = Array(text.utf8)
    var start = 0
    while let found = bytes[start...].firstIndex(of: needle[0]) {
      if bytes[found...].starts(with: needle) { return found }
      start = found + 1
    }
    return nil
  }
}
