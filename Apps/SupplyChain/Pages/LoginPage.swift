import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import LedgerServer
import Primitives

/// `/login`: takes a token for the pages; it is kept in a cookie that scripts and other sites cannot use.
struct LoginPage {
  struct Words {
    let intro: Message = "These pages show a member what is its own. Give your access token of this node."
    let token: Message = "Access token"
    let enter: Message = "Enter"
    let wrong: Message = "This token is not good here."
    let howTo: Message = "The node's operator makes one for you:"
  }

  let words = Words()
  let to: String
  let isWrong: Bool
  let program: String
}

extension FinanceServer {
  /// What a page needs: who reads, or the way to the login.
  func visitor(_ request: Request, _ context: LedgerRequestContext) throws -> Caller? {
    do throws(Problem) { return try reader(request, context) } catch {
      // A program is told so; a browser, which asks for a page by its type, is led to the form.
      let isBrowser = request.headers[.accept]?.contains("text/html") == true
      guard error.status == .unauthorized, isBrowser else { throw error }
      return nil
    }
  }

  /// Leads to the login and back.
  func login(_ request: Request) -> Response {
    let path = request.uri.path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "%2Fdesk"
    return .redirect(to: "/login?to=\(path)", type: .normal)
  }

  /// Only a path of this server, so that nobody is led elsewhere.
  private static func target(_ text: String?) -> String {
    guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 300,
      text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x5c && $0 != 0x22 })
    else { return "/desk" }
    return text
  }

  func addLogin(to router: Router<LedgerRequestContext>) {
    router.get("login") { request, context in
      let to = Self.target(request.uri.queryParameters["to"].map(String.init))
      let content = LoginPage(to: to, isWrong: false, program: server.pages.program)
      return server.page(Page("Login", template: "login", content: content), to: request)
    }
    router.post("login") { request, context in
      let fields = Self.fields(try await request.bytes(upTo: 4096))
      let to = Self.target(fields["to"])
      let token = (fields["token"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
      guard token.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x3b && $0 != 0x22 }),
        server.tokens?.check(token) != nil
      else {
        let content = LoginPage(to: to, isWrong: true, program: server.pages.program)
        var response = server.page(Page("Login", template: "login", content: content), to: request)
        response.status = .forbidden
        return response
      }
      var response = Response.redirect(to: to, type: .normal)
      let isSecure = request.head.scheme == "https" ? "; Secure" : ""
      response.headers[.setCookie] =
        "\(Self.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=43200\(isSecure)"
      return response
    }
    router.post("logout") { _, _ in
      var response = Response.redirect(to: "/login", type: .normal)
      response.headers[.setCookie] = "\(Self.cookie)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
      return response
    }
  }

  /// The fields of a form, percent-decoded.
  private static func fields(_ bytes: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in String(decoding: bytes, as: UTF8.self).split(separator: "&").prefix(16) {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      fields[halves[0]] = halves.last?.replacing("+", with: " ").removingPercentEncoding ?? ""
    }
    return fields
  }
}
