internal import CBOR

/// The assertion by which a C2PA manifest finds its work again by what the work looks like (C2PA 2.2, section 18.10,
/// `c2pa.soft-binding`): the work's ISCC as the value of the listed algorithm `io.iscc.v0`.
///
/// A soft binding never stands for a hard one. PDQ is not on C2PA's list of algorithms, so its codes are not exported.
package enum SoftBinding {
  /// The assertion's label.
  package static let label = "c2pa.soft-binding"
  /// The algorithm's name in C2PA's list.
  package static let algorithm = "io.iscc.v0"

  /// The assertion in CBOR: `{alg, pad, blocks: [{scope: {}, value: the ISCC's text in UTF-8}]}`.
  package static func encode(iscc: String) -> [UInt8] {
    var writer = CBORWriter()
    writer.map(3)
    writer.text("alg")
    writer.text(algorithm)
    writer.text("pad")
    writer.bytes([UInt8]())
    writer.text("blocks")
    writer.array(1)
    writer.map(2)
    writer.text("scope")
    writer.map(0)
    writer.text("value")
    writer.bytes(Array(iscc.utf8))
    return writer.bytes
  }
}
