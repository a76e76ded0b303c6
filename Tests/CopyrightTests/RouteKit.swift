import Foundation
import FoundationNetworking
import LedgerTestKit
import Testing

/// The program's server on a ledger of four members that lie in a temporary folder; `org-4` is a member like the others.
final class LiveServer: @unchecked Sendable {
  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var type: String { headers["content-type"] ?? "" }
    var code: String? { object["code"] as? String }
    var object: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:] }
    var list: [[String: Any]] { (try? JSONSerialization.jsonObject(with: Data(body)) as? [[String: Any]]) ?? [] }
    var entry: Int { object["entry"] as? Int ?? -1 }
  }

  let data = Program.temporary()
  private var process = Process()
  private let log = Program.temporary() + ".log"
  private let environment: [String: String]
  private(set) var url = ""
  private(set) var tokens: [String: String] = [:]

  /// Makes a ledger, lets `prepare` work on it with the program, and serves it for `org-1`.
  init(
    access: String = "public", environment: [String: String] = [:], prepare: (String) throws -> Void = { _ in }
  ) async throws {
    self.environment = environment
    let made = try Program.run("copyright", ["init", "--data", data, "--members", "4", "--access", access])
    #expect(made.code == 0, "\(made)")
    try prepare(data)
    for (name, role) in [("org-1", "member"), ("org-2", "member"), ("press", "reader")] {
      let token = try Program.run("copyright", ["token", "make", "--data", data, "--for", name, "--role", role])
      tokens[name] = token.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    try await serve()
  }

  /// Serves the ledger that is there.
  func serve() async throws {
    (process, url) = (Process(), "")
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.executableURL = Program.executable("copyright")
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.arguments = ["serve", "--data", data, "--port", "0", "--all"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
    try process.run()
    for _ in 0..<1500 where url.isEmpty {
      let words = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      if let match = words.firstMatch(of: #/at (http://[^ ]+:[0-9]+) /#) { url = String(match.1) }
      try await Task.sleep(for: .milliseconds(20))
    }
    try #require(!url.isEmpty)
  }

  /// Ends the server without a word.
  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Tells the server to end, and waits until it has.
  func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  deinit {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    for path in [data, log] { try? FileManager.default.removeItem(atPath: path) }
  }

  private func request(_ method: String, _ path: String, as name: String?, _ type: String, _ accept: String) throws
    -> URLRequest
  {
    var request = URLRequest(url: try #require(URL(string: url + path)), timeoutInterval: 60)
    request.httpMethod = method
    request.setValue(type, forHTTPHeaderField: "Content-Type")
    request.setValue(accept, forHTTPHeaderField: "Accept")
    if let name { request.setValue("Bearer \(tokens[name] ?? name)", forHTTPHeaderField: "Authorization") }
    return request
  }

  private final class Stay: NSObject, URLSessionTaskDelegate {
    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) { completionHandler(nil) }
  }

  private let session = URLSession(configuration: .ephemeral, delegate: Stay(), delegateQueue: nil)

  private func answer(_ request: URLRequest) async throws -> Answer {
    let (data, response) = try await session.data(for: request)
    let http = try #require(response as? HTTPURLResponse)
    var headers: [String: String] = [:]
    for (name, value) in http.allHeaderFields { headers["\(name)".lowercased()] = "\(value)" }
    return Answer(status: http.statusCode, headers: headers, body: Array(data))
  }

  func get(_ path: String, accept: String = "application/json", as name: String? = nil) async throws -> Answer {
    try await answer(try request("GET", path, as: name, "text/plain", accept))
  }

  func post(
    _ path: String, _ body: [UInt8], type: String = "application/json", as name: String? = "org-1",
    accept: String = "*/*"
  ) async throws -> Answer {
    var request = try request("POST", path, as: name, type, accept)
    request.httpBody = Data(body)
    return try await answer(request)
  }

  func post(_ path: String, json: String, as name: String? = "org-1") async throws -> Answer {
    try await post(path, Array(json.utf8), as: name)
  }

  /// Posts a form as a browser does.
  func form(
    _ path: String, _ fields: [(name: String, file: String?, bytes: [UInt8])], accept: String = "text/html"
  ) async throws -> Answer {
    let boundary = "----tallystick7MA4YWxk"
    var body: [UInt8] = []
    for field in fields {
      let file = field.file.map { "; filename=\"\($0)\"\r\nContent-Type: application/octet-stream" } ?? ""
      body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\(file)\r\n\r\n".utf8)
      body += field.bytes + Array("\r\n".utf8)
    }
    body += Array("--\(boundary)--\r\n".utf8)
    return try await post(
      path, body, type: "multipart/form-data; boundary=\(boundary)", as: nil, accept: accept)
  }

  /// What `copyright verify` says of a file, offline.
  func verify(_ bytes: [UInt8]) throws -> Program.Result {
    let path = Program.temporary() + ".proof"
    try Data(bytes).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Program.run("copyright", ["verify", path, "--policy", data + "/policy.txt"])
  }

  /// Waits until what is on the ledger is co-signed, so that proofs show it.
  func settle() async throws {
    for _ in 0..<200 {
      let metrics = try await get("/log/checkpoint", accept: "*/*")
      let size = metrics.text.split(separator: "\n").dropFirst().first.flatMap { UInt64($0) } ?? 0
      let candidate = try await get("/log/candidate", accept: "*/*")
      let wanted = candidate.text.split(separator: "\n").dropFirst().first.flatMap { UInt64($0) } ?? 0
      if size > 1, size >= wanted { return }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
