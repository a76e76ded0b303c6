package import MediaAudio
import MediaDecode
package import MediaHash
import Primitives

/// Works and altered copies of them, made by procedure from a seed and written in the formats that works have.
package struct Atelier {
  private var random: SeededGenerator

  /// Makes everything from a seed.
  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(1, limit))) }

  // MARK: Pictures

  /// A picture: a slow sky, a ground, shapes with edges and texture.
  package mutating func picture(width: Int = 640, height: Int = 480) -> RGBImage {
    // Sides within the library's bounds always make a picture.
    while true {
      if let image = ProceduralPictures.picture(seed: random.next() >> 16, width: width, height: height) {
        return image
      }
    }
  }

  /// A JPEG file of a picture.
  package static func jpeg(_ image: RGBImage, quality: Int = 90) -> [UInt8] {
    PictureEncoder.jpeg(image, quality: quality) ?? []
  }

  /// Scenes of a film, one for each second.
  package mutating func scenes(_ count: Int) -> [RGBImage] { (0..<count).map { _ in picture(width: 160, height: 120) } }

  /// A YUV4MPEG2 file of scenes, one frame a second, 4:4:4.
  package static func film(_ scenes: [RGBImage], brighter: Int = 0) -> [UInt8] {
    guard let first = scenes.first else { return [] }
    var file = Array("YUV4MPEG2 W\(first.width) H\(first.height) F1:1 Ip A1:1 C444\n".utf8)
    for scene in scenes where scene.width == first.width && scene.height == first.height {
      file += Array("FRAME\n".utf8)
      var planes: [[UInt8]] = [[], [], []]
      for at in stride(from: 0, to: scene.pixels.count, by: 3) {
        let (r, g, b) = (Int(scene.pixels[at]), Int(scene.pixels[at + 1]), Int(scene.pixels[at + 2]))
        let light: Int = 66 * r + 129 * g + 25 * b
        let blue: Int = 112 * b - 38 * r - 74 * g
        let red: Int = 112 * r - 94 * g - 18 * b
        planes[0].append(UInt8(clamping: (light + 128) >> 8 + 16 + brighter))
        planes[1].append(UInt8(clamping: (blue + 128) >> 8 + 128))
        planes[2].append(UInt8(clamping: (red + 128) >> 8 + 128))
      }
      for plane in planes { file += plane }
    }
    return file
  }

  /// How a copy was altered, for the story that the demo tells.
  package enum Change: String, CaseIterable {
    case recompressed, cropped, bordered, mirrored, turned
  }

  /// A copy of a picture as a file, altered.
  package mutating func altered(_ picture: RGBImage, _ change: Change) -> [UInt8] {
    let (width, height) = (picture.width, picture.height)
    switch change {
    case .recompressed: return Self.jpeg(picture.averaged(width: width / 2, height: height / 2), quality: 40)
    case .cropped:
      let (x, y) = (width * 8 / 100, height * 8 / 100)
      return Self.jpeg(picture.cropped(x: x, y: y, width: width - 2 * x, height: height - 2 * y) ?? picture)
    case .bordered: return PictureEncoder.png(Self.bordered(picture)) ?? []
    case .mirrored: return PictureEncoder.webp(picture.oriented(Orientation(exif: 2)), quality: 80) ?? []
    case .turned: return Self.jpeg(picture.oriented(Orientation(exif: 6)))
    }
  }

  /// A picture with a black border of a tenth at each side.
  private static func bordered(_ picture: RGBImage) -> RGBImage {
    let (x, y) = (picture.width / 10, picture.height / 10)
    let (width, height) = (picture.width + 2 * x, picture.height + 2 * y)
    var pixels = [UInt8](repeating: 0, count: 3 * width * height)
    for row in 0..<picture.height {
      let from = 3 * row * picture.width
      let to = 3 * ((row + y) * width + x)
      pixels.replaceSubrange(to..<to + 3 * picture.width, with: picture.pixels[from..<from + 3 * picture.width])
    }
    return RGBImage(width: width, height: height, pixels: pixels) ?? picture
  }

  // MARK: Texts

  private static let english =
    ("river morning lantern harbour winter garden letter bridge silver market window journey shadow orchard stone "
    + "captain thunder velvet sparrow mountain candle whisper meadow copper island harvest mirror autumn feather "
    + "kitchen railway blanket pepper violin station dragon cotton planet teacher village ribbon engine forest")
    .split(separator: " ")
  private static let chinese = Array("山水风云花鸟春秋江河日月书画琴棋城桥船灯雨雪松竹梅兰石林村路门窗夜晨暮星海湖亭塔")

  /// A text of made-up sentences, English, or Chinese.
  package mutating func text(sentences: Int = 60, inChinese: Bool = false) -> String {
    if inChinese {
      return (0..<sentences).map { _ in
        let count = 8 + below(12)
        return String((0..<count).map { _ in Self.chinese[below(Self.chinese.count)] }) + "。"
      }.joined()
    }
    return (0..<sentences).map { _ in
      let count = 6 + below(8)
      return (0..<count).map { _ in String(Self.english[below(Self.english.count)]) }.joined(separator: " ") + "."
    }.joined(separator: " ")
  }

  /// A text of one's own with a passage of another in its middle, in capitals.
  package mutating func copying(_ text: String) -> String {
    let sentences = text.split(separator: ".")
    let start = below(max(1, sentences.count - 8))
    let passage = sentences[start..<min(sentences.count, start + 8)].joined(separator: ",")
    return self.text(sentences: 12) + " " + passage.uppercased() + ". " + self.text(sentences: 12)
  }

  // MARK: Sound

  private static let rate = 11_025

  /// A melody of chords as samples, 11,025 a second: triangles and squares of whole numbers, the same everywhere.
  package mutating func melody(seconds: Int = 40) -> [Int16] {
    // Semitones from A2 as periods in 1/64 of a sample.
    let periods = [6415, 6055, 5715, 5394, 5091, 4806, 4536, 4281, 4041, 3814, 3600, 3398]
    var samples: [Int16] = []
    for _ in 0..<seconds * 4 {
      let notes = (0..<3).map { _ in periods[below(periods.count)] >> below(3) }
      for index in 0..<Self.rate / 4 {
        let fade = max(100, 1000 - index * 1000 / (Self.rate / 4))
        let sum = notes.reduce(0) { (sum: Int, period: Int) -> Int in
          let phase: Int = index * 64 % period * 4000 / period
          let edge: Int = phase < 2000 ? 300 : -300
          return sum + abs(phase - 2000) - 1000 + edge
        }
        samples.append(Int16(clamping: sum * fade * 6 / 1000 + below(61) - 30))
      }
    }
    return samples
  }

  /// A file of sound; WAV where the library does not write the format.
  package static func sound(_ samples: [Int16], as format: AudioDecoder.Format) -> [UInt8] {
    guard let pcm = try? PCM(sampleRate: rate, channels: 1, samples: samples) else { return [] }
    return AudioEncoder.file(pcm, as: format) ?? AudioEncoder.file(pcm, as: .wav) ?? []
  }

  /// A part of a sound as a telephone records it in a room: later, softer, with noise, coded as MP3.
  package mutating func recorded(_ samples: [Int16], seconds: Int = 20) -> [UInt8] {
    let start = below(max(1, samples.count - seconds * Self.rate))
    let part = samples[start..<min(samples.count, start + seconds * Self.rate)]
    return Self.sound(part.map { Int16(clamping: Int($0) * 6 / 10 + below(401) - 200) }, as: .mp3)
  }
}
