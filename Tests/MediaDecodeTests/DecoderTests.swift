import Foundation
import MediaDecode
import MediaHash
import Primitives
import Testing

@Suite struct DecoderTests {
  @Test func `The reference's core vectors come out of their files`() throws {
    guard let folder = PublicData.folder("pdq-core-vectors") else { return }
    struct Vectors: Decodable {
      struct Vector: Decodable {
        let file: String
        let width: Int
        let height: Int
        let rgb_sha256: String
        let hash: String
        let quality: Int
        let dihedral: [String: String]?
      }
      let vectors: [Vector]
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/vectors.json"))
    let vectors = try JSONDecoder().decode(Vectors.self, from: data).vectors
    var read = 0
    for vector in vectors {
      guard let file = FileManager.default.contents(atPath: folder + "/" + vector.file) else {
        print("skipped: \(vector.file) is not there")
        continue
      }
      let picture = try PictureDecoder.decode(Array(file))
      #expect(picture.image.width == vector.width && picture.image.height == vector.height)
      #expect(Digest.sha256(picture.image.pixels).hex == vector.rgb_sha256, "\(vector.file)")
      let result = PDQ.hash(picture.image)
      #expect(result.hash.hex == vector.hash, "\(vector.file)")
      #expect(result.quality == vector.quality, "\(vector.file)")
      read += 1
      guard let expected = vector.dihedral else { continue }
      let dihedral = PDQ.dihedral(picture.image)
      let found = [
        "orig": dihedral.original, "rot90": dihedral.rotated90, "rot180": dihedral.rotated180,
        "rot270": dihedral.rotated270, "flipx": dihedral.flippedX, "flipy": dihedral.flippedY,
        "flipplus": dihedral.flippedPlus, "flipminus": dihedral.flippedMinus,
      ]
      #expect(found.mapValues(\.hex) == expected, "\(vector.file)")
    }
    print("\(read) core vectors of \(vectors.count)")
    #expect(read == vectors.count)
  }

  @Test func `PNG comes back as it was, the others nearly`() throws {
    for (width, height) in [(1, 1), (7, 5), (320, 240), (513, 300)] {
      let image = Pictures.picture(width, height)
      let png = try PictureDecoder.decode(#require(PictureEncoder.png(image)))
      #expect(png.image == image && png.format == .png && png.factor == 1 && png.orientation == 1)
      let jpeg = try PictureDecoder.decode(#require(PictureEncoder.jpeg(image, quality: 95)))
      #expect(jpeg.format == .jpeg && jpeg.image.width == width && jpeg.image.height == height)
      let webp = try PictureDecoder.decode(#require(PictureEncoder.webp(image, quality: 95)))
      #expect(webp.format == .webp && webp.image.width == width && webp.image.height == height)
      if width >= 320 {
        let hash = PDQ.hash(image).hash
        #expect(PDQ.hash(jpeg.image).hash.distance(to: hash) <= 6)
        #expect(PDQ.hash(webp.image).hash.distance(to: hash) <= 6)
      }
    }
  }

  @Test func `Every depth and kind of PNG is read, transparency over white`() throws {
    // 8-bit grey with alpha: half transparent black is middle grey, transparent is white.
    let alpha = FileMaker.png(width: 3, height: 1, depth: 8, colour: 4, rows: [0, 0, 255, 0, 128, 9, 0])
    #expect(try PictureDecoder.decode(alpha).image.pixels == [0, 0, 0, 127, 127, 127, 255, 255, 255])
    let rgba = FileMaker.png(width: 1, height: 2, depth: 8, colour: 6, rows: [0, 10, 20, 30, 255, 0, 1, 2, 3, 0])
    #expect(try PictureDecoder.decode(rgba).image.pixels == [10, 20, 30, 255, 255, 255])
    let bits = FileMaker.png(width: 9, height: 1, depth: 1, colour: 0, rows: [0, 0b1010_0000, 0b1000_0000])
    #expect(
      try PictureDecoder.decode(bits).image.pixels
        == [255, 0, 255, 0, 0, 0, 0, 0, 255].flatMap { [UInt8](repeating: $0, count: 3) })
    let deep = FileMaker.png(width: 1, height: 1, depth: 16, colour: 2, rows: [0, 255, 255, 128, 0, 0, 0])
    #expect(try PictureDecoder.decode(deep).image.pixels == [255, 128, 0])
    let palette = FileMaker.png(
      width: 2, height: 1, depth: 2, colour: 3, rows: [0, 0b0110_0000],
      extra: FileMaker.chunk("PLTE", [1, 2, 3, 4, 5, 6, 7, 8, 9]) + FileMaker.chunk("tRNS", [255, 255, 0]))
    #expect(try PictureDecoder.decode(palette).image.pixels == [4, 5, 6, 255, 255, 255])
    let outside = FileMaker.png(
      width: 2, height: 1, depth: 2, colour: 3, rows: [0, 0b1111_0000],
      extra: FileMaker.chunk("PLTE", [1, 2, 3, 4, 5, 6]))
    _ = try? PictureDecoder.decode(outside)
    // Adam7: a 2 by 2 picture has passes 1 (one pixel), 6 (one pixel) and 7 (two pixels).
    let woven = FileMaker.png(
      width: 2, height: 2, depth: 8, colour: 0, rows: [0, 10, 0, 20, 0, 30, 40], interlaced: true)
    #expect(
      try PictureDecoder.decode(woven).image.pixels
        == [10, 20, 30, 40].flatMap { [UInt8](repeating: $0, count: 3) })
  }

  @Test(arguments: 0...9) func `EXIF brings pictures upright`(exif: Int) throws {
    let image = Pictures.picture(64, 48)
    let upright = image.oriented(Orientation(exif: exif))
    let expected = (1...8).contains(exif) ? exif : 1
    let png = try #require(PictureEncoder.png(image))
    for little in [false, true] {
      let picture = try PictureDecoder.decode(FileMaker.png(png, orientation: exif, little: little))
      #expect(picture.image == upright && picture.orientation == expected)
      #expect(picture.storedWidth == 64 && picture.storedHeight == 48)
    }
    let jpeg = try #require(PictureEncoder.jpeg(image, quality: 90))
    let plain = try PictureDecoder.decode(jpeg).image
    for little in [false, true] {
      let picture = try PictureDecoder.decode(FileMaker.jpeg(jpeg, orientation: exif, little: little))
      #expect(picture.image == plain.oriented(Orientation(exif: exif)) && picture.orientation == expected)
    }
    let webp = try #require(PictureEncoder.webp(image, quality: 90))
    let flat = try PictureDecoder.decode(webp).image
    for start in [false, true] {
      let file = FileMaker.webp(webp, width: 64, height: 48, orientation: exif, start: start)
      #expect(try PictureDecoder.decode(file).image == flat.oriented(Orientation(exif: exif)))
    }
  }

  @Test func `Pictures above the bound are made smaller while they are decoded`() throws {
    var limits = DecodeLimits.standard
    limits.fullPixels = 20_000
    let image = Pictures.picture(301, 203)
    for (file, closeness) in [
      (PictureEncoder.png(image), 0), (PictureEncoder.jpeg(image, quality: 95), 300),
      (PictureEncoder.webp(image, quality: 95), 300),
    ] {
      let picture = try PictureDecoder.decode(#require(file), limits: limits)
      #expect(picture.factor == 2 && picture.image.width == 151 && picture.image.height == 102)
      #expect(picture.storedWidth == 301 && picture.storedHeight == 203)
      // Every whole pixel against the mean of the four that it stands for; the error in hundredths, on average.
      let whole = try PictureDecoder.decode(#require(file)).image.pixels
      var error = 0
      for y in 0..<101 {
        for x in 0..<150 {
          for channel in 0..<3 {
            let at = 3 * (2 * y * 301 + 2 * x) + channel
            let sum: Int = Int(whole[at]) + Int(whole[at + 3]) + Int(whole[at + 903]) + Int(whole[at + 906])
            error += abs(Int(picture.image.pixels[3 * (y * 151 + x) + channel]) - (sum + 2) / 4)
          }
        }
      }
      #expect(error * 100 / (3 * 101 * 150) <= closeness, "\(picture.format)")
    }
    // At sizes where it happens the hash hardly moves.
    let large = Pictures.picture(1200, 900)
    limits.fullPixels = 500_000
    for file in [PictureEncoder.png(large), PictureEncoder.jpeg(large, quality: 95)] {
      let picture = try PictureDecoder.decode(#require(file), limits: limits)
      #expect(picture.factor == 2)
      let whole = try PictureDecoder.decode(#require(file))
      let distance = PDQ.hash(picture.image).hash.distance(to: PDQ.hash(whole.image).hash)
      print("made smaller by 2, \(picture.format): \(distance) bits")
      #expect(distance <= 16)
    }
    #expect(DecodeLimits.standard.fullPixels == 8_000_000)
  }

  @Test func `What is out of bounds is refused before room is made`() throws {
    func refusal(_ file: [UInt8], _ limits: DecodeLimits = .standard) -> MediaRefusal? {
      do {
        _ = try PictureDecoder.decode(file, limits: limits)
        return nil
      } catch { return error }
    }
    let image = Pictures.picture(64, 48)
    let png = try #require(PictureEncoder.png(image))
    let jpeg = try #require(PictureEncoder.jpeg(image, quality: 80))
    #expect(refusal([]) == .empty)
    #expect(refusal([1, 2, 3]) == .unknownFormat)
    #expect(refusal(Array("GIF89a".utf8) + [UInt8](repeating: 0, count: 100)) == .unknownFormat)
    var limits = DecodeLimits.standard
    limits.bytes = png.count - 1
    #expect(refusal(png, limits) == .tooManyBytes(count: png.count, limit: png.count - 1))
    limits = .standard
    limits.side = 63
    #expect(refusal(jpeg, limits) == .tooLong(width: 64, height: 48, limit: 63))
    limits.side = 64
    limits.pixels = 64 * 48 - 1
    #expect(refusal(jpeg, limits) == .tooManyPixels(width: 64, height: 48, limit: 64 * 48 - 1))
    limits.pixels += 1
    #expect(refusal(jpeg, limits) == nil)
    let bomb = FileMaker.png(width: 30_000, height: 30_000, depth: 1, colour: 0, rows: [0])
    #expect(refusal(bomb) == .tooLong(width: 30_000, height: 30_000, limit: 16_384))
    let flat = FileMaker.png(width: 16_000, height: 16_000, depth: 1, colour: 0, rows: [0])
    #expect(refusal(flat) == .tooManyPixels(width: 16_000, height: 16_000, limit: 64 << 20))
    let nothing = FileMaker.png(width: 0, height: 10, depth: 8, colour: 0, rows: [0])
    #expect(refusal(nothing) == .damaged(format: .png))
    let immense = FileMaker.png(width: 0xffff_ffff, height: 0xffff_ffff, depth: 8, colour: 0, rows: [0])
    #expect(refusal(immense) == .tooLong(width: 0xffff_ffff, height: 0xffff_ffff, limit: 16_384))
    let missing = FileMaker.png(width: 2000, height: 2000, depth: 8, colour: 2, rows: [0, 1, 2, 3])
    #expect(refusal(missing) == .damaged(format: .png))
    // A start of scan again and again.
    let scan = try #require(jpeg.indices.dropLast().first { jpeg[$0] == 0xff && jpeg[$0 + 1] == 0xda })
    let length: Int = 2 + (Int(jpeg[scan + 2]) << 8 | Int(jpeg[scan + 3]))
    let scans =
      Array(jpeg.dropLast(2))
      + (0..<100_000).flatMap { (_: Int) -> ArraySlice<UInt8> in jpeg[scan..<scan + min(length, 16)] }
    guard case .tooManyScans(let count, 100) = refusal(scans) else {
      Issue.record("\(String(describing: refusal(scans)))")
      return
    }
    #expect(count > 1000)
  }

  @Test func `Rules and refusals have words`() {
    #expect(MediaRules.version.contains(PDQ.rules) && MediaRules.version.contains(PDQVariants.rules))
    #expect(MediaRules.libraries.contains("libpng 1.6"))
    let refusals: [MediaRefusal] = [
      .empty, .tooManyBytes(count: 2, limit: 1), .unknownFormat, .unsupported(format: .webp, animated: true),
      .unsupported(format: .jpeg, animated: false), .tooLong(width: 1, height: 2, limit: 3),
      .tooManyPixels(width: 1, height: 2, limit: 3), .tooManyScans(count: 4, limit: 3), .damaged(format: .png),
      .tooMuchMemory, .tooSlow, .crashed(signal: 11), .noDecoder(reason: "none"), .busy,
    ]
    for refusal in refusals {
      #expect(refusal.description.hasSuffix("."))
      #expect(Catalogue.mediaDecode[refusal.explanation.template] != nil, "\(refusal)")
    }
    for error in [
      PDQStoreError.full(capacity: 1), .inUse(path: "a"), .file(path: "a", reason: "b"),
    ] {
      #expect(Catalogue.mediaSearch[error.explanation.template] != nil)
    }
  }
}
