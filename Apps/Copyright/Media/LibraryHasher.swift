import Ledger
import MediaHash
import Primitives
import Rights

/// Codes by the media library: PDQ with its variants and probes, ISCC with BLAKE3, Text-Code, vPDQ over frames.
///
/// Reads what needs no decoder (PNM pictures and sequences of them, text); sound is told apart by its loudness.
struct LibraryHasher: MediaHasher {
  let rules = "pdq-1 \(PDQVariants.rules) iscc-1.5.0 pnm-1 loudness-1"

  func registered(_ file: [UInt8]) throws(LedgerError) -> HashedFile {
    try hash(file) { picture in
      PDQVariants.registered(of: picture).map { Self.code(.pdq, Int($0.variant.rawValue), $0.result) }
    }
  }

  func seen(_ file: [UInt8]) throws(LedgerError) -> HashedFile {
    try hash(file) { picture in
      PDQVariants.probes(of: picture).map { Self.code(.pdq, Int($0.probe.rawValue), $0.result) }
    }
  }

  private static func code(_ algorithm: MediaCode.Algorithm, _ variant: Int, _ result: PDQResult) -> MediaCode {
    MediaCode(
      algorithm, variant: UInt64(variant), quality: UInt64(max(0, min(100, result.quality))),
      bits: Digest(result.hash.bytes) ?? Digest())
  }

  private func hash(
    _ file: [UInt8], _ variants: (RGBImage) -> [MediaCode]
  ) throws(LedgerError) -> HashedFile {
    do {
      let (kind, mediaType, codes): (WorkKind, String, [MediaCode])
      var content: ISCCUnit?
      var commitment: Digest?
      if let pictures = try Picture.sequence(file) {
        let images = pictures.compactMap { RGBImage(width: $0.width, height: $0.height, pixels: $0.rgb) }
        if let picture = pictures.first, let image = images.first, images.count == 1 {
          (kind, mediaType) = (.photo, "image/x-portable-anymap")
          codes = variants(image)
          let grey = try ImagePixels.grey32(rgb: picture.rgb, width: picture.width, height: picture.height)
          content = try ImageCode.make(grey: grey)
        } else {
          (kind, mediaType) = (.video, "video/x-portable-anymap")
          codes = images.enumerated().map { Self.code(.frame, $0, PDQ.hash($1)) }
        }
      } else if let samples = PlainHasher.samples(file) {
        (kind, mediaType, codes) = (.audio, "audio/wav", [PlainHasher.code(samples)])
      } else if let text = String(validating: file, as: UTF8.self), !text.isEmpty {
        let result = try TextCode.make(text)
        (kind, mediaType, content) = (.text, "text/plain", result.unit)
        // Fewer letters than make a few dozen windows say nothing about likeness.
        codes = [
          MediaCode(
            .text, quality: result.characters < 100 ? 0 : 100, bits: Digest(result.unit.digest) ?? Digest())
        ]
        commitment = .sha256(PlainHasher.passages(text).flatMap { Array($0.bytes.prefix(8)) })
      } else {
        throw LedgerError(.malformed, "The file is no picture, sound or text that this program reads.")
      }
      let units = [content, try DataCode.make(file), try InstanceCode.make(file)].compactMap { $0 }
      return HashedFile(
        kind: kind, mediaType: mediaType, iscc: try ISCCCode(units).text, instance: BLAKE3.hash(file), codes: codes,
        textCommitment: commitment)
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.malformed, "The file's ISCC cannot be made: \(error).")
    }
  }
}
