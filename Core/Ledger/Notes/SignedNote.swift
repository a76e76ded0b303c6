internal import Primitives

/// Text with signature lines below it (C2SP signed-note v1.0.0).
///
/// ```
/// note = text LF 1*line        text ends in LF; the last empty line is the separator
/// ```
///
/// Reading is strict, so that one value has one form in bytes: what was read is written back byte for byte. The text says
/// nothing until signatures of known keys over it have been verified.
public struct SignedNote: Sendable, Hashable {
  /// The text with its final line feed: what the signatures are over.
  public let text: [UInt8]
  /// The signature lines in their order, repeated ones included.
  public private(set) var signatures: [NoteSignature]

  /// A note of `text`, which ends in a line feed, and lines.
  ///
  /// A note without lines can be held and added to, but not read back. Throws `NoteError` for text that a note cannot
  /// carry or for too many lines.
  public init(text: [UInt8], signatures: [NoteSignature] = []) throws(NoteError) {
    guard text.count <= Limits.noteBytes else { throw .tooLarge(bytes: text.count) }
    guard text.last == NoteText.lineFeed else { throw .missingFinalNewline }
    try Self.checkCharacters(text)
    guard signatures.count <= Limits.noteSignatures else { throw .tooManySignatures(signatures.count) }
    self.text = text
    self.signatures = signatures
    try checkSize()
  }

  /// Reads a note.
  ///
  /// Takes time linear in the bytes, at most `Limits.noteBytes` with at most `Limits.noteSignatures` lines. Throws
  /// `NoteError`, which says what is wrong and where.
  public init(parsing bytes: [UInt8]) throws(NoteError) {
    guard bytes.count <= Limits.noteBytes else { throw .tooLarge(bytes: bytes.count) }
    try Self.checkCharacters(bytes)
    guard bytes.last == NoteText.lineFeed else { throw .missingFinalNewline }
    guard let separator = Self.lastEmptyLine(bytes) else { throw .missingSeparator }
    var rest = bytes[(separator + 1)...]
    guard !rest.isEmpty else { throw .noSignatures }
    let lines = rest.count { $0 == NoteText.lineFeed }
    guard lines <= Limits.noteSignatures else { throw .tooManySignatures(lines) }
    text = Array(bytes[..<separator])
    signatures = []
    signatures.reserveCapacity(lines)
    var number = bytes[...separator].count { $0 == NoteText.lineFeed }
    while let line = NoteText.nextLine(&rest) {
      number += 1
      do { signatures.append(try NoteSignature(parsing: line)) } catch { throw .signatureLine(error, line: number) }
    }
  }

  /// The note in bytes.
  public var encoded: [UInt8] {
    var out = text
    out.append(NoteText.lineFeed)
    for signature in signatures { out += signature.line }
    return out
  }

  /// Adds a line; a line by the same name and key id is replaced in its place.
  ///
  /// Throws `NoteError` beyond `Limits.noteSignatures` and `Limits.noteBytes`; the note is then as before.
  public mutating func add(_ signature: NoteSignature) throws(NoteError) {
    var changed = self
    if let place = signatures.firstIndex(where: { $0.isSameKey(as: signature) }) {
      changed.signatures[place] = signature
    } else {
      guard signatures.count < Limits.noteSignatures else { throw .tooManySignatures(signatures.count + 1) }
      changed.signatures.append(signature)
    }
    try changed.checkSize()
    self = changed
  }

  /// The known keys whose lines verify, by the rules of C2SP signed-note.
  ///
  /// A line of an unknown pair of name and key id is ignored, also when one half of the pair is known, and so are lines
  /// of keys of an unsupported type. A line of a known pair that does not verify refuses the whole note, and so does the
  /// lack of any known line. Repeated lines count once. Costs one Ed25519 verification for each known line.
  public func verify(against keys: [VerifierKey]) throws(NoteVerificationError) -> [VerifiedSignature] {
    let found = try verifyKnown(keys)
    guard !found.isEmpty else { throw .noKnownSignature }
    return found
  }

  /// As `verify`, but an empty result is no error.
  func verifyKnown(_ keys: [VerifierKey]) throws(NoteVerificationError) -> [VerifiedSignature] {
    var known: [VerifierKey.Identity: VerifierKey] = [:]
    for key in keys where key.isSupported {
      let earlier = known.updateValue(key, forKey: key.identity)
      guard earlier == nil || earlier == key else { throw .ambiguousKey(name: key.name, keyID: key.keyID) }
    }
    var found: [VerifiedSignature] = []
    var places: [VerifierKey.Identity: Int] = [:]
    for line in signatures {
      let identity = VerifierKey.Identity(name: line.name, keyID: line.keyID)
      guard let key = known[identity] else { continue }
      guard let verified = key.verify(line, over: text) else {
        throw .badSignature(name: line.name, keyID: line.keyID)
      }
      if let place = places[identity] {
        // The later of two cosignatures says more: the same head was still the largest one then.
        if verified.timestamp ?? 0 > found[place].timestamp ?? 0 { found[place] = verified }
      } else {
        places[identity] = found.count
        found.append(verified)
      }
    }
    return found
  }

  private func checkSize() throws(NoteError) {
    // Four bytes of prefix, a space, a line feed, and base64 of the key id and the payload.
    let lines = signatures.reduce(0) { $0 + $1.name.utf8.count + ($1.payload.count + 6) / 3 * 4 + 6 }
    let bytes = text.count + 1 + lines
    guard bytes <= Limits.noteBytes else { throw .tooLarge(bytes: bytes) }
  }

  private static func checkCharacters(_ bytes: [UInt8]) throws(NoteError) {
    if let (offset, value) = NoteText.controlByte(bytes) { throw .controlByte(value, offset: offset) }
    guard NoteText.isUTF8(bytes) else { throw .notUTF8 }
  }

  /// The index of the line feed that is the last empty line below a text, or nil.
  private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 2 else { return nil }
    return (1..<bytes.count).last { bytes[$0] == NoteText.lineFeed && bytes[$0 - 1] == NoteText.lineFeed }
  }
}

/// A signature line that verified.
public struct VerifiedSignature: Sendable, Hashable {
  /// The key that signed.
  public let key: VerifierKey
  /// Seconds since 1970 that a cosignature (type 04) states; nil for a plain signature (type 01).
  public let timestamp: UInt64?
}
