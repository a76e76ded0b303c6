import Foundation
import Invoices
import Primitives
import Testing

/// Where the project's samples and the public data beside the project are.
enum Files {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().resolvingSymlinksInPath()

  static func sample(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: "Samples/supply-chain/\(name)")))
  }

  /// The XML files of a folder of the public data; empty, with a loud word, if there are none.
  static func publicData(_ folder: String) -> [(name: String, bytes: [UInt8])] {
    let places = ["../shared/data/finance", "../../shared/data/finance"].map { root.appending(path: $0) }
    for place in places {
      let directory = place.appending(path: folder)
      let found = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)?
        .compactMap { $0 as? URL }
      let names = (found ?? []).filter { $0.pathExtension.lowercased() == "xml" }.sorted { $0.path < $1.path }
      if names.isEmpty { continue }
      return names.compactMap { url in
        (try? Data(contentsOf: url)).map { (url.lastPathComponent, [UInt8]($0)) }
      }
    }
    print("skipped: there is no public data in shared/data/finance/\(folder)")
    return []
  }
}

extension UBLImport {
  var fatal: [String] { findings.filter { $0.severity == .fatal }.map(\.rule) }

  var invoice: Invoice? {
    switch document {
    case .invoice(let invoice), .creditNote(let invoice): invoice
    default: nil
    }
  }
}

/// The codes that a text breaks, without those of our own.
func broken(_ xml: String) throws -> Set<String> {
  Set(try UBLImport(Array(xml.utf8), level: .strict).findings.map(\.rule).filter { !$0.hasPrefix("FIN") })
}
