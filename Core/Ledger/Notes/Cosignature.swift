internal import Primitives

/// A cosigner's word on a checkpoint: at this time it was the largest consistent one it had seen for the origin.
///
/// C2SP tlog-cosignature v1, Ed25519 (type 04). The payload of its line is `u64 timestamp || signature[64]`, 76 bytes with the
/// key id. The signature is over
///
/// ```
/// cosignature/v1 LF  time <seconds> LF  <checkpoint text>
/// ```
///
/// and so not over the cosigner's name: one key per cosigner, always.
public struct Cosignature: Sendable, Hashable {
  /// The cosigner's name.
  public let name: NoteName
  /// The short name of its key.
  public let keyID: UInt32
  /// Seconds since 1970, at most 2^63 - 1.
  public let timestamp: UInt64
  /// The Ed25519 signature, 64 bytes.
  public let signature: [UInt8]

  /// The latest time that a cosignature may state.
  public static let maximumTimestamp = UInt64(Int64.max)

  /// Reads a line as a cosignature, or nil unless it has 76 bytes and a time within bounds.
  ///
  /// That the line is of type 04 follows only from the key that it is then verified with.
  public init?(_ line: NoteSignature) {
    guard line.payload.count == 8 + Ed25519.signatureBytes else { return nil }
    var reader = ByteReader(line.payload)
    guard let timestamp = reader.u64(), timestamp <= Self.maximumTimestamp else { return nil }
    name = line.name
    keyID = line.keyID
    self.timestamp = timestamp
    signature = Array(line.payload[reader.position...])
  }

  /// Cosigns a checkpoint at `timestamp`, in seconds since 1970.
  ///
  /// The caller has verified consistency with the last checkpoint that it cosigned and has stored this one durably. Throws
  /// what the signer throws, or `NoteSigningError` for a time of 0 or above 2^63 - 1 and for wrong lengths.
  public init(
    _ checkpoint: Checkpoint, timestamp: UInt64, as name: NoteName, with signer: some NoteSigning
  ) throws {
    guard (1...Self.maximumTimestamp).contains(timestamp) else { throw NoteSigningError.timestamp(timestamp) }
    signature = try signer.checkedSignature(for: Self.message(checkpoint: checkpoint.text, timestamp: timestamp))
    self.name = name
    self.timestamp = timestamp
    keyID = VerifierKey.keyID(name: name, type: VerifierKey.cosignatureType, publicKey: signer.publicKey)
  }

  /// The line to add to the checkpoint's note.
  public var line: NoteSignature {
    var payload: [UInt8] = []
    payload.append(u64: timestamp)
    payload += signature
    return NoteSignature(name: name, keyID: keyID, nonEmpty: payload)
  }

  /// Whether this is the cosignature of `checkpoint` by `key`, a key of type 04; one Ed25519 verification.
  public func isValid(for checkpoint: Checkpoint, key: VerifierKey) -> Bool {
    key.algorithm == .cosignature && key.verify(line, over: checkpoint.text) != nil
  }

  /// The bytes that are signed.
  static func message(checkpoint text: [UInt8], timestamp: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(timestamp)\n".utf8) + text
  }
}
