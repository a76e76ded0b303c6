import CBOR
import COSE
import Ledger
import Merkle
import Primitives

/// Batches of sensors' readings: one statement for up to millions of them, with a root over all; the readings stay
/// beside the log.
///
/// A gateway numbers its readings without a gap, over all its batches, and each batch names the one before. So two keys
/// for a batch are enough to show that a gateway has left nothing out, and one reading is proved by a path in its batch.
struct ReadingsContract: Contract {
  static let id = "readings"
  static let versions: ClosedRange<UInt64> = 1...1

  /// `10 ‖ SHA-256(gateway) ‖ u64 number of the first reading` → a `BatchRecord`: one prefix is all of a gateway.
  static let batches = Namespace(0x10, "batches by gateway", identifiers: 1, ordered: true)
  /// `11 ‖ SHA-256(gateway)` → the `BatchRecord` of the last one.
  static let heads = Namespace(0x11, "last batch by gateway", identifiers: 1)
  static let namespaces = [batches, heads]

  static let batchType = "application/vnd.example.readings-batch+cbor"

  init(version: UInt64) {}

  func apply(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    guard statement.contentType == Self.batchType, context.configuration.member(statement.issuer) != nil else {
      throw Refusal("not-a-batch", "This ledger takes batches of readings by members' gateways.")
    }
    let batch: ReadingsBatch
    do { batch = try ReadingsBatch(decoding: statement.payload) } catch {
      throw Refusal("batch-malformed", "The batch cannot be read: \(error)")
    }
    let gateway = Digest.sha256(statement.issuer)
    let last = state[Self.heads.key(gateway)].flatMap { try? BatchRecord(decoding: $0) }
    guard batch.first == last?.next ?? 0 else {
      throw Refusal("batch-gap", "The next reading of this gateway has the number \(last?.next ?? 0).")
    }
    guard batch.previous == last?.digest ?? Digest() else {
      throw Refusal("batch-fork", "The batch does not name the one before it.")
    }
    guard batch.from <= batch.to, batch.to <= context.time + Limits.clockSkewMs else {
      throw Refusal("batch-time", "The batch's times do not rise, or are ahead of the ledger's.")
    }
    let record = BatchRecord(
      entry: context.index, next: batch.first + batch.count, digest: .sha256(statement.payload))
    state.set(Self.batches.key(gateway, order: batch.first), record.encoded)
    state.set(Self.heads.key(gateway), record.encoded)
  }

  /// What a verified bundle says: `["reading", gateway, number]` with `[leaf, path]` as evidence, or
  /// `["gateway", gateway]`.
  static func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [String]? {
    guard bundle.question.count >= 2 else { return nil }
    let gateway = Digest.sha256(bundle.question[1])
    switch (bundle.question[0], bundle.question.count) {
    case ("reading", 3): return try reading(bundle, gateway)
    case ("gateway", 2):
      guard let list = bundle.list(batches.prefix(gateway)) else {
        throw LedgerError(.notProved, "The proof leaves out the gateway's batches.")
      }
      var next: UInt64 = 0
      for (key, value) in list {
        guard key.order == next, let record = value.flatMap({ try? BatchRecord(decoding: $0) }) else {
          throw LedgerError(.notProved, "The gateway's readings have a gap at \(next).")
        }
        next = record.next
      }
      return ["\(bundle.question[1]) has attested \(next) readings in \(list.count) batches, without a gap."]
    default: return nil
    }
  }

