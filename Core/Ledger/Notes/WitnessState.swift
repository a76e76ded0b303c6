public import Primitives

/// Whether a tree of one size and root is a beginning of the tree of another: (from size, from root, to size, to root, proof).
public typealias ConsistencyCheck = (UInt64, Digest, UInt64, Digest, [Digest]) -> Bool

/// What a witness knows of one log, and its decision on a request (C2SP tlog-witness v1.0.0).
///
/// It does no input or output. Deciding and moving on are two steps: `decide` costs the time of signatures and hashes and may
/// run for several requests at once, `advance` is the compare-and-set that only one of them passes. Who serves requests stores
/// the new head durably between `advance` and the answer, and holds a lock from `advance` until it is stored.
public struct WitnessState: Sendable, Equatable {
  /// The log's origin.
  public let origin: NoteName
  /// The keys of type 01 that are trusted to sign for the origin.
  public let keys: [VerifierKey]
  /// The size last cosigned; 0 if none.
  public private(set) var size: UInt64
  /// The root last cosigned; the hash of nothing if none.
  public private(set) var root: Digest

  /// The root of an empty log: SHA-256 of nothing.
  public static let emptyRoot = Digest.sha256([UInt8]())

  /// What is known of a log of which nothing has been cosigned.
  public init(origin: NoteName, keys: [VerifierKey]) {
    self.init(origin: origin, keys: keys, size: 0, root: Self.emptyRoot)
  }

  /// What is known of a log whose last cosigned checkpoint has this size and root.
  public init(origin: NoteName, keys: [VerifierKey], size: UInt64, root: Digest) {
    self.origin = origin
    self.keys = keys
    self.size = size
    self.root = root
  }

  /// The answer to a request, without changing anything.
  ///
  /// Checks in the order of the standard: origin, signature of a trusted key, old size against the checkpoint's, old size
  /// against what was last cosigned, consistency. Of the answers that the standard leaves open: a body that is no
  /// checkpoint is 400; a trusted key's signature that fails is 403 even beside a good one; an old size of 0 with a proof, and
  /// an empty log with another root, are 422; the same size with another root is 409 with the size in the body as in
  /// v1.0.0, where later text has 422. Costs one Ed25519 verification for each line of a trusted key, and one call of
  /// `isConsistent` if the log grew from a size above 0.
  public func decide(_ request: AddCheckpointRequest, isConsistent: ConsistencyCheck) -> WitnessAnswer {
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(request.note) } catch { return .badRequest("\(error)") }
    guard checkpoint.originBytes == origin.utf8 else { return .unknownOrigin }
    do { _ = try request.note.verify(against: keys.filter { $0.algorithm == .ed25519 }) } catch {
      return .forbidden("\(error)")
    }
    guard request.oldSize <= checkpoint.size else { return .badRequest("old size is above the checkpoint's size") }
    guard request.oldSize == size else { return .conflict(size: size) }
    if checkpoint.size == 0 {
      guard checkpoint.root == Self.emptyRoot else { return .unprocessable("empty log with a root of leaves") }
    }
    if checkpoint.size == size {
      guard checkpoint.root == root else { return .conflict(size: size) }
    }
    if size == 0 || checkpoint.size == size {
      guard request.proof.isEmpty else { return .unprocessable("proof where none is needed") }
    } else {
      guard isConsistent(size, root, checkpoint.size, checkpoint.root, request.proof) else {
        return .unprocessable("consistency proof does not verify")
      }
    }
    return .accepted(WitnessAcceptance(checkpoint: checkpoint, previousSize: size, previousRoot: root))
  }

  /// Makes an accepted checkpoint the last one, if nothing was cosigned since the decision on it.
  ///
  /// Gives the acceptance back, or 409 with the size that another request has brought in the meantime: without this a slower
  /// request would roll the head back and sign it.
  public mutating func advance(_ acceptance: WitnessAcceptance) -> WitnessAnswer {
    guard acceptance.checkpoint.originBytes == origin.utf8 else { return .unknownOrigin }
    guard acceptance.previousSize == size, acceptance.previousRoot == root else { return .conflict(size: size) }
    size = acceptance.checkpoint.size
    root = acceptance.checkpoint.root
    return .accepted(acceptance)
  }
}

/// A checkpoint that may be cosigned once it has become the last one.
public struct WitnessAcceptance: Sendable, Equatable {
  /// The checkpoint to store and then to cosign.
  public let checkpoint: Checkpoint
  /// The size that was the last one when the decision was made.
  public let previousSize: UInt64
  /// The root that was the last one when the decision was made.
  public let previousRoot: Digest
}

/// A witness's answer to `add-checkpoint`.
public enum WitnessAnswer: Sendable, Equatable {
  /// 200: all is good; the body is the cosignature lines, made after the checkpoint was stored.
  case accepted(WitnessAcceptance)
  /// 400: malformed, or an old size above the checkpoint's.
  case badRequest(String)
  /// 403: no trusted key signed it, or a trusted key's signature does not verify.
  case forbidden(String)
  /// 404: the origin is not known.
  case unknownOrigin
  /// 409: the last cosigned size is another one, or the same with another root.
  case conflict(size: UInt64)
  /// 422: the proof does not verify.
  case unprocessable(String)

  /// The HTTP status.
  public var status: Int {
    switch self {
    case .accepted: 200
    case .badRequest: 400
    case .forbidden: 403
    case .unknownOrigin: 404
    case .conflict: 409
    case .unprocessable: 422
    }
  }

  /// The type of the body: `text/x.tlog.size` for a conflict, as clients expect it.
  public var contentType: String {
    if case .conflict = self { "text/x.tlog.size" } else { "text/plain; charset=utf-8" }
  }

  /// The body, with a final line feed: the last size for a conflict, otherwise the reason; empty when accepted.
  public var body: String {
    switch self {
    case .accepted: ""
    case .badRequest(let reason), .forbidden(let reason), .unprocessable(let reason): reason + "\n"
    case .unknownOrigin: "unknown origin\n"
    case .conflict(let size): "\(size)\n"
    }
  }
}
