public import Primitives

/// Why a file is not taken as a picture.
public enum MediaRefusal: Error, Sendable, Hashable, Explained {
  /// There are no bytes.
  case empty
  /// More bytes than a file may have.
  case tooManyBytes(count: Int, limit: Int)
  /// The first bytes are those of no format that is read.
  case unknownFormat
  /// A form of the format that is not read, such as a moving picture.
  case unsupported(format: PictureFormat, animated: Bool)
  /// A side longer than allowed.
  case tooLong(width: Int, height: Int, limit: Int)
  /// More pixels than allowed.
  case tooManyPixels(width: Int, height: Int, limit: Int)
  /// A JPEG file with so many scans that decoding it would be an attack on the decoder's time.
  case tooManyScans(count: Int, limit: Int)
  /// The file breaks its format's rules or ends too soon.
  case damaged(format: PictureFormat)
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
    case .unknownFormat: "The file is not a picture in PNG, JPEG or WebP, by its first bytes."
    case .unsupported(let format, true): "The \(format.name) file is a moving picture; only still ones are read."
    case .unsupported(let format, false): "The \(format.name) file is of a form that is not read."
    case .tooLong(let width, let height, let limit):
      "The picture is \(width) by \(height) pixels; a side may have at most \(limit)."
    case .tooManyPixels(let width, let height, let limit):
      "The picture is \(width) by \(height) pixels; it may have at most \(limit) in all."
    case .tooManyScans(let count, let limit): "The JPEG file has \(count) scans; at most \(limit) are read."
    case .damaged(let format): "The \(format.name) file is damaged or incomplete."
    case .tooMuchMemory: "Decoding the picture takes more memory than it may have."
    case .tooSlow: "Decoding the picture takes longer than it may."
    case .crashed(let signal): "The decoder did not survive this file (signal \(signal))."
    case .noDecoder(let reason): "No decoder could be started: \(reason)."
    case .busy: "Too many pictures wait for a decoder; try again later."
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

/// The formats of pictures that are read, by their first bytes.
public enum PictureFormat: UInt8, Sendable, CaseIterable {
  /// Portable Network Graphics (ISO/IEC 15948).
  case png = 1
  /// JPEG (ITU-T T.81).
  case jpeg = 2
  /// WebP (RFC 9649).
  case webp = 3

  /// The format's name.
  public var name: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .webp: "WebP"
    }
  }

  /// The format's media type.
  public var mediaType: String {
    switch self {
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .webp: "image/webp"
    }
  }

  /// The format that the first bytes say it is, or nil. A file's name says nothing.
  public init?(firstBytes bytes: some Collection<UInt8>) {
    let start = Array(bytes.prefix(12))
    if start.starts(with: [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]) {
      self = .png
    } else if start.starts(with: [0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if start.count == 12 && start.starts(with: Array("RIFF".utf8)) && start[8...].elementsEqual("WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }
}
