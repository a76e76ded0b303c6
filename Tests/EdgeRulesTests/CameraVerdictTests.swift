import Edge
import Primitives
import Testing

@Suite("The verdict on a clip")
struct CameraVerdictTests {
  /// A clip of groups with five frames each, as recorded.
  private static func clip(_ count: Int = 4) throws -> [ReceivedGroup] {
    var groups: [ReceivedGroup] = []
    var link = Digest()
    for number in 0..<count {
      let frames = (0..<5).map { Digest.sha256("frame \(number) \($0)") }
      let group = try #require(CameraGroup(counter: UInt32(number + 1), link: link, frames: frames))
      link = group.anchor
      groups.append(ReceivedGroup(frames: frames, group: group, isVouchedFor: true))
    }
    return groups
  }

  private static func edited(
    _ clip: [ReceivedGroup], _ place: Int, frames: ((inout [Digest]) -> Void)? = nil,
    group: ((inout CameraGroup?) -> Void)? = nil, vouched: Bool = true
  ) -> [ReceivedGroup] {
    var clip = clip
    var (newFrames, newGroup) = (clip[place].frames, clip[place].group)
    frames?(&newFrames)
    group?(&newGroup)
    clip[place] = ReceivedGroup(frames: newFrames, group: newGroup, isVouchedFor: vouched)
    return clip
  }

  @Test("the four verdicts, and where")
  func verdicts() throws {
    let clip = try Self.clip()
    func judge(_ clip: [ReceivedGroup]) -> String {
      let (verdict, places) = CameraVerdict.judge(clip)
      return "\(verdict.rawValue) \(places)"
    }
    #expect(judge(clip) == "AUTHENTIC []")
    #expect(judge(Array(clip[1...2])) == "AUTHENTIC []")
    #expect(judge([]) == "NOT SIGNED []")
    #expect(judge(clip.map { ReceivedGroup(frames: $0.frames, group: nil, isVouchedFor: false) }) == "NOT SIGNED []")
    for lost in 0..<5 {
      #expect(
        judge(Self.edited(clip, 1, frames: { $0.remove(at: lost) })) == "AUTHENTIC WITH MISSING NAL UNITS [1]")
    }
    #expect(judge([clip[0], clip[2], clip[3]]) == "AUTHENTIC WITH MISSING NAL UNITS [1]")
    #expect(judge(Self.edited(clip, 2, frames: { $0[3] = .sha256("changed") })) == "NOT AUTHENTIC [2]")
    #expect(judge(Self.edited(clip, 2, frames: { $0.append(.sha256("added")) })) == "NOT AUTHENTIC [2]")
    #expect(judge(Self.edited(clip, 2, frames: { $0.append($0[4]) })) == "NOT AUTHENTIC [2]")
    #expect(judge(Self.edited(clip, 2, frames: { $0.swapAt(1, 2) })) == "NOT AUTHENTIC [2]")
    #expect(judge([clip[0], clip[2], clip[1], clip[3]]) == "NOT AUTHENTIC [2]")
    #expect(judge([clip[0], clip[0]]) == "NOT AUTHENTIC [1]")
    #expect(judge(Self.edited(clip, 0, vouched: false)) == "NOT AUTHENTIC [0]")
    #expect(judge(Self.edited(clip, 1, group: { $0 = nil })) == "NOT AUTHENTIC [1]")
    #expect(judge(Self.edited(clip, 1, group: { $0?.link = .sha256("x") })) == "NOT AUTHENTIC [1]")
    #expect(judge(Self.edited(clip, 1, group: { $0?.groupHash = .sha256("x") })) == "NOT AUTHENTIC [1]")
    #expect(judge(Self.edited(clip, 1, group: { $0?.hashes.removeLast() })) == "NOT AUTHENTIC [1]")
    // An anchor that is not the first frame's, with everything else made to fit it.
    var group = try #require(clip[3].group)
    group.anchor = .sha256("x")
    group.groupHash = CameraGroup.groupHash(group.anchor, group.hashes)
    let wrong = clip[..<3] + [ReceivedGroup(frames: clip[3].frames, group: group, isVouchedFor: true)]
    #expect(judge(Array(wrong)) == "NOT AUTHENTIC [3]")
  }

  @Test("the hashes are those of the definition")
  func hashes() throws {
    let (first, second) = (Digest.sha256("one"), Digest.sha256("two"))
    let group = try #require(CameraGroup(counter: 1, link: Digest(), frames: [first, second]))
    #expect(group.anchor == first)
    #expect(group.hashes == [.sha256(first.bytes + first.bytes), .sha256(first.bytes + second.bytes)])
    #expect(group.groupHash == .sha256(first.bytes + group.hashes[0].bytes + group.hashes[1].bytes))
    #expect(CameraGroup(counter: 1, link: Digest(), frames: []) == nil)
  }
}
