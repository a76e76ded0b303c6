import ArgumentParser
import COSE
import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

/// `camera`: clips that are proved whole, or shown where they are not.
struct CameraCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "camera", abstract: "Signs a camera's frames in linked groups; says if a clip is whole and unaltered.",
    subcommands: [Seal.self, Check.self, Groups.self])

  struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Puts the groups of a folder of frames onto the ledger, signed by the camera.")
    @Argument(help: "The folder with the frames, one file each, in the order of their names.") var folder: String
    @Option(help: "The camera's URN; it is certified.") var camera: String
    @Option(help: "The camera's private key (PEM).") var key: String
    @Option(help: "Frames of a group, 1 to 1000.") var group = 25
    @Option(help: "Where what the camera signed is written.") var out: String
    @OptionGroup var data: DataOption

    func run() async throws {
      try await Console.run {
        guard (1...1000).contains(group) else { throw ValidationError("--group is 1 to 1000.") }
        let key = try DeviceCommand.load(key)
        let frames = try Clip.frames(in: folder)
        let clock = SystemClock()
        var clip = Clip(camera: camera, groups: [])
        try await Consortium(path: data.path).with(SmartCityApp.suite, clock) { open in
          let head = try open.sequencer.head.value(EdgeRules.cameraHeads.key(.sha256(camera)))
            .map { try Recorded<CameraLink>(decoding: $0).document }
          var (counter, link) = (head?.counter ?? 0, head?.anchor ?? Digest())
          var start = 0
          while start < frames.count {
            let part = frames[start..<min(start + group, frames.count)]
            start += part.count
            counter += 1
            guard
              let signed = CameraGroup(
                counter: UInt32(truncatingIfNeeded: counter), link: link, frames: part.map(\.digest))
            else { break }
            let document = CameraLink(
              camera: camera, counter: counter, link: link, anchor: signed.anchor, groupHash: signed.groupHash,
              frames: UInt64(part.count), start: clock.now() * 1000)
            let statement = try document.statement(
              issuer: camera, subject: camera, time: clock.now(), claimID: .random(), key: key, carryingKey: true)
            _ = try await open.sequencer.submit([statement.entry])[0].place()
            clip.groups.append(
              Clip.Group(
                counter: signed.counter, link: link.hex, anchor: signed.anchor.hex, groupHash: signed.groupHash.hex,
                frames: zip(part, signed.hashes).map { Clip.Frame(file: $0.file, hash: $1.hex) }))
            link = signed.anchor
          }
          try await open.settle()
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        try Console.write(Array(try encoder.encode(clip)), to: out)
        Console.answer(
          "\(frames.count) frames of \(camera) are on the ledger in \(clip.groups.count) groups; what the camera signed is in \(out)."
        )
      }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives one of the four verdicts of ONVIF media signing on a clip, and where it is not whole.")
    @Argument(help: "What the camera signed, from camera seal.") var clip: String
    @Argument(help: "The folder with the frames as they were received.") var folder: String
    @OptionGroup var data: DataOption
    @Option(help: "Writes the proof of the camera's record to this file.") var proof: String?

    func run() async throws {
      try await Console.run {
        let bytes = try Console.read(self.clip, limit: Limits.documentBytes)
        guard let clip = try? JSONDecoder().decode(Clip.self, from: Data(bytes)) else {
          throw LedgerError(.malformed, "\(self.clip) is no file of camera seal.")
        }
        let frames = try Clip.frames(in: folder)
        let question = CityQuestion.camera(clip.camera)
        let links = try await Consortium(path: data.path).with(SmartCityApp.suite, SystemClock()) { open in
          try await open.settle()
          let bundle = try open.sequencer.prove(question.request)
          let policy = try open.sequencer.head.configuration.policy(origin: open.sequencer.genesis.origin)
          let list = try bundle.verify(policy: policy).list(question.prefix) ?? []
          if let proof { try Console.write(bundle.encoded(), to: proof) }
          return try list.compactMap { try $0.value.map { try Recorded<CameraLink>(decoding: $0).document } }
        }
        let received = try clip.received(frames) { counter in links.first { $0.counter == counter } }
        let (verdict, places) = CameraVerdict.judge(received)
        Console.answer("\(verdict.rawValue)")
        for place in places {
          let group = clip.groups[place]
          Console.answer(
            "  group \(group.counter), \(group.frames.first?.file ?? "") to \(group.frames.last?.file ?? ""): "
              + "\(received[place].frames.count) of \(group.frames.count) frames are here.")
        }
        if verdict == .notAuthentic { throw ExitCode(1) }
      }
    }
  }

  struct Groups: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists a camera's groups of pictures on the ledger, with the proof that none was left out.")
    @Argument(help: "The camera's URN.") var camera: String
    @OptionGroup var options: AnswerOptions
    func run() async throws { try await Console.run { try await options.answer(.camera(camera)) } }
  }
}
