import MediaHash
import Primitives
import Testing

@Suite struct GeometryTests {
  let image = Synthetic.noisy(7, 4, seed: 2)

  func pixel(_ image: RGBImage, _ x: Int, _ y: Int) -> [UInt8] {
    let p = 3 * (y * image.width + x)
    return Array(image.pixels[p..<p + 3])
  }

  @Test func `A picture's sides and bytes must fit`() {
    #expect(RGBImage(width: 0, height: 1, pixels: []) == nil)
    #expect(RGBImage(width: -1, height: -1, pixels: [0, 0, 0]) == nil)
    #expect(RGBImage(width: 1, height: 1, pixels: [0, 0]) == nil)
    #expect(RGBImage(width: 16_385, height: 1, pixels: [UInt8](repeating: 0, count: 3 * 16_385)) == nil)
    #expect(RGBImage(width: .max, height: .max, pixels: []) == nil)
    #expect(RGBImage(width: 1, height: 1, pixels: [1, 2, 3]) != nil)
  }

  @Test func `Right angles and mirrors move every pixel where it belongs`() {
    let (w, h) = (image.width, image.height)
    let places: [(Orientation, (Int, Int) -> (Int, Int))] = [
      (.upright, { ($0, $1) }), (.turned90, { x, y in (h - 1 - y, x) }),
      (.turned180, { x, y in (w - 1 - x, h - 1 - y) }), (.turned270, { x, y in (y, w - 1 - x) }),
      (.mirrored, { x, y in (w - 1 - x, y) }), (.mirroredTurned90, { x, y in (h - 1 - y, w - 1 - x) }),
      (.mirroredTurned180, { x, y in (x, h - 1 - y) }), (.mirroredTurned270, { x, y in (y, x) }),
    ]
    for (orientation, place) in places {
      let turned = image.oriented(orientation)
      #expect(turned.width == (orientation.swapsSides ? h : w))
      for y in 0..<h {
        for x in 0..<w {
          let (newX, newY) = place(x, y)
          #expect(pixel(turned, newX, newY) == pixel(image, x, y), "\(orientation) \(x) \(y)")
        }
      }
    }
  }

  @Test func `EXIF orientations bring the first row and column where the standard says`() {
    // EXIF 2.32: where row 0 and column 0 of the stored picture are seen.
    let corners: [Int: (Int, Int)] = [
      1: (0, 0), 2: (6, 0), 3: (6, 3), 4: (0, 3), 5: (0, 0), 6: (3, 0), 7: (3, 6), 8: (0, 6),
    ]
    for (exif, (x, y)) in corners {
      let seen = image.oriented(Orientation(exif: exif))
      #expect(pixel(seen, x, y) == pixel(image, 0, 0), "orientation \(exif)")
      // Orientations 5 to 8 stand on their side: stored row 0 is seen as a column.
      #expect((seen.width == 4) == (exif >= 5))
    }
    #expect(Orientation(exif: 0) == .upright)
    #expect(Orientation(exif: 9) == .upright)
    #expect(Orientation(exif: 65_535) == .upright)
  }

  @Test func `Averaging keeps means and equals the obvious mean for whole factors`() {
    let large = Synthetic.noisy(60, 40, seed: 5)
    let half = large.averaged(width: 30, height: 20)
    for y in 0..<20 {
      for x in 0..<30 {
        for channel in 0..<3 {
          let sum = [(0, 0), (1, 0), (0, 1), (1, 1)].reduce(0) {
            $0 + Int(pixel(large, 2 * x + $1.0, 2 * y + $1.1)[channel])
          }
          #expect(Int(pixel(half, x, y)[channel]) == (sum + 2) / 4)
        }
      }
    }
    let flat = Synthetic.flat.averaged(width: 37, height: 13)
    #expect(flat.pixels.allSatisfy { $0 == 128 })
    #expect(large.averaged(width: 60, height: 40) == large)
    #expect(large.averaged(width: 120, height: 40).width == 120)
  }

