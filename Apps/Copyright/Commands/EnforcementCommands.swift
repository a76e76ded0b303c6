import ArgumentParser
import Foundation
import Ledger
import LedgerServer
import Primitives
import Rights
import TimeStamp

/// An incident in JSON.
struct IncidentAnswer: Encodable {
  let incident: UInt64
  let work: String
  let verdict: String
  let distance: UInt64
  let user: String
  let place: String
  let seenAt: String
  let licence: UInt64?
  let steps: [String]

  init(_ incident: Incident) {
    (self.incident, work, verdict) = (incident.entry, incident.work, incident.verdict.name)
    (distance, user, place) = (incident.distance, incident.user, incident.place)
    (seenAt, licence) = (Timestamp.text(incident.seenAt), incident.licence)
    steps = incident.steps.map(\.step.name)
  }

  var line: Message {
    let later = steps.isEmpty ? "" : ", " + steps.joined(separator: ", ")
    return "\(incident)  \(seenAt)  \(Message(verdict))  \(work)  \(user)  \(place)  (distance \(distance))\(later)"
  }
}

/// `watch`: looks at uploads.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Looks at uploads; each that is like a registered work becomes an incident.")
  @Argument(help: "The uploaded files, or folders of them.") var files: [String]
  @OptionGroup var stating: StatingOptions
  @Option(help: "Who uploaded them, a party.") var user: String
  @Option(help: "Where they were seen; the file's name is appended.") var place = "file://"
  @Option(help: "The member that runs the place.") var platform: String?
  @Option(help: "In which country, two letters.") var country = "CN"
  @Option(help: "How it was used, for example network, reproduction or adaptation.") var use = "network"

  func run() async throws {
    try await Console.run {
      guard let use = Use(name: use) else {
        throw ValidationError("'\(use)' is no use; there are \(Use.allCases.map(\.name).joined(separator: ", ")).")
      }
      let uploads = try Working.paths(files).map { ($0, try Console.read($0, limit: Limits.documentBytes)) }
      let found = try await stating.state { desk, _ in
        let projection = Projection(path: stating.data.path + "/search")
        var found: [IncidentAnswer] = []
        for (path, bytes) in uploads {
          let now = desk.clock.now()
          let name = path.split(separator: "/").last.map { String($0) } ?? path
          var upload = RightsDesk.Upload(
            file: bytes, place: place + name, platform: platform, user: user, country: country, seenAt: now,
            captureLog:
              "read \(name), \(bytes.count) bytes, at \(Timestamp.text(now)) by the system clock with \(CopyrightApp.version)\n"
          )
          upload.use = use
          do {
            guard let incident = try await desk.look(at: upload, hasher: Hashing.hasher, projection: projection) else {
              continue
            }
            found.append(IncidentAnswer(incident))
          } catch {
            // A file that cannot be read as a work is passed over; anything else ends the watch.
            guard let error = error as? LedgerError, error.kind == .malformed || error.kind == .limit else {
              throw error
            }
            Console.say("\(path): \(error.message)")
          }
        }
        return found
      }
      if stating.json { return try Console.answer(json: found) }
      for incident in found { Console.answer(incident.line) }
      Console.say("\(found.count) of \(uploads.count) uploads are like registered works.")
    }
  }
}

/// `incidents`: what has been seen.
struct IncidentsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "incidents", abstract: "Lists uses that were seen.")
  @OptionGroup var data: DataOption
  @Option(help: "Only of this work.") var work: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  func run() async throws {
    try await Console.run {
      let list = try await Consortium(path: data.path).with(CopyrightApp.suite, SystemClock()) { open in
        try CopyrightApp.incidents(of: work, in: open.sequencer.head)
      }
      if json { return try Console.answer(json: list) }
      for incident in list { Console.answer(incident.line) }
      Console.say("\(list.count) incidents.")
    }
  }
}

extension CopyrightApp {
  /// The incidents of one work, or all, in the order of the log.
  static func incidents(of work: String?, in view: LedgerView) throws(LedgerError) -> [IncidentAnswer] {
    let prefix = work.map { CopyrightContract.workIncidents.prefix(.sha256($0)) }
    var list: [IncidentAnswer] = []
    for (_, value) in try view.list(prefix ?? CopyrightContract.incidents.prefix()) {
      if let incident = Incident(reading: value) { list.append(IncidentAnswer(incident)) }
    }
    return list
  }
}

