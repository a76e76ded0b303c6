public import CBOR
internal import Ledger
public import Primitives

/// A group of pictures of a camera, chained to the one before (after ONVIF Media Signing).
public struct CameraLink: EdgeDocument, Equatable {
  /// The statement's kind.
  public static let kind = "camera-link"
  /// The camera's URN (1).
  public let camera: String
  /// The group's number, from 1 without a gap on the ledger (2).
  public let counter: UInt64
  /// The anchor of the group before; zeros at first (3).
  public let link: Digest
  /// The group's anchor: SHA-256 of its first frame (4).
  public let anchor: Digest
  /// `SHA-256(anchor ‖ hash 1 ‖ … ‖ hash N)` (5).
  public let groupHash: Digest
  /// How many frames (6).
  public let frames: UInt64
  /// When it begins, microseconds since 1970 (7).
  public let start: UInt64

  /// A link of these parts.
  public init(
    camera: String, counter: UInt64, link: Digest, anchor: Digest, groupHash: Digest, frames: UInt64, start: UInt64
  ) {
    (self.camera, self.counter, self.link, self.anchor) = (camera, counter, link, anchor)
    (self.groupHash, self.frames, self.start) = (groupHash, frames, start)
  }

  /// The payload.
  public func encoded() -> [UInt8] {
    var fields = FieldWriter(7)
    fields.text(camera)
    fields.uint(counter)
    fields.digest(link)
    fields.digest(anchor)
    fields.digest(groupHash)
    fields.uint(frames)
    fields.uint(start)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 7)
    camera = try fields.text(1...64)
    counter = try fields.uint(max: UInt64(UInt32.max))
    link = try fields.digest()
    anchor = try fields.digest()
    groupHash = try fields.digest()
    frames = try fields.uint(max: 65_535)
    start = try fields.uint()
    try fields.finish()
    guard counter > 0, frames > 0 else { throw fields.fault }
  }
}

extension EdgeRules {
  /// Takes a group that follows on the one before, from the camera itself or from a gateway.
  func link(_ link: CameraLink, _ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard statement.subject == link.camera else {
      throw Refusal("subject-mismatch", "The statement is not about the camera that it names.")
    }
    let isOwn = statement.issuer == link.camera
    if isOwn {
      _ = try activeDevice(statement, context, &state)
    } else {
      _ = try activeGateway(statement, &state)
      _ = try activeDevice(link.camera, &state)
    }
    try expectRecent(link.start / 1000, "camera-time", context)
    let camera = Digest.sha256(link.camera)
    let head = state[EdgeRules.cameraHeads.key(camera)].flatMap { try? Recorded<CameraLink>(decoding: $0) }?.document
    guard link.counter == (head?.counter ?? 0) + 1 else {
      throw Refusal("camera-gap", "The next group of this camera has the number \((head?.counter ?? 0) + 1).")
    }
    guard link.link == head?.anchor ?? Digest() else {
      throw Refusal("camera-fork", "The group does not name the one before it.")
    }
    let value = Recorded(link, by: statement.issuer, context, mark: isOwn ? 3 : 1).encoded()
    state.set(EdgeRules.cameraLinks.key(camera, order: link.counter), value)
    state.set(EdgeRules.cameraHeads.key(camera), value)
  }
}
