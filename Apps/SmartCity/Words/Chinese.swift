package import Primitives

extension Catalogue {
  /// What the smart city says, in Simplified Chinese.
  package static let smartCity = cityPages.merging(cityAnswers)
}
