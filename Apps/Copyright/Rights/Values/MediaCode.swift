internal import CBOR
package import Primitives

/// What a work is.
package enum WorkKind: UInt64, Sendable, CaseIterable {
  /// A picture.
  case photo
  /// Writing.
  case text
  /// Sound.
  case audio
  /// Moving pictures, by their frames.
  case video

  /// The kind's name on command lines and in JSON.
  package var name: String { String(describing: self) }
}

/// 256 bits that look alike for works that do.
package struct MediaCode: Sendable, Hashable {
  /// How the bits were made; codes of different algorithms are never compared.
  package enum Algorithm: UInt64, Sendable, CaseIterable {
    /// PDQ of a picture.
    case pdq
    /// ISCC Text-Code (ISO 24138).
    case text
    /// ISCC Audio-Code (ISO 24138).
    case audio
    /// PDQ of one frame of a video (vPDQ).
    case frame
    /// SHA-256 of a run of letters of a text; its variant is where the run begins, in Unicode scalars.
    case passage
    /// Eight Chromaprint values of sound, about a second; its variant is the number of the first.
    case sound

    /// The algorithm's name in reports.
    package var name: String {
      switch self {
      case .pdq: "PDQ"
      case .text: "ISCC Text-Code"
      case .audio: "ISCC Audio-Code"
      case .frame: "vPDQ frame"
      case .passage: "passage fingerprint"
      case .sound: "Chromaprint block"
      }
    }

    /// How many different registered codes must be found before their work is, and how many in a hundred; nil where one
    /// code stands for the whole work.
    package var parts: (count: Int, percent: Int)? {
      switch self {
      case .pdq, .text, .audio: nil
      case .frame: (1, Matching.framesPercent)
      case .passage: (Matching.passages, 0)
      case .sound: (Matching.blocks, 0)
      }
    }
  }

  /// The algorithm.
  package let algorithm: Algorithm
  /// Which of several codes of the same work: 0 is the plain one; for frames the frame's number.
  package let variant: UInt64
  /// How much there is to see, 0 to 100; below `Matching.quality` a code accuses no one.
  package let quality: UInt64
  /// The bits.
  package let bits: Digest

  /// A code.
  package init(_ algorithm: Algorithm, variant: UInt64 = 0, quality: UInt64, bits: Digest) {
    (self.algorithm, self.variant, self.quality, self.bits) = (algorithm, variant, quality, bits)
  }

  /// Which part of what was asked for the code is of: sound is asked for at eight places beside each other, since a copy
  /// may be cut anywhere between two registered ones, and of them one at most lies right.
  var part: UInt64 { algorithm == .sound ? variant / 8 : variant }

  /// The number of bits in which two codes differ.
  package func distance(to other: MediaCode) -> Int { Bits256(bits).distance(to: Bits256(other.bits)) }

  func write(to cbor: inout CBORWriter) {
    cbor.array(4)
    cbor.uint(algorithm.rawValue)
    cbor.uint(variant)
    cbor.uint(quality)
    cbor.bytes(bits)
  }

  init(_ cbor: inout CBORReader) throws(CBORError) {
    try cbor.tuple(4)
    guard let algorithm = Algorithm(rawValue: try cbor.uint()) else { throw CBORError(.outOfRange, at: cbor.position) }
    self.algorithm = algorithm
    variant = try cbor.number(max: 1 << 31)
    quality = try cbor.number(max: 100)
    bits = try cbor.digest()
  }
}

/// 256 bits as four words.
package struct Bits256: Sendable, Hashable {
  let a: UInt64
  let b: UInt64
  let c: UInt64
  let d: UInt64

  /// The bits of a digest's bytes, big-endian.
  package init(_ digest: Digest) {
    (a, b, c, d) = digest.withUnsafeBytes { raw in
      (
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
        UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
      )
    }
  }

  /// The number of bits that differ.
  @inline(__always)
  package func distance(to other: Bits256) -> Int {
    (a ^ other.a).nonzeroBitCount + (b ^ other.b).nonzeroBitCount + (c ^ other.c).nonzeroBitCount
      + (d ^ other.d).nonzeroBitCount
  }

  /// One of sixteen words of 16 bits.
  @inline(__always)
  func word(_ index: Int) -> Int {
    let word =
      switch index >> 2 {
      case 0: a
      case 1: b
      case 2: c
      default: d
      }
    return Int(truncatingIfNeeded: word >> UInt64(48 - (index & 3) * 16)) & 0xffff
  }
}

/// The bounds of what counts as alike; they belong to the version of the contract's rules.
package enum Matching {
  /// The largest distance of two codes that are alike.
  package static let radius = 31
  /// The least quality of a code that may accuse.
  package static let quality: UInt64 = 50
  /// The share of a video's frames that must be found, in hundredths.
  package static let framesPercent = 80
  /// How many fingerprints of a text must be found in another: some 60 letters or 25 ideographs that were copied.
  package static let passages = 4
  /// How many seconds of a recording must be found in another.
  package static let blocks = 5
  /// The share of an earlier work's passages or seconds that a new work has, or of the new work's that the earlier one has,
  /// in hundredths, from which the new work is the earlier one again, or a piece of it.
  package static let partsPercent = 50
  /// Codes of one work: a variant of a picture or a frame of a video each.
  package static let codes = 1...1024
  /// How many codes a registration is compared by beside its own: the forms of a picture, or a recording's seconds at
  /// every place where a copy may have been cut.
  package static let probes = 0...1024
}
