internal import Primitives

/// The Meta-Code: similarity of a work's title and description (ISO 24138:2024 section 5.2).
public enum MetaCode {
  /// Title and description are cut to these numbers of UTF-8 bytes.
  public static let nameBytes = 128, descriptionBytes = 4096

  /// The largest payload of further metadata, in bytes.
  public static let payloadLimit = 128_000

  /// Further metadata that replace the description in the code.
  public enum Metadata: Sendable, Hashable {
    /// Canonical JSON (RFC 8785), which the caller has made; `linked` if it has a member `@context` at its top.
    case json([UInt8], linked: Bool)
    /// A data URL (RFC 2397) of any form, kept as it is.
    case dataURL(String)
  }

  /// A Meta-Code with the texts that it is made of.
  public struct Result: Sendable, Hashable {
    /// The code.
    public let unit: ISCCUnit
    /// The title as it was normalised and cut.
    public let name: String
    /// The description as it was normalised and cut; may be empty.
    public let description: String
    /// The further metadata as a data URL.
    public let metadata: String?
    /// The BLAKE3 multihash of the metadata, or of title and description, in hexadecimal digits.
    public let metahash: String
  }

  /// The Meta-Code of a title with a description or further metadata.
  ///
  /// Throws `emptyName` if nothing is left of the title, `badMetadata` for metadata that are too large or no data URL,
  /// `badLength` unless `bits` is a length of a unit.
  public static func make(
    name: String, description: String = "", metadata: Metadata? = nil, bits: Int = 256
  ) throws(ISCCFault) -> Result {
    let name = MetaText.trim(MetaText.singleLine(MetaText.clean(name)), bytes: nameBytes)
    guard !name.isEmpty else { throw .emptyName }
    let description = MetaText.trim(MetaText.clean(description), bytes: descriptionBytes)
    let extra: [UInt8]?
    let url: String?
    switch metadata {
    case .json(let payload, let linked):
      extra = payload
      url = "data:application/\(linked ? "ld+" : "")json;base64," + Base64.encode(payload)
    case .dataURL(let text):
      extra = try DataURL.payload(text)
      url = text
    case nil: (extra, url) = (nil, nil)
    }
    var digest = textHash(name)
    let hashed: [UInt8]
    if let extra {
      guard extra.count <= payloadLimit else { throw .badMetadata }
      if !extra.isEmpty { digest = interleave(digest, bytesHash(extra)) }
      hashed = extra
    } else {
      if !description.isEmpty { digest = interleave(digest, textHash(description)) }
      hashed = Array((description.isEmpty ? name : name + " " + description).utf8)
    }
    return Result(
      unit: try ISCCUnit(.meta, bits: bits, digest: digest), name: name, description: description, metadata: url,
      metahash: Multihash.blake3(BLAKE3.hash(hashed)))
  }

  private static func textHash(_ text: String) -> [UInt8] {
    let scalars = TextCollapse.scalars(text)
    let (utf8, offsets) = UTF8Windows.encode(scalars)
    return windows(of: utf8, count: scalars.count, width: 3) { offsets[$0] }
  }

  private static func bytesHash(_ bytes: [UInt8]) -> [UInt8] { windows(of: bytes, count: bytes.count, width: 4) { $0 } }

  /// The simhash over BLAKE3 of all windows of `width` items; fewer items are one window.
  private static func windows(of bytes: [UInt8], count: Int, width: Int, at offset: (Int) -> Int) -> [UInt8] {
    var hash = SimHash(bytes: 32)
    bytes.withUnsafeBytes { bytes in
      for start in 0...max(0, count - width) {
        let range = offset(start)..<offset(min(start + width, count))
        BLAKE3.hash(UnsafeRawBufferPointer(rebasing: bytes[range])).withUnsafeBytes { hash.add($0) }
      }
    }
    return hash.digest
  }

  /// The first halves of both, four bytes of each in turn.
  private static func interleave(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    stride(from: 0, to: 16, by: 4).flatMap { a[$0..<$0 + 4] + b[$0..<$0 + 4] }
  }
}
