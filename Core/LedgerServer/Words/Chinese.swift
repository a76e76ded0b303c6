public import Primitives

extension Catalogue {
  /// What the core, the server and the shared command line say, in Simplified Chinese.
  public static let server = Catalogue([:])
}
