internal import Primitives

extension EvidenceReport {
  /// The report as a page that needs nothing else: both small pictures side by side, then the text in English and, if
  /// wanted, in Chinese.
  ///
  /// It follows from the report and the pictures, so that a verifier writes it again and compares.
  package func page(capture: [UInt8]?, work: [UInt8]?, chinese: Bool) -> [UInt8] {
    var body = ""
    if let capture, let work {
      func figure(_ picture: [UInt8], _ caption: Message) -> String {
        "<figure><img alt=\"\" src=\"data:image/jpeg;base64,\(Base64.encode(picture))\"><figcaption>"
          + Self.captions(caption, chinese) + "</figcaption></figure>\n"
      }
      body +=
        "<div class=\"pair\">\n" + figure(work, "The registered work") + figure(capture, "What was seen") + "</div>\n"
    }
    body += Self.article("en", text(in: .english))
    if chinese { body += Self.article("zh-Hans", text(in: .rights)) }
    return Array(
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <title>Evidence report</title>
      <style>
      body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      .pair { display: flex; flex-wrap: wrap; gap: 1rem; }
      figure { margin: 0; flex: 1 1 14rem; }
      img { width: 100%; image-rendering: auto; border: 1px solid #999; }
      article { border-top: 1px solid #999; margin-top: 1.5rem; overflow-wrap: anywhere; }
      h2 { font-size: 1.1rem; margin: 1.2rem 0 0.2rem; }
      p { margin: 0.3rem 0; }
      </style>
      </head>
      <body>
      \(body)</body>
      </html>

      """.utf8)
  }

  private static func captions(_ caption: Message, _ chinese: Bool) -> String {
    let english = Markup.escape(caption.text(in: .english))
    return chinese ? english + " · " + Markup.escape(caption.text(in: .rights)) : english
  }

  /// The lines of a report: the first is its title, one after an empty one a heading.
  private static func article(_ language: String, _ text: String) -> String {
    var out = "<article lang=\"\(language)\">\n"
    var isHeading = true
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        isHeading = true
        continue
      }
      let isNumbered = line.first.map { $0.isNumber || "一二三四五六七八九".contains($0) } ?? false
      let tag = isHeading && (isNumbered || out.utf8.count < 40) ? "h2" : "p"
      out += "<\(tag)>\(Markup.escape(line))</\(tag)>\n"
      isHeading = false
    }
    return out + "</article>\n"
  }
}
