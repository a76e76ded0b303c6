import Primitives

/// Small pictures for pages.
enum Preview {
  /// A small picture of a picture, or of a video's first frame; nil for what is neither, or cannot be read.
  static func of(_ file: [UInt8]) -> (type: String, bytes: [UInt8])? {
    guard let bytes = try? Hashing.hasher.thumbnail(file) else { return nil }
    return ("image/jpeg", bytes)
  }

  /// The picture as an address that carries it.
  static func address(_ file: [UInt8]) -> String? {
    of(file).map { "data:\($0.type);base64,\(Base64.encode($0.bytes))" }
  }
}
