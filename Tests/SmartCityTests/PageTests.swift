import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import NIOCore
import Primitives
import SmartCity
import Testing

/// A small demo's ledger, played once, served to each test.
@Suite("The smart city's pages", .serialized)
final class PageTests {
  private static let folder: Result<String, any Error> = Result {
    let folder = Program.temporary()
    let run = try Program.run("smartcity", ["demo", "--devices", "2000", "--data", folder])
    guard run.code == 0 else { throw LedgerError(.unavailable, Message("the demo failed: \(run.error)")) }
    return folder
  }

  private static let sensor = "urn:dev:os:32473-street-0"
  private static let proofs = "application/vnd.tallystick.proof+cbor"

  private static func with(
    dataFolder: Bool = true, _ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    let folder = try folder.get()
    let consortium = try Consortium(path: folder)
    let open = try await consortium.open(suite: SmartCityApp.suite, clock: SystemClock())
    try await open.settle()
    var options = LedgerApplication.Options()
    options.dataFolder = dataFolder ? folder : nil
    options.beside = CityGateways(isOpen: true)
    options.chinese = Catalogue.server.merging(SmartCityApp.chinese)
    let server = LedgerApplication(
      node: open.sequencer, suite: SmartCityApp.suite, pages: SmartCityApp.pages, options: options
    ) { router, context in SmartCityApp.addRoutes(to: router, of: context) }
    do { try await server.application().test(.router) { try await test($0) } } catch {
      await open.close()
      throw error
    }
    await open.close()
  }

  private static func get(
    _ client: any TestClientProtocol, _ path: String, accept: String = "text/html"
  ) async throws -> TestResponse {
    try await client.execute(uri: path, method: .get, headers: [.accept: accept])
  }

  private static func html(_ client: any TestClientProtocol, _ path: String) async throws -> String {
    let response = try await get(client, path)
    #expect(response.status == .ok, "\(path): \(response.status)")
    return String(buffer: response.body)
  }

  private static func json(_ client: any TestClientProtocol, _ path: String) async throws -> [String: Any] {
    let response = try await get(client, path, accept: "application/json")
    #expect(response.status == .ok && response.headers[.contentType] == "application/json", "\(path)")
    let value = try JSONSerialization.jsonObject(with: Data(response.body.readableBytesView))
    return try #require(value as? [String: Any])
  }

  /// What `smartcity verify` says of a proof.
  private static func verify(_ response: TestResponse, _ change: Bool = false) throws -> Program.Result {
    #expect(response.status == .ok && response.headers[.contentType] == proofs, "\(response.status)")
    #expect(response.headers[.contentDisposition]?.hasPrefix("attachment") == true)
    var bytes = Array(response.body.readableBytesView)
    if change { bytes[bytes.count - 60] ^= 1 }
    let path = Program.temporary() + ".proof"
    try Data(bytes).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try Program.run("smartcity", ["verify", path, "--policy", try folder.get() + "/policy.txt"])
  }

