import Edge
import Ledger
import Primitives

/// A device as the board knows it.
struct CityDevice: Sendable {
  let urn: String
  let owner: String
  let model: String
  let cell: String
  let slice: UInt64
  let status: EdgeStatus

  init(_ certificate: DeviceCertificate) {
    let request = certificate.request
    (urn, owner, model, cell) = (request.urn, request.owner, request.model, request.cell)
    (slice, status) = (request.slice, certificate.status)
  }
}

/// A gateway with what it has anchored.
struct CityGateway: Sendable {
  let name: String
  let owner: String
  let status: EdgeStatus
  /// The number of its last batch.
  var batches: UInt64 = 0
  /// Leaves in them.
  var leaves: UInt64 = 0
  /// The time of the block that has the last batch, milliseconds since 1970.
  var last: UInt64 = 0
  /// From a batch's closing to the time of its block, milliseconds, of the newest batches.
  var delays: [Int64] = []
}

/// A view of the ledger as the pages show it.
struct CityView: Sendable {
  let size: UInt64
  let time: UInt64
  /// All devices, or none where there are too many for one page.
  let devices: [CityDevice]
  let deviceCount: Int
  let gateways: [CityGateway]
  let alarmCount: Int
  /// The newest alarms, oldest first.
  let alarms: [(entry: UInt64, alarm: Recorded<Alarm>)]
  let incidentCount: Int

  var batches: UInt64 { gateways.reduce(0) { $0 + $1.batches } }
  var leaves: UInt64 { gateways.reduce(0) { $0 + $1.leaves } }
}

/// Reads from the ledger what the pages show, once for each of its sizes; what has been read of a gateway's chain is kept.
actor CityBoard {
  /// Devices that a page lists at most, and of which the map knows.
  static let devices = 20_000
  /// Alarms that the map takes into account.
  static let alarms = 2000
  /// Batches of a gateway whose delays are kept.
  static let delays = 20_000

  nonisolated let node: Node
  nonisolated let shelf: GatewayShelf?
  private var last: CityView?
  private var known: [CityDevice] = []
  private var knownLives = -1
  private var chains: [String: CityGateway] = [:]

  init(_ node: Node, _ shelf: GatewayShelf?) { (self.node, self.shelf) = (node, shelf) }

  /// The ledger as it is now.
  func view() throws -> CityView {
    let head = node.head
    if let last, last.size == head.size { return last }
    let deviceCount = try head.count(EdgeRules.devices.prefix())
    let alarmCount = try head.count(EdgeRules.alarms.prefix())
    let view = CityView(
      size: head.size, time: head.seal.time, devices: try devices(head, deviceCount), deviceCount: deviceCount,
      gateways: try gateways(head), alarmCount: alarmCount,
      alarms: try Self.newest(EdgeRules.alarms.prefix(), Self.alarms, head).map {
        (entry: $0.key.order, alarm: try Recorded<Alarm>(decoding: $0.value))
      }, incidentCount: try head.count(EdgeRules.incidents.prefix()))
    last = view
    return view
  }

  private func devices(_ head: LedgerView, _ count: Int) throws -> [CityDevice] {
    guard count <= Self.devices else { return [] }
    let lives = try head.count(EdgeRules.deviceLives.prefix())
    if lives == knownLives { return known }
    known = try head.list(EdgeRules.devices.prefix()).map { pair in
      CityDevice(try DeviceCertificate(decoding: pair.value))
    }.sorted { $0.urn < $1.urn }
    knownLives = lives
    return known
  }

  private func gateways(_ head: LedgerView) throws -> [CityGateway] {
    try Self.newest(EdgeRules.gateways.prefix(), 1000, head).map { pair in
      let entry = try GatewayEntry(decoding: pair.value)
      let name = entry.registration.name
      let digest = Digest.sha256(name)
      var gateway = CityGateway(name: name, owner: entry.registration.owner, status: entry.status)
      if let known = chains[name] {
        (gateway.batches, gateway.leaves, gateway.last) = (known.batches, known.leaves, known.last)
        gateway.delays = known.delays
      }
      let end = try head.value(EdgeRules.batchHeads.key(digest)).map { try BatchHead(decoding: $0).number } ?? 0
      while gateway.batches < end {
        let number = gateway.batches + 1
        guard let value = try head.value(EdgeRules.batches.key(digest, order: number)) else { break }
        let batch = try BatchEntry(decoding: value)
        let header = try BatchHeader(decoding: batch.header[...])
        gateway.batches = number
        gateway.leaves += header.count
        gateway.last = batch.time
        gateway.delays.append(Int64(clamping: batch.time) - Int64(clamping: header.closed / 1000))
        if gateway.delays.count > 2 * Self.delays { gateway.delays.removeFirst(Self.delays) }
      }
      chains[name] = gateway
      return gateway
    }.sorted { $0.name < $1.name }
  }

  /// The last pairs of a list, in its order, without reading the whole list.
  static func newest(
    _ prefix: StatePrefix, _ limit: Int, _ view: LedgerView
  ) throws -> [(key: StateKey, value: [UInt8])] {
    var waiting = [prefix]
    var found: [[(key: StateKey, value: [UInt8])]] = []
    var count = 0
    while count < limit, let next = waiting.popLast() {
      let size = try view.count(next)
      if size == 0 { continue }
      let parts = size > limit ? try view.narrower(next).map(\.prefix) : []
      guard parts.count > 1 || parts.first.map({ $0.bytes.count > next.bytes.count }) == true else {
        let pairs = try view.list(next)
        count += pairs.count
        found.append(pairs)
        continue
      }
      waiting += parts.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
    return Array(found.reversed().joined().suffix(limit))
  }
}
