package import Ledger
package import Primitives

/// What a file is and what it looks like.
package struct HashedFile: Sendable, Hashable {
  /// What it is.
  package var kind: WorkKind
  /// Its media type, by its first bytes.
  package var mediaType: String
  /// Its ISCC-CODE.
  package var iscc: String
  /// BLAKE3 of its bytes.
  package var instance: Digest
  /// What it looks like, by algorithm and variant.
  package var codes: [MediaCode]
  /// Of a picture to be registered: what it looks like mirrored, turned and trimmed; of a recording its seconds at every
  /// place.
  package var probes: [MediaCode]
  /// SHA-256 of a text's fingerprints.
  package var textCommitment: Digest?

  /// A hashed file of these parts.
  package init(
    kind: WorkKind, mediaType: String, iscc: String, instance: Digest, codes: [MediaCode], probes: [MediaCode] = [],
    textCommitment: Digest? = nil
  ) {
    (self.kind, self.mediaType, self.iscc, self.instance) = (kind, mediaType, iscc, instance)
    (self.codes, self.probes, self.textCommitment) = (codes, probes, textCommitment)
  }
}

/// Turns files into codes; the only way from bytes to what the contract compares.
package protocol MediaHasher: Sendable {
  /// The rules by which the codes are made, as statements name them.
  var rules: String { get }

  /// A file to be registered under a title: its plain code and those of its crops and small turns, beside the probes of
  /// what was seen; the ISCC has a Meta-Code of the title, if anything of that can be hashed.
  func registered(_ file: [UInt8], title: String) throws(LedgerError) -> HashedFile

  /// A file that was seen: its plain code and those of its trimmed, mirrored and turned forms.
  func seen(_ file: [UInt8]) throws(LedgerError) -> HashedFile
}
