import Edge
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// The routes of one device, its readings and their proofs.
extension CityServer {
  func addDevice(to router: Router<LedgerRequestContext>) {
    router.get("devices/{urn}") { request, context in
      try await Self.explained { try await device(request, context) }
    }
    router.get("devices/{urn}/life.proof") { request, context in
      try life(try Self.part("urn", context), request, context, isProof: true)
    }
    router.get("devices/{urn}/series.proof") { request, context in
      try await Self.explained {
        try await series(try Self.part("urn", context), request, context, isProof: true)
      }
    }
    router.get("series") { request, context in
      try await Self.explained {
        guard let urn = request.uri.queryParameters["device"].map(String.init), !urn.isEmpty else {
          throw Problem(.badRequest, code: "malformed", "Say which device: /series?device=URN.")
        }
        let type = try request.negotiated(of: ["application/json", Self.proofType, "application/cbor"])
        return try await series(urn, request, context, isProof: type != "application/json")
      }
    }
    router.get("readings/{gateway}/{batch}/{index}") { request, context in
      try await Self.explained { try await reading(request, context, isProof: false) }
    }
    router.get("readings/{gateway}/{batch}/{index}/proof") { request, context in
      try await Self.explained { try await reading(request, context, isProof: true) }
    }
  }

  // MARK: - A device

  private func device(_ request: Request, _ context: LedgerRequestContext) async throws -> Response {
    let urn = try Self.part("urn", context)
    let type = try request.negotiated(of: ["text/html", "application/json", Self.proofType, "application/cbor"])
    guard type == "text/html" else { return try life(urn, request, context, isProof: type != "application/json") }
    try server.requireReader(context.caller)
    let head = server.node.head
    let digest = Digest.sha256(urn)
    let certificate = try head.value(EdgeRules.devices.key(digest)).map { try DeviceCertificate(decoding: $0) }
    let events = try CityBoard.newest(EdgeRules.deviceLives.prefix(digest), 200, head).map {
      try DeviceEvent(decoding: $0.value)
    }
    var wish = try Self.wish(request)
    wish.newest = DevicePage.newest
    let candidates = try await shelf?.candidates(urn) ?? []
    guard certificate != nil || !candidates.isEmpty else {
      throw Problem(.notFound, code: "unknown-device", "The ledger has no device '\(urn)', and no gateway here has.")
    }
    var series: DeviceSeries?
    var refusal: Message?
    do { series = try await permitted(urn, wish, request, context) } catch let problem as Problem
      where problem.status == .unauthorized || problem.status == .forbidden
    { refusal = problem.detail }
    let content = DevicePage(
      urn, certificate, events, alarms: try head.count(EdgeRules.deviceAlarms.prefix(digest)), series, refusal)
    return server.page(Page(Message(urn), template: "device", content: content), to: request)
  }

  /// Whether the device was valid at a time, the newest unless `at` says another, with its whole life.
  private func life(
    _ urn: String, _ request: Request, _ context: LedgerRequestContext, isProof: Bool
  ) throws -> Response {
    var time = (isProof ? server.node.final?.view : server.node.head)?.seal.time ?? 0
    if let text = request.uri.queryParameters["at"].map(String.init) {
      guard let given = Timestamp.parse(text) else {
        throw Problem(.badRequest, code: "malformed", "at is an RFC 3339 time in UTC, not '\(text)'.")
      }
      time = given
    }
    struct None: Encodable {}
    // Whole seconds: a time is part of the question's words.
    let question = CityQuestion.deviceValid(urn, at: time / 1000 * 1000)
    return try answer(question, request, context, isProof: isProof) { _ -> [None]? in nil }
  }

  // MARK: - Its readings

  private static func wish(_ request: Request) throws -> SeriesWish {
    let query = request.uri.queryParameters
    func bound(_ name: String) throws -> ReadingAnswer.Bound? {
      guard let text = query[Substring(name)].map(String.init) else { return nil }
      if let number = UInt64(text) { return .number(number) }
      guard let time = Timestamp.parse(text), time < 1 << 50 else {
        throw Problem(
          .badRequest, code: "malformed", "\(name) is a number or an RFC 3339 time in UTC, not '\(text)'.")
      }
      return .time(Int64(time) * 1000)
    }
    var wish = SeriesWish()
    wish.gateway = query["gateway"].map(String.init)
    if let text = query["boot"].map(String.init) {
      guard let boot = UInt32(text) else {
        throw Problem(.badRequest, code: "malformed", "boot is a whole number, not '\(text)'.")
      }
      wish.boot = boot
    }
    (wish.from, wish.to) = (try bound("from"), try bound("to"))
    return wish
  }

  private struct SeriesAnswer: Encodable {
    struct Reading: Encodable {
      let number: UInt64
      let time: String
      let received: String
      let values: String
      let quality: String
      let id: String
    }

    struct Gap: Encodable {
      let first: UInt64
      let last: UInt64
      let cause: String
    }

    let question: [String]
    let answer: [String]
    let size: UInt64
    let readings: [Reading]
    let gaps: [Gap]
    let captureHundredths: Int
  }

