import COSE
import LedgerTestKit
import Primitives
import Testing

@Suite struct FuzzMac0Tests {
  @Test("COSE_Mac0: what is read is written alike, layouts agree, and no changed message has a code") func readers()
    async throws
  {
    let key = HMACSHA256Key(Array("a session's key".utf8))
    let kid: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    var made: Set<[UInt8]> = []
    var items: [Mutator.Item] = []
    for algorithm in MacAlgorithm.allCases {
      for count in [0, 20, 80, 300] {
        let payload = [UInt8](repeating: 0x61, count: count)
        let reading = try Mac0.encode(payload: payload, keyID: kid, algorithm: algorithm, key: key)
        let other = try Mac0.encode(payload: payload, keyID: nil, algorithm: algorithm, key: key)
        items += [.init("reading", .cbor, reading), .init("without a key id", .cbor, other)]
        made.insert(Mac0.structure(protected: try Mac0(reading).protected, payload: payload[...]))
      }
    }
    let mutator = Mutator(items)
    let run = await FuzzRun.aside { [made] in
      FuzzRun("COSE_Mac0", usual: 20_000, mutator) { _, bytes in
        let layout = bytes.withUnsafeBytes { Mac0Layout(message: $0) }
        guard let message = try? Mac0(bytes) else {
          return layout == nil ? .refused : .wrong("a layout of a message that is refused")
        }
        guard (layout != nil) == (message.keyID?.count == 8) else { return .wrong("layout and reader disagree") }
        if let layout {
          guard layout.payload == message.payload.indices, layout.tag == message.tag.indices,
            layout.kid == message.keyID?.indices, layout.protected == message.protected.indices,
            layout.algorithm == message.algorithm
          else { return .wrong("the layout is another one") }
        }
        guard
          let again = try? Mac0.encode(
            payload: Array(message.payload), keyID: message.keyID.map(Array.init), algorithm: message.algorithm,
            key: key),
          again.dropLast(message.tag.count) == bytes.dropLast(message.tag.count)
        else { return .wrong("the message is written otherwise") }
        guard message.isValid(for: key) else { return .read("no code") }
        return made.contains(Mac0.structure(protected: message.protected, payload: message.payload))
          ? .read("valid") : .wrong("a code for another payload")
      }
    }
    #expect(run.failures == [])
    #expect(run.idle(mutator) == [])
  }
}
