public import COSE
public import Ledger
internal import Primitives

extension BatchHeader {
  /// The `cti` of a header's statement, which follows from gateway and number: the ledger takes it once.
  public var claimID: ClaimID {
    var bytes = Array("tallystick batch".utf8)
    bytes += gateway.utf8
    bytes.append(u64: number)
    return ClaimID(Digest.sha256(bytes).bytes[..<16]) ?? ClaimID(high: 0, low: number)
  }

  /// The header as a statement of the gateway, whose name is both issuer and subject. It carries the key, which is no
  /// member's: the ledger asks its contract whether it knows it.
  public func statement(key: PrivateKey) throws(EdgeError) -> Statement {
    do {
      return try Statement.sign(
        payload: encoded(), contentType: BatchHeader.contentType, issuer: gateway, subject: gateway,
        time: closed / 1000, claimID: claimID, key: key, carryingKey: true)
    } catch {
      throw EdgeError(.unavailable, "The header of batch \(number) cannot be signed: \(error)")
    }
  }

  /// The header in a statement's bytes if `key` signed it as that gateway's; throws `notProved` otherwise.
  public static func verify(statement: [UInt8], key: PublicKey) throws(EdgeError) -> BatchHeader {
    let message: Sign1
    let header: StatementHeader
    do {
      message = try Sign1(statement)
      header = try StatementHeader(message)
    } catch {
      throw EdgeError(.malformed, "The batch header's statement cannot be read: \(error).")
    }
    let batch = try BatchHeader(decoding: message.payload)
    guard header.names(key), message.verify(with: key) != nil else {
      throw EdgeError(.notProved, "The header of batch \(batch.number) is not signed by the gateway's key \(key.id).")
    }
    guard header.contentType == BatchHeader.contentType, header.issuer == batch.gateway,
      header.subject == batch.gateway
    else { throw EdgeError(.notProved, "The statement of batch \(batch.number) is not its gateway's own.") }
    return batch
  }

  /// The batch's number in a statement's bytes, without a look at the signature; throws `damaged`.
  public static func number(ofStatement statement: [UInt8]) throws(EdgeError) -> UInt64 {
    try unchecked(statement: statement).number
  }

  /// The header in a statement's bytes without a look at the signature; for what this gateway stored itself.
  static func unchecked(statement: [UInt8]) throws(EdgeError) -> BatchHeader {
    do { return try BatchHeader(decoding: try Sign1(statement).payload) } catch {
      throw EdgeError(.damaged, "A stored batch header cannot be read: \(error).")
    }
  }
}
