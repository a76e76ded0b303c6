package import CBOR
package import Primitives

/// A work is registered: what it is, what it looks like, and whose it is.
package struct Registration: RightsDocument {
  /// The statement's kind.
  package static let kind = "work-registration"

  /// The work's id (1), its ISCC unless it has another.
  package var work: String
  /// What it is (2).
  package var workKind: WorkKind
  /// Its title (3).
  package var title: String
  /// Its ISCC-CODE (4).
  package var iscc: String
  /// SHA-256 of the file (5).
  package var file: Digest
  /// BLAKE3 of the file, which the Instance-Code is the beginning of (6).
  package var instance: Digest
  /// The file's media type (7).
  package var mediaType: String
  /// What it looks like (8).
  package var codes: [MediaCode]
  /// SHA-256 of the fingerprints of a text, which are kept beside the log; nil for what is no text (9).
  package var textCommitment: Digest?
  /// Whose it is (10).
  package var owners: Shares
  /// Who made it (11), by the names of parties.
  package var authors: [String]
  /// A registration elsewhere, such as a DCI code, as it was given (12).
  package var outsideNumber: String?
  /// When it was made, as the registrant says, milliseconds since 1970 (13).
  package var createdAt: UInt64?
  /// The rules by which the codes were made (14), for example `pdq-1 iscc-1.5.0 exif-1`.
  package var hashRules: String
  /// Works that this one was made out of (15).
  package var bases: [String]
  /// What a picture looks like mirrored, turned and trimmed, or a recording's seconds wherever it was cut (16): compared
  /// with what is registered, and not registered itself.
  package var probes: [MediaCode]

  /// A registration of these parts.
  package init(
    work: String, kind: WorkKind, title: String, iscc: String, file: Digest, instance: Digest, mediaType: String,
    codes: [MediaCode], textCommitment: Digest? = nil, owners: Shares, authors: [String], outsideNumber: String? = nil,
    createdAt: UInt64? = nil, hashRules: String, bases: [String] = [],
    probes: [MediaCode] = []
  ) {
    (self.work, workKind, self.title, self.iscc) = (work, kind, title, iscc)
    (self.file, self.instance, self.mediaType, self.codes) = (file, instance, mediaType, codes)
    (self.textCommitment, self.owners, self.authors) = (textCommitment, owners, authors)
    (self.outsideNumber, self.createdAt) = (outsideNumber, createdAt)
    (self.hashRules, self.bases, self.probes) = (hashRules, bases, probes)
  }

  /// The work.
  package var subject: String { work }

  /// The payload.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(16)
    fields.text(work)
    fields.uint(workKind.rawValue)
    fields.text(title)
    fields.text(iscc)
    fields.digest(file)
    fields.digest(instance)
    fields.text(mediaType)
    fields.list(codes) { $1.write(to: &$0) }
    fields.optional(textCommitment)
    fields.item { owners.write(to: &$0) }
    fields.texts(authors)
    fields.optional(outsideNumber)
    fields.optional(createdAt)
    fields.text(hashRules)
    fields.texts(bases)
    fields.list(probes) { $1.write(to: &$0) }
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 16)
    work = try fields.text(TextBounds.work)
    workKind = try fields.word()
    title = try fields.text(TextBounds.line)
    iscc = try fields.text(1...128)
    file = try fields.digest()
    instance = try fields.digest()
    mediaType = try fields.text(3...64)
    codes = try fields.codes()
    textCommitment = try fields.optionalDigest()
    try fields.step()
    owners = try Shares(&fields.cbor)
    authors = try fields.texts(1...64, Party.length)
    outsideNumber = try fields.optionalText(1...128)
    createdAt = try fields.optionalUint()
    hashRules = try fields.text(TextBounds.line)
    bases = try fields.texts(0...8, TextBounds.work)
    probes = try fields.codes(Matching.probes)
    try fields.finish()
  }
}

extension FieldReader {
  /// What something looks like: by algorithm and variant, each once.
  mutating func codes(_ count: ClosedRange<Int> = Matching.codes) throws(CBORError) -> [MediaCode] {
    let codes = try list(count) { cbor throws(CBORError) in try MediaCode(&cbor) }
    let isSorted = zip(codes, codes.dropFirst()).allSatisfy { first, second in
      (first.algorithm.rawValue, first.variant) < (second.algorithm.rawValue, second.variant)
    }
    guard isSorted else { throw fault }
    return codes
  }
}
