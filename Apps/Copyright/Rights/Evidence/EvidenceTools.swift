/// What a program brings along for evidence packages: its name, and what it can make of files.
package struct EvidenceTools: Sendable {
  /// A file that was hashed again.
  package struct Rehashed: Sendable, Hashable {
    /// What it looks like.
    package var codes: [MediaCode]
    /// Its ISCC-CODE; nil where it cannot be read.
    package var iscc: String?

    /// A file with these codes.
    package init(codes: [MediaCode], iscc: String?) { (self.codes, self.iscc) = (codes, iscc) }
  }

  /// The program, its version, the rules of its codes and the versions of the libraries that decode.
  package var tool: String
  /// Makes small pictures (JPEG) of the capture and the work, where both are pictures or videos.
  package var thumbnails: @Sendable (_ capture: [UInt8], _ work: [UInt8]?) -> (capture: [UInt8], work: [UInt8])? = {
    _, _ in nil
  }
  /// The media type and the ISCC-CODE of a captured file; nil where it cannot be hashed.
  package var identify: @Sendable (_ capture: [UInt8]) -> (mediaType: String, iscc: String)? = { _ in nil }

  /// The tools of a program that makes no pictures and identifies nothing.
  package init(tool: String) { self.tool = tool }
}
