internal import CBOR
public import COSE
internal import Merkle
public import Primitives

/// A device's readings from one number to another, each one there or named as a gap with its cause.
public struct SeriesProof: Sendable, Equatable {
  /// Why a number has no reading.
  public enum GapCause: UInt64, Sendable {
    /// The gateway has not received it.
    case notReceived = 1
    /// Content among them was erased at the gateway; the header of its batch is still there.
    case erased = 2
  }

  /// Numbers without readings.
  public struct Gap: Sendable, Equatable {
    /// The numbers.
    public var numbers: ClosedRange<UInt64>
    /// Why.
    public var cause: GapCause

    /// A gap of these parts.
    public init(numbers: ClosedRange<UInt64>, cause: GapCause) {
      self.numbers = numbers
      self.cause = cause
    }
  }

  /// A leaf and which of the proof's headers it is under.
  public struct Row: Sendable, Equatable {
    /// The place of its header in `statements`.
    public var header: Int
    /// The leaf.
    public var leaf: LeafPart
  }

  /// The device's mark in a closing batch: its readings go no further.
  public struct End: Sendable, Equatable {
    /// The place of the closing batch's header in `statements`.
    public var header: Int
    /// The device's mark.
    public var mark: HighWater
    /// Its index in the high-water tree.
    public var index: UInt64
    /// The hashes from it to the root.
    public var path: [Digest]
  }

  /// The device's URN.
  public var device: String
  /// The boot.
  public var boot: UInt32
  /// From which to which number.
  public var numbers: ClosedRange<UInt64>
  /// The signed headers, by rising number.
  public var statements: [[UInt8]]
  /// The readings by rising number.
  public var rows: [Row]
  /// The numbers that have none, rising.
  public var gaps: [Gap]
  /// What shows that nothing comes after, if that is claimed.
  public var end: End?

  /// What a proof that holds says.
  public struct Finding: Sendable, Equatable {
    /// The readings by rising number.
    public let readings: [ReadingForm]
    /// Numbers without a reading.
    public let missing: UInt64
    /// Whether a closing batch shows that there is nothing after the last number.
    public let isClosed: Bool
  }

  /// The most numbers that one proof spans.
  public static let maximumNumbers: UInt64 = 1 << 20

  /// Checks everything offline; throws `notProved` with the first thing that does not hold.
  ///
  /// Costs a signature verification for each header and at most 14 hashes a reading. A gap rests on the gateway's word
  /// until the device's next epoch counts it: see `EpochAudit`.
  public func verify(gateway: PublicKey) throws(EdgeError) -> Finding {
    try verify(headers: try verifiedHeaders(gateway))
  }

  /// As above, for headers that are known to be the gateway's, by rising number: those that a ledger has taken.
  public func verify(headers: [BatchHeader]) throws(EdgeError) -> Finding {
    guard numbers.upperBound - numbers.lowerBound < SeriesProof.maximumNumbers else {
      throw EdgeError(.limit, "The series spans more than \(SeriesProof.maximumNumbers) numbers.")
    }
    var next: UInt64? = numbers.lowerBound
    var (missing, gap): (UInt64, Int) = (0, 0)
    var readings: [ReadingForm] = []
    func skipGaps() {
      while gap < gaps.count, gaps[gap].numbers.lowerBound == next {
        missing += UInt64(gaps[gap].numbers.count)
        next = gaps[gap].numbers.upperBound == .max ? nil : gaps[gap].numbers.upperBound + 1
        gap += 1
      }
    }
    for row in rows {
      skipGaps()
      guard headers.indices.contains(row.header), row.leaf.isIn(headers[row.header]), let reading = row.leaf.reading
      else { throw EdgeError(.notProved, "A reading of the series is not in the batch it names.") }
      guard reading.device == device, reading.boot == boot, reading.seq == next else {
        throw EdgeError(.notProved, "Reading \(reading.seq) stands where number \(next ?? 0) of \(device) belongs.")
      }
      next = reading.seq == .max ? nil : reading.seq + 1
      readings.append(reading)
    }
    skipGaps()
    let isWhole = numbers.upperBound == .max ? next == nil : next == numbers.upperBound + 1
    guard isWhole, gap == gaps.count else {
      throw EdgeError(.notProved, "The series does not account for every number up to \(numbers.upperBound).")
    }
    if let end { try verify(end, headers) }
    return Finding(readings: readings, missing: missing, isClosed: end != nil)
  }

