import CBOR
import Ledger
import LedgerTestKit
import Merkle
import Primitives
import Testing

@Suite struct FuzzCBORTests {
  /// A value with every kind of item.
  static let value: CBORValue = [
    1: [0, 23, 24, 255, 256, 65_535, 65_536, .unsigned(.max), .negative(.max), -1], 2: .bytes([1, 2, 3]),
    "text": "\u{e9}\u{1f469}", .bytes([9]): .tag(1234, [true, false, .null]), [1, 2]: ["a": ["b": ["c": []]]],
    .null: .bytes((try? CBORValue.array([1, "x", .map([])]).encoded()) ?? []),
  ]

  static func map() throws -> PatriciaMap {
    var map = PatriciaMap()
    try map.apply((0..<40).map { (key: Digest.sha256("\($0)").bytes, value: Digest.sha256("value \($0)")) })
    return map
  }

  static func corpus() async throws -> Mutator {
    let ledger = try await FuzzLedger()
    var items: [Mutator.Item] = [
      .init("value", .cbor, try value.encoded()), .init("value", .cbor, ledger.bundle),
      .init("genesis", .cbor, ledger.genesis.encoded()),
      .init("part", .cbor, try Part.split(Array("a document".utf8), contentType: "text/plain")[0].encoded()),
    ]
    items += ledger.configurations.map { .init("configuration", .cbor, $0) }
    items += ledger.seals.map { .init("seal", .cbor, $0) }
    let map = try map()
    for key in [Digest.sha256("3").bytes, Digest.sha256("none").bytes] {
      items.append(.init("map proof", .binary, try map.proof(of: key).bytes))
    }
    for prefix in [[], [0x4e], [0xff, 0xff]] as [[UInt8]] {
      items.append(.init("prefix proof", .binary, try map.prefixProof(prefix).proof.bytes))
    }
    for tile in ["tile/0/x001/x234/067", "tile/2/000.p/7", "tile/63/x999/999.p/255"] {
      items.append(.init("tile path", .text, Array(tile.utf8)))
    }
    items.append(.init("entries path", .text, Array("tile/entries/x018/x446/x744/x073/x709/551.p/1".utf8)))
    items.append(.init("hash tile", .binary, (0..<5).flatMap { Digest.sha256("\($0)").bytes }))
    let writes = (0..<3).map { number -> WriteSet.Write in
      let blind = Blind(Array(repeating: UInt8(number), count: 16))
      return WriteSet.Write(
        key: StateKey(bytes: [UInt8(number), 2, 3]), value: number == 1 ? nil : Array("value \(number)".utf8),
        blind: number == 1 ? .none : blind ?? .none)
    }
    items.append(.init("write set", .binary, WriteSet(writes).encoded()))
    items.append(.init("subtree list", .binary, SubtreeList.encode(try map.summarize(maxLeaves: 8))))
    items.append(.init("varint", .binary, [0xff, 0xff, 0xff, 0xff, 0x0f]))
    return Mutator(items)
  }

  /// What was read, written again; nil if it was refused.
  static func again(_ kind: String, _ bytes: [UInt8]) throws -> [UInt8]? {
    switch kind {
    case "value": return try CBORValue(decoding: bytes).encoded()
    case "genesis": return try Genesis(decoding: bytes[...]).encoded()
    case "configuration":
      let configuration = try Configuration(decoding: bytes[...])
      _ = try? configuration.policy(origin: "origin").encoded
      return configuration.encoded()
    case "seal": return try Seal(decoding: bytes[...]).encoded()
    case "part":
      let part = try Part(decoding: bytes[...])
      _ = try? Part.join([part, part])
      _ = try? Part.join([part])
      return part.encoded()
    case "map proof":
      let present = try? MapProof(bytes: bytes, present: true)
      return (try present ?? MapProof(bytes: bytes, present: false)).bytes
    case "prefix proof":
      let some = try? PrefixProof(bytes: bytes, isEmpty: false)
      return (try some ?? PrefixProof(bytes: bytes, isEmpty: true)).bytes
    case "tile path": return TileID(path: String(decoding: bytes, as: UTF8.self)).map { Array($0.path.utf8) }
    case "entries path":
      return TileID(entriesPath: String(decoding: bytes, as: UTF8.self)).map { Array($0.entriesPath.utf8) }
    case "hash tile":
      _ = TileID(level: 0, index: 0, width: 5).flatMap { Tile(id: $0, bytes: bytes) }
      return Tile.hashes(in: bytes).map { $0.flatMap(\.bytes) }
    case "write set": return try WriteSet(decoding: bytes).encoded()
    case "subtree list":
      let list = try SubtreeList.decode(bytes)
      for summary in list { _ = summary.upperBound }
      return bytes.isEmpty ? [] : SubtreeList.encode(list)
    default:
      var reader = ByteReader(bytes)
      var written: [UInt8] = []
      while let number = reader.varint() { written.append(varint: number) }
      return reader.isAtEnd ? written : nil
    }
  }

  /// The reader that skips and the one that builds a value must agree on what is sound.
  static func differs(_ bytes: [UInt8]) -> Bool {
    var reader = CBORReader(bytes)
    let isSkipped = (try? reader.skip()) != nil && (try? reader.finish()) != nil
    let value = try? CBORValue(decoding: bytes)
    if let value, bytes.count < 4096 { _ = value.description }
    return (value != nil) != isSkipped
  }

  @Test("CBOR, the ledger's formats, map proofs and tiles") func readers() async throws {
    let mutator = try await Self.corpus()
    let run = await FuzzRun.aside {
      FuzzRun("CBOR", usual: 15_000, mutator) { item, bytes in
        if item.grammar == .cbor, Self.differs(bytes) { return .wrong("the two CBOR readers do not agree") }
        do {
          guard let again = try Self.again(item.kind, bytes) else { return .refused }
          // A varint of state files may be read again only when it is the shortest.
          return again == bytes ? .read() : .wrong("read, but written as \(Hex.encode(again.prefix(200)))")
        } catch { return "\(error)".utf8.count < 2000 ? .refused : .wrong("the error is longer than 2000 bytes") }
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }

  @Test("regression: a quorum beyond half of Int is refused") func quorumOverflow() async throws {
    let ledger = try await FuzzLedger()
    for quorum in [UInt64(1) << 62, 1 << 63, .max, 0] {
      guard case .map(var pairs) = try CBORValue(decoding: ledger.configurations[0]) else { return }
      pairs[1].value = .unsigned(quorum)
      let bytes = try CBORValue.map(pairs).encoded()
      #expect(throws: LedgerError.self) { try Configuration(decoding: bytes[...]) }
    }
  }

  @Test("regression: an error quotes the beginning of an outside text only, without control characters")
  func quoted() async throws {
    let ledger = try await FuzzLedger()
    let long = String(repeating: "member\u{1b}[2J", count: 5000)
    guard case .map(let pairs) = try CBORValue(decoding: ledger.configurations[0]) else { return }
    for place in [4, 5] {
      var changed = pairs
      if place == 4 { changed[4].value = .text(long) }
      if place == 5, case .array(var members) = pairs[5].value, case .map(var member) = members[0] {
        member[0].value = .text(long)
        member[2].value = .text(long)
        members[0] = .map(member)
        changed[5].value = .array(members)
      }
      let bytes = try CBORValue.map(changed).encoded()
      do {
        _ = try Configuration(decoding: bytes[...])
        Issue.record("read")
      } catch {
        let said = error.message.english
        #expect(said.utf8.count < 600 && !said.contains("\u{1b}"), "\(said.prefix(700))")
      }
    }
  }
}