  private func series(
    _ urn: String, _ request: Request, _ context: LedgerRequestContext, isProof: Bool
  ) async throws -> Response {
    guard let found = try await permitted(urn, try Self.wish(request), request, context) else {
      throw Problem(.notFound, code: "no-readings", "No gateway on this machine has readings of '\(urn)'.")
    }
    if isProof {
      let evidence = found.series.encoded()
      let bundle = try server.prove(for: context.caller) { _ throws(LedgerError) in
        found.question.request(batches: found.batches, evidence: evidence)
      }
      return Self.proof(bundle.encoded(), name: "series-\(urn)")
    }
    let lines = ReadingText.series(found.series, found.finding, gateway: found.gateway)
    return try Reply.json(
      SeriesAnswer(
        question: found.question.words, answer: lines.map(\.english), size: server.node.head.size,
        readings: found.rows.map { row in
          SeriesAnswer.Reading(
            number: row.reading.seq, time: ReadingText.time(row.reading.timeUs),
            received: ReadingText.time(row.leaf.arrival), values: ReadingText.values(row.reading),
            quality: ReadingText.flags(row.leaf.qualityFlags).english, id: "\(found.gateway)/\(row.place)")
        },
        gaps: found.series.gaps.map { gap in
          SeriesAnswer.Gap(
            first: gap.numbers.lowerBound, last: gap.numbers.upperBound,
            cause: gap.cause == .erased ? "erased" : "not-received")
        },
        captureHundredths: CaptureFigures(found.series, found.finding).captureHundredths))
  }

  /// The readings of a device as far as the caller may read them.
  private func permitted(
    _ urn: String, _ wish: SeriesWish, _ request: Request, _ context: LedgerRequestContext
  ) async throws -> DeviceSeries? {
    let gateway = try await shelf?.candidates(urn).first { wish.gateway == nil || wish.gateway == $0.gateway }?.gateway
    let permission = try await permission(urn, gateway: gateway, request, context)
    var wish = wish
    if case .window(let from, let until) = permission {
      if wish.from == nil { wish.from = .time(from) }
      if wish.to == nil { wish.to = .time(until - 1) }
    }
    guard let found = try await series(urn, wish) else { return nil }
    guard found.rows.allSatisfy({ permission.contains($0.reading.timeUs) }) else {
      throw Problem(
        .forbidden, code: "outside-the-read", "The recorded read is of another time. Say from and to within it.")
    }
    return found
  }

  private struct ReadingItem: Encodable {
    let question: [String]
    let answer: [String]
    let size: UInt64
  }

  /// One reading, or its small proof.
  private func reading(
    _ request: Request, _ context: LedgerRequestContext, isProof: Bool
  ) async throws -> Response {
    try server.requireReader(context.caller)
    let name = try Self.part("gateway", context)
    let parts = [name, try Self.part("batch", context), try Self.part("index", context)]
    guard let question = ReadingQuestion(id: parts.joined(separator: "/")), case .reading(_, let row) = question,
      let shelf
    else { throw Problem(.notFound, code: "no-reading", "There is no such reading: it is GATEWAY/BATCH/INDEX.") }
    let head = server.node.head
    guard let value = try head.value(EdgeRules.batches.key(.sha256(name), order: row.batch)) else {
      throw Problem(.notFound, code: "no-reading", "The ledger has no batch \(row.batch) of '\(name)'.")
    }
    let gateway = try await shelf.gateway(name, batches: row.batch)
    let leaf = try await gateway.proof(row).leaf
    guard let form = leaf.reading else {
      throw Problem(.notFound, code: "no-reading", "There is no such reading: the leaf is a device's signed epoch.")
    }
    guard try await permission(form.device, gateway: name, request, context).contains(form.timeUs) else {
      throw Problem(
        .forbidden, code: "outside-the-read", "The recorded read is of another time. Say from and to within it.")
    }
    if isProof {
      let file = "reading-\(name)-\(row.batch)-\(row.index)"
      if let signer = leaf.signer {
        let request = question.request(batches: [row.batch], evidence: leaf.encoded(), signer: signer)
        let bundle = try server.prove(for: context.caller) { _ throws(LedgerError) in request }
        return Self.proof(bundle.encoded(), name: file)
      }
      let excerpt = try ReadingAnswer.excerpt(name, row.batch, leaf.encoded(), server.node)
      return Self.proof(try excerpt.encoded(), name: file)
    }
    let entry = try BatchEntry(decoding: value)
    let key = try leaf.signer.flatMap { urn in
      try head.value(EdgeRules.devices.key(.sha256(urn)))
        .flatMap { ReadingQuestion.key(try DeviceCertificate(decoding: $0), leaf) }
    }
    let finding = try ReadingProof.verify(leaf, in: try BatchHeader(decoding: entry.header[...]), device: key)
    let lines = ReadingText.reading(finding, gateway: name, row: row, entry: entry.entry, time: entry.time)
    return try Reply.json(ReadingItem(question: question.words, answer: lines.map(\.english), size: head.size))
  }
}
