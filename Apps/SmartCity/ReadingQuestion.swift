import CBOR
import COSE
import Edge
import Ledger
import Primitives

/// A question about readings, which are not in the state: a gateway's leaves answer it, the ledger vouches for the headers
/// of their batches.
enum ReadingQuestion: Equatable {
  /// One reading at its place.
  case reading(gateway: String, RowID)
  /// All readings of a device within a boot from one number to another.
  case series(gateway: String, device: String, boot: UInt32, numbers: ClosedRange<UInt64>)

  /// The words of a proof bundle's question.
  var words: [String] {
    switch self {
    case .reading(let gateway, let row): ["reading", "\(gateway)/\(row)"]
    case .series(let gateway, let device, let boot, let numbers):
      ["series", gateway, device, "\(boot)", "\(numbers.lowerBound)", "\(numbers.upperBound)"]
    }
  }

  init?(words: [String]) {
    switch (words.first, words.count) {
    case ("reading", 2):
      guard let question = ReadingQuestion(id: words[1]) else { return nil }
      self = question
    case ("series", 6):
      guard let boot = UInt32(words[3]), let first = UInt64(words[4]), let last = UInt64(words[5]), first <= last else {
        return nil
      }
      self = .series(gateway: words[1], device: words[2], boot: boot, numbers: first...last)
    default: return nil
    }
    guard self.words == words else { return nil }
  }

  /// A reading by its id, `GATEWAY/BATCH/INDEX`.
  init?(id: String) {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let batch = UInt64(parts[1]), let index = Int(parts[2]),
      (1..<1 << 43).contains(batch), (0..<1 << 20).contains(index)
    else { return nil }
    self = .reading(gateway: String(parts[0]), RowID(batch: batch, index: index))
  }

  /// What the ledger is asked for: the headers of the batches concerned as its rules took them, and the certificate of the device
  /// that signed the reading itself.
  func request(batches: [UInt64], evidence: [UInt8], signer: String? = nil) -> ProofRequest {
    var request = ProofRequest(question: words)
    request.keys = batches.map { EdgeRules.batches.key(.sha256(gateway), order: $0) }
    if let signer { request.keys.append(EdgeRules.devices.key(.sha256(signer))) }
    request.evidence = [evidence]
    return request
  }

  var gateway: String {
    switch self {
    case .reading(let gateway, _), .series(let gateway, _, _, _): gateway
    }
  }

  /// What a verified bundle says; throws `notProved` unless its parts answer the question.
  func claims(_ bundle: VerifiedBundle) throws(LedgerError) -> [Message] {
    guard bundle.evidence.count == 1 else {
      throw LedgerError(.notProved, "The proof has not the gateway's part that answers the question.")
    }
    let (headers, certificate) = try parts(bundle)
    guard bundle.absent.isEmpty else {
      throw LedgerError(.notProved, "A batch of the answer is not on the ledger.")
    }
    do {
      switch self {
      case .reading(let gateway, let row):
        let leaf = try LeafPart(decoding: bundle.evidence[0])
        guard headers.count == 1, headers[0].header.number == row.batch, leaf.index == UInt64(row.index) else {
          throw LedgerError(.notProved, "The proof is of another reading than the one asked for.")
        }
        let finding = try ReadingProof.verify(
          leaf, in: headers[0].header, device: certificate.flatMap { Self.key($0, leaf) })
        return ReadingText.reading(
          finding, gateway: gateway, row: row, entry: headers[0].entry.entry, time: headers[0].entry.time)
      case .series(let gateway, let device, let boot, let numbers):
        let series = try SeriesProof(decoding: bundle.evidence[0])
        guard series.device == device, series.boot == boot, series.numbers == numbers else {
          throw LedgerError(.notProved, "The proof is of another series than the one asked for.")
        }
        let finding = try series.verify(headers: headers.map(\.header))
        return ReadingText.series(series, finding, gateway: gateway)
      }
    } catch let error as LedgerError { throw error } catch let error as EdgeError {
      throw LedgerError(.notProved, error.message)
    } catch { throw LedgerError(.notProved, "The gateway's part cannot be read: \("\(error)").") }
  }

  /// What a log excerpt of a batch's header with a leaf beside it says; nil for other statements.
  static func claims(_ excerpt: LogExcerpt, _ finding: LogExcerpt.Finding) throws(LedgerError) -> [Message]? {
    let statement = finding.statement
    guard statement.header.contentType == BatchHeader.contentType, !excerpt.evidence.isEmpty else { return nil }
    do {
      let header = try BatchHeader(decoding: statement.payload[...])
      guard header.gateway == statement.header.issuer else {
        throw LedgerError(.notProved, "The batch's header is not its gateway's own statement.")
      }
      let leaf = try LeafPart(decoding: excerpt.evidence)
      let found = try ReadingProof.verify(leaf, in: header)
      guard leaf.index < header.count else {
        throw LedgerError(.notProved, "The batch has no such leaf.")
      }
      return ReadingText.reading(
        found, gateway: header.gateway, row: RowID(batch: header.number, index: Int(leaf.index)), entry: excerpt.index)
    } catch let error as LedgerError { throw error } catch let error as EdgeError {
      throw LedgerError(.notProved, error.message)
    } catch { throw LedgerError(.notProved, "The gateway's part cannot be read: \("\(error)").") }
  }

  /// The key of a certificate that signed a leaf's message, valid when the gateway received it.
  static func key(_ certificate: DeviceCertificate, _ leaf: LeafPart) -> PublicKey? {
    guard certificate.request.urn == leaf.signer else { return nil }
    return certificate.key(thatSigned: leaf.message, at: UInt64(max(0, leaf.arrival)) / 1000)
  }

  /// The gateway's headers that the state shows, by rising number, and the device's certificate if it is asked for.
  private func parts(
    _ bundle: VerifiedBundle
  ) throws(LedgerError) -> (headers: [(entry: BatchEntry, header: BatchHeader)], device: DeviceCertificate?) {
    var headers: [(entry: BatchEntry, header: BatchHeader)] = []
    var device: DeviceCertificate?
    for (key, value) in bundle.present {
      if let value, let found = try? DeviceCertificate(decoding: value),
        key == EdgeRules.devices.key(.sha256(found.request.urn))
      {
        device = found
        continue
      }
      guard let value, let entry = try? BatchEntry(decoding: value),
        let header = try? BatchHeader(decoding: entry.header[...]),
        header.gateway == gateway, key == EdgeRules.batches.key(.sha256(gateway), order: header.number)
      else { throw LedgerError(.notProved, "A batch of the proof is not this gateway's as the ledger has it.") }
      headers.append((entry, header))
    }
    return (headers.sorted { $0.header.number < $1.header.number }, device)
  }
}
