internal import Primitives

/// The preparation of titles and descriptions for display and for their Meta-Code.
enum MetaText {
  /// Line feed, vertical tab, form feed, carriage return, next line, line and paragraph separator.
  private static let newlines: Set<UInt32> = [10, 11, 12, 13, 0x85, 0x2028, 0x2029]

  /// NFKC without control characters but newlines; lines end in LF, at most one empty one in a row, no white space
  /// around it all.
  static func clean(_ text: String) -> String {
    let data = UnicodeData.shared
    let scalars = Normalization.nfkc(text.unicodeScalars.map(\.value)).filter {
      data.facts($0) & UnicodeData.Facts.isOther == 0 || newlines.contains($0)
    }
    var lines: [[UInt32]] = [[]]
    var previous: UInt32 = 0
    for scalar in scalars {
      if newlines.contains(scalar) {
        if !(scalar == 10 && previous == 13) { lines.append([]) }
      } else {
        lines[lines.count - 1].append(scalar)
      }
      previous = scalar
    }
    var out: [UInt32] = []
    var wasEmpty = false
    for line in lines {
      let isEmpty = line.allSatisfy(isSpace)
      if isEmpty && wasEmpty { continue }
      if !isEmpty { out += line }
      out.append(10)
      wasEmpty = isEmpty
    }
    return Normalization.string(strip(out[...]))
  }

  /// The words of a text with one space between them.
  static func singleLine(_ text: String) -> String {
    let words = text.unicodeScalars.map(\.value).split(whereSeparator: isSpace)
    return Normalization.string(words.joined(separator: [32]))
  }

  /// The longest prefix of whole characters in `bytes` bytes of UTF-8, without white space around it.
  static func trim(_ text: String, bytes limit: Int) -> String {
    var size = 0
    var kept: [UInt32] = []
    for scalar in text.unicodeScalars {
      size += scalar.utf8.count
      guard size <= limit else { break }
      kept.append(scalar.value)
    }
    return Normalization.string(strip(kept[...]))
  }

  private static func isSpace(_ scalar: UInt32) -> Bool {
    UnicodeData.shared.facts(scalar) & UnicodeData.Facts.isSpace != 0
  }

  private static func strip(_ scalars: ArraySlice<UInt32>) -> ArraySlice<UInt32> {
    var scalars = scalars.drop(while: isSpace)
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    return scalars
  }
}

/// The data of a data URL (RFC 2397).
enum DataURL {
  static func payload(_ text: String) throws(ISCCFault) -> [UInt8] {
    let utf8 = Array(text.utf8)
    guard utf8.count <= 2 * MetaCode.payloadLimit + 1024, text.hasPrefix("data:") else { throw .badMetadata }
    guard let comma = utf8.firstIndex(of: 0x2c) else { throw .badMetadata }
    let head = String(decoding: utf8[..<comma], as: UTF8.self)
    let body = utf8[(comma + 1)...]
    if head.hasSuffix(";base64") {
      guard let bytes = Base64.decode(String(decoding: body, as: UTF8.self)) else { throw .badMetadata }
      return bytes
    }
    var out: [UInt8] = []
    var index = body.startIndex
    while index < body.endIndex {
      if body[index] == 0x25 {
        guard body.endIndex - index > 2,
          let byte = Hex.decode(String(decoding: body[index + 1...index + 2], as: UTF8.self))
        else { throw .badMetadata }
        out += byte
        index += 3
      } else {
        out.append(body[index])
        index += 1
      }
    }
    return out
  }
}
