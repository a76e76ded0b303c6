internal import HTTPTypes
internal import Hummingbird
internal import Primitives

/// Chooses the language of a request's problem by Accept-Language (RFC 9110, section 12.5.4).
///
/// It stands outside everything that makes problems. Answers for programs are the same in every language.
struct LanguageMiddleware: RouterMiddleware {
  typealias Context = LedgerRequestContext

  let chinese: Catalogue

  func handle(
    _ request: Request, context: LedgerRequestContext,
    next: (Request, LedgerRequestContext) async throws -> Response
  ) async throws -> Response {
    let language = Language(accepting: request.headers[.acceptLanguage])
    var response = try await Catalogue.$current.withValue(language == .chinese ? chinese : .english) {
      try await next(request, context)
    }
    if response.headers[.contentType] == "application/problem+json" {
      response.headers[.contentLanguage] = language == .chinese ? "zh-CN" : "en"
      response.headers[.vary] = response.headers[.vary].map { $0 + ", Accept-Language" } ?? "Accept-Language"
    }
    return response
  }
}
