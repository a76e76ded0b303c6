import Foundation
import LedgerTestKit
import Testing

@Suite("Clips of cameras")
struct CameraTests {
  @Test("a clip handed over is proved whole, or shown where it is not")
  func clip() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    func run(_ arguments: String...) throws -> Program.Result {
      try Program.run("smartcity", arguments + ["--data", data])
    }
    #expect(try run("init", "--members", "4").code == 0)
    for (role, member) in [("manufacturer", "org-2"), ("registrar", "org-3")] {
      #expect(try run("role", role, member, "--as", "org-1", "--as", "org-2", "--as", "org-3").code == 0)
    }
    let camera = "urn:dev:mac:0024befffe804ff2"
    let added = try run(
      "device", "add", camera, "--key", data + "/camera.pem", "--owner", "org-1", "--manufacturer", "org-2",
      "--registrar", "org-3", "--cell", "cell-1", "--capability", "frame::0:0:0:1:1")
    #expect(added.code == 0, "\(added)")
    func folder(_ name: String, _ edit: (inout [String: Data]) -> Void = { _ in }) throws -> String {
      var frames: [String: Data] = [:]
      for number in 0..<12 { frames["frame-\(10 + number).jpg"] = Data("picture \(number)".utf8) }
      edit(&frames)
      let path = data + "/" + name
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (file, bytes) in frames { try bytes.write(to: URL(filePath: path + "/" + file)) }
      return path
    }
    let clip = data + "/clip.json"
    let sealed = try run(
      "camera", "seal", try folder("whole"), "--camera", camera, "--key", data + "/camera.pem", "--group", "5", "--out",
      clip)
    #expect(sealed.code == 0 && sealed.output.contains("12 frames") && sealed.output.contains("3 groups"), "\(sealed)")
    let whole = try run("camera", "check", clip, data + "/whole", "--proof", data + "/camera.proof")
    #expect(whole.code == 0 && whole.output == "AUTHENTIC\n", "\(whole)")
    let lossy = try run("camera", "check", clip, try folder("lossy") { $0["frame-16.jpg"] = nil })
    #expect(lossy.code == 0 && lossy.output.hasPrefix("AUTHENTIC WITH MISSING NAL UNITS"), "\(lossy)")
    #expect(lossy.output.contains("group 2, frame-15.jpg to frame-19.jpg: 4 of 5 frames are here."))
    for (name, edit) in [
      ("changed", { $0["frame-17.jpg"] = Data("other".utf8) }), ("added", { $0["frame-17b.jpg"] = Data("new".utf8) }),
      ("swapped", { $0["frame-17.jpg"] = $0["frame-18.jpg"] }),
    ] as [(String, (inout [String: Data]) -> Void)] {
      let result = try run("camera", "check", clip, try folder(name, edit))
      #expect(result.code == 1 && result.output.hasPrefix("NOT AUTHENTIC\n  group 2"), "\(name) \(result)")
    }
    // What the camera signed, forged: the ledger's record does not vouch for it.
    let text = try String(contentsOfFile: clip, encoding: .utf8)
    let place = try #require(text.range(of: "\"groupHash\" : \""))
    var forged = text
    forged.replaceSubrange(place.upperBound..<forged.index(place.upperBound, offsetBy: 4), with: "0000")
    try forged.write(toFile: data + "/forged.json", atomically: true, encoding: .utf8)
    #expect(try run("camera", "check", data + "/forged.json", data + "/whole").code == 1)
    let proof = try Program.run("smartcity", ["verify", data + "/camera.proof", "--policy", data + "/policy.txt"])
    #expect(proof.code == 0 && proof.output.contains("3 groups of pictures on record"), "\(proof)")
    #expect(try run("camera", "groups", camera).output.contains("group 3: 2 frames"))
    #expect(try run("camera", "check", clip, data + "/nowhere").code == 2)
  }
}
