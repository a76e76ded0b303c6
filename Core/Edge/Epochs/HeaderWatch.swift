public import COSE
internal import Primitives

/// Looks at the headers of one gateway as they appear, on the ledger or elsewhere: one number, one header, each following
/// on the one before.
public struct HeaderWatch: Sendable {
  private let gateway: String
  private let key: PublicKey
  /// By number: digest and statement, of the last `kept` numbers.
  private var seen: [UInt64: (digest: Digest, statement: [UInt8])] = [:]
  private var highest: UInt64 = 0
  private let kept: UInt64
  /// How far a header's closing may lie from the watcher's clock, microseconds.
  private let toleranceUs: Int64

  /// A watch over the gateway with this key.
  public init(gateway: String, key: PublicKey, kept: UInt64 = 65_536, toleranceUs: Int64 = 120_000_000) {
    self.gateway = gateway
    self.key = key
    self.kept = max(1, kept)
    self.toleranceUs = max(0, toleranceUs)
  }

  /// Looks at one signed header; gives the incident that it proves, together with one seen before, or nil.
  ///
  /// Throws `notProved` or `malformed` for what the gateway has not signed: that proves nothing about it.
  public mutating func see(_ statement: [UInt8], nowUs: Int64) throws(EdgeError) -> Incident? {
    let header = try BatchHeader.verify(statement: statement, key: key)
    guard header.gateway == gateway else { throw EdgeError(.notProved, "The header is of '\(header.gateway)'.") }
    let digest = header.digest
    if let known = seen[header.number] {
      return known.digest == digest ? nil : incident(.equivocation, header, nowUs, [known.statement, statement])
    }
    seen[header.number] = (digest, statement)
    if header.number > kept { seen[header.number - kept] = nil }
    defer { highest = max(highest, header.number) }
    if let before = seen[header.number - 1], header.previous != before.digest {
      return incident(.fork, header, nowUs, [before.statement, statement])
    }
    if let after = seen[header.number + 1], let next = try? BatchHeader.verify(statement: after.statement, key: key),
      next.previous != digest
    {
      return incident(.fork, header, nowUs, [statement, after.statement])
    }
    if header.closed.distance(to: UInt64(max(0, nowUs))).magnitude > toleranceUs.magnitude {
      return incident(.backdating, header, nowUs, [statement])
    }
    return nil
  }

  private func incident(
    _ kind: Incident.Kind, _ header: BatchHeader, _ nowUs: Int64, _ evidence: [[UInt8]]
  ) -> Incident {
    Incident(kind: kind, gateway: gateway, kid: 0, number: header.number, timeUs: nowUs, evidence: evidence)
  }
}
