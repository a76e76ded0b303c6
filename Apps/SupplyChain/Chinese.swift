package import Primitives

extension Catalogue {
  /// What the application says, in Simplified Chinese.
  package static let supplyChain = Catalogue([:])
}
