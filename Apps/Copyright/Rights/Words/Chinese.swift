package import Primitives

extension Catalogue {
  /// What the rights say, in Simplified Chinese.
  package static let rights = Catalogue([:])
}
