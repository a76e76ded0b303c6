import COSE
import Ledger
import LedgerTestKit
import Merkle
import Primitives
import Testing

@Suite struct FuzzProofTests {
  /// What a bundle says, one line for each claim, so that two can be compared.
  struct Claims {
    let head: [String]
    let parts: Set<String>
    let signers: Set<String>

    init(_ bundle: VerifiedBundle) {
      head = [
        bundle.origin, "\(bundle.size)", bundle.root.hex, Hex.encode(bundle.seal.encoded()), "\(bundle.needed)",
      ]
      signers = Set(bundle.signers.map { "\($0.name) \($0.time)" })
      func value(_ value: [UInt8]?) -> String { value.map { Hex.encode($0) } ?? "withheld" }
      var parts = bundle.statements.map { "statement \($0.index) \(Hex.encode($0.entry))" }
      parts += bundle.present.map { "present \(Hex.encode($0.key.bytes)) \(value($0.value))" }
      parts += bundle.absent.map { "absent \(Hex.encode($0.bytes))" }
      parts += bundle.lists.map { list in
        "list \(Hex.encode(list.prefix.bytes)) "
          + list.pairs.map { "\(Hex.encode($0.key.bytes)) \(value($0.value))" }.joined(separator: " ")
      }
      parts += bundle.documents.map { "document \($0.index) \(Hex.encode($0.bytes))" }
      self.parts = Set(parts)
    }

    /// How another verified bundle differs from this one; nil if it claims something that this one does not.
    func compare(_ other: Claims) -> String? {
      guard head == other.head, other.signers.isSubset(of: signers) else { return nil }
      guard other.parts != parts else {
        if other.signers != signers { return "the same claims, fewer co-signatures" }
        return "the same claims"
      }
      if other.parts.isSubset(of: parts) { return "fewer claims" }
      // A value may be withheld, which is said and counted; it may never become another one.
      return other.parts.allSatisfy { part in parts.contains { FuzzProofTests.isSame($0, part) } }
        ? "fewer values shown" : nil
    }
  }

  /// Whether a claim about an absence or a list holds in the whole state.
  static func isTrue(_ claim: String, _ state: [[UInt8]: [UInt8]]) -> Bool {
    let words = claim.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count > 1, let bytes = Hex.decode(words[1]) else { return false }
    switch words[0] {
    case "absent": return state[bytes] == nil
    case "list":
      let pairs = words.dropFirst(2).filter { !$0.isEmpty }
      let found = stride(from: pairs.startIndex, to: pairs.endIndex - 1, by: 2).map { (pairs[$0], pairs[$0 + 1]) }
      return found.count == state.keys.count { $0.starts(with: bytes) }
        && found.allSatisfy { key, value in
          guard let known = Hex.decode(key).flatMap({ state[$0] }) else { return false }
          return value == "withheld" || Hex.encode(known) == value
        }
    default: return false
    }
  }

  /// The fields in which a bundle with the same claims differs from the one that it was made from.
  static func difference(_ bundle: ProofBundle, _ bytes: [UInt8]) -> String {
    guard let truth = try? ProofBundle(decoding: bytes) else { return "" }
    var fields: [String] = []
    if bundle.question != truth.question { fields.append("question") }
    if bundle.note != truth.note { fields.append("note") }
    if bundle.seal != truth.seal || bundle.sealPath != truth.sealPath { fields.append("seal") }
    if bundle.statements != truth.statements { fields.append("statements") }
    if bundle.present != truth.present { fields.append("present") }
    if bundle.absent != truth.absent { fields.append("absent") }
    if bundle.prefixes != truth.prefixes { fields.append("lists") }
    if bundle.documents != truth.documents { fields.append("documents") }
    if bundle.chain != truth.chain { fields.append("chain") }
    return ", other " + fields.joined(separator: " and ")
  }

