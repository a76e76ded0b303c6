internal import Mustache
public import Primitives

/// The pages of an application: their templates, and where the navigation leads.
///
/// Every application has the kit's own: the layout and the ledger's page at `/`.
public struct PageSet: Sendable {
  /// An entry of the navigation.
  public struct Link: Sendable {
    /// Where it leads.
    public let path: String
    /// What it is called.
    public let title: Message

    /// An entry of the navigation.
    public init(_ path: String, _ title: Message) {
      self.path = path
      self.title = title
    }
  }

  /// What the application calls itself in the head of its pages.
  public let product: Message
  /// The name of the program that checks proofs.
  public let program: String
  /// The navigation, without the ledger's page, which comes last.
  public let links: [Link]
  let library: MustacheLibrary

  /// Pages with the application's own Mustache templates, by the names under which pages and partials ask for them.
  ///
  /// - Precondition: the templates can be parsed; they are part of the program.
  public init(product: Message, program: String, links: [Link] = [], templates: [String: [UInt8]] = [:]) {
    self.product = product
    self.program = program
    self.links = links
    var library = MustacheLibrary()
    let own = [
      "layout": PackageResources.layout_mustache, "ledger": PackageResources.ledger_mustache,
      "recent": PackageResources.recent_mustache,
    ]
    for (name, bytes) in own.merging(templates, uniquingKeysWith: { $1 }) {
      do { try library.register(String(decoding: bytes, as: UTF8.self), named: name) } catch {
        preconditionFailure("the template \(name) cannot be parsed: \(error)")
      }
    }
    self.library = library
  }
}
