import Foundation
import Primitives

/// Files that no encoder would write: PNG from its parts, and EXIF put into files.
enum FileMaker {
  static func big(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }

  static func crc(_ bytes: [UInt8]) -> Int {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return Int(~crc)
  }

  static func chunk(_ type: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(type.utf8) + body
    return big(body.count) + named + big(crc(named))
  }

  /// zlib (RFC 1950) with stored blocks (RFC 1951 section 3.2.4).
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var at = 0
    repeat {
      let length = min(65_535, bytes.count - at)
      out.append(at + length == bytes.count ? 1 : 0)
      out += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8 & 255)]
      out += bytes[at..<at + length]
      at += length
    } while at < bytes.count
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return out + big(b << 16 | a)
  }

  /// A PNG of these rows (each with its filter byte).
  static func png(
    width: Int, height: Int, depth: UInt8, colour: UInt8, rows: [UInt8], interlaced: Bool = false,
    extra: [UInt8] = [], compressed: [UInt8]? = nil
  ) -> [UInt8] {
    [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
      + chunk("IHDR", big(width) + big(height) + [depth, colour, 0, 0, interlaced ? 1 : 0]) + extra
      + chunk("IDAT", compressed ?? zlib(rows)) + chunk("IEND", [])
  }

  /// A TIFF block with one orientation.
  static func tiff(_ orientation: Int, little: Bool) -> [UInt8] {
    func number(_ value: Int, _ size: Int) -> [UInt8] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return little ? bytes : bytes.reversed()
    }
    return (little ? [0x49, 0x49] : [0x4d, 0x4d]) + number(42, 2) + number(8, 4) + number(2, 2) + number(0x010f, 2)
      + number(2, 2) + number(1, 4) + number(0, 4) + number(0x0112, 2) + number(3, 2) + number(1, 4)
      + number(orientation, 2) + number(0, 2) + number(0, 4)
  }

  static func jpeg(_ file: [UInt8], orientation: Int, little: Bool) -> [UInt8] {
    let body = Array("Exif".utf8) + [0, 0] + tiff(orientation, little: little)
    let length = body.count + 2
    return Array(file[..<2]) + [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)] + body + file[2...]
  }

  static func png(_ file: [UInt8], orientation: Int, little: Bool) -> [UInt8] {
    Array(file[..<33]) + chunk("eXIf", tiff(orientation, little: little)) + file[33...]
  }

  /// A lossy WebP put into the extended form with EXIF.
  static func webp(_ file: [UInt8], width: Int, height: Int, orientation: Int, start: Bool) -> [UInt8] {
    func little(_ number: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    let exif = (start ? Array("Exif".utf8) + [0, 0] : []) + tiff(orientation, little: true)
    var body = Array("WEBPVP8X".utf8) + little(10, 4) + [8, 0, 0, 0] + little(width - 1, 3) + little(height - 1, 3)
    body += file[12...]
    body += Array("EXIF".utf8) + little(exif.count, 4) + exif + (exif.count % 2 == 1 ? [0] : [])
    return Array("RIFF".utf8) + little(body.count, 4) + body
  }
}