  @Test("every page is whole, in both languages, with the navigation and nothing from elsewhere")
  func pages() async throws {
    try await Self.with { client in
      for path in ["/city", "/kpi", "/devices", "/devices/" + Self.sensor, "/incidents"] {
        let english = try await Self.html(client, path + "?lang=en")
        #expect(english.contains("<html lang=\"en\">") && english.hasSuffix("</html>\n"), "\(path)")
        for link in ["/city", "/kpi", "/devices", "/incidents"] { #expect(english.contains("href=\"\(link)\"")) }
        #expect(!english.contains(/(src|href)="https?:/) && !english.contains("style="), "\(path)")
        let open = english.matches(of: /<(svg|figure|table|dl|ul)[ >]/).count
        let closed = english.matches(of: /<\/(svg|figure|table|dl|ul)>/).count
        #expect(open == closed, "\(path)")
        let chinese = try await Self.html(client, path + "?lang=zh")
        #expect(chinese.contains("<html lang=\"zh-CN\">") && chinese.contains(/\p{Han}/))
      }
    }
  }

  @Test("the city shows what the ledger has")
  func city() async throws {
    try await Self.with { client in
      let page = try await Self.html(client, "/city")
      let devices = try await Self.json(client, "/devices")
      let items = try #require(devices["items"] as? [[String: Any]])
      #expect(items.count > 12 && page.contains("data-key=\"devices\">\(items.count)<"))
      let incidents = try #require(try await Self.json(client, "/incidents")["items"] as? [[String: Any]])
      #expect(page.contains("data-key=\"incidents\">\(incidents.count)<"))
      let alarms = try #require(try await Self.json(client, "/alarms")["items"] as? [[String: Any]])
      #expect(page.contains("data-key=\"alarm-count\">\(alarms.count)<"))
      #expect(page.contains("<svg class=\"map\"") && page.contains("class=\"cell") && page.contains("class=\"dot"))
      let cells = Set(items.compactMap { $0["cell"] as? String })
      for cell in cells { #expect(page.contains(">\(cell)</a>"), "\(cell)") }
      for gateway in ["gw-0", "gw-1", "gw-2"] { #expect(page.contains("<td>\(gateway)</td>")) }
      #expect(page.contains("data-live=\"/events/city\""))
      for part in ["/pages/city/map", "/pages/city/tables"] {
        let html = try await Self.html(client, part)
        #expect(!html.contains("<html") && html.count > 200, "\(part)")
      }
    }
  }

  @Test("without the gateways' files the registry is still there, and the city lays out its cells itself")
  func ledgerAlone() async throws {
    try await Self.with(dataFolder: false) { client in
      let page = try await Self.html(client, "/city")
      #expect(page.contains("<svg class=\"map\"") && !page.contains("class=\"rim\""))
      #expect(try await Self.html(client, "/kpi").contains("No simulation has been kept"))
      let device = try await Self.html(client, "/devices/" + Self.sensor)
      #expect(device.contains("Certified:") && device.contains("No gateway on this machine"))
      #expect(try await Self.get(client, "/readings/gw-0/1/0/proof").status == .notFound)
      #expect(try await Self.get(client, "/series?device=" + Self.sensor, accept: "*/*").status == .notFound)
    }
  }

  @Test("figures keep apart what was simulated, what the ledger has and what a machine took")
  func figures() async throws {
    try await Self.with { client in
      let page = try await Self.html(client, "/kpi")
      let parts = page.split(separator: "<h2>").map(String.init)
      #expect(parts.count == 4)
      #expect(parts[1].hasPrefix("Simulated network") && parts[1].contains("URLLC"))
      #expect(parts[1].matches(of: /<svg class="chart"/).count == 3 && parts[1].contains("nothing here was measured"))
      #expect(parts[2].hasPrefix("On this ledger") && parts[2].contains("Anchoring delay"))
      #expect(parts[3].hasPrefix("Measured on a machine") && parts[3].contains("readings/s"))
      #expect(!parts[1].contains("readings/s") && !parts[2].contains("readings/s"))
    }
  }

  @Test("a device's day: certificate, life, charts with gaps, data capture, and proofs that verify")
  func device() async throws {
    try await Self.with { client in
      let page = try await Self.html(client, "/devices/" + Self.sensor)
      #expect(
        page.contains("Certified: air-quality") && page.contains("class=\"gap\"") && page.contains("90 % required"))
      #expect(page.matches(of: /<svg class="chart"/).count >= 2)
      let day = try await Self.json(client, "/series?device=" + Self.sensor)
      let answer = try #require(day["answer"] as? [String])
      #expect(answer[0].contains("none was left out"))
      let readings = try #require(day["readings"] as? [[String: Any]])
      #expect((1300...1440).contains(readings.count) && page.contains(">\(readings.count)</dd>"))

      let link = try #require(page.firstMatch(of: /href="(\/devices\/[^"]*series\.proof[^"]*)"/)).1
      let path = String(link).replacing("&amp;", with: "&")
      let series = try await Self.get(client, path, accept: "*/*")
      let verified = try Self.verify(series)
      #expect(verified.code == 0 && verified.output.contains("every number from"), "\(verified)")
      #expect(try Self.verify(series, true).code == 1)

      let reading = try #require(page.firstMatch(of: /href="(\/readings\/gw-0\/\d+\/\d+\/proof)"/)).1
      let one = try await Self.get(client, String(reading), accept: "*/*")
      #expect(one.body.readableBytes < 2048)
      let proved = try Self.verify(one)
      #expect(proved.code == 0 && proved.output.contains("Reading "), "\(proved)")
      #expect(try Self.verify(one, true).code == 1)

      let life = try await Self.get(client, "/devices/" + Self.sensor + "/life.proof", accept: "*/*")
      #expect(try Self.verify(life).output.contains("was valid with the key"))
      let part = try await Self.json(client, "/series?device=\(Self.sensor)&from=100&to=110")
      let numbers = try #require(part["readings"] as? [[String: Any]]).compactMap { $0["number"] as? Int }
      #expect(numbers.allSatisfy { (100...110).contains($0) } && numbers.count > 5)
    }
  }

  @Test("what the command line answers is answered over HTTP, with proofs that verify")
  func answers() async throws {
    try await Self.with { client in
      for (path, words) in [
        ("/devices", "have been enrolled"), ("/devices?owner=org-1", "org-1 has enrolled"), ("/alarms", "alarms"),
        ("/incidents", "incidents"), ("/incidents?subject=gw-4", "incidents of gw-4"), ("/operations", "operations"),
        ("/grants?owner=org-1", "grants"), ("/batches?gateway=gw-1", "gw-1 has anchored"),
      ] {
        let answer = try #require(try await Self.json(client, path)["answer"] as? [String])
        #expect(answer[0].contains(words), "\(path): \(answer[0])")
        let proof = try await Self.get(client, path, accept: Self.proofs)
        let verified = try Self.verify(proof)
        #expect(verified.code == 0 && verified.output.contains(answer[0]), "\(path): \(verified)")
      }
      for path in ["/incidents.proof", "/devices.proof?owner=org-1"] {
        #expect(try Self.verify(try await Self.get(client, path, accept: "*/*")).code == 0, "\(path)")
      }
      let incidents = try await Self.html(client, "/incidents")
      #expect(incidents.contains("proved by the rules") && incidents.contains("equivocation"))
      #expect(incidents.contains("/incidents.proof?subject="))
    }
  }

  @Test("what is not there is a problem, never a crash")
  func wrong() async throws {
    try await Self.with { client in
      for (path, status) in [
        ("/devices/urn:dev:none", 404), ("/devices/%ff", 400), ("/readings/gw-0/1/99999/proof", 404),
        ("/readings/gw-0/0/0/proof", 404), ("/readings/..%2forg-1/1/0/proof", 404),
        ("/readings/gw-0/99999999999999999999/1/proof", 404), ("/series", 400),
        ("/series?device=\(Self.sensor)&from=noon", 400), ("/series?device=\(Self.sensor)&from=20&to=10", 400),
        ("/series?device=\(Self.sensor)&boot=-1", 400), ("/series?device=\(Self.sensor)&boot=7", 404),
        ("/grants", 400), ("/batches", 400), ("/devices/\(Self.sensor)/life.proof?at=noon", 400),
      ] {
        let response = try await Self.get(client, path, accept: "*/*")
        #expect(response.status.code == status, "\(path): \(response.status) \(String(buffer: response.body))")
      }
      #expect(try await Self.get(client, "/alarms", accept: "image/png").status == .notAcceptable)
      let filtered = try await Self.html(client, "/devices?owner=nobody&page=-4")
      #expect(filtered.contains("No device fits."))
      let evil = try await Self.html(client, "/devices?cell=%22%3E%3Cscript%3E")
      #expect(!evil.contains("<script>"))
    }
  }
}
