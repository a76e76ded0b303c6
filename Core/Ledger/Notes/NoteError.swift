public import Primitives

/// Why bytes are not a signed note: what is wrong and where.
///
/// Offsets count bytes from 0, lines count from 1, both from the start of the note.
public enum NoteError: Error, Equatable, Sendable {
  /// The note has more bytes than `Limits.noteBytes`.
  case tooLarge(bytes: Int)
  /// The note is not well-formed UTF-8.
  case notUTF8
  /// A byte below 0x20 other than a line feed.
  case controlByte(UInt8, offset: Int)
  /// The text, or the last line of the note, does not end in a line feed.
  case missingFinalNewline
  /// No empty line parts the text from the signatures.
  case missingSeparator
  /// Nothing follows the last empty line.
  case noSignatures
  /// The note has more signature lines than `Limits.noteSignatures`.
  case tooManySignatures(Int)
  /// A signature line is malformed.
  case signatureLine(NoteLineFault, line: Int)
}

/// What is wrong with a signature line.
public enum NoteLineFault: Error, Equatable, Sendable {
  /// It does not begin with U+2014 and one space.
  case prefix
  /// The name is empty, or has a Unicode space, a `+` or a control byte.
  case name
  /// No space and base64 follow the name.
  case missingPayload
  /// The base64 is not canonical: alphabet, padding, spare bits or white space.
  case base64
  /// Four bytes of key id and at least one of signature are needed.
  case shortPayload(bytes: Int)
}

extension NoteError: Explained {
  /// What is wrong and where, in words.
  public var explanation: Message {
    switch self {
    case .tooLarge(let bytes): "note of \(bytes) bytes is above the limit noteBytes"
    case .notUTF8: "note is not valid UTF-8"
    case .controlByte(let value, let offset): "control byte \(value) at offset \(offset) of the note"
    case .missingFinalNewline: "note does not end in a newline"
    case .missingSeparator: "note has no empty line between text and signatures"
    case .noSignatures: "note has no signature line"
    case .tooManySignatures(let count): "note has \(count) signature lines, above the limit noteSignatures"
    case .signatureLine(let fault, let line): "line \(line) of the note: \(fault)"
    }
  }
}

extension NoteLineFault: Explained {
  /// What is wrong, in words.
  public var explanation: Message {
    switch self {
    case .prefix: "signature line does not begin with an em dash (U+2014) and a space"
    case .name: "signer name is empty or has a space, a plus or a control character"
    case .missingPayload: "no base64 after the signer name"
    case .base64: "signature is not canonical base64"
    case .shortPayload(let bytes): "signature has \(bytes) bytes, at least 5 are needed"
    }
  }
}

/// Why the known signatures of a note do not hold.
public enum NoteVerificationError: Error, Equatable, Sendable {
  /// A line of a known name and key id does not verify: the whole note is refused.
  case badSignature(name: NoteName, keyID: UInt32)
  /// No line is of a known name and key id.
  case noKnownSignature
  /// Two different known keys have the same name and key id.
  case ambiguousKey(name: NoteName, keyID: UInt32)
}

extension NoteVerificationError: Explained {
  /// What does not hold, in words.
  public var explanation: Message {
    switch self {
    case .badSignature(let name, let keyID):
      "signature of \(name) with key id \(VerifierKey.hex(keyID)) does not verify"
    case .noKnownSignature: "note has no signature of a known key"
    case .ambiguousKey(let name, let keyID):
      "two known keys have the name \(name) and the key id \(VerifierKey.hex(keyID))"
    }
  }
}
