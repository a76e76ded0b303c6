public import Primitives

/// What can be said of a clip (ONVIF Media Signing's four results).
public enum CameraVerdict: String, Sendable {
  /// Every frame is as it was recorded, and none is missing.
  case authentic = "AUTHENTIC"
  /// Every frame that is there is as it was recorded; some are missing.
  case missing = "AUTHENTIC WITH MISSING NAL UNITS"
  /// Nothing in it is signed: stripping the signatures from a signed clip looks like this too.
  case notSigned = "NOT SIGNED"
  /// A frame was changed, added or moved, or a signature does not hold.
  case notAuthentic = "NOT AUTHENTIC"
}

/// What a camera signs of one group of pictures, with the hashes that let a viewer find what is missing.
public struct CameraGroup: Sendable, Equatable {
  /// The group's number.
  public var counter: UInt32
  /// The anchor of the group before; zeros at first.
  public var link: Digest
  /// SHA-256 of the group's first frame.
  public var anchor: Digest
  /// `hash(F) = SHA-256(anchor ‖ SHA-256(F))` of each frame in order.
  public var hashes: [Digest]
  /// `SHA-256(anchor ‖ hash 1 ‖ … ‖ hash N)`.
  public var groupHash: Digest

  /// The group of these frames, each given as its SHA-256; nil without a frame.
  public init?(counter: UInt32, link: Digest, frames: [Digest]) {
    guard let first = frames.first else { return nil }
    self.counter = counter
    self.link = link
    anchor = first
    hashes = frames.map { CameraGroup.hash(first, $0) }
    groupHash = CameraGroup.groupHash(first, hashes)
  }

  /// `SHA-256(anchor ‖ SHA-256(F))`.
  public static func hash(_ anchor: Digest, _ frame: Digest) -> Digest {
    var bytes: [UInt8] = []
    bytes.append(anchor)
    bytes.append(frame)
    return .sha256(bytes)
  }

  /// `SHA-256(anchor ‖ hash 1 ‖ … ‖ hash N)`.
  public static func groupHash(_ anchor: Digest, _ hashes: [Digest]) -> Digest {
    var bytes: [UInt8] = []
    bytes.append(anchor)
    for hash in hashes { bytes.append(hash) }
    return .sha256(bytes)
  }
}

/// One group of a clip as a viewer has it.
public struct ReceivedGroup: Sendable {
  /// SHA-256 of each frame, in the order received.
  public let frames: [Digest]
  /// What the camera signed of it, or nil where the clip carries nothing.
  public let group: CameraGroup?
  /// Whether the signature, or the ledger's record of the group hash, was checked and holds.
  public let isVouchedFor: Bool

  /// A group as received.
  public init(frames: [Digest], group: CameraGroup?, isVouchedFor: Bool) {
    (self.frames, self.group, self.isVouchedFor) = (frames, group, isVouchedFor)
  }
}

extension CameraVerdict {
  /// The verdict on a clip, with the numbers of the groups (from 0, in the clip) where it is not plainly authentic.
  public static func judge(_ clip: [ReceivedGroup]) -> (verdict: CameraVerdict, places: [Int]) {
    guard clip.contains(where: { $0.group != nil }) else { return (.notSigned, []) }
    var (wrong, lossy): ([Int], [Int]) = ([], [])
    var last: CameraGroup?
    for (place, received) in clip.enumerated() {
      // Within a signed clip a group without a signature vouches for nothing.
      guard let group = received.group, received.isVouchedFor, !group.hashes.isEmpty,
        group.groupHash == CameraGroup.groupHash(group.anchor, group.hashes),
        group.hashes[0] == CameraGroup.hash(group.anchor, group.anchor)
      else {
        wrong.append(place)
        continue
      }
      var isLossy = false
      if let last {
        if group.counter <= last.counter || (group.counter == last.counter + 1 && group.link != last.anchor) {
          wrong.append(place)
          continue
        }
        isLossy = group.counter > last.counter + 1
      }
      last = group
      var expected = group.hashes[...]
      var isWhole = true
      for frame in received.frames {
        let hash = CameraGroup.hash(group.anchor, frame)
        guard let found = expected.firstIndex(of: hash) else {
          isWhole = false
          break
        }
        isLossy = isLossy || found > expected.startIndex
        expected = expected[(found + 1)...]
      }
      if !isWhole { wrong.append(place) } else if isLossy || !expected.isEmpty { lossy.append(place) }
    }
    if !wrong.isEmpty { return (.notAuthentic, wrong) }
    return lossy.isEmpty ? (.authentic, []) : (.missing, lossy)
  }
}
