package import CBOR
package import Primitives

/// The value under `works`.
package struct WorkRecord: RightsRecord {
  /// The work's id (1).
  package let work: String
  /// What it is (2).
  package let kind: WorkKind
  /// Its title (3).
  package let title: String
  /// Its ISCC-CODE (4).
  package let iscc: String
  /// SHA-256 of the file (5).
  package let file: Digest
  /// The member that registered it (6).
  package let registrant: String
  /// The log entry of the registration (7).
  package let entry: UInt64
  /// When it was registered, milliseconds since 1970 (8).
  package let time: UInt64
  /// A registration elsewhere (9).
  package let outsideNumber: String?
  /// Works that it was made out of (10).
  package let bases: [String]

  init(_ document: Registration, registrant: String, entry: UInt64, time: UInt64) {
    (work, kind, title, iscc) = (document.work, document.workKind, document.title, document.iscc)
    (file, self.registrant, self.entry, self.time) = (document.file, registrant, entry, time)
    (outsideNumber, bases) = (document.outsideNumber, document.bases)
  }

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(10)
    fields.text(work)
    fields.uint(kind.rawValue)
    fields.text(title)
    fields.text(iscc)
    fields.digest(file)
    fields.text(registrant)
    fields.uint(entry)
    fields.uint(time)
    fields.optional(outsideNumber)
    fields.texts(bases)
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 10)
    work = try fields.text(TextBounds.work)
    kind = try fields.word()
    title = try fields.text(TextBounds.line)
    iscc = try fields.text(1...128)
    file = try fields.digest()
    registrant = try fields.text(Party.length)
    entry = try fields.uint()
    time = try fields.uint()
    outsideNumber = try fields.optionalText(1...128)
    bases = try fields.texts(0...8, TextBounds.work)
    try fields.finish()
  }
}

/// The value under `codes`, which the derived index is fed from.
package struct CodeRecord: RightsRecord {
  /// The work's id (1).
  package let work: String
  /// The log entry of the registration (2).
  package let entry: UInt64
  /// What the work looks like (3).
  package let codes: [MediaCode]

  /// The codes of a work.
  package init(work: String, entry: UInt64, codes: [MediaCode]) {
    (self.work, self.entry, self.codes) = (work, entry, codes)
  }

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.text(work)
    fields.uint(entry)
    fields.list(codes) { $1.write(to: &$0) }
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    work = try fields.text(TextBounds.work)
    entry = try fields.uint()
    codes = try fields.list(Matching.codes) { cbor throws(CBORError) in try MediaCode(&cbor) }
    try fields.finish()
  }
}

/// A value under `titles`: one link of the chain of title, with the shares as they are after it.
package struct TitleEvent: RightsRecord, Equatable {
  /// How the shares came about.
  package enum Kind: UInt64, Sendable, CaseIterable {
    /// The work was registered.
    case registration
    /// Shares were transferred.
    case transfer
    /// Shares went to heirs.
    case inheritance
    /// A pre-sale reached its goal.
    case presale
    /// A regulator decided.
    case judgment

    /// The kind's name in answers.
    package var name: String { String(describing: self) }
  }

  /// How the shares came about (1).
  package let kind: Kind
  /// When, milliseconds since 1970 (2).
  package let time: UInt64
  /// The shares from then on (3).
  package let shares: Shares

  init(_ kind: Kind, _ time: UInt64, _ shares: Shares) { (self.kind, self.time, self.shares) = (kind, time, shares) }

  /// The value.
  package func encoded() -> [UInt8] {
    var fields = FieldWriter(3)
    fields.uint(kind.rawValue)
    fields.uint(time)
    fields.item { shares.write(to: &$0) }
    return fields.bytes
  }

  /// Reads what `encoded` writes and nothing else.
  package init(decoding bytes: ArraySlice<UInt8>) throws(CBORError) {
    var fields = try FieldReader(bytes, 3)
    kind = try fields.word()
    time = try fields.uint()
    try fields.step()
    shares = try Shares(&fields.cbor)
    try fields.finish()
  }
}