  @Test func `A turn by nothing changes nothing, and small turns move the corners out`() {
    let picture = Synthetic.noisy(50, 40, seed: 9)
    #expect(picture.turned(sine: 0, cosine: 1) == picture)
    let turned = picture.turned(sine: 0.0697565, cosine: 0.9975641)
    #expect(pixel(turned, 0, 0) == [0, 0, 0] || pixel(turned, 49, 0) == [0, 0, 0])
  }

  @Test(arguments: [0, 3, 20]) func `Borders of one colour are trimmed`(noise: Int) {
    var random = SeededGenerator(seed: 77)
    let picture = Synthetic.noisy(120, 90, seed: 3)
    var bytes: [UInt8] = []
    for y in 0..<110 {
      for x in 0..<150 {
        if (10..<130).contains(x) && (7..<97).contains(y) {
          bytes += pixel(picture, x - 10, y - 7)
        } else {
          for _ in 0..<3 { bytes.append(UInt8(200 + Int(random.next() % UInt64(noise + 1)))) }
        }
      }
    }
    let framed = RGBImage(width: 150, height: 110, pixels: bytes)!
    let trimmed = framed.trimmed()
    #expect(trimmed == picture)
    #expect(picture.trimmed() == picture)
    #expect(Synthetic.flat.trimmed() == Synthetic.flat)
    #expect(Synthetic.smallest.trimmed().width >= 1)
  }

  @Test func `Variants and probes keep their numbers`() {
    #expect(PDQVariant.allCases.map(\.rawValue) == Array(0...10))
    #expect(PDQProbe.allCases.map(\.rawValue) == Array(0...8))
    #expect(Set(PDQVariant.allCases.map(\.name)).count == 11)
    #expect(Set(PDQProbe.allCases.map(\.name)).count == 9)
    let large = Synthetic.noisy(700, 400, seed: 8)
    let codes = PDQVariants.registered(of: large)
    #expect(codes.map(\.variant.rawValue) == Array(0...9))
    #expect(codes[0].result == PDQ.hash(large))
    let small = Synthetic.noisy(300, 200, seed: 8)
    #expect(PDQVariants.registered(of: small).map(\.variant.rawValue) == Array(0...8))
    let probes = PDQVariants.probes(of: small)
    #expect(probes.map(\.probe.rawValue) == [0] + Array(2...8))
    #expect(PDQVariants.probes(of: large).count == 9)
    for (probe, orientation) in zip(probes.dropFirst(), Orientation.allCases.dropFirst()) {
      let exact = PDQ.hash(small.oriented(orientation))
      #expect(probe.result.hash.distance(to: exact.hash) <= 4, "\(probe.probe.name)")
    }
    #expect(PDQVariants.registered(of: Synthetic.tiny).first?.result.quality == 0)
    #expect(!PDQVariants.probes(of: Synthetic.tiny).isEmpty)
  }

  @Test func `Orientations filtered once are within some bits of the turned pixels' hashes, at every size`() {
    var random = SeededGenerator(seed: 12)
    var (largest, sum, count) = (0, 0, 0)
    for number in 0..<160 {
      // Windows of 1 to 4 places, odd and even, along each side; and pictures that are not filtered at all. Narrower ones
      // have frequencies that are nothing, whose sign is chance.
      let sides = (64 + Int(random.next() % 449), 64 + Int(random.next() % 449))
      let (width, height) = number < 4 ? [(64, 64), (4, 50), (128, 128), (512, 512)][number] : sides
      let noise = Synthetic.noisy(width, height, seed: UInt64(number))
      let smooth = number % 2 == 0 || number < 4 ? noise : noise.turned(sine: 0.3, cosine: 0.954)
      let found = PDQ.orientations(smooth)
      #expect(found.map(\.orientation) == Orientation.allCases)
      #expect(found[0].result == PDQ.hash(smooth), "\(width) by \(height)")
      for (orientation, result) in found.dropFirst() {
        let exact = PDQ.hash(smooth.oriented(orientation))
        let distance = result.hash.distance(to: exact.hash)
        (largest, sum, count) = (max(largest, distance), sum + distance, count + 1)
        #expect(distance <= 2 && abs(result.quality - exact.quality) <= 1, "\(width) by \(height) \(orientation)")
      }
    }
    print("orientations filtered once: at most \(largest) bits, \(sum * 100 / count) hundredths of a bit on average")
  }
}
