internal import Hummingbird
internal import HummingbirdCore
internal import Primitives

/// The language of pages: a link changes it for good (`?lang=`), else a cookie says it, else Accept-Language.
enum PageLanguage {
  /// Whether the current task speaks Chinese.
  static var isChinese: Bool { !Catalogue.current.isEmpty }

  /// The same address in the other language.
  static func other(of uri: URI) -> String {
    let rest = (uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("lang=") }
    return uri.path + "?" + (rest + [isChinese ? "lang=en" : "lang=zh"]).joined(separator: "&")
  }

  /// The language that a request asks for.
  static func of(_ request: Request) -> Language {
    if let chosen = chosen(request) { return chosen }
    for field in request.headers[values: .cookie] {
      for pair in field.split(separator: ";").prefix(64) {
        switch pair.drop(while: { $0 == " " }) {
        case "lang=zh": return .chinese
        case "lang=en": return .english
        default: continue
        }
      }
    }
    return Language(accepting: request.headers[.acceptLanguage])
  }

  /// The language that the address itself names, to be remembered.
  static func chosen(_ request: Request) -> Language? {
    switch request.uri.queryParameters["lang"] {
    case "zh": .chinese
    case "en": .english
    default: nil
    }
  }

  /// What a browser is told to remember, for a year.
  static func cookie(_ language: Language) -> String {
    "lang=\(language == .chinese ? "zh" : "en"); Path=/; Max-Age=31536000; SameSite=Lax"
  }
}
