public import CBOR
internal import Ledger
public import Primitives

/// A batch header as the state has it: one prefix is all headers of a gateway.
public struct BatchEntry: Sendable {
  /// The log entry of the header's statement.
  public let entry: UInt64
  /// The block's time, milliseconds since 1970.
  public let time: UInt64
  /// The header's bytes.
  public let header: [UInt8]

  /// The state value: `[entry, time, header]`.
  public func encoded() -> [UInt8] {
    var cbor = CBORWriter(capacity: header.count + 24)
    cbor.array(3)
    cbor.uint(entry)
    cbor.uint(time)
    cbor.bytes(header)
    return cbor.bytes
  }

  init(entry: UInt64, time: UInt64, header: [UInt8]) { (self.entry, self.time, self.header) = (entry, time, header) }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    guard try cbor.array() == 3 else { throw CBORError(.outOfRange, at: cbor.position) }
    entry = try cbor.uint()
    time = try cbor.uint()
    header = Array(try cbor.bytes())
    try cbor.finish()
  }
}

/// What the next batch of a gateway follows on.
public struct BatchHead: Sendable, Equatable {
  /// The last number.
  public let number: UInt64
  /// SHA-256 of that header.
  public let digest: Digest
  /// When that batch was closed, microseconds since 1970.
  public let closed: UInt64

  /// The state value: `[number, digest, closed]`.
  public func encoded() -> [UInt8] {
    var cbor = CBORWriter(capacity: 56)
    cbor.array(3)
    cbor.uint(number)
    cbor.bytes(digest)
    cbor.uint(closed)
    return cbor.bytes
  }

  init(number: UInt64, digest: Digest, closed: UInt64) {
    (self.number, self.digest, self.closed) = (number, digest, closed)
  }

  /// Reads a state value.
  public init(decoding bytes: [UInt8]) throws(CBORError) {
    var cbor = CBORReader(bytes)
    guard try cbor.array() == 3 else { throw CBORError(.outOfRange, at: cbor.position) }
    number = try cbor.uint()
    digest = try cbor.digest()
    closed = try cbor.uint()
    try cbor.finish()
  }
}

extension EdgeRules {
  /// Takes a header that follows on the one before; a second header of a number stays on the log, refused.
  func batch(_ statement: Statement, _ context: Context, _ state: inout State) throws(Refusal) {
    let header: BatchHeader
    do { header = try BatchHeader(decoding: statement.payload) } catch {
      throw Refusal("batch-malformed", error.message)
    }
    guard statement.issuer == header.gateway, statement.subject == header.gateway else {
      throw Refusal("subject-mismatch", "A batch header is stated by its gateway, about itself.")
    }
    _ = try activeGateway(statement, &state)
    let gateway = Digest.sha256(header.gateway)
    let head = state[EdgeRules.batchHeads.key(gateway)].flatMap { try? BatchHead(decoding: $0) }
    let last = head?.number ?? 0
    if header.number <= last {
      let known = state[EdgeRules.batches.key(gateway, order: header.number)].flatMap { try? BatchEntry(decoding: $0) }
      guard known.map({ $0.header[...] == statement.payload }) == true else {
        throw Refusal("batch-equivocation", "The gateway has signed another header of the number \(header.number).")
      }
      throw Refusal("batch-known", "The header \(header.number) is on the ledger already.")
    }
    guard header.number == last + 1 else {
      throw Refusal("batch-gap", "The next batch of this gateway has the number \(last + 1).")
    }
    guard header.previous == head?.digest ?? Digest() else {
      throw Refusal("batch-fork", "The header does not name the one before it.")
    }
    let closed = header.closed / 1000
    // One closed long ago is taken: a gateway may have been cut off. How late it came is on record in its entry.
    guard closed <= context.time + clockToleranceMs else {
      throw Refusal("batch-time", "The gateway's clock is ahead of the ledger's.")
    }
    guard header.closed >= head?.closed ?? 0 else {
      throw Refusal("batch-back-dated", "The batch was closed before the one before it.")
    }
    guard header.latest / 1000 <= context.time + clockToleranceMs else {
      throw Refusal("batch-sample-time", "The batch has readings from the future.")
    }
    if header.count == 0 {
      guard header.root == Digest.sha256([]), header.earliest == 0, header.latest == 0 else {
        throw Refusal("batch-shape", "An empty batch has the root of nothing and no times.")
      }
    }
    guard (header.rejectCount == 0) == (header.rejectRoot == Digest()) else {
      throw Refusal("batch-shape", "Rejects have a root, and only they.")
    }
    state.set(
      EdgeRules.batches.key(gateway, order: header.number),
      BatchEntry(entry: context.index, time: context.time, header: Array(statement.payload)).encoded())
    state.set(
      EdgeRules.batchHeads.key(gateway),
      BatchHead(number: header.number, digest: .sha256(statement.payload), closed: header.closed).encoded())
  }
}
