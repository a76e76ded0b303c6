import Edge
import Ledger
import Primitives

/// The gateways whose files are beside the ledger, opened when first asked for, once each.
///
/// Opening may go through many batches, so it happens in a task of its own. Nothing is written to the files.
actor GatewayShelf {
  private struct Opened {
    let gateway: Task<Gateway, any Error>
    /// The batches that the ledger had when the file was opened.
    let batches: UInt64
  }

  /// Gateways that are held open at most.
  private static let limit = 16

  nonisolated let folder: EdgeFolder
  /// The gateways that run in this process: their files are theirs alone.
  private let running: CityGateways?
  private var opened: [String: Opened] = [:]
  private var order: [String] = []
  private var feeds: [String: EdgeFolder.Feed] = [:]

  init(_ folder: EdgeFolder, running: CityGateways? = nil) { (self.folder, self.running) = (folder, running) }

  /// The gateways here.
  var names: [String] { folder.gateways }

  /// What is kept of a gateway's devices.
  func feed(_ gateway: String) -> EdgeFolder.Feed? {
    if let feed = feeds[gateway] { return feed }
    guard folder.gateways.contains(gateway), let feed = folder.feed(gateway) else { return nil }
    feeds[gateway] = feed
    return feed
  }

  /// A gateway by its name, opened again when the ledger has batches that were not there at the opening.
  ///
  /// - Parameter batches: the number of the gateway's last batch on the ledger.
  func gateway(_ name: String, batches: UInt64) async throws -> Gateway {
    if let own = running?.gateway(name) { return own.gateway }
    if let known = opened[name], known.batches >= batches { return try await known.gateway.value }
    // The name comes from an address: it must be one of the folder's, and so no path.
    guard folder.gateways.contains(name) else {
      throw LedgerError(.notFound, "There is no gateway '\(name)' on this machine.")
    }
    let folder = folder
    let task = Task.detached { try folder.open(name).gateway }
    opened[name] = Opened(gateway: task, batches: batches)
    order.removeAll { $0 == name }
    order.append(name)
    while order.count > GatewayShelf.limit { opened[order.removeFirst()] = nil }
    do { return try await task.value } catch {
      opened[name] = nil
      throw error
    }
  }

  /// The gateways to which a device of this name may send, with its session there.
  func candidates(_ urn: String) throws -> [(gateway: String, session: DeviceSession)] {
    var found: [(gateway: String, session: DeviceSession)] = []
    for name in names {
      if let own = running?.gateway(name) {
        if let session = own.sessions[urn] { found.append((name, session)) }
        continue
      }
      guard let feed = feed(name), let device = feed.device(named: urn, of: name),
        let session = try feed.session(device, of: name)
      else { continue }
      found.append((name, session))
    }
    return found
  }
}