  /// Whether two claims are equal but for values that the second withholds.
  static func isSame(_ truth: String, _ claim: String) -> Bool {
    let (a, b) = (truth.split(separator: " "), claim.split(separator: " "))
    guard a.count == b.count, a.first == b.first, ["present", "list"].contains(a.first ?? "") else {
      return truth == claim
    }
    return zip(a, b).allSatisfy { $0 == $1 || $1 == "withheld" }
  }

  @Test("bundles: what still verifies claims nothing that the original did not") func bundles() async throws {
    let ledger = try await FuzzLedger()
    let mutator = Mutator([
      .init("bundle", .cbor, ledger.bundle), .init("chained bundle", .cbor, ledger.chained),
    ])
    let truths = try [
      "bundle": Claims(ProofBundle(decoding: ledger.bundle).verify(policy: ledger.firstPolicy)),
      "chained bundle": Claims(ProofBundle(decoding: ledger.chained).verify(policy: ledger.firstPolicy)),
    ]
    let run = await FuzzRun.aside {
      FuzzRun("Proofs: bundles", usual: 2000, share: 0.5, mutator) { item, bytes in
        guard let bundle = try? ProofBundle(decoding: bytes) else { return .refused }
        guard bundle.encoded() == bytes else { return .wrong("the bundle is written otherwise") }
        let verified: VerifiedBundle
        do { verified = try bundle.verify(policy: ledger.firstPolicy) } catch { return .read("not proved") }
        if bytes == item.bytes { return .read("unchanged") }
        let claims = Claims(verified)
        // An input may have become the other bundle, or a mixture of both.
        for truth in truths.values {
          guard let word = truth.compare(claims) else { continue }
          guard word == "the same claims" else { return .read(word) }
          return .read(word + Self.difference(bundle, item.bytes))
        }
        // A change may ask about another key, of which the proof happens to say the truth as well.
        let known = truths.values.reduce(into: Set(truths.values.flatMap(\.head))) { $0.formUnion($1.parts) }
        let new = (claims.head + claims.parts).filter { !known.contains($0) }
        let state = ledger.states[verified.root] ?? [:]
        if claims.head.allSatisfy(known.contains), new.allSatisfy({ Self.isTrue($0, state) }) {
          return .read("other claims, all true")
        }
        return .wrong("it verifies and claims something else: \(new.map { $0.prefix(300) }) \(claims.signers)")
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }

  @Test("inclusion, consistency, map and prefix proofs hold for what they were made for only") func parts() async throws
  {
    let leaves = (0..<21).map { Digest.sha256("leaf \($0)") }
    var (tree, roots) = (TileTree(), [TreeHash.empty])
    var sink: [Tile] = []
    for leaf in leaves {
      tree.append(leaf) { sink.append($0) }
      roots.append(tree.root)
    }
    let map = try FuzzCBORTests.map()
    let keys = (0..<40).map { Digest.sha256("\($0)").bytes }
    let prefix = [keys[3][0]]
    let listed = try map.prefixProof(prefix)
    var items: [Mutator.Item] = []
    for index in [0, 7, 19] {
      var bytes: [UInt8] = []
      bytes.append(u64: UInt64(index))
      bytes.append(u64: 21)
      items.append(.init("inclusion", .binary, bytes + Self.inclusion(index, leaves[...]).flatMap(\.bytes)))
    }
    for from in [4, 13, 16] {
      var bytes: [UInt8] = []
      bytes.append(u64: UInt64(from))
      bytes.append(u64: 21)
      items.append(.init("consistency", .binary, bytes + Self.consistency(from, leaves[...]).flatMap(\.bytes)))
    }
    items.append(.init("present", .binary, try map.proof(of: keys[3]).bytes))
    items.append(.init("absent", .binary, try map.proof(of: Digest.sha256("none").bytes).bytes))
    items.append(.init("list", .binary, listed.proof.bytes))
    items.append(.init("no list", .binary, try map.prefixProof([0xfe, 0xff, 0x01]).proof.bytes))
    let mutator = Mutator(items)

    func path(_ reader: inout ByteReader) -> [Digest] {
      var path: [Digest] = []
      while path.count < 80, let digest = reader.digest() { path.append(digest) }
      return path
    }
    let run = await FuzzRun.aside {
      FuzzRun("Proofs: parts", usual: 10_000, share: 0.5, mutator) { item, bytes in
        switch item.kind {
        case "inclusion", "consistency":
          var reader = ByteReader(bytes)
          guard let first = reader.u64(), let second = reader.u64() else { return .refused }
          let path = path(&reader)
          guard reader.isAtEnd else { return .refused }
          if item.kind == "inclusion" {
            let proof = InclusionProof(index: first, size: second, path: path)
            let holds = leaves.indices.filter { proof.verify(leaf: leaves[$0], root: roots[21]) }
            guard let place = holds.first else { return .refused }
            return holds.count == 1 && first == UInt64(place) ? .read() : .wrong("leaf \(holds) is proved at \(first)")
          }
          let proof = ConsistencyProof(from: first, to: second, path: path)
          let holds = (1...20).filter { proof.verify(from: roots[$0], to: roots[21]) }
          guard let size = holds.first else { return .refused }
          return holds.count == 1 && proof.verify(from: roots[size], to: roots[21]) && (first == UInt64(size))
            ? .read() : .wrong("sizes \(holds) are proved for \(first)")
        case "present", "absent":
          if let proof = try? MapProof(bytes: bytes, present: false),
            keys.contains(where: { proof.verifyAbsent(key: $0, root: map.root) })
          {
            return .wrong("a present key is proved absent")
          }
          if let proof = try? MapProof(bytes: bytes, present: true) {
            for (number, key) in keys.enumerated() {
              if proof.verifyPresent(key: key, value: .sha256("value \(number + 1)"), root: map.root) {
                return .wrong("another value is proved")
              }
              if proof.verifyPresent(key: key, value: .sha256("value \(number)"), root: map.root) { return .read() }
            }
          }
          let absent = try? MapProof(bytes: bytes, present: false)
          return absent?.verifyAbsent(key: Digest.sha256("none").bytes, root: map.root) == true ? .read() : .refused
        default:
          if let proof = try? PrefixProof(bytes: bytes, isEmpty: true) {
            if proof.verify(prefix: prefix, pairs: [], root: map.root) { return .wrong("a full list is proved empty") }
            if item.kind == "no list", proof.verify(prefix: [0xfe, 0xff, 0x01], pairs: [], root: map.root) {
              return .read()
            }
          }
          guard let proof = try? PrefixProof(bytes: bytes, isEmpty: false) else { return .refused }
          for left in listed.pairs.indices {
            var pairs = listed.pairs
            pairs.remove(at: left)
            if proof.verify(prefix: prefix, pairs: pairs, root: map.root) { return .wrong("a shorter list is proved") }
          }
          return proof.verify(prefix: prefix, pairs: listed.pairs, root: map.root) ? .read() : .refused
        }
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }

  // MARK: RFC 9162 by its recursive definitions

  private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    guard leaves.count > 1 else { return leaves.first ?? TreeHash.empty }
    let k = split(leaves)
    return TreeHash.node(root(leaves[..<k]), root(leaves[k...]))
  }

  private static func inclusion(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
    if leaves.count == 1 { return [] }
    let k = split(leaves)
    return index < k
      ? inclusion(index, leaves[..<k]) + [root(leaves[k...])] : inclusion(index, leaves[k...]) + [root(leaves[..<k])]
  }

  private static func consistency(_ size: Int, _ leaves: ArraySlice<Digest>, _ isWhole: Bool = true) -> [Digest] {
    let end = leaves.startIndex + size
    if end == leaves.endIndex { return isWhole ? [] : [root(leaves)] }
    let k = split(leaves)
    return end <= k
      ? consistency(size, leaves[..<k], isWhole) + [root(leaves[k...])]
      : consistency(end - k, leaves[k...], false) + [root(leaves[..<k])]
  }

  private static func split(_ leaves: ArraySlice<Digest>) -> Int {
    var k = 1
    while k * 2 < leaves.count { k *= 2 }
    return leaves.startIndex + k
  }
}
