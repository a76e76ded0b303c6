import ArgumentParser
import Foundation
import Ledger
import LedgerServer
import MediaAudio
import MediaHash
import Primitives
import Rights
import Value

/// `demo`: a right is established, used and enforced, ending in an evidence package that is verified offline.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Plays the story end to end: register, license, find uploads, evidence, verify.")

  @Option(
    name: .customLong("data"), help: "Where the ledger is made; a temporary folder, removed at the end, unless given.")
  var path: String?
  @Option(help: "Everything that is random follows from this number; one seed, one log root.") var seed: UInt64 = 2026
  @Option(help: "Telephones that upload.") var devices = 60
  @Flag(help: "Goes on serving the finished ledger over HTTP until Ctrl-C.") var serve = false

  func run() async throws {
    try await Console.run {
      guard (1...10_000).contains(devices) else { throw ValidationError("--devices is 1 to 10000.") }
      let folder =
        path ?? FileManager.default.temporaryDirectory.path + "/copyright-demo-\(UUID().uuidString.prefix(8))"
      defer { if path == nil { try? FileManager.default.removeItem(atPath: folder) } }
      try await Demo(folder: folder, seed: seed, devices: devices).play()
      guard serve else { return }
      try await ServeCommand<CopyrightApp>.parse(["--data", folder, "--all"]).run()
    }
  }
}

/// One playing of the story.
private struct Demo {
  let folder: String
  let seed: UInt64
  let devices: Int
  let consortium: Consortium
  let clock: ManualClock
  let random: RightsRandom
  let hasher = Hashing.hasher

  /// 1 January 2026, when the uploads begin: in the past, so that a server of the ledger takes statements of today.
  static let start: UInt64 = 1_767_225_600_000
  static let day: UInt64 = 86_400_000

  /// A work of the story: its file and who registers it.
  struct Work {
    let title: String
    let file: [UInt8]
    let name: String
    let owner: String
  }

  init(folder: String, seed: UInt64, devices: Int) throws {
    (self.folder, self.seed, self.devices) = (folder, seed, devices)
    clock = ManualClock(Demo.start - Demo.day)
    random = RightsRandom(seed: seed)
    let members: [(name: String, title: String, role: Member.Role)] = [
      ("agency", "Picture agency", .member), ("press", "Publishing house", .member), ("label", "Record label", .member),
      ("platform", "Video platform", .member), ("court", "Court", .regulator),
    ]
    consortium = try .found(
      at: folder, suite: CopyrightApp.suite, plan: Consortium.Plan(members: members, seed: seed, time: clock.now()))
  }

  private func tell(_ line: Message = "") { Console.answer(line) }

  private func desk(_ member: String, _ open: OpenConsortium) throws -> RightsDesk {
    clock.advance(by: 60_000)
    return RightsDesk(
      node: open.sequencer, member: member, key: try Working.key(member, consortium), clock: clock, random: random)
  }

  func play() async throws {
    let open = try await consortium.open(suite: CopyrightApp.suite, clock: clock)
    do { try await play(open) } catch {
      await open.close()
      throw error
    }
    await open.close()
  }

  private func play(_ open: OpenConsortium) async throws {
    tell("\(consortium.names.count) members found \(open.sequencer.genesis.origin).")
    var atelier = Atelier(seed: seed)
    let film = atelier.scenes(12)
    let photo = atelier.picture()
    let (text, sound) = (atelier.text(), atelier.melody())
    let works = [
      Work(title: "Evening harbour", file: Atelier.jpeg(photo), name: "harbour.jpg", owner: "agency/photographer"),
      Work(title: "Letters from a bridge", file: Array(text.utf8), name: "letters.txt", owner: "press/author"),
      Work(
        title: "Lantern song", file: Atelier.sound(sound, as: .flac), name: "lantern.flac", owner: "label/band"),
      Work(title: "The orchard", file: Atelier.film(film), name: "orchard.y4m", owner: "agency/studio"),
    ]
    tell()
    tell("1. Establish the right")
    var ids: [String] = []
    try FileManager.default.createDirectory(atPath: folder + "/works", withIntermediateDirectories: true)
    for work in works {
      try Console.write(work.file, to: "\(folder)/works/\(work.name)")
      ids.append(try await register(work, open))
    }
    try await refuse(photo, &atelier, open)

    tell()
    tell("2. Use it")
    let licence = try await license(ids[0], open)
    tell()
    tell("3. Enforce it")
    let incident = try await watch(works, ids, photo, film, text, sound, &atelier, open)
    try await enforce(incident, ids[0], licence, open)
    try await open.settle()
    guard open.nodes.allSatisfy({ $0.head.root == open.sequencer.head.root }) else {
      throw LedgerError(.diverged, "The members came to different roots: this must not happen.")
    }
    let head = open.sequencer.head
    tell()
    tell(
      "Log: \(head.size) entries, root \(Base64.encode(head.root.bytes)); state \(head.seal.stateRoot.hex.prefix(16))…; "
        + "seed \(seed). All \(open.nodes.count) members have it.")
    tell("The same seed gives the same roots. Look around: copyright incidents --data DIR, after demo --data DIR.")
  }

