internal import HTTPTypes
internal import Hummingbird
internal import Primitives

/// Chooses the language in which pages and problems speak; it stands outside everything that makes them.
///
/// Answers for programs are the same in every language.
struct LanguageMiddleware: RouterMiddleware {
  typealias Context = LedgerRequestContext

  let chinese: Catalogue

  func handle(
    _ request: Request, context: LedgerRequestContext,
    next: (Request, LedgerRequestContext) async throws -> Response
  ) async throws -> Response {
    let language = PageLanguage.of(request)
    var response = try await Catalogue.$current.withValue(language == .chinese ? chinese : .english) {
      try await next(request, context)
    }
    if response.headers[.contentType] == "application/problem+json" {
      response.headers[.contentLanguage] = language == .chinese ? "zh-CN" : "en"
      response.headers[.vary] = response.headers[.vary].map { $0 + ", Accept-Language" } ?? "Accept-Language"
    }
    if let chosen = PageLanguage.chosen(request), response.headers[.contentType]?.hasPrefix("text/html") == true {
      response.headers[.setCookie] = PageLanguage.cookie(chosen)
    }
    return response
  }
}
