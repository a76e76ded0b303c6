internal import CBOR
package import COSE
package import Ledger
internal import Primitives

/// One file that a court's clerk checks offline: a capture, the proof of the rights at the time of use, a report.
///
/// Deterministic CBOR: `["tallystick-evidence/1", COSE_Sign1 over the manifest, [bytes of each part]]`. The manifest has
/// the SHA-256 of every part, the proof's among them, and is signed by a member whose key the proof shows to be its; so
/// there is no bit in the file that nothing stands for.
package struct EvidencePackage: Sendable {
  /// What a part is.
  package enum Name: String, Sendable, CaseIterable {
    /// The proof bundle of `IncidentQuestion`.
    case proof = "proof.cbor"
    /// The file that was seen, as it was fetched.
    case capture = "capture"
    /// What was fetched, how and when, in text.
    case captureLog = "capture.log"
    /// The registered file, where its owner shows it.
    case work = "work"
    /// Small pictures of both, to lay side by side.
    case captureThumbnail = "capture-thumbnail"
    /// The registered file's small picture.
    case workThumbnail = "work-thumbnail"
    /// The report in English.
    case report = "report.txt"
    /// The report in Chinese.
    case reportChinese = "report.zh.txt"
    /// The report as a page, with the small pictures side by side.
    case reportPage = "report.html"
    /// How to check the package.
    case instructions = "VERIFY.txt"
    /// An RFC 3161 time-stamp token over the proof.
    case timestamp = "proof.tsr"
  }

  /// One file in the package.
  package struct Part: Sendable, Hashable {
    /// What it is.
    package var name: Name
    /// Its media type.
    package var mediaType: String
    /// Its ISCC-CODE, for the files whose likeness is in question.
    package var iscc: String?
    /// Its bytes.
    package var bytes: [UInt8]

    /// A part.
    package init(_ name: Name, _ mediaType: String, iscc: String? = nil, _ bytes: [UInt8]) {
      (self.name, self.mediaType, self.iscc, self.bytes) = (name, mediaType, iscc, bytes)
    }
  }

  /// What the manifest says beside the parts.
  package struct Manifest: Sendable, Hashable {
    /// The incident (1), by the log entry of its sighting.
    package var incident: UInt64
    /// The member that made the package (2).
    package var maker: String
    /// When, milliseconds since 1970 (3).
    package var time: UInt64
    /// With which program and rules (4).
    package var tool: String
    /// The ledger's name (5).
    package var origin: String
    /// By which version of the report its texts are written (6).
    package var reports: UInt64 = EvidenceReport.version

    /// A manifest of these parts.
    package init(incident: UInt64, maker: String, time: UInt64, tool: String, origin: String) {
      (self.incident, self.maker, self.time, self.tool, self.origin) = (incident, maker, time, tool, origin)
    }
  }

  /// What the manifest says.
  package let manifest: Manifest
  /// The parts, in the order of `Name`.
  package let parts: [Part]
  private let signed: [UInt8]

  /// The first item of every package.
  package static let mark = "tallystick-evidence/1"
  /// What the signature is for; a signature for anything else is none for this.
  package static let signatureType = "application/vnd.tallystick.evidence-manifest+cbor"

  /// The part of a name.
  package subscript(name: Name) -> Part? { parts.first { $0.name == name } }

  /// Whether a file begins like a package.
  package static func isPackage(_ bytes: [UInt8]) -> Bool {
    var writer = CBORWriter()
    writer.array(3)
    writer.text(mark)
    return bytes.starts(with: writer.bytes)
  }

  /// Puts a package together and signs it with a statement key of the maker.
  package init(_ manifest: Manifest, parts: [Part], key: PrivateKey) throws(LedgerError) {
    let order = Name.allCases
    self.manifest = manifest
    self.parts = parts.sorted { order.firstIndex(of: $0.name) ?? 0 < order.firstIndex(of: $1.name) ?? 0 }
    do {
      signed = try Sign1.sign(
        protected: Self.header(key.publicKey), payload: Self.encode(manifest, self.parts), key: key)
    } catch { throw LedgerError(.malformed, "The package cannot be signed: \(error).") }
  }

  private static func header(_ key: PublicKey) -> [UInt8] {
    var writer = CBORWriter()
    writer.map(3)
    writer.uint(1)
    writer.int(key.algorithm.rawValue)
    writer.uint(3)
    writer.text(signatureType)
    writer.uint(4)
    writer.bytes(key.id.bytes)
    return writer.bytes
  }

  private static func encode(_ manifest: Manifest, _ parts: [Part]) -> [UInt8] {
    var fields = FieldWriter(7)
    fields.uint(manifest.incident)
    fields.text(manifest.maker)
    fields.uint(manifest.time)
    fields.text(manifest.tool)
    fields.text(manifest.origin)
    fields.uint(manifest.reports)
    fields.list(parts) { cbor, part in
      cbor.array(5)
      cbor.text(part.name.rawValue)
      cbor.text(part.mediaType)
      cbor.uint(UInt64(part.bytes.count))
      cbor.bytes(Digest.sha256(part.bytes))
      if let iscc = part.iscc { cbor.text(iscc) } else { cbor.null() }
    }
    return fields.bytes
  }

  /// The file.
  package func encoded() -> [UInt8] {
    var writer = CBORWriter(capacity: parts.reduce(4096) { $0 + $1.bytes.count })
    writer.array(3)
    writer.text(Self.mark)
    writer.bytes(signed)
    writer.array(parts.count)
    for part in parts { writer.bytes(part.bytes) }
    return writer.bytes
  }

  /// Reads what `encoded` writes and nothing else; every part is the manifest's, and nothing is proved yet.
  package init(decoding bytes: [UInt8]) throws(LedgerError) {
    guard bytes.count <= Limits.bundleBytes else {
      throw LedgerError(.limit, "The package has \(bytes.count) bytes, more than the limit of \(Limits.bundleBytes).")
    }
    do {
      var reader = CBORReader(bytes)
      try reader.tuple(3)
      guard try reader.text() == Self.mark else { throw CBORError(.outOfRange, at: 0) }
      signed = Array(try reader.bytes())
      let message = try Sign1(signed)
      var fields = try FieldReader(message.payload, 7)
      var manifest = Manifest(
        incident: try fields.uint(), maker: try fields.text(Party.length), time: try fields.uint(),
        tool: try fields.text(1...512), origin: try fields.text(1...128))
      manifest.reports = try fields.uint()
      self.manifest = manifest
      let listed = try fields.list(1...Name.allCases.count) { cbor throws(CBORError) in
        try cbor.tuple(5)
        guard let name = Name(rawValue: try cbor.text()) else { throw CBORError(.outOfRange, at: cbor.position) }
        let (mediaType, count, digest) = (try cbor.shortText(3...64), try cbor.uint(), try cbor.digest())
        return (
          name: name, mediaType: mediaType, count: count, digest: digest,
          iscc: cbor.takeNull() ? nil : try cbor.shortText(1...128)
        )
      }
      try fields.finish()
      let order = Name.allCases.compactMap { name in listed.contains { $0.name == name } ? name : nil }
      guard order == listed.map(\.name), try reader.array() == listed.count else {
        throw CBORError(.outOfRange, at: reader.position)
      }
      var parts: [Part] = []
      for item in listed {
        let part = Array(try reader.bytes())
        guard part.count == item.count, Digest.sha256(part) == item.digest else {
          throw LedgerError(.notProved, "The part '\(item.name.rawValue)' is not the one that the manifest names.")
        }
        parts.append(Part(item.name, item.mediaType, iscc: item.iscc, part))
      }
      try reader.finish()
      self.parts = parts
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.malformed, "The evidence package cannot be read: \(error).")
    }
  }

  /// Whether a member's key signed the manifest.
  func isSigned(by member: Member) -> Bool {
    guard let message = try? Sign1(signed) else { return false }
    return member.statementKeys.contains { statementKey in
      message.protected.elementsEqual(Self.header(statementKey.key)) && message.verify(with: statementKey.key) != nil
    }
  }
}