  private func register(_ work: Work, _ open: OpenConsortium) async throws -> String {
    let member = Party.member(of: work.owner)
    guard let owners = Shares([Share(work.owner, Shares.whole)]) else { return "" }
    var wish = RightsDesk.Wish(title: work.title, owners: owners)
    wish.outsideNumber = "DCI-\(work.name)"
    let (registration, outcome) = try await desk(member, open).register(work.file, wish, hasher: hasher)
    let place = try outcome.place()
    tell(
      "  entry \(place): \(Message(registration.workKind.name)) '\(work.title)' of \(work.owner), "
        + "\(registration.codes.count) codes, \(registration.iscc)")
    return registration.work
  }

  private func refuse(_ photo: RGBImage, _ atelier: inout Atelier, _ open: OpenConsortium) async throws {
    let copy = atelier.altered(photo, .recompressed)
    guard let owners = Shares([Share("platform/someone", Shares.whole)]) else { return }
    let (_, outcome) = try await desk("platform", open).register(
      copy, .init(title: "My harbour", owners: owners), hasher: hasher)
    guard case .refused(let entry, let refusal) = outcome, refusal.code == "near-duplicate" else {
      throw LedgerError(.notProved, "The near-duplicate was registered: this must not happen.")
    }
    tell("  entry \(entry): refused on record (\(refusal.code)): \(refusal.message)")
  }

  private func license(_ work: String, _ open: OpenConsortium) async throws -> UInt64 {
    let share = ShareTransfer(
      work: work, from: "agency/photographer", to: "label/investor", ppm: 333_333, reason: .sale, price: 20_000_00)
    tell(
      "  entry \(try await desk("agency", open).state(share).place()): a third of the photo is sold to label/investor.")
    let greedy = ShareTransfer(
      work: work, from: "agency/photographer", to: "press/x", ppm: 700_000, reason: .gift)
    try await expectRefused(greedy, by: "agency", "share-insufficient", open)
    let from = Demo.start - Demo.day / 2
    var terms = LicenceTerms(
      work: work, licensee: "press/magazine", uses: Uses([.network, .reproduction]),
      territory: Territory(["CN"]) ?? .world, from: from, until: from + 30 * Demo.day, isExclusive: true,
      royaltyPPM: 50_000)
    try await expectRefused(LicenceGrant(terms), by: "agency", "consent-missing", open)
    _ = try await desk("label", open).state(LicenceConsent(work: work, terms: terms.digest)).place()
    let licence = try await desk("agency", open).state(LicenceGrant(terms)).place()
    tell(
      "  entry \(licence): press/magazine alone may show it on the network in China for 30 days, for 5 % of revenue.")
    let report = RoyaltyReport(work: work, licence: licence, period: "2026-01", revenue: 1_234_567)
    let royalty = try await desk("press", open).state(report).place()
    let dues = RoyaltyRecord(
      reading: try open.sequencer.head.value(CopyrightContract.royalties.key(.sha256(work), order: royalty)))
    for due in dues?.dues ?? [] {
      tell("  entry \(royalty): \(due.debtor) owes \(due.creditor) \(Money(due.amount, .cny).description).")
    }
    terms.licensee = "platform/channel"
    terms.territory = .world
    _ = try await desk("label", open).state(LicenceConsent(work: work, terms: terms.digest)).place()
    try await expectRefused(LicenceGrant(terms), by: "agency", "licence-conflict", open)
    return licence
  }

  private func expectRefused(
    _ document: some RightsDocument, by member: String, _ code: String, _ open: OpenConsortium
  ) async throws {
    guard case .refused(let entry, let refusal) = try await desk(member, open).state(document), refusal.code == code
    else { throw LedgerError(.notProved, "What should be refused (\(code)) was not: this must not happen.") }
    tell("  entry \(entry): refused on record (\(code)): \(refusal.message)")
  }

