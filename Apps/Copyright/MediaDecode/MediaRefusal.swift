public import Primitives

/// Why a file is not taken as a picture, video, sound or text.
public enum MediaRefusal: Error, Sendable, Hashable, Explained {
  /// There are no bytes.
  case empty
  /// More bytes than a file may have.
  case tooManyBytes(count: Int, limit: Int)
  /// The first bytes are those of no format that is read.
  case unknownFormat
  /// A form of the format that is not read, such as a moving picture.
  case unsupported(format: MediaFormat, animated: Bool)
  /// A side longer than allowed.
  case tooLong(width: Int, height: Int, limit: Int)
  /// More pixels than allowed.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// So few bytes for so many pixels that it is no picture.
  case bomb(width: Int, height: Int, bytes: Int)
  /// A JPEG file with so many scans that decoding it would be an attack on the decoder's time.
  case tooManyScans(count: Int, limit: Int)
  /// The file breaks its format's rules or ends too soon.
  case damaged(format: MediaFormat)
  /// There is too little sound in it for a fingerprint (about three seconds).
  case tooShort(format: MediaFormat)
  /// More frames, seconds or letters than are read.
  case tooMuch(format: MediaFormat)
  /// Decoding it takes more memory than the decoder may have.
  case tooMuchMemory
  /// Decoding it takes longer than allowed.
  case tooSlow
  /// The decoder's process ended while it worked on the file; the signal that ended it, or 0.
  case crashed(signal: Int)
  /// There is no decoder to be had; nothing is said about the file.
  case noDecoder(reason: String)
  /// So many files wait for a decoder that no more are taken; nothing is said about the file.
  case busy

  /// What it says.
  public var explanation: Message {
    switch self {
    case .empty: "The file is empty."
    case .tooManyBytes(let count, let limit): "The file has \(count) bytes; at most \(limit) are read."
    case .unknownFormat: "The file is no picture, video, sound or text of a format that is read, by its first bytes."
    case .unsupported(let format, true): "The \(format.name) file is a moving picture; only still ones are read."
    case .unsupported(let format, false): "The \(format.name) file is of a form that is not read."
    case .tooLong(let width, let height, let limit):
      "The picture is \(width) by \(height) pixels; a side may have at most \(limit)."
    case .tooManyPixels(let width, let height, let limit):
      "The picture is \(width) by \(height) pixels; it may have at most \(limit) in all."
    case .bomb(let width, let height, let bytes):
      "The file has \(bytes) bytes for \(width) by \(height) pixels: too few for a picture."
    case .tooManyScans(let count, let limit): "The JPEG file has \(count) scans; at most \(limit) are read."
    case .damaged(let format): "The \(format.name) file is damaged or incomplete."
    case .tooShort(let format): "There is too little in the \(format.name) file to tell it from others."
    case .tooMuch(let format): "The \(format.name) file holds more than is read."
    case .tooMuchMemory: "Decoding the file takes more memory than it may have."
    case .tooSlow: "Decoding the file takes longer than it may."
    case .crashed(let signal): "The decoder did not survive this file (signal \(signal))."
    case .noDecoder(let reason): "No decoder could be started: \(reason)."
    case .busy: "Too many files wait for a decoder; try again later."
    }
  }

  /// Whether the fault is the file's, so that trying again is of no use.
  public var isFinal: Bool {
    switch self {
    case .noDecoder, .busy: false
    default: true
    }
  }
}
