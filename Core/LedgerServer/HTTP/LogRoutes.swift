internal import HTTPTypes
internal import Hummingbird
internal import Ledger
internal import Merkle
internal import NIOCore
internal import Primitives

/// The log as C2SP tlog-tiles has it, with what followers and co-signers need beside it.
struct LogRoutes: Sendable {
  let server: ServerContext

  func add(to router: Router<LedgerRequestContext>) {
    router.get("log/checkpoint") { _, _ in
      guard let final = server.node.final else {
        throw Problem(.notFound, code: "not-final", "No checkpoint has its quorum of co-signatures yet.")
      }
      return note(final.note)
    }
    router.get("log/candidate") { _, _ in
      guard let candidate = server.node.candidateNote else {
        throw Problem(.notFound, code: "nothing-sealed", "There is no checkpoint yet: nothing has been sealed.")
      }
      return note(candidate)
    }
    router.get("log/tile/**") { request, context in
      let path = String(request.uri.path.dropFirst("/log/".count))
      if let tile = TileID(entriesPath: path) { return try entries(tile, context.caller) }
      guard let tile = TileID(path: path) else {
        throw Problem(
          .badRequest, code: "malformed", "The path is not tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>].")
      }
      return try hashes(tile)
    }
    router.get("log/consistency") { request, _ in
      guard let from = request.number("from"), let to = request.number("to") else {
        throw Problem(.badRequest, code: "malformed", "Give two sizes of the log: ?from=<size>&to=<size>.")
      }
      let proof = try server.node.head.consistency(from: from, to: to)
      return try Reply.json(
        ConsistencyAnswer(from: proof.from, to: proof.to, path: proof.path.map { Base64.encode($0.bytes) }),
        caching: .immutable)
    }
    router.post("log/add-checkpoint") { request, _ in try await addCheckpoint(request) }
  }

  private func note(_ bytes: [UInt8]) -> Response {
    Reply.bytes(bytes, type: "text/plain; charset=utf-8", caching: .check)
  }

  // MARK: Tiles

  /// The view, if it has the tile at this width.
  private func view(reaching tile: TileID) throws(Problem) -> LedgerView {
    let view = server.node.head
    let shift = 8 * tile.level
    let available = shift < 64 ? view.size >> UInt64(shift) : 0
    let (start, overflow) = tile.index.multipliedReportingOverflow(by: UInt64(TileID.fullWidth))
    guard !overflow, start < available, available - start >= UInt64(tile.width) else {
      throw Problem(
        .notFound, code: "beyond-the-log", "The log of \(view.size) entries does not reach this tile at this width.")
    }
    return view
  }

  private func hashes(_ tile: TileID) throws -> Response {
    let hashes = try view(reaching: tile).tile(tile)
    guard hashes.count >= tile.width else {
      throw Problem(.notFound, code: "beyond-the-log", "The log does not reach this tile at this width.")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tile.width * Digest.byteCount)
    for hash in hashes.prefix(tile.width) { bytes.append(hash) }
    return Reply.bytes(bytes, type: "application/octet-stream", caching: .immutable)
  }

  private func entries(_ tile: TileID, _ caller: Caller?) throws -> Response {
    try server.requireReader(caller)
    let view = try view(reaching: tile)
    let start = tile.index * UInt64(TileID.fullWidth)
    let entries = try view.entries(from: start, to: start + UInt64(tile.width))
    guard entries.count == tile.width else {
      throw LedgerError(
        .damaged, "The log lacks entries between \(start) and \(start + UInt64(tile.width)). Run audit.")
    }
    // Members execute every entry, so a bundle is theirs as a whole; others get it when all of it is for everyone.
    if caller?.readsEveryEntry != true {
      let rules = try server.rules(of: view)
      for entry in entries where view.readers(of: entry, by: rules) != .everyone {
        try server.requireReader(caller, of: .members)
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + 2 })
    for entry in entries {
      bytes.append(u16: UInt16(entry.count))
      bytes.append(contentsOf: entry)
    }
    // What needed a token must not come out of a shared cache.
    return Reply.bytes(
      bytes, type: "application/octet-stream", caching: caller == nil ? .immutable : .immutablePrivate)
  }

  // MARK: Co-signatures

  /// C2SP tlog-witness add-checkpoint: answers with this member's own co-signature of the same checkpoint.
  private func addCheckpoint(_ request: Request) async throws -> Response {
    let body = try await request.bytes(upTo: AddCheckpointRequest.maximumBytes)
    let parsed: AddCheckpointRequest
    do { parsed = try AddCheckpointRequest(parsing: body) } catch {
      return Reply.text("\(error)\n", status: .badRequest)
    }
    let answer = try await server.node.add(parsed)
    guard case .accepted = answer else {
      return Reply.text(answer.body, type: answer.contentType, status: HTTPResponse.Status(code: answer.status))
    }
    let name = "\(server.node.genesis.origin)/\(server.node.member)"
    for bytes in [server.node.candidateNote, server.node.final?.note].compactMap({ $0 }) {
      guard let own = try? SignedNote(parsing: bytes), own.text == parsed.note.text else { continue }
      for line in own.signatures where line.name.description == name {
        return Reply.bytes(line.line, type: "text/plain; charset=utf-8")
      }
    }
    // The node signs only what it has executed: a checkpoint that it has not come to, or has left behind, is not its own.
    let last = server.node.candidateNote.flatMap { try? SignedNote(parsing: $0) }.flatMap { try? Checkpoint($0) }
    let conflict = WitnessAnswer.conflict(size: last?.size ?? 0)
    return Reply.text(conflict.body, type: conflict.contentType, status: .conflict)
  }
}

/// The JSON of `/log/consistency`.
struct ConsistencyAnswer: Codable {
  let from: UInt64
  let to: UInt64
  /// Hashes in base64, in the order of RFC 9162.
  let path: [String]
}

extension Request {
  /// A query parameter as a decimal number without sign, or nil.
  func number(_ name: String) -> UInt64? {
    guard let text = uri.queryParameters.get(name), (1...20).contains(text.utf8.count),
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return UInt64(text)
  }
}
