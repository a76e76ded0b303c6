import ArgumentParser
import Foundation
import Ledger
import LedgerServer
import MediaDecode
import Primitives
import Rights

/// `stream`: simulated telephones upload files to a running server.
struct StreamCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream",
    abstract: "Simulated telephones upload files to a server over the eMBB slice, each when the network delivers it.")
  @Argument(help: "The files, or folders of them; each upload is one of them, drawn by the seed.") var files: [String]
  @Option(help: "The server, for example http://127.0.0.1:8103.") var to: String
  @Option(help: "The member's access token; better in TALLYSTICK_TOKEN.") var token: String?
  @Option(help: "Whose users they are: a member, for example platform; each telephone is a user of its own.")
  var member: String
  @Option(help: "In which country, two letters.") var country = "CN"
  @Option(help: "How it is used, for example network, reproduction or adaptation.") var use = "network"
  @Option(help: "Telephones that upload, 1 to 10000; each every 40 seconds on average.") var devices = 60
  @Option(help: "Seconds of simulated time, 1 to 3600.") var seconds = 60
  @Option(help: "Simulated seconds to one of real time; 0 for as fast as the server answers.") var speed = 1.0
  @Option(help: "Everything that is random follows from this number.") var seed: UInt64 = 2026
  @Flag(help: "Pictures are uploaded smaller, cropped, bordered, mirrored or turned, as copies often are.")
  var alter = false
  @Flag(help: "One JSON document on standard output.") var json = false

  private struct Answer: Encodable {
    var uploads = 0
    var licensed = 0
    var infringing = 0
    var insufficientQuality = 0
    var disputed = 0
    var unmatched = 0
    var refused = 0

    /// The counts in a sentence.
    func line(_ devices: Int) -> Message {
      "\(uploads) uploads of \(devices) telephones: \(licensed) licensed, \(infringing) infringing, "
        + "\(insufficientQuality) of insufficient quality, \(disputed) disputed, \(unmatched) like no "
        + "registered work, \(refused) refused by the server."
    }

    /// Counts what a server answered.
    mutating func count(_ answer: ReadingPoster.Answer) {
      uploads += 1
      guard answer.status == 200 else {
        refused += 1
        return
      }
      switch answer.text.firstMatch(of: #/"verdict":"([A-Za-z]+)"/#)?.1 {
      case "licensed"?: licensed += 1
      case "infringing"?: infringing += 1
      case "insufficientQuality"?: insufficientQuality += 1
      case "disputed"?: disputed += 1
      default: unmatched += 1
      }
    }
  }

  /// Uploads under way at a time.
  private static let parallel = 4

  func validate() throws {
    guard (1...MobileUploads.devicesLimit).contains(devices), (1...MobileUploads.secondsLimit).contains(seconds),
      speed >= 0, speed <= 1_000_000
    else { throw ValidationError("--devices is 1 to 10000, --seconds 1 to 3600, --speed 0 to 1000000.") }
  }

  func run() async throws {
    try await Console.run {
      let files = try Working.paths(files).map { try Console.read($0, limit: Limits.documentBytes) }
      guard !files.isEmpty else { throw ValidationError("There is no file to upload.") }
      let token = token ?? ProcessInfo.processInfo.environment["TALLYSTICK_TOKEN"]
      let uploads = try MobileUploads.arrivals(devices: devices, seconds: seconds, seed: seed)
      var draw = SeededGenerator(seed: seed ^ 0x75_706c_6f61_64)
      var atelier = Atelier(seed: seed)
      let progress = Progress("Uploading")
      var (answer, reason) = (Answer(), Message?.none)
      func count(_ done: ReadingPoster.Answer) {
        answer.count(done)
        if done.status != 200, reason == nil { reason = Self.reason(done) }
      }
      let start = ContinuousClock.now
      try await withThrowingTaskGroup(of: ReadingPoster.Answer.self) { group in
        for (number, upload) in uploads.enumerated() {
          let file = copy(of: files[Int(draw.next() % UInt64(files.count))], &draw, &atelier)
          if speed > 0 {
            let due = start + .microseconds(Int64(Double(upload.time) / speed))
            try await Task.sleep(until: due, clock: .continuous)
          }
          if number >= Self.parallel, let done = try await group.next() { count(done) }
          let poster = try ReadingPoster(url: address(upload), token: token, seconds: 60)
          group.addTask { try await poster.post(file, mediaType: "application/octet-stream") }
          progress.show(UInt64(number + 1), of: UInt64(uploads.count))
        }
        for try await done in group { count(done) }
      }
      if json { try Console.answer(json: answer) } else { Console.answer(answer.line(devices)) }
      guard answer.refused < answer.uploads || answer.uploads == 0 else {
        throw LedgerError(.refused, "The server refused every upload: \(reason ?? "")")
      }
    }
  }

  /// Why a server refused: the problem's detail (RFC 9457), or the status.
  private static func reason(_ answer: ReadingPoster.Answer) -> Message {
    guard let detail = answer.text.firstMatch(of: #/"detail":"(.*?)"/#)?.1 else { return "\(answer.status)" }
    return Message(said: String(detail))
  }

  private func address(_ upload: MobileUploads.Arrival) -> String {
    let place = RightsServer.escaped("https://\(member).example/\(upload.device)/\(upload.time)")
    let user = RightsServer.escaped("\(member)/user-\(upload.device)")
    return "\(to)/uploads?user=\(user)&place=\(place)&country=\(RightsServer.escaped(country))"
      + "&use=\(RightsServer.escaped(use))&via=\(RightsServer.escaped(upload.log))"
  }

  /// The file, or an altered copy of it if it is a picture.
  private func copy(of file: [UInt8], _ draw: inout SeededGenerator, _ atelier: inout Atelier) -> [UInt8] {
    let change = Atelier.Change.allCases[Int(draw.next() % UInt64(Atelier.Change.allCases.count))]
    guard alter, case .picture(let picture)? = try? Hashing.hasher.decoded(file) else { return file }
    return atelier.altered(picture.image, change)
  }
}
