import Merkle
import Primitives
import Testing

@Suite("Patricia map: lying provers")
struct MapMutationTests {
  static func map() throws -> PatriciaMap {
    var map = PatriciaMap()
    var changes = MapTests.universe.map { (key: $0, value: Optional(value($0))) }
    for index in 0..<200 { changes.append((Array("h/\(index % 20)/\(index)".utf8), value(index))) }
    try map.apply(changes)
    return map
  }

  static let asked: [[UInt8]] =
    MapTests.universe + ["h/3/3", "h/3/43", "h/3/44", "h/", "h/3/", "h/99", "i", "h/19/199"].map { Array($0.utf8) }

  /// Every changed, cut and longer form of a proof's bytes that the tests try.
  static func damaged(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
    var all: [[UInt8]] = []
    for place in bytes.indices {
      for mask in [1 << UInt8.random(in: 0..<8, using: &generator), UInt8(0x80)] {
        var copy = bytes
        copy[place] ^= mask
        all.append(copy)
      }
      all.append(Array(bytes[..<place]))
      all.append(Array(bytes[(place + 1)...]))
    }
    all.append(bytes + [0])
    all.append([0] + bytes)
    all.append(bytes + generator.bytes(33))
    all.append(bytes + [0] + generator.bytes(32))
    if bytes.count >= 66 {
      let end = bytes.count
      all.append(Array(bytes[..<(end - 66)] + bytes[(end - 33)...] + bytes[(end - 66)..<(end - 33)]))
      all.append(Array(bytes[..<(end - 66)] + bytes[(end - 33)...]))
      all.append(bytes + bytes[(end - 33)...])
    }
    return all.filter { $0 != bytes }
  }

  @Test("damaged proofs of presence and absence")
  func lookups() throws {
    var generator = SeededGenerator(seed: 41)
    let map = try Self.map()
    for key in Self.asked {
      let (found, proof) = try map.lookup(key)
      for bytes in Self.damaged(proof.bytes, &generator) {
        let present = try? MapProof(bytes: bytes, present: true)
        let absent = try? MapProof(bytes: bytes, present: false)
        #expect(present?.verifyPresent(key: key, value: found ?? value(key), root: map.root) != true)
        #expect(absent?.verifyAbsent(key: key, root: map.root) != true)
      }
      // The proof as it is, for other claims.
      #expect(!proof.verifyPresent(key: key, value: value("other"), root: map.root))
      #expect(!proof.verifyPresent(key: key, value: found ?? value(1), root: value("root")))
      #expect(!proof.verifyAbsent(key: key, root: value("root")))
      if let found {
        #expect(!proof.verifyAbsent(key: key, root: map.root))
        guard case .present(let path) = proof else { continue }
        let lie = MapProof.absent(neighbour: Neighbour(key: key, value: found.bytes), path: path)
        #expect(throws: ProofFault.neighbourIsKey) { try lie.checkAbsent(key: key, root: map.root) }
        for other in Self.asked where other != key {
          #expect(!proof.verifyPresent(key: other, value: found, root: map.root))
        }
      } else {
        #expect(!proof.verifyPresent(key: key, value: value(1), root: map.root))
        // A true leaf that a search for the key would not have ended at.
        guard case .present(let path) = try map.proof(of: [0xff]) else { continue }
        let lie = MapProof.absent(neighbour: Neighbour(key: [0xff], value: value([UInt8(0xff)]).bytes), path: path)
        #expect(throws: ProofFault.neighbourNotReached) { try lie.checkAbsent(key: key, root: map.root) }
      }
    }
    #expect(!MapProof.absent(neighbour: nil, path: []).verifyAbsent(key: [1], root: map.root))
    #expect(MapProof.absent(neighbour: nil, path: []).verifyAbsent(key: [1], root: PatriciaHash.empty))
  }

  @Test("damaged proofs and answers of prefixes")
  func prefixes() throws {
    var generator = SeededGenerator(seed: 42)
    let map = try Self.map()
    for prefix in Self.asked {
      let answer = try map.prefixProof(prefix)
      let pairs = answer.pairs
      #expect(answer.proof.verify(prefix: prefix, pairs: pairs, root: map.root))
      #expect(!answer.proof.verify(prefix: prefix, pairs: pairs, root: value("root")))
      for bytes in Self.damaged(answer.proof.bytes, &generator) {
        for isEmpty in [true, false] {
          let proof = try? PrefixProof(bytes: bytes, isEmpty: isEmpty)
          #expect(proof?.verify(prefix: prefix, pairs: isEmpty ? [] : pairs, root: map.root) != true)
        }
      }
      for index in pairs.indices {
        var copy = pairs
        copy.remove(at: index)
        #expect(!answer.proof.verify(prefix: prefix, pairs: copy, root: map.root), "dropped")
        copy = pairs
        copy.insert(pairs[index], at: index)
        #expect(!answer.proof.verify(prefix: prefix, pairs: copy, root: map.root), "doubled")
        copy = pairs
        copy[index].value = value("other")
        #expect(!answer.proof.verify(prefix: prefix, pairs: copy, root: map.root), "other value")
        copy = pairs
        copy[index].key.append(1)
        #expect(!answer.proof.verify(prefix: prefix, pairs: copy, root: map.root), "other key")
        if index > 0 {
          copy = pairs
          copy.swapAt(index, index - 1)
          #expect(!answer.proof.verify(prefix: prefix, pairs: copy, root: map.root), "swapped")
        }
      }
      #expect(!answer.proof.verify(prefix: prefix, pairs: pairs + [(prefix + [0x77], value(1))], root: map.root))
    }
  }