/// `step`: notice, counter-notice, end.
struct StepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "Takes a step in an incident: notice, counterNotice, removed, settled and so on.")
  @Argument(help: "The incident.") var incident: UInt64
  @Argument(help: "notice, counterNotice, removed, settled, withdrawn, upheld or rejected.") var step: String
  @OptionGroup var stating: StatingOptions
  @Option(help: "On what ground.") var reason: String
  @Option(help: "What was sent or decided: a file whose SHA-256 is stated.") var document: String?

  func run() async throws {
    try await Console.run {
      guard let kind = IncidentStep.Step.allCases.first(where: { $0.name == step }) else {
        throw ValidationError("A step is \(IncidentStep.Step.allCases.map(\.name).joined(separator: ", ")).")
      }
      try await stating.state(
        IncidentStep(incident, kind, reason: reason, document: try Working.digest(of: document)))
    }
  }
}

/// `evidence`: the package of an incident.
struct EvidenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Writes an incident's evidence package, which anyone verifies offline.")
  @Argument(help: "The incident.") var incident: UInt64
  @OptionGroup var stating: StatingOptions
  @Option(help: "The file to write.") var out: String
  @Option(help: "Writes the proof alone to this file, for a time-stamp authority.") var proof: String?
  @Option(help: "An RFC 3161 token over that proof, to go into the package.") var timestamp: String?
  @Option(help: "The address of a time-stamp authority that stamps the proof; TALLYSTICK_TSA unless given.") var tsa:
    String?

  func run() async throws {
    try await Console.run {
      let token = try timestamp.map { try Console.read($0, limit: TimeStampToken.limit) }
      let authority = token == nil ? try TimeStampAuthority.configured(tsa) : nil
      let consortium = try Consortium(path: stating.data.path)
      let key = try Working.key(stating.member, consortium)
      let package = try await consortium.with(CopyrightApp.suite, SystemClock()) { open in
        try await open.settle()
        let desk = RightsDesk(node: open.sequencer, member: stating.member, key: key, clock: SystemClock())
        return try await desk.evidence(
          incident, tools: Hashing.tools
        ) { proof in
          if let token { return token }
          return try await authority?.stamp(proof)
        }
      }
      let bytes = package.encoded()
      try Console.write(bytes, to: out)
      if let proof, let part = package[.proof] { try Console.write(part.bytes, to: proof) }
      Console.say(
        "The package, \(bytes.count) bytes, is in \(out). Check it with: copyright verify \(out) --policy "
          + "\(stating.data.path)/policy.txt")
    }
  }
}

/// `verify`: a proof or an evidence package, offline.
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks a proof or an evidence package offline, and says in words what is proved.")
  @Argument(help: "The proof or package.") var file: String
  @Option(help: "The trust policy: whom you believe.") var policy: String
  @Option(help: "How old the co-signatures may be, for example 90s, 15m, 24h or 30d.") var maxAge: String?
  @Option(help: "Certificates of time-stamp authorities that you trust, PEM: checks the package's time stamp too.")
  var authorities: String?
  @Option(help: "Writes the package's parts into this folder.") var extract: String?
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    let verified: Bool
    let claims: [Message]
    let size: UInt64
    let root: String
    let signers: [String]
    let fault: Message?
  }

  func run() async throws {
    try await Console.run {
      let bytes = try Console.read(file, limit: Limits.bundleBytes)
      guard EvidencePackage.isPackage(bytes) else {
        var arguments = [file, "--policy", policy]
        if let maxAge { arguments += ["--max-age", maxAge] }
        if json { arguments.append("--json") }
        return try await VerifyCommand<CopyrightApp>.parse(arguments).run()
      }
      let trusted = try VerifyCommand<CopyrightApp>.policy(at: policy)
      do {
        let proved = try EvidencePackage(decoding: bytes).verify(
          policy: trusted, authorities: authorities.map { try Console.read($0, limit: 1 << 20) },
          rehash: Hashing.rehash)
        let claims = BundleClaims.text(proved.bundle, app: proved.claims)
        if json {
          try Console.answer(
            json: Answer(
              verified: true, claims: claims, size: proved.bundle.size, root: Base64.encode(proved.bundle.root.bytes),
              signers: proved.bundle.signers.map(\.name), fault: nil))
        } else {
          Console.answer("VERIFIED")
          for claim in claims { Console.answer("- " + claim) }
        }
        if let extract { try write(proved.package, to: extract) }
      } catch let error as LedgerError {
        guard json else { throw LedgerError(.notProved, error.message) }
        try Console.answer(
          json: Answer(verified: false, claims: [], size: 0, root: "", signers: [], fault: error.message))
        throw ExitCode(1)
      }
    }
  }

  private func write(_ package: EvidencePackage, to folder: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw LedgerError(.unavailable, "The folder \(folder) cannot be made: \(error.localizedDescription).")
    }
    // The names are those of an enumeration, so no part can be written elsewhere.
    for part in package.parts { try Console.write(part.bytes, to: "\(folder)/\(part.name.rawValue)") }
  }
}