  private func verifiedHeaders(_ gateway: PublicKey) throws(EdgeError) -> [BatchHeader] {
    var headers: [BatchHeader] = []
    for statement in statements {
      let header = try BatchHeader.verify(statement: statement, key: gateway)
      guard headers.last.map({ $0.number < header.number && $0.gateway == header.gateway }) ?? true else {
        throw EdgeError(.notProved, "The headers of the series are not one gateway's in their order.")
      }
      if let last = headers.last, last.number + 1 == header.number, header.previous != last.digest {
        throw EdgeError(.notProved, "Header \(header.number) does not follow on the one before.")
      }
      headers.append(header)
    }
    return headers
  }

  private func verify(_ end: End, _ headers: [BatchHeader]) throws(EdgeError) {
    guard headers.indices.contains(end.header), headers[end.header].kind == .closing,
      end.mark.device == Digest.sha256(device), end.mark.boot == boot, end.mark.lastSeq == numbers.upperBound,
      InclusionProof(index: end.index, size: headers[end.header].highWaterCount, path: end.path).verify(
        leaf: end.mark.leaf, root: headers[end.header].highWaterRoot),
      rows.allSatisfy({ $0.header <= end.header })
    else { throw EdgeError(.notProved, "The closing batch does not say that the series ends here.") }
  }
}

extension SeriesProof {
  /// The same without the headers, for where they stand beside it as a ledger has them.
  public var withoutStatements: SeriesProof {
    var proof = self
    proof.statements = []
    return proof
  }

  /// A deterministic CBOR array of nine: version, device, boot, first, last, headers, rows, gaps, end or null.
  public func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: 1024 + rows.count * 720)
    writer.array(9)
    writer.uint(1)
    writer.text(device)
    writer.uint(UInt64(boot))
    writer.uint(numbers.lowerBound)
    writer.uint(numbers.upperBound)
    writer.array(statements.count)
    for statement in statements { writer.bytes(statement) }
    writer.array(rows.count)
    for row in rows {
      writer.array(2)
      writer.uint(UInt64(row.header))
      row.leaf.write(&writer)
    }
    writer.array(gaps.count)
    for gap in gaps {
      writer.array(3)
      writer.uint(gap.numbers.lowerBound)
      writer.uint(gap.numbers.upperBound)
      writer.uint(gap.cause.rawValue)
    }
    guard let end else {
      writer.null()
      return writer.bytes
    }
    writer.array(4)
    writer.uint(UInt64(end.header))
    writer.uint(end.index)
    writer.bytes(end.mark.chain)
    writer.bytes(end.path.flatMap(\.bytes))
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else; throws `malformed`.
  public init(decoding bytes: [UInt8]) throws(EdgeError) {
    var reader = CBORReader(bytes)
    do {
      guard try reader.array() == 9, try reader.uint() == 1 else { throw CBORError(.outOfRange, at: 0) }
      device = try reader.text()
      guard let boot = UInt32(exactly: try reader.uint()) else { throw CBORError(.outOfRange, at: reader.position) }
      self.boot = boot
      numbers = try SeriesProof.range(&reader)
      statements = []
      for _ in 0..<(try reader.array()) { statements.append(Array(try reader.bytes())) }
      rows = []
      for _ in 0..<(try reader.array()) {
        guard try reader.array() == 2, let header = Int(exactly: try reader.uint()) else {
          throw CBORError(.outOfRange, at: reader.position)
        }
        rows.append(Row(header: header, leaf: try LeafPart.read(&reader)))
      }
      gaps = []
      for _ in 0..<(try reader.array()) {
        guard try reader.array() == 3 else { throw CBORError(.outOfRange, at: reader.position) }
        let numbers = try SeriesProof.range(&reader)
        guard let cause = GapCause(rawValue: try reader.uint()) else {
          throw CBORError(.outOfRange, at: reader.position)
        }
        gaps.append(Gap(numbers: numbers, cause: cause))
      }
      if !reader.takeNull() {
        guard try reader.array() == 4, let header = Int(exactly: try reader.uint()) else {
          throw CBORError(.outOfRange, at: reader.position)
        }
        let index = try reader.uint()
        let chain = try reader.digest()
        var path = ByteReader(try reader.bytes())
        var digests: [Digest] = []
        while let digest = path.digest() { digests.append(digest) }
        guard path.isAtEnd else { throw CBORError(.outOfRange, at: reader.position) }
        let mark = HighWater(
          device: Digest.sha256(device), boot: boot, lastSeq: numbers.upperBound, chain: chain)
        end = End(header: header, mark: mark, index: index, path: digests)
      }
      try reader.finish()
    } catch { throw EdgeError(.malformed, "The proof of a series cannot be read: \(error).") }
  }

  private static func range(_ reader: inout CBORReader) throws(CBORError) -> ClosedRange<UInt64> {
    let first = try reader.uint()
    let last = try reader.uint()
    guard first <= last else { throw CBORError(.outOfRange, at: reader.position) }
    return first...last
  }
}
