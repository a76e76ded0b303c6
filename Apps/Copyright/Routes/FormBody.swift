import Foundation
import HTTPTypes
import Hummingbird
import LedgerServer
import Primitives

/// The fields of a form that a browser posts: `multipart/form-data` (RFC 7578) or `application/x-www-form-urlencoded`.
struct FormBody {
  /// Fields of a form.
  static let limit = 32
  /// Bytes of the headers of one part.
  private static let headBytes = 4096

  private(set) var fields: [String: ArraySlice<UInt8>] = [:]

  /// The text of a field; nil where it is missing, empty or no UTF-8.
  subscript(name: String) -> String? {
    fields[name].flatMap { String(validating: $0, as: UTF8.self) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The bytes of a field; nil where it is missing or empty.
  func bytes(_ name: String) -> [UInt8]? {
    fields[name].flatMap { $0.isEmpty ? nil : Array($0) }
  }

  /// The form in a request's body.
  init(_ request: Request, upTo limit: Int) async throws {
    switch request.mediaType {
    case "multipart/form-data":
      guard let boundary = Self.boundary(request.headers[.contentType] ?? "") else { throw Self.fault }
      try self.init(multipart: try await request.bytes(upTo: limit), boundary: boundary)
    case "application/x-www-form-urlencoded":
      self.init(urlEncoded: try await request.bytes(upTo: min(limit, 1 << 20)))
    default:
      throw Problem(
        .unsupportedMediaType, code: "media-type",
        "This route takes a form: multipart/form-data or application/x-www-form-urlencoded.")
    }
  }

  private static let fault = Problem(.badRequest, code: "malformed", "The form cannot be read.")

  private static func boundary(_ type: String) -> String? {
    guard let start = type.range(of: "boundary=", options: .caseInsensitive)?.upperBound else { return nil }
    let text = type[start...].prefix { $0 != ";" }.filter { $0 != "\"" && $0 != " " }
    return (1...70).contains(text.utf8.count) ? text : nil
  }

  /// Pairs of names and values, percent-encoded.
  init(urlEncoded bytes: [UInt8]) {
    func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
      let plain = String(decoding: text.map { $0 == 0x2b ? 0x20 : $0 }, as: UTF8.self)
      return Array((plain.removingPercentEncoding ?? "").utf8)
    }
    for pair in bytes.split(separator: 0x26).prefix(Self.limit) {
      let parts = pair.split(separator: 0x3d, maxSplits: 1, omittingEmptySubsequences: false)
      fields[String(decoding: decoded(parts[0]), as: UTF8.self)] = parts.count == 2 ? decoded(parts[1])[...] : []
    }
  }

  /// Parts between lines of a boundary.
  init(multipart bytes: [UInt8], boundary: String) throws {
    let mark = Array("\r\n--\(boundary)".utf8)
    // The first boundary may stand at the very beginning.
    guard bytes.starts(with: mark.dropFirst(2)) else { throw Self.fault }
    var position = mark.count - 2
    var count = 0
    while true {
      if bytes[position...].starts(with: "--".utf8) { return }
      guard bytes[position...].starts(with: "\r\n".utf8), count < Self.limit else { throw Self.fault }
      position += 2
      let headEnd = Self.find(Array("\r\n\r\n".utf8), in: bytes, from: position, to: position + Self.headBytes)
      guard let headEnd, let end = Self.find(mark, in: bytes, from: headEnd + 2, to: bytes.count) else {
        throw Self.fault
      }
      // An empty part's line break is also the boundary's.
      let content = min(headEnd + 4, end)..<end
      let head = String(decoding: bytes[position..<headEnd], as: UTF8.self)
      if let name = Self.name(in: head), fields[name] == nil { fields[name] = bytes[content] }
      position = end + mark.count
      count += 1
    }
  }

  private static func name(in head: String) -> String? {
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-disposition:") {
      for item in line.split(separator: ";").dropFirst() {
        let item = item.drop { $0 == " " }
        if item.lowercased().hasPrefix("name=") {
          return String(item.dropFirst(5).filter { $0 != "\"" })
        }
      }
    }
    return nil
  }

  /// Where a run of bytes begins, looked for by its first byte.
  private static func find(_ run: [UInt8], in bytes: [UInt8], from: Int, to: Int) -> Int? {
    let last = min(to, bytes.count) - run.count
    guard from >= 0, from <= last else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      var place = from
      while place <= last {
        if buffer[place] == run[0] {
          var length = 1
          while length < run.count, buffer[place + length] == run[length] { length += 1 }
          if length == run.count { return place }
        }
        place += 1
      }
      return nil
    }
  }
}
