import Ledger
import Primitives
import Rights

/// A stand-in for hashing: a file is `made:<quality>:<64 hexadecimal digits>` and more text, and looks like its digits.
struct MadeHasher: MediaHasher {
  let rules = "made-1"

  static func file(_ bits: Digest, quality: UInt64 = 90, _ rest: String = "") -> [UInt8] {
    Array("made:\(quality):\(bits.hex)\(rest)".utf8)
  }

  func registered(_ file: [UInt8], title: String) throws(LedgerError) -> HashedFile { try seen(file) }

  func seen(_ file: [UInt8]) throws(LedgerError) -> HashedFile {
    let parts = String(decoding: file, as: UTF8.self).split(separator: ":")
    guard parts.count == 3, parts[0] == "made", let quality = UInt64(parts[1]),
      let bits = Digest(hex: parts[2].prefix(64))
    else { throw LedgerError(.malformed, "The file is not a made one.") }
    let (sha, instance) = (Digest.sha256(file), Digest.sha256([0] + file))
    return HashedFile(
      kind: .photo, mediaType: "image/made", iscc: Made.iscc(instance, data: sha), instance: instance,
      codes: [MediaCode(.pdq, quality: quality, bits: bits)])
  }
}
