public import COSE
internal import Ledger
internal import Primitives

/// Goes through gateways' files as a supervisor does who has them beside the ledger: headers, bodies and devices' epochs against
/// each other, each device over all gateways, and each against its neighbours.
///
/// Only devices that the ledger has certified are compared with each other: of others nobody says where they are. Costs a
/// scan of the files, a signature for each header and epoch, and memory for the readings of certified devices in the span.
public struct Inspection: Sendable {
  /// A gateway's file and the key that the ledger has of the gateway.
  public struct Source: Sendable {
    let name: String
    let key: PublicKey
    let path: String

    /// A gateway.
    ///
    /// - Parameter path: its file, which must be there.
    public init(name: String, key: PublicKey, path: String) { (self.name, self.key, self.path) = (name, key, path) }
  }

  /// What has been gone through.
  public struct Figures: Sendable, Equatable {
    /// Batches of all files.
    public var batches: UInt64 = 0
    /// Readings of certified devices within the span.
    public var readings = 0
    /// Certified devices that were heard.
    public var devices = 0
    /// Epochs whose readings all are there, as the device signed them.
    public var wholeEpochs = 0
    /// Epochs of which readings are missing: on the way, or left out.
    public var partialEpochs = 0
    /// Numbers that devices have signed for and no gateway has.
    public var missing = 0
  }

  /// Readings of certified devices that are compared at most.
  public static let readings = 2_000_000

  /// What was found, by gateway and then by device.
  public let findings: [InspectionFinding]
  /// What was gone through.
  public let figures: Figures

  /// Inspects.
  ///
  /// - Parameters:
  ///   - span: the sample times that count, microseconds since 1970.
  ///   - certificates: the ledger's devices by URN.
  ///   - anchored: the statement of a gateway's header on the ledger, by name and number; nil where it has none.
  /// - Throws: `EdgeError`, `limit` where the span holds too many readings; or what `anchored` throws.
  public init(
    _ sources: [Source], span: Range<Int64>, certificates: [String: DeviceCertificate],
    anchored: (String, UInt64) throws -> [UInt8]?
  ) throws {
    var (findings, figures): ([InspectionFinding], Figures) = ([], Figures())
    var (readings, epochs): ([String: [InspectedReading]], [String: [EpochInspection.Signed]]) = ([:], [:])
    for (place, source) in sources.enumerated() {
      let store = try EdgeStore(path: source.path, gateway: source.name)
      defer { store.close() }
      figures.batches += try store.lastNumber()
      findings += try GatewayInspection(name: source.name, key: source.key).findings(store) {
        try anchored(source.name, $0)
      }
      try store.eachMessage { row, kind, message in
        if kind == .epoch {
          guard let payload = DeviceSignature.payload(message),
            let device = (try? DeviceEpoch(decoding: message[payload]))?.device, let certificate = certificates[device],
            let epoch = certificate.keys.lazy.compactMap({ try? DeviceEpoch.verify(message, key: $0.key) }).first
          else { return }
          epochs[device, default: []].append(.init(gateway: place, epoch: epoch, message: message))
        } else {
          guard let payload = EdgeCore.payload(of: message, kind: kind.rawValue),
            let form = ReadingForm(decoding: message[payload]), span.contains(form.timeUs),
            certificates[form.device] != nil
          else { return }
          figures.readings += 1
          guard figures.readings <= Inspection.readings else {
            throw EdgeError(
              .limit,
              "The span has more than \(Inspection.readings) readings of certified devices: choose a shorter one.")
          }
          readings[form.device, default: []].append(
            InspectedReading(gateway: place, row: row, form: form, message: message))
        }
      }
    }
    let names = sources.map(\.name)
    var neighbours = NeighbourInspection()
    var echoes = EchoInspection()
    var counts = EpochInspection.Figures()
    figures.devices = readings.count
    for (device, own) in readings.sorted(by: { $0.key < $1.key }) {
      guard let request = certificates[device]?.request else { continue }
      findings += JourneyInspection.findings(device, own, gateways: names)
      findings += EpochInspection.findings(device, epochs[device] ?? [], own, gateways: names, &counts)
      for reading in own {
        neighbours.add(reading, cell: request.cell, model: request.model)
        echoes.add(reading, model: request.model)
      }
    }
    (figures.wholeEpochs, figures.partialEpochs, figures.missing) = (counts.whole, counts.partial, counts.missing)
    self.findings = findings + echoes.findings() + neighbours.findings()
    self.figures = figures
  }
}