  private func watch(
    _ works: [Work], _ ids: [String], _ photo: RGBImage, _ film: [RGBImage], _ text: String, _ sound: [Int16],
    _ atelier: inout Atelier, _ open: OpenConsortium
  ) async throws -> UInt64 {
    let uploads = try MobileUploads.arrivals(devices: devices, seconds: 60, seed: seed)
    var draw = SeededGenerator(seed: seed ^ 0x75_706c_6f61_64)
    let projection = Projection()
    let desk = RightsDesk(
      node: open.sequencer, member: "platform", key: try Working.key("platform", consortium), clock: clock,
      random: random)
    var (planted, found, wrong) = (0, 0, 0)
    var verdicts: [Verdict: Int] = [:]
    var accused: UInt64?
    var told: Set<String> = []
    for upload in uploads {
      clock.set(max(clock.now(), Demo.start + upload.time / 1000))
      let choice = draw.next() % 20
      let change = Atelier.Change.allCases[Int(draw.next() % 5)]
      let (file, work): ([UInt8], Int?) =
        switch choice {
        case 0, 1: (atelier.altered(photo, change), 0)
        case 2: (Array(atelier.copying(text).utf8), 1)
        case 3: (atelier.recorded(sound), 2)
        case 4: (Atelier.film(film.dropLast(), brighter: 6), 3)
        case 5: (Array(atelier.text(sentences: 30, inChinese: true).utf8), nil)
        case 6: (Atelier.sound(atelier.melody(seconds: 10), as: .mp3), nil)
        default: (Atelier.jpeg(atelier.picture(width: 320, height: 240)), nil)
        }
      // The magazine is among those that upload the photo.
      let user = choice == 1 ? "press/magazine" : "platform/user-\(upload.device)"
      let now = clock.now()
      let seen = RightsDesk.Upload(
        file: file, place: "https://video.example/\(upload.device)/\(upload.time)", platform: "platform", user: user,
        country: "CN", seenAt: now,
        captureLog: """
          \(upload.log)
          \(file.count) bytes received at \(Timestamp.text(now)); \(CopyrightApp.version); simulated network, seed \(seed)

          """)
      let incident = try await desk.look(at: seen, hasher: hasher, projection: projection)
      if work != nil { planted += 1 }
      guard let incident else { continue }
      if let work, ids[work] == incident.work { found += 1 } else { wrong += 1 }
      if let work, told.insert("\(work) \(work == 0 ? change.rawValue : "")").inserted { tell(like(incident)) }
      verdicts[incident.verdict, default: 0] += 1
      if incident.verdict == .infringing, incident.work == ids[0], accused == nil {
        accused = incident.entry
        tell(
          "  incident \(incident.entry): \(user) uploads a copy of 'Evening harbour' (\(Message(change.rawValue))), distance "
            + "\(incident.distance) of 256")
      }
    }
    tell(
      "  \(uploads.count) uploads over eMBB in a minute: \(planted) altered copies, \(found) found, \(wrong) wrongly found; "
        + "\(verdicts[.licensed] ?? 0) licensed, \(verdicts[.infringing] ?? 0) infringing.")
    guard let accused else {
      throw LedgerError(
        .notFound, "No infringing copy of the photo was uploaded. Take another --seed, or more --devices.")
    }
    return accused
  }

  /// What was found, and how near it is.
  private func like(_ incident: Incident) -> Message {
    switch incident.algorithm {
    case .passage:
      "  incident \(incident.entry): a copied passage, from character \(incident.probe) of the upload and "
        + "\(incident.variant) of the work (\(Message(incident.verdict.name)))"
    case .sound:
      "  incident \(incident.entry): recorded sound, distance \(incident.distance) of 256 a second "
        + "(\(Message(incident.verdict.name)))"
    default:
      "  incident \(incident.entry): \(incident.algorithm.name) distance \(incident.distance), registered variant "
        + "\(incident.variant), probe \(incident.probe) (\(Message(incident.verdict.name)))"
    }
  }

  private func enforce(
    _ incident: UInt64, _ work: String, _ licence: UInt64, _ open: OpenConsortium
  ) async throws {
    let notice = IncidentStep(incident, .notice, reason: "no licence: take the copy down", document: .sha256("notice"))
    tell("  entry \(try await desk("agency", open).state(notice).place()): the agency gives notice.")
    try await open.settle()
    let package = try await desk("agency", open).evidence(
      incident, tools: Hashing.tools)
    let bytes = package.encoded()
    try Console.write(bytes, to: folder + "/incident.evidence")
    let policy = try VerifyCommand<CopyrightApp>.policy(at: folder + "/policy.txt")
    let proved = try EvidencePackage(decoding: bytes).verify(policy: policy, rehash: Hashing.rehash)
    tell(
      "  incident.evidence, \(bytes.count / 1024) KiB: VERIFIED offline, co-signed by "
        + "\(proved.bundle.signers.map { Message($0.name) }.joined(separator: ", ")).")
    tell("    \(proved.proved.verdict)")

    let question = TitleQuestion(work: work, time: Demo.start)
    let title = try open.sequencer.prove { view throws(LedgerError) in try question.request(in: view) }
    try Console.write(title.encoded(), to: folder + "/title.proof")
    tell("  title.proof: VERIFIED offline:")
    for claim in try TitleQuestion.claims(title.verify(policy: policy)) ?? [] where claim.contains(" owned ") {
      tell("    \(claim)")
    }
    var altered = bytes
    let place = bytes.count * 2 / 3
    altered[place] ^= 1
    try Console.write(altered, to: folder + "/incident-altered.evidence")
    do {
      _ = try EvidencePackage(decoding: altered).verify(policy: policy)
    } catch {
      tell("  One bit of a copy is changed (byte \(place)): \(error.message)")
      return
    }
    throw LedgerError(.notProved, "The altered package was accepted: this must not happen.")
  }
}
