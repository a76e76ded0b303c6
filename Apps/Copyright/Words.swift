package import Primitives

extension Catalogue {
  /// What the program says, in Simplified Chinese.
  package static let copyright = Catalogue([String: String]())
}