  private static func reading(_ bundle: VerifiedBundle, _ gateway: Digest) throws(LedgerError) -> [String] {
    // The state shows that the batch was carried out; that a statement is in the log alone does not.
    guard let number = UInt64(bundle.question[2]), let found = bundle.present.first,
      let record = found.value.flatMap({ try? BatchRecord(decoding: $0) }),
      found.key == batches.key(gateway, order: found.key.order), found.key.order <= number, number < record.next
    else { throw LedgerError(.notProved, "The proof leaves out the batch that has the reading.") }
    guard let statement = bundle.statement(record.entry), Digest.sha256(statement.payload) == record.digest,
      let batch = try? ReadingsBatch(decoding: statement.payload[...])
    else { throw LedgerError(.notProved, "The proof leaves out the batch's statement.") }
    guard bundle.evidence.count == 2, bundle.evidence[1].count % Digest.byteCount == 0,
      let reading = Reading(leaf: bundle.evidence[0])
    else { throw LedgerError(.notProved, "The proof leaves out the reading or its path.") }
    let hashes = bundle.evidence[1]
    let path = stride(from: 0, to: hashes.count, by: 32).compactMap { Digest(hashes[$0..<$0 + 32]) }
    let proof = InclusionProof(index: number - batch.first, size: batch.count, path: path)
    guard proof.verify(leaf: TreeHash.leaf(bundle.evidence[0]), root: batch.root) else {
      throw LedgerError(.notProved, "The reading is not number \(number) of the gateway.")
    }
    return [
      "Reading \(number) of \(bundle.question[1]): device \(reading.device) at \(reading.time): \(reading.value)."
    ]
  }
}

/// The payload of a batch.
struct ReadingsBatch {
  /// Readings of one part: a part's readings are one document, erased together.
  static let partReadings = 1 << 16

  /// The number of the first reading, and how many there are.
  let first: UInt64
  let count: UInt64
  /// The earliest and the latest time of a reading, milliseconds since 1970.
  let from: UInt64
  let to: UInt64
  /// SHA-256 of the payload of the batch before; zero for the first.
  let previous: Digest
  /// For each part the root of its leaves (RFC 9162) and the salted digest of its readings.
  let parts: [(root: Digest, document: Digest)]

  /// The root over all readings: parts are whole subtrees of it.
  var root: Digest {
    var tree = CompactTree()
    for part in parts { tree.append(part.root) }
    return tree.root
  }

  var encoded: [UInt8] {
    var writer = CBORWriter()
    writer.array(6)
    for number in [first, count, from, to] { writer.uint(number) }
    writer.bytes(previous)
    writer.array(parts.count)
    for part in parts { writer.bytes(part.root.bytes + part.document.bytes) }
    return writer.bytes
  }
}

extension ReadingsBatch {
  init(decoding bytes: ArraySlice<UInt8>) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 6 else { throw LedgerError(.malformed, "a batch has six fields") }
    (first, count, from, to) = (try reader.uint(), try reader.uint(), try reader.uint(), try reader.uint())
    previous = try reader.digest()
    parts = try (0..<(try reader.array())).map { _ in
      let pair = try reader.bytes()
      guard let root = Digest(pair.prefix(32)), let document = Digest(pair.dropFirst(32)) else {
        throw LedgerError(.malformed, "a part has two digests")
      }
      return (root, document)
    }
    try reader.finish()
    guard count > 0, count <= 1 << 32, first <= 1 << 62,
      (Int(count) + Self.partReadings - 1) / Self.partReadings == parts.count
    else { throw LedgerError(.malformed, "\(parts.count) parts do not hold \(count) readings") }
  }
}

/// The value under `batches` and `heads`.
struct BatchRecord {
  /// The entry that is the batch's statement.
  let entry: UInt64
  /// The number that the next batch begins with.
  let next: UInt64
  /// SHA-256 of the statement's payload.
  let digest: Digest

  var encoded: [UInt8] {
    var writer = CBORWriter()
    writer.array(3)
    writer.uint(entry)
    writer.uint(next)
    writer.bytes(digest)
    return writer.bytes
  }
}

extension BatchRecord {
  init(decoding bytes: [UInt8]) throws {
    var reader = CBORReader(bytes)
    guard try reader.array() == 3 else { throw LedgerError(.malformed, "a batch's record has three fields") }
    (entry, next, digest) = (try reader.uint(), try reader.uint(), try reader.digest())
    try reader.finish()
  }
}
