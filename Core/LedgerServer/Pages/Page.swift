internal import HTTPTypes
public import Hummingbird
public import Mustache
public import Primitives

/// One page: a title, a template, and what the template shows.
public struct Page {
  /// The title, also the page's main heading.
  public let title: Message
  /// The template's name in the application's `PageSet`.
  public let template: String
  /// What the template shows: a struct whose properties are the template's names. `Message`s come out in the reader's
  /// language, and everything is escaped unless the template says otherwise.
  public let content: Any
  /// The path of the page's server-sent events; nil for a page that stands still.
  public let live: String?

  /// A page.
  public init(_ title: Message, template: String, live: String? = nil, content: Any) {
    self.title = title
    self.template = template
    self.content = content
    self.live = live
  }

  private struct Layout {
    struct Link {
      let path: String
      let title: Message
      let isCurrent: Bool
    }

    struct Words {
      let skip: Message = "To the content"
      let pages: Message = "Pages"
      let footer: Message = "Every answer comes with a proof that anyone can check offline:"
      let checkpoint: Message = "checkpoint"
      let policy: Message = "trust policy"
      let lost: Message = "The connection is lost; what you see may be old. It is being taken up again."
    }

    let title: Message
    let product: Message
    let links: [Link]
    let live: String?
    let content: Any
    let contentTemplate: String
    let language: String
    let otherLanguage: String
    let otherLanguageName: String
    let otherLanguagePath: String
    let words = Words()
    let stylePrint = PageAssets.style.fingerprint
    let scriptPrint = PageAssets.script.fingerprint
  }

  /// The page as an answer to a request, in the language of the current task.
  func response(to request: Request, in set: PageSet) -> Response {
    let isChinese = PageLanguage.isChinese
    let path = request.uri.path
    let links = set.links + [PageSet.Link("/", "Ledger")]
    let layout = Layout(
      title: title, product: set.product,
      links: links.map { Layout.Link(path: $0.path, title: $0.title, isCurrent: $0.path == path) }, live: live,
      content: content, contentTemplate: template, language: isChinese ? "zh-CN" : "en",
      otherLanguage: isChinese ? "en" : "zh-CN", otherLanguageName: isChinese ? "English" : "简体中文",
      otherLanguagePath: PageLanguage.other(of: request.uri))
    let text = set.library.render(layout, withTemplate: "layout") ?? ""
    return Response(status: .ok, headers: Page.headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// A part of a page by itself, for what `live.js` loads.
  static func fragment(_ content: Any, template: String, in set: PageSet) -> Response {
    let text = set.library.render(content, withTemplate: template) ?? ""
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// Nothing from elsewhere, no script but the kit's own, no frame around it.
  private static let headers: HTTPFields = {
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .cacheControl: Reply.Caching.check.rawValue,
      .vary: "Accept-Language, Cookie",
    ]
    headers[.contentSecurityPolicy] =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
      + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    if let policy = HTTPField.Name("Referrer-Policy") { headers[policy] = "no-referrer" }
    return headers
  }()
}

/// A message comes out in the reader's language.
extension Message: MustacheCustomRenderable {
  /// The text in the language of the current task.
  public var renderText: String { text(in: Catalogue.current) }
  /// Whether there is nothing to say.
  public var isNull: Bool { isEmpty }
}

extension ServerContext {
  /// Answers with a page.
  public func page(_ page: Page, to request: Request) -> Response { page.response(to: request, in: pages) }

  /// Answers with a part of a page that the page itself loads again.
  public func fragment(_ content: Any, template: String) -> Response {
    Page.fragment(content, template: template, in: pages)
  }
}
