import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import NIOCore
import Primitives
import SupplyChain
import Testing

/// A consortium for tests: jinhe buys from helan, which buys from grove; a bank, an operator and a regulator.
enum Shop {
  static let samples = Program.root.appending(path: "Samples/supply-chain").path

  /// Runs `supplychain`, which must succeed unless said otherwise.
  @discardableResult
  static func run(_ arguments: [String], code: Int32 = 0) throws -> String {
    let result = try Program.run("supplychain", arguments)
    #expect(result.code == code, "\(arguments.joined(separator: " ")): \(result.error)\(result.output)")
    return result.output
  }

  /// Founds it: roster, policy, lines, the registry's key and who is who.
  static func found() throws -> String {
    let folder = Program.temporary()
    try run([
      "init", "--data", folder, "--names", "jinhe,helan,bank,platform,watch,grove", "--quorum", "4", "--regulators",
      "watch",
    ])
    try run([
      "roster", "--data", folder, "--as", "jinhe", "helan", "bank", "platform", "--", "jinhe=core", "helan=supplier",
      "bank=financier,bank", "platform=operator,registrar,warehouse,devices", "watch=regulator,arbiter",
      "grove=supplier",
    ])
    try run(["rules", "--data", folder, "--as", "jinhe", "helan", "bank", "platform"])
    try run(["registry", "key", "--data", folder, "--id", "test-1"])
    try Data(
      """
      # who is who
      id 91640100MA75K3H41X = helan
      id 91610131MA6TX2Q85B = jinhe
      name Jinhe Fresh Markets = jinhe
      name Helan Orchard Cooperative = helan
      account 6228480012345678901 = helan
      account 6228480099999999999 = jinhe
      account 6228480077777777777 = bank
      """.utf8
    ).write(to: URL(filePath: folder + "/parties.txt"))
    try run(["line", "set", "obligor", "jinhe", "1000000.00", "--data", folder, "--as", "platform"])
    try run(["line", "set", "pair", "jinhe", "1000000.00", "--data", folder, "--as", "bank"])
    return folder
  }

  /// Imports files and gives the reports.
  static func take(
    _ files: [String], as member: String, in folder: String, _ more: [String] = [], code: Int32 = 0
  ) throws -> [[String: Any]] {
    let paths = files.map { $0.hasPrefix("/") ? $0 : "\(samples)/\($0)" }
    let output = try run(["import"] + paths + ["--data", folder, "--as", member, "--json"] + more, code: code)
    let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
    return try #require(value as? [[String: Any]])
  }

  static func outcomes(_ reports: [[String: Any]]) -> [String] { reports.map { $0["outcome"] as? String ?? "?" } }

  /// A token of a node for a name.
  static func token(
    _ folder: String, node: String, for name: String, role: String = "member"
  ) throws -> String {
    try run(["token", "make", "--data", folder, "--as", node, "--for", name, "--role", role])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Serves a ledger as one member's node, whose token the client sends.
  static func serve(
    _ folder: String, as member: String, live: Bool = false, _ test: @escaping @Sendable (Client) async throws -> Void
  ) async throws {
    let consortium = try Consortium(path: folder)
    let open = try await consortium.open(suite: SupplyChainApp.suite, clock: SystemClock())
    do {
      try await open.settle()
      let owner = consortium.folder(member)
      let tokens = try AccessTokens(owner)
      var options = LedgerApplication.Options()
      options.dataFolder = folder
      options.chinese = Catalogue.server.merging(SupplyChainApp.chinese)
      let server = LedgerApplication(
        node: open.sequencer, suite: SupplyChainApp.suite, tokens: tokens,
        signer: MemberSigner(keys: try owner.keys(), clock: SystemClock()), pages: SupplyChainApp.pages,
        options: options
      ) { router, context in SupplyChainApp.addRoutes(to: router, of: context) }
      let token = try tokens.make(subject: member, role: .member, time: SystemClock().now())
      try await server.application().test(live ? .live : .router) {
        try await test(Client(client: $0, token: token, tokens: tokens))
      }
    } catch {
      await open.close()
      throw error
    }
    await open.close()
  }
}

/// A client of a node with somebody's token.
struct Client: Sendable {
  let client: any TestClientProtocol
  var token: String?
  let tokens: AccessTokens

  /// The same as somebody else.
  func other(_ name: String, _ role: Caller.Role = .member) throws -> Client {
    Client(client: client, token: try tokens.make(subject: name, role: role, time: 1), tokens: tokens)
  }

  func get(_ path: String, accept: String = "text/html", headers: HTTPFields = [:]) async throws -> TestResponse {
    var fields: HTTPFields = headers
    fields[.accept] = accept
    if let token { fields[.authorization] = "Bearer \(token)" }
    return try await client.execute(uri: path, method: .get, headers: fields)
  }

  /// The first event of a stream, from a server that listens.
  func event(_ path: String) async throws -> String {
    let (port, token) = (try #require(client.port), token ?? "")
    // On a thread of its own: the server answers on those that tests run on.
    return await withCheckedContinuation { done in
      Thread.detachNewThread { done.resume(returning: Client.event(path, port, token)) }
    }
  }

  private static func event(_ path: String, _ port: Int, _ token: String) -> String {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return "" }
    let request =
      "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer \(token)\r\n\r\n"
    _ = send(socket, request, request.utf8.count, 0)
    var (text, buffer) = ("", [UInt8](repeating: 0, count: 4096))
    while !text.contains("data: ") || !text.hasSuffix("\n\n\r\n") {
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      text += String(decoding: buffer[..<count], as: UTF8.self)
      if !text.hasPrefix("HTTP/1.1 200") { break }
    }
    return text
  }

  func html(_ path: String) async throws -> String {
    let response = try await get(path)
    #expect(response.status == .ok, "\(path): \(response.status) \(String(buffer: response.body).prefix(300))")
    return String(buffer: response.body)
  }

  func json(_ path: String) async throws -> Any {
    let response = try await get(path, accept: "application/json")
    #expect(response.status == .ok, "\(path): \(response.status) \(String(buffer: response.body).prefix(300))")
    return try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView))
  }

  func post(
    _ path: String, _ body: String, type: String = "application/json"
  ) async throws -> (status: HTTPResponse.Status, json: [String: Any]) {
    var fields: HTTPFields = [.contentType: type]
    if let token { fields[.authorization] = "Bearer \(token)" }
    let response = try await client.execute(
      uri: path, method: .post, headers: fields, body: ByteBuffer(string: body))
    if !(200..<300).contains(response.status.code) {
      #expect(response.headers[.contentType] == "application/problem+json", "\(path)")
    }
    let value = try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView))
    return (response.status, value as? [String: Any] ?? [:])
  }
}
