import enum Crypto.Curve25519
import Ledger
import Primitives

/// An Ed25519 key that follows from a seed.
struct TestSigner: NoteSigning {
  let key: Curve25519.Signing.PrivateKey

  init(_ seed: UInt64) { self.init(bytes: Digest.sha256("test signer \(seed)").bytes) }

  init(bytes: [UInt8]) { key = try! Curve25519.Signing.PrivateKey(rawRepresentation: bytes) }

  var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

  func signature(for message: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: message)) }
}

/// A log and three cosigners of which two are a quorum.
struct Consortium {
  let origin = NoteName("log.example/one")!
  let logSigner = TestSigner(1)
  let names = (1...3).map { NoteName("org-\($0).example")! }
  let signers = (1...3).map { TestSigner(UInt64($0) + 10) }

  var logKey: VerifierKey { VerifierKey(log: origin, publicKey: logSigner.publicKey)! }

  var witnesses: [TrustPolicy.Witness] {
    (0..<3).map {
      TrustPolicy.Witness(
        name: OctetText("org-\($0 + 1)"), key: VerifierKey(cosigner: names[$0], publicKey: signers[$0].publicKey)!)
    }
  }

  func policy(_ threshold: Int = 2) throws -> TrustPolicy {
    try .consortium(logs: [TrustPolicy.Log(key: logKey)], members: witnesses, threshold: threshold)
  }

  func checkpoint(_ size: UInt64 = 42, _ root: Digest = .sha256("root")) -> Checkpoint {
    Checkpoint(origin: origin, size: size, root: root)
  }

  func cosignature(_ member: Int, of checkpoint: Checkpoint, at time: UInt64 = 1_700_000_000) throws -> NoteSignature {
    try Cosignature(checkpoint, timestamp: time, as: names[member], with: signers[member]).line
  }

  func note(_ checkpoint: Checkpoint, members: [Int] = [0, 1, 2]) throws -> SignedNote {
    var note = try checkpoint.signed(with: logSigner)
    for member in members { try note.add(cosignature(member, of: checkpoint, at: 1_700_000_000 + UInt64(member))) }
    return note
  }
}

/// RFC 9162 by its recursive definitions.
enum NaiveTree {
  static func leaves(_ count: Int) -> [Digest] {
    (0..<count).map { Digest.sha256([0, UInt8($0 & 255), UInt8($0 >> 8)]) }
  }

  static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    guard let first = leaves.first else { return .sha256([UInt8]()) }
    if leaves.count == 1 { return first }
    let k = split(leaves)
    return .sha256([1] + root(leaves[..<k]).bytes + root(leaves[k...]).bytes)
  }

  static func consistency(_ m: Int, _ leaves: ArraySlice<Digest>, _ whole: Bool = true) -> [Digest] {
    let end = leaves.startIndex + m
    if end == leaves.endIndex { return whole ? [] : [root(leaves)] }
    let k = split(leaves)
    return end <= k
      ? consistency(m, leaves[..<k], whole) + [root(leaves[k...])]
      : consistency(end - k, leaves[k...], false) + [root(leaves[..<k])]
  }

  static func inclusion(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
    if leaves.count == 1 { return [] }
    let k = split(leaves)
    return index < k
      ? inclusion(index, leaves[..<k]) + [root(leaves[k...])] : inclusion(index, leaves[k...]) + [root(leaves[..<k])]
  }

  private static func split(_ leaves: ArraySlice<Digest>) -> Int {
    var k = 1
    while k * 2 < leaves.count { k *= 2 }
    return leaves.startIndex + k
  }
}

extension String {
  var octets: [UInt8] { Array(utf8) }
}

extension SeededGenerator {
  mutating func number(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  /// One to four random edits: a byte changed, removed or put in, or a part repeated elsewhere.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Array("\n\n  +=—0019AZaz/\u{0}\t#\u{FF}\u{2003}".utf8) + [0xFF, 0x80, 0xE2]
    var out = bytes
    for _ in 0...number(4) {
      let byte = number(2) == 0 ? alphabet[number(alphabet.count)] : UInt8(truncatingIfNeeded: next())
      switch number(4) {
      case 0 where !out.isEmpty: out[number(out.count)] = byte
      case 1 where !out.isEmpty: out.remove(at: number(out.count))
      case 2 where !out.isEmpty:
        let start = number(out.count)
        let end = start + number(min(out.count - start, 80)) + 1
        out.insert(contentsOf: Array(out[start..<min(end, out.count)]), at: number(out.count))
      default: out.insert(byte, at: number(out.count + 1))
      }
    }
    return out
  }
}
