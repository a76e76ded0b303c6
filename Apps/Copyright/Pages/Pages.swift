import Hummingbird
package import LedgerServer
import Primitives

/// The application's pages.
extension CopyrightApp {
  package static let pages = PageSet(
    product: "Copyright", program: name,
    links: [
      PageSet.Link("/search", "Search"), PageSet.Link("/works", "Works"), PageSet.Link("/incidents", "Incidents"),
      PageSet.Link("/uploads", "Uploads"), PageSet.Link("/verify", "Verify"),
    ],
    templates: [
      "rightsstyle": Array(
        "<link rel=\"stylesheet\" href=\"/assets/copyright.css?\(RightsAssets.style.print)\">\n".utf8),
      "search": PackageResources.search_mustache, "works": PackageResources.works_mustache,
      "work": PackageResources.work_mustache, "certificate": PackageResources.certificate_mustache,
      "incidents": PackageResources.incidents_mustache, "incident": PackageResources.incident_mustache,
      "uploads": PackageResources.uploads_mustache, "uploadsrecent": PackageResources.uploadsrecent_mustache,
      "verify": PackageResources.verify_mustache,
    ])
}

/// The style and script that the application's pages need beside the kit's.
enum RightsAssets {
  struct Asset: Sendable {
    let bytes: [UInt8]
    let type: String
    let print: String

    init(_ bytes: [UInt8], _ type: String) {
      (self.bytes, self.type) = (bytes, type)
      print = String(Digest.sha256(bytes).hex.prefix(16))
    }
  }

  static let style = Asset(PackageResources.copyright_css, "text/css; charset=utf-8")
  static let script = Asset(PackageResources.search_js, "text/javascript; charset=utf-8")
}

extension RightsServer {
  func addAssets(to router: Router<LedgerRequestContext>) {
    for (name, asset) in [("copyright.css", RightsAssets.style), ("search.js", RightsAssets.script)] {
      router.get("assets/\(name)") { request, _ in
        let isNamed = request.uri.query == asset.print
        return Reply.bytes(asset.bytes, type: asset.type, caching: isNamed ? .immutable : .check)
      }
    }
  }
}