  @Test("a subtree too large or too small is caught")
  func wrongSubtree() throws {
    let map = try Self.map()
    let prefix = Array("h/3/".utf8)
    let whole = try map.scan()
    #expect(throws: ProofFault.pairOutsidePrefix) {
      try PrefixProof.some(path: []).check(prefix: prefix, pairs: whole, root: map.root)
    }
    let key = Array("h/3/43".utf8)
    let (found, proof) = try map.lookup(key)
    guard case .present(let path) = proof, let found else {
      Issue.record("not present")
      return
    }
    #expect(throws: ProofFault.bitOutOfRange) {
      try PrefixProof.some(path: path).check(prefix: prefix, pairs: [(key, found)], root: map.root)
    }
    // The claim that nothing is there, by a leaf that has the prefix, and by one that is not reached.
    let here = PrefixProof.none(neighbour: Neighbour(key: key, value: found.bytes), path: path)
    #expect(throws: ProofFault.neighbourHasPrefix) {
      try here.check(prefix: prefix, pairs: [(key: [UInt8], value: Digest)](), root: map.root)
    }
    #expect(throws: ProofFault.neighbourNotReached) {
      try here.check(prefix: Array("h/4/".utf8), pairs: [(key: [UInt8], value: Digest)](), root: map.root)
    }
  }

  @Test("numbers not in their shortest form, out of range or out of order do not parse")
  func strictBytes() throws {
    let hash = [UInt8](repeating: 7, count: 32)
    func fault(_ bytes: [UInt8], present: Bool) -> ProofFault? {
      do { _ = try MapProof(bytes: bytes, present: present) } catch { return error }
      return nil
    }
    #expect(fault([9] + hash + [3] + hash, present: true) == nil)
    #expect(fault([3] + hash + [9] + hash, present: true) == .notDecreasing)
    #expect(fault([3] + hash + [3] + hash, present: true) == .notDecreasing)
    #expect(fault([0x83, 0x00] + hash, present: true) == .malformed)
    #expect(fault([0x80, 0x20] + hash, present: true) == nil)
    #expect(fault([0x81, 0x20] + hash, present: true) == .bitOutOfRange)
    #expect(fault([3] + hash.dropLast(), present: true) == .malformed)
    #expect(fault([3], present: true) == .malformed)
    #expect(fault([UInt8](repeating: 0xff, count: 20), present: true) == .malformed)
    #expect(fault([0x81, 0x04] + hash, present: false) == .tooLong)
    #expect(fault([1, 5, 0x81, 0x08], present: false) == .tooLong)
    #expect(fault([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], present: false) == .tooLong)
    #expect(fault([2, 5], present: false) == .malformed)
    #expect(fault([1, 5], present: false) == .malformed)
    #expect(fault([1, 5, 1, 6], present: false) == nil)
    let step = PathStep(bit: -1, sibling: Digest())
    #expect(!MapProof.present(path: [step]).verifyPresent(key: [1], value: Digest(), root: Digest()))
  }

  @Test("random bytes never trap, and what parses is written the same", arguments: [UInt64(51), 52, 53])
  func fuzz(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let map = try Self.map()
    let seeds = try Self.asked.map { try map.proof(of: $0).bytes }
    for round in 0..<6000 {
      var bytes = generator.bytes(Int.random(in: 0...120, using: &generator))
      if round % 2 == 0 {
        bytes = seeds.randomElement(using: &generator)!
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      for flag in [true, false] {
        if let proof = try? MapProof(bytes: bytes, present: flag) {
          #expect(proof.bytes == bytes, "seed \(seed)")
          _ = proof.verifyPresent(key: [1], value: Digest(), root: map.root)
          _ = proof.verifyAbsent(key: [1], root: map.root)
        }
        if let proof = try? PrefixProof(bytes: bytes, isEmpty: flag) {
          #expect(proof.bytes == bytes, "seed \(seed)")
          #expect(!proof.verify(prefix: [9, 9], pairs: [], root: map.root) || flag)
        }
      }
    }
  }
}
