import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Ledger
import LedgerServer
import LedgerTestKit
import NIOCore
import Primitives
import Testing

@Suite("Pages")
struct PageTests {
  private static func text(_ response: TestResponse) -> String { String(buffer: response.body) }

  @Test("the ledger's page shows the ledger, in the reader's language, and nothing from elsewhere")
  func ledger() async throws {
    let kit = try await ServerKit(members: 3)
    _ = try await kit.fill(5)
    try await kit.open.settle()
    let size = kit.node.head.size
    try await kit.application().application().test(.router) { client in
      let page = try await client.get("/")
      #expect(page.status == .ok && page.headers[.contentType] == "text/html; charset=utf-8")
      let html = Self.text(page)
      #expect(html.contains("<html lang=\"en\">") && html.contains("data-key=\"entries\">\(size)<"))
      for member in ["org-1", "org-2", "org-3"] { #expect(html.contains("<td>\(member)")) }
      #expect(html.contains("data-live=\"/events/ledger\""))
      // No address leads anywhere but here, and the policy forbids what the page does not need.
      #expect(!html.contains("//cdn") && !html.contains(/(src|href)="https?:/))
      let policy = try #require(page.headers[.contentSecurityPolicy])
      #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
      #expect(page.headers[.vary]?.contains("Cookie") == true)

      let chosen = try await client.get("/?lang=zh")
      #expect(Self.text(chosen).contains("<html lang=\"zh-CN\">"))
      let cookie = try #require(chosen.headers[.setCookie])
      #expect(cookie.hasPrefix("lang=zh;") && cookie.contains("SameSite=Lax"))
      let remembered = try await client.execute(uri: "/", method: .get, headers: [.cookie: "a=b; lang=zh"]) { $0 }
      #expect(Self.text(remembered).contains("<html lang=\"zh-CN\">"))
      let accepted = try await client.execute(
        uri: "/", method: .get, headers: [.acceptLanguage: "zh-CN,zh;q=0.9,en;q=0.8"]
      ) { $0 }
      #expect(Self.text(accepted).contains("<html lang=\"zh-CN\">") && accepted.headers[.setCookie] == nil)
      let back = try await client.execute(uri: "/?lang=en", method: .get, headers: [.cookie: "lang=zh"]) { $0 }
      #expect(Self.text(back).contains("<html lang=\"en\">"))

      let recent = Self.text(try await client.get("/pages/ledger/recent"))
      #expect(recent.contains("<table>") && !recent.contains("<html"))
    }
    await kit.close()
  }

  @Test("the files that pages name are there, for good under their fingerprint")
  func assets() async throws {
    let kit = try await ServerKit(members: 2)
    try await kit.application().application().test(.router) { client in
      let html = Self.text(try await client.get("/"))
      let named = html.matches(of: /"(\/assets\/[a-z.]+(\?[0-9a-f]{16})?)"/).map { String($0.1) }
      #expect(named.count >= 3)
      for path in Set(named) {
        let file = try await client.get(path)
        #expect(file.status == .ok && file.body.readableBytes > 100, "\(path)")
        #expect(file.headers[.cacheControl]?.contains("immutable") == path.contains("?"), "\(path)")
      }
      #expect(try await client.get("/assets/style.css?0000000000000000").headers[.cacheControl] == "no-cache")
      #expect(try await client.get("/favicon.ico").headers[.contentType] == "image/svg+xml")
      #expect(try await client.get("/assets/../consortium.json").status.code >= 400)
    }
    await kit.close()
  }

  @Test("where access is for members a page is for token holders")
  func access() async throws {
    let kit = try await ServerKit(members: 2, access: .member)
    let token = try kit.tokens.make(subject: "desk", role: .reader, time: 0)
    try await kit.application().application().test(.router) { client in
      for path in ["/", "/pages/ledger/recent", "/events/ledger"] {
        #expect(try await client.get(path).status == .unauthorized, "\(path)")
      }
      let page = try await client.execute(uri: "/", method: .get, headers: [.authorization: "Bearer \(token)"]) { $0 }
      #expect(page.status == .ok)
    }
    await kit.close()
  }
}
