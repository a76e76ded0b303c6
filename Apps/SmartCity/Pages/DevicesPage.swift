import Edge
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// `/devices`: the registry, by owner and cell, a hundred to a page.
struct DevicesPage {
  struct Words {
    let owner: Message = "Owner"
    let anyOwner: Message = "all"
    let cell: Message = "Cell"
    let show: Message = "Show"
    let device: Message = "Device"
    let open: Message = "Open"
    let byName: Message = "A device by its name (URN)"
    let model: Message = "Model"
    let slice: Message = "Slice"
    let state: Message = "State"
    let none: Message = "No device fits."
    let proof: Message = "Proof of this list"
    let pages: Message = "Pages"
    let tooMany: Message = "There are too many devices for one list. Choose an owner, or open one by its name."
  }

  struct Owner {
    let name: String
    let isChosen: Bool
  }

  struct Row {
    let urn: String
    let path: String
    let owner: String
    let cell: String
    let model: String
    let slice: String
    let tone: String
    let state: Message
  }

  struct Leaf {
    let number: Int
    let path: String
    let isCurrent: Bool
  }

  /// Devices on one page.
  static let perPage = 100

  let words = Words()
  let count: Message
  let owners: [Owner]
  let cell: String
  let rows: [Row]
  let leaves: [Leaf]
  let hasLeaves: Bool
  let isTooMany: Bool
  let proofPath: String

  init(_ devices: [CityDevice], all: Int, owners: [String], owner: String?, cell: String?, page: Int) {
    isTooMany = devices.isEmpty && all > CityBoard.devices
    let chosen = devices.filter { (owner == nil || $0.owner == owner) && (cell == nil || $0.cell == cell) }
    count = "\(chosen.count) of \(all) devices on the ledger."
    self.owners = owners.map { Owner(name: $0, isChosen: $0 == owner) }
    self.cell = cell ?? ""
    let pages = max(1, (chosen.count + Self.perPage - 1) / Self.perPage)
    let current = min(max(1, page), pages)
    rows = chosen.dropFirst((current - 1) * Self.perPage).prefix(Self.perPage).map { device in
      Row(
        urn: device.urn, path: CityPage.path(device.urn), owner: device.owner, cell: device.cell, model: device.model,
        slice: CityPage.slice(device.slice), tone: CityPage.tone(device.status), state: CityPage.state(device.status))
    }
    var query = ""
    if let owner { query += "&owner=\(CityPage.query(owner))" }
    if let cell { query += "&cell=\(CityPage.query(cell))" }
    leaves = (max(1, current - 5)...min(pages, current + 5)).map {
      Leaf(number: $0, path: "/devices?page=\($0)\(query)", isCurrent: $0 == current)
    }
    hasLeaves = pages > 1
    proofPath = "/devices.proof" + (owner.map { "?owner=\(CityPage.query($0))" } ?? "")
  }
}

extension CityServer {
  private struct DeviceItem: Encodable {
    let urn: String
    let owner: String
    let cell: String?
    let model: String?
    let slice: UInt64?
    let status: String?

    init(_ certificate: DeviceCertificate) {
      let request = certificate.request
      (urn, owner, cell, model) = (request.urn, request.owner, request.cell, request.model)
      (slice, status) = (request.slice, "\(certificate.status)")
    }

    init(urn: String, owner: String) {
      (self.urn, self.owner, cell, model, slice, status) = (urn, owner, nil, nil, nil, nil)
    }
  }

  func addDevices(to router: Router<LedgerRequestContext>) {
    router.get("devices") { request, context in
      let type = try request.negotiated(of: ["text/html", "application/json", Self.proofType, "application/cbor"])
      guard type == "text/html" else { return try devices(request, context, isProof: type != "application/json") }
      try server.requireReader(context.caller)
      if let urn = request.uri.queryParameters["urn"].map(String.init), !urn.isEmpty {
        return .redirect(to: CityPage.path(urn), type: .normal)
      }
      return server.page(Page("Devices", template: "devices", content: try await list(request)), to: request)
    }
    router.get("devices.proof") { request, context in try devices(request, context, isProof: true) }
  }

  private func devices(_ request: Request, _ context: LedgerRequestContext, isProof: Bool) throws -> Response {
    let owner = request.uri.queryParameters["owner"].map(String.init)
    return try answer(.devices(owner: owner), request, context, isProof: isProof) { pairs in
      try pairs.map { pair in
        if let owner { return DeviceItem(urn: String(decoding: pair.value, as: UTF8.self), owner: owner) }
        return DeviceItem(try DeviceCertificate(decoding: pair.value))
      }
    }
  }

  private func list(_ request: Request) async throws -> DevicesPage {
    let query = request.uri.queryParameters
    func text(_ name: String) -> String? { query[Substring(name)].map(String.init).flatMap { $0.isEmpty ? nil : $0 } }
    let view = try await board.view()
    var devices = view.devices
    if devices.isEmpty, view.deviceCount > 0, let owner = text("owner") {
      // The owner's own list, as far as a page goes.
      let head = server.node.head
      devices = try CityBoard.newest(EdgeRules.owned.prefix(.sha256(owner)), 2000, head).compactMap { pair in
        guard let value = try head.value(EdgeRules.devices.key(.sha256(pair.value))) else { return nil }
        return CityDevice(try DeviceCertificate(decoding: value))
      }.sorted { $0.urn < $1.urn }
    }
    return DevicesPage(
      devices, all: view.deviceCount, owners: server.node.head.configuration.members.map(\.name), owner: text("owner"),
      cell: text("cell"), page: text("page").flatMap { Int($0) } ?? 1)
  }
}
