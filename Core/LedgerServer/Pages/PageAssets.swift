internal import HTTPTypes
internal import Hummingbird
internal import Primitives

/// The files that every page needs; their addresses carry a fingerprint, so that browsers keep them for good.
enum PageAssets {
  struct Asset: Sendable {
    let bytes: [UInt8]
    let type: String
    let fingerprint: String

    init(_ bytes: [UInt8], _ type: String) {
      self.bytes = bytes
      self.type = type
      fingerprint = String(Digest.sha256(bytes).hex.prefix(16))
    }
  }

  static let style = Asset(PackageResources.style_css, "text/css; charset=utf-8")
  static let script = Asset(PackageResources.live_js, "text/javascript; charset=utf-8")
  static let icon = Asset(PackageResources.icon_svg, "image/svg+xml")

  static func add(to router: Router<LedgerRequestContext>) {
    for (name, asset) in [("style.css", style), ("live.js", script), ("icon.svg", icon)] {
      router.get("assets/\(name)") { request, _ in
        let isNamed = request.uri.query == asset.fingerprint
        return Reply.bytes(asset.bytes, type: asset.type, caching: isNamed ? .immutable : .check)
      }
    }
    router.get("favicon.ico") { _, _ in Reply.bytes(icon.bytes, type: icon.type, caching: .check) }
  }
}
