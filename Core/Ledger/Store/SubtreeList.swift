package import Merkle
import Primitives

/// The map's subtrees as one blob: u32 count, then for each u16 bit length ‖ prefix ‖ hash32 ‖ u32 keys.
package enum SubtreeList {
  package static func encode(_ summaries: [SubtreeSummary]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 + summaries.count * 48)
    bytes.append(u32: UInt32(summaries.count))
    for summary in summaries {
      bytes.append(u16: UInt16(summary.bitLength))
      bytes.append(contentsOf: summary.prefix)
      bytes.append(summary.hash)
      bytes.append(u32: UInt32(summary.count))
    }
    return bytes
  }

  package static func decode(_ bytes: [UInt8]) throws(LedgerError) -> [SubtreeSummary] {
    if bytes.isEmpty { return [] }
    let damaged = LedgerError(.damaged, "The list of the state's subtrees is damaged. Run audit.")
    var reader = ByteReader(bytes)
    guard let count = reader.u32(), Int(count) <= bytes.count / 38 else { throw damaged }
    var summaries: [SubtreeSummary] = []
    summaries.reserveCapacity(Int(count))
    for _ in 0..<count {
      guard let bits = reader.u16(), let prefix = reader.take((Int(bits) + 7) / 8), let hash = reader.digest(),
        let keys = reader.u32(),
        let summary = SubtreeSummary(prefix: Array(prefix), bitLength: Int(bits), hash: hash, count: Int(keys))
      else { throw damaged }
      summaries.append(summary)
    }
    guard reader.isAtEnd else { throw damaged }
    return summaries
  }
}
