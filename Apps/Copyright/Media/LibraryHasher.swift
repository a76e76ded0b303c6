package import Ledger
package import MediaDecode
import MediaHash
import Primitives
package import Rights

/// Codes by the media libraries: what is in a file is taken out of it by a confined process, and hashed.
///
/// A picture has its PDQ with variants (registered) or probes (seen), a text its Text-Code and passages, sound its
/// Audio-Code and seconds of its Chromaprint fingerprint, a video the PDQ of a frame for each second (vPDQ). The ISCC-CODE
/// is of a registered work's title, of the content where the standard has a code for what was decoded, and of data and
/// instance always; a Video-Code needs MPEG-7 signatures, which frames alone do not give, so a video's ISCC has none.
package struct LibraryHasher: MediaHasher {
  /// The rules.
  package let rules = MediaRules.version
  private let pool: DecodePool

  /// A hasher over processes of this program, or of those of a pool.
  package init(pool: DecodePool = DecodePool(workers: 2)) { self.pool = pool }

  /// The codes of a file to be registered.
  package func registered(_ file: [UInt8], title: String) throws(LedgerError) -> HashedFile {
    try hash(file, title: title) { picture in
      let codes = PDQVariants.registered(of: picture).map { Self.code(.pdq, Int($0.variant.rawValue), $0.result) }
      return (codes, Self.probes(picture))
    }
  }

  /// The codes of a file that was seen.
  package func seen(_ file: [UInt8]) throws(LedgerError) -> HashedFile {
    try hash(file, title: nil) { (Self.probes($0), []) }
  }

  private static func probes(_ picture: RGBImage) -> [MediaCode] {
    PDQVariants.probes(of: picture).map { code(.pdq, Int($0.probe.rawValue), $0.result) }
  }

  /// What is in a file, decoded in a confined process.
  func decoded(_ file: [UInt8]) throws(LedgerError) -> DecodedMedia {
    do { return try pool.mediaWaiting(file) } catch {
      throw LedgerError(error.isFinal ? .malformed : .unavailable, error.explanation)
    }
  }

  /// A small picture (JPEG, at most 256 pixels along a side) of a picture or a video's first frame; nil for the others.
  func thumbnail(_ file: [UInt8]) throws(LedgerError) -> [UInt8]? {
    switch try decoded(file) {
    case .picture(let picture): PictureEncoder.thumbnail(picture.image)
    case .video(let video): PictureEncoder.thumbnail(video.poster)
    case .sound, .text: nil
    }
  }

  private func hash(
    _ file: [UInt8], title: String?, _ variants: (RGBImage) -> (codes: [MediaCode], probes: [MediaCode])
  ) throws(LedgerError) -> HashedFile {
    let media = try decoded(file)
    let (kind, format, codes): (WorkKind, MediaFormat, [MediaCode])
    var probes: [MediaCode] = []
    var content: ISCCUnit?
    var commitment: Digest?
    do {
      switch media {
      case .picture(let picture):
        (kind, format) = (.photo, picture.format)
        (codes, probes) = variants(picture.image)
        let grey = try ImagePixels.grey32(
          rgb: picture.image.pixels, width: picture.image.width, height: picture.image.height)
        content = try ImageCode.make(grey: grey)
      case .video(let video):
        (kind, format) = (.video, video.format)
        codes = video.frames.enumerated().map { Self.code(.frame, $0, $1.result) }
      case .sound(let sound):
        (kind, format) = (.audio, sound.format)
        let unit = try AudioCode.make(sound.fingerprint.map { Int32(bitPattern: $0) })
        content = unit
        // The Audio-Codes of unrelated music lie near each other, so seconds are compared instead (quality 0 finds none).
        let whole = MediaCode(.audio, quality: 0, bits: Digest(unit.digest) ?? Digest())
        let everywhere = Self.blocks(sound.fingerprint, step: 1)
        codes = [whole] + (title == nil ? everywhere : Self.blocks(sound.fingerprint, step: 8))
        if title != nil { probes = everywhere }
      case .text(let text):
        (kind, format) = (.text, .text)
        content = try ISCCUnit(.content, subType: ISCCContent.text.rawValue, bits: 256, digest: text.code)
        // Fewer letters than make a few dozen windows say nothing about likeness.
        let whole = MediaCode(.text, quality: text.letters < 100 ? 0 : 100, bits: Digest(text.code) ?? Digest())
        codes = [whole] + text.passages.map(Self.code)
        commitment = .sha256(text.passages.flatMap { Self.bytes($0.hash) })
      }
      // A title of which nothing is left when it is normalised has no Meta-Code.
      let meta = title.flatMap { try? MetaCode.make(name: $0).unit }
      let units = [meta, content, try DataCode.make(file), try InstanceCode.make(file)].compactMap { $0 }
      return HashedFile(
        kind: kind, mediaType: format.mediaType, iscc: try ISCCCode(units).text, instance: BLAKE3.hash(file),
        codes: codes, probes: probes, textCommitment: commitment)
    } catch { throw LedgerError(.malformed, "The file's ISCC cannot be made: \("\(error)").") }
  }

  private static func code(_ algorithm: MediaCode.Algorithm, _ variant: Int, _ result: PDQResult) -> MediaCode {
    MediaCode(
      algorithm, variant: UInt64(variant), quality: UInt64(max(0, min(100, result.quality))),
      bits: Digest(result.hash.bytes) ?? Digest())
  }

  private static func code(_ print: PassagePrint) -> MediaCode {
    MediaCode(.passage, variant: UInt64(print.start), quality: 100, bits: .sha256(bytes(print.hash)))
  }

  private static func bytes(_ hash: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * $0)) }
  }

  /// The most blocks of a recording, a multiple of eight.
  private static let blockLimit = 960

  /// Blocks of eight values: every eighth of a registered recording; of one that was seen all, so that one of them lies as
  /// a registered one does, wherever it was cut. Of a recording that is too long for that, evenly spaced ones: beyond 16
  /// minutes of registered blocks, beyond two of runs of eight, each of which begins at a multiple of eight.
  static func blocks(_ values: [UInt32], step: Int) -> [MediaCode] {
    guard values.count >= 8 else { return [] }
    let last = values.count - 8
    let places = last / 8 + 1
    let count = min(step == 1 ? blockLimit / 8 : blockLimit, places)
    let aligned = (0..<count).map { $0 * places / count * 8 }
    let starts = step == 8 ? aligned : aligned.flatMap { start in (start..<start + 8).filter { $0 <= last } }
    return starts.map { start in
      let block = values[start..<start + 8]
      let isPlain = Set(block).count < 6
      var bytes: [UInt8] = []
      for value in block {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
          bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
      }
      return MediaCode(.sound, variant: UInt64(start), quality: isPlain ? 0 : 100, bits: Digest(bytes) ?? Digest())
    }
  }
}
