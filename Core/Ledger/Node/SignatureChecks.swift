import COSE

/// Signature checks over all cores.
enum SignatureChecks {
  /// Statements that one task checks: about 2 ms of work.
  private static let stride = 64

  /// The verifications of the entries, in their order.
  static func run(_ entries: [[UInt8]], keys: [KeyID: PublicKey]) async -> [Verification] {
    if entries.count <= stride { return entries.map { Statement.verify($0, keys: keys) } }
    return await withTaskGroup(of: (Int, [Verification]).self) { group in
      for start in Swift.stride(from: 0, to: entries.count, by: stride) {
        group.addTask {
          (start, entries[start..<min(start + stride, entries.count)].map { Statement.verify($0, keys: keys) })
        }
      }
      var parts: [(Int, [Verification])] = []
      for await part in group { parts.append(part) }
      parts.sort { $0.0 < $1.0 }
      return parts.flatMap(\.1)
    }
  }
}
