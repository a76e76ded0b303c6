internal import CBOR
public import COSE
internal import Merkle
public import Primitives

/// The proof that a gateway left out, or replaced, a reading that it had acknowledged: its own two signatures contradict
/// each other.
public struct OmissionProof: Sendable, Equatable {
  /// The gateway's acknowledgement, a COSE_Sign1.
  public var acknowledgement: [UInt8]
  /// The reading.
  public var reading: AcknowledgedReading
  /// Its place among those acknowledged.
  public var index: UInt64
  /// The hashes from its leaf to the acknowledgement's root.
  public var path: [Digest]
  /// What stands at its place instead; nil where its batch has no such place, or was never stated.
  public var leaf: LeafPart?

  /// A proof about one of the readings of an acknowledgement.
  ///
  /// - Precondition: `index` is one of `readings`.
  public init(acknowledgement: [UInt8], _ readings: [AcknowledgedReading], index: Int, leaf: LeafPart?) {
    precondition(readings.indices.contains(index), "the reading is one of those acknowledged")
    self.acknowledgement = acknowledgement
    reading = readings[index]
    self.index = UInt64(index)
    path = BatchTree.path(readings.map(\.leaf), index: index)
    self.leaf = leaf
  }

  /// What an incident carries: the acknowledgement; `{1: SHA-256 of the payload, 2: batch, 3: index, 4: place, 5: path}`; the leaf if
  /// there is one.
  public var evidence: [[UInt8]] {
    var fields = FieldWriter(5)
    fields.digest(reading.payload)
    fields.uint(reading.row.batch)
    fields.uint(UInt64(reading.row.index))
    fields.uint(index)
    fields.bytes(path.flatMap(\.bytes))
    return [acknowledgement, fields.bytes] + (leaf.map { [$0.encoded()] } ?? [])
  }

  /// Reads what `evidence` gives and nothing else; throws `malformed`.
  public init(evidence: [[UInt8]]) throws(EdgeError) {
    guard evidence.count == 2 || evidence.count == 3 else {
      throw EdgeError(.malformed, "The proof of an omission has two or three parts.")
    }
    acknowledgement = evidence[0]
    do {
      var fields = try FieldReader(evidence[1][...], 5)
      let payload = try fields.digest()
      let batch = try fields.uint(max: 1 << 43 - 1)
      let place = try fields.uint(max: 1 << 20 - 1)
      reading = AcknowledgedReading(payload: payload, row: RowID(batch: batch, index: Int(place)))
      index = try fields.uint()
      var bytes = ByteReader(try fields.bytes(0...32 * InclusionProof.maximumPath)[...])
      var path: [Digest] = []
      while let digest = bytes.digest() { path.append(digest) }
      guard bytes.isAtEnd else { throw fields.fault }
      self.path = path
      try fields.finish()
    } catch { throw EdgeError(.malformed, "The proof of an omission cannot be read: \(error).") }
    leaf = evidence.count == 3 ? try LeafPart(decoding: evidence[2]) : nil
  }

  /// Checks that the gateway broke its word; throws `notProved` with what speaks for it.
  ///
  /// - Parameters:
  ///   - gateway: the gateway that is accused.
  ///   - key: its key, from the ledger.
  ///   - header: the header of the reading's batch, from the ledger; nil where the ledger has none of this number.
  ///   - now: the ledger's time, milliseconds since 1970.
  public func verify(gateway: String, key: PublicKey, header: BatchHeader?, now: UInt64) throws(EdgeError) {
    let word = try Acknowledgement.verify(acknowledgement, key: key)
    guard word.gateway == gateway else {
      throw EdgeError(.notProved, "The acknowledgement is of the gateway '\(word.gateway)'.")
    }
    guard InclusionProof(index: index, size: word.count, path: path).verify(leaf: reading.leaf, root: word.root) else {
      throw EdgeError(.notProved, "The reading is not among those acknowledged.")
    }
    guard let header else {
      guard word.timeUs / 1000 + Acknowledgement.statedWithinMs < now else {
        throw EdgeError(.notProved, "The gateway has a day to state the batch \(reading.row.batch).")
      }
      return
    }
    guard header.gateway == gateway, header.number == reading.row.batch else {
      throw EdgeError(.notProved, "The header is not that of batch \(reading.row.batch).")
    }
    guard UInt64(reading.row.index) < header.count else { return }
    guard let leaf, leaf.index == UInt64(reading.row.index), leaf.isIn(header) else {
      throw EdgeError(.notProved, "What stands at \(reading.row) is not shown.")
    }
    guard AcknowledgedReading.payload(leaf.message) != reading.payload else {
      throw EdgeError(.notProved, "The reading stands at \(reading.row), as it was acknowledged.")
    }
  }
}
