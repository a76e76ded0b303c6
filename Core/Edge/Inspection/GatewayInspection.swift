internal import COSE
internal import Ledger
internal import Primitives

/// What a gateway's own file says about the gateway, beside what the ledger has of it.
struct GatewayInspection {
  let name: String
  let key: PublicKey

  /// Headers that are not the ledger's or do not follow on each other, bodies without their root, back-dated leaves.
  ///
  /// - Parameter anchored: the header statement that the ledger has of a number, whole, or nil.
  func findings(_ store: EdgeStore, anchored: (UInt64) throws -> [UInt8]?) throws -> [InspectionFinding] {
    var found: [InspectionFinding] = []
    var before: (header: BatchHeader, statement: [UInt8])?
    for number in 1...max(1, try store.lastNumber()) {
      guard let statement = try store.statement(number) else { continue }
      guard let header = try? BatchHeader.verify(statement: statement, key: key), header.gateway == name else {
        throw EdgeError(.damaged, "Header \(number) in the file of '\(name)' is not signed by the gateway's key.")
      }
      let time = Int64(clamping: header.closed)
      if let other = try anchored(number), let theirs = try? BatchHeader.verify(statement: other, key: key),
        theirs.digest != header.digest
      {
        found.append(
          InspectionFinding(
            .equivocation, name, number: number, timeUs: time, evidence: [other, statement],
            "Batch \(number) has one header on the ledger and another in the gateway's file."))
      }
      if let before, before.header.number + 1 == number, header.previous != before.header.digest {
        found.append(
          InspectionFinding(
            .fork, name, number: number, timeUs: time, evidence: [before.statement, statement],
            "Batch \(number) does not follow on the one before."))
      }
      before = (header, statement)
      guard try store.body(header) != nil else { continue }
      let rows = try store.backdatedRows(number)
      if let first = rows.first {
        found.append(
          InspectionFinding(
            .backdating, name, number: number, timeUs: time, evidence: [statement],
            "\(rows.count) leaves of batch \(number) claim to have come when it cannot have been open, the first at \(first)."
          ))
      }
    }
    return found
  }
}

/// What devices have signed of their readings, against the readings that gateways have stored.
struct EpochInspection {
  /// One of a device's signed epochs with the message that carries it.
  struct Signed {
    let gateway: Int
    let epoch: DeviceEpoch
    let message: [UInt8]
  }

  /// Figures of one device's epochs.
  struct Figures: Equatable {
    /// Epochs whose readings all are there and are the device's.
    var whole = 0
    /// Epochs of which readings are missing.
    var partial = 0
    /// Numbers that epochs count and no gateway has.
    var missing = 0
  }

  /// Compares the epochs of one device, whose signatures have been checked, with its readings over all gateways.
  static func findings(
    _ device: String, _ signed: [Signed], _ readings: [InspectedReading], gateways: [String], _ figures: inout Figures
  ) -> [InspectionFinding] {
    var payloads: [UInt32: [UInt64: [UInt8]]] = [:]
    // Where a number has two readings, each gateway is judged by its own: the other one is another's doing.
    var byGateway: [Int: [UInt32: [UInt64: [UInt8]]]] = [:]
    for reading in readings {
      let payload = reading.form.encoded()
      payloads[reading.form.boot, default: [:]][reading.form.seq] = payload
      byGateway[reading.gateway, default: [:]][reading.form.boot, default: [:]][reading.form.seq] = payload
    }
    var chains: [Digest: DeviceEpoch] = [:]
    for one in signed { chains[one.epoch.digest] = one.epoch }
    var found: [InspectionFinding] = []
    for one in signed {
      let epoch = one.epoch
      let start: Digest
      if epoch.first == 0 {
        start = Digest()
      } else if let before = chains[epoch.previous], before.boot == epoch.boot, before.last + 1 == epoch.first {
        start = before.chain
      } else {
        continue
      }
      let own = (payloads[epoch.boot] ?? [:]).merging(byGateway[one.gateway]?[epoch.boot] ?? [:]) { $1 }
      let audit = EpochAudit(epoch, start: start, payload: { own[$0] }, isAcknowledged: { _ in false })
      figures.missing += audit.missing.count
      if audit.missing.isEmpty { figures.whole += 1 } else { figures.partial += 1 }
      guard audit.isUnaltered == false else { continue }
      found.append(
        InspectionFinding(
          .alteration, gateways[one.gateway], number: epoch.first, timeUs: epoch.timeUs,
          // The payloads are one CBOR sequence (RFC 8742): an epoch counts more of them than a report has places.
          evidence: [one.message, start.bytes, (epoch.first...epoch.last).flatMap { own[$0] ?? [] }],
          "Readings \(epoch.first) to \(epoch.last) of \(device) are not those that the device signed."))
    }
    return found
  }
}
